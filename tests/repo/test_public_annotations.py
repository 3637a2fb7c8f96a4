"""Public annotations name only the standard library, multidict, yarl and skerry.

A type of another library in a signature makes that library part of the API.
"""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from workspace import Distribution, distributions

ALLOWED = {*sys.stdlib_module_names, "multidict", "yarl", "skerry"}
PYTEST_TOO = {"skerry.testing": {"pytest"}}  # its fixtures are written for pytest


def public_objects(module: ModuleType, seen: set[int]) -> Iterator[tuple[str, object]]:
    """Give every class, function and method that can be reached from ``__all__``, public submodules included."""
    for name in module.__all__:
        value = getattr(module, name)
        if id(value) in seen:
            continue
        seen.add(id(value))
        if inspect.ismodule(value):
            if hasattr(value, "__all__"):
                yield from public_objects(value, seen)
        elif inspect.isclass(value) and value.__module__.startswith("skerry."):
            yield f"{module.__name__}.{name}", value
            for member, attribute in vars(value).items():
                function = getattr(attribute, "fget", None) or getattr(attribute, "__func__", attribute)
                is_public = not member.startswith("_") or member == "__init__"
                if is_public and callable(function) and not inspect.isclass(function):
                    yield f"{module.__name__}.{name}.{member}", function
        elif callable(value) and str(getattr(value, "__module__", "")).startswith("skerry."):
            yield f"{module.__name__}.{name}", value


def annotations_of(value: object) -> list[str]:
    """Return the annotations of a class or function as source text."""
    found = getattr(value, "__annotations__", {})
    return [text if isinstance(text, str) else inspect.formatannotation(text) for text in found.values()]


def imports_of(module: ModuleType) -> dict[str, str]:
    """Return where each name that a module imports comes from, imports for typing alone included."""
    found = {}
    path = Path(str(module.__file__))
    tree = ast.parse(path.with_name(path.name.split(".")[0] + ".py").read_text("utf-8"))  # beside an extension, too
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({(alias.asname or alias.name.split(".")[0]): alias.name.split(".")[0] for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            origin = "skerry" if node.level else str(node.module).split(".")[0]
            found.update({(alias.asname or alias.name): origin for alias in node.names})
    return found


def foreign_names(value: object, allowed: set[str]) -> set[str]:
    """Return the names in the annotations of ``value`` that come from a package that is not allowed."""
    module = sys.modules[str(value.__module__)]
    imported = imports_of(module)
    used = set()
    for text in annotations_of(value):
        for node in ast.walk(ast.parse(text, mode="eval")):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                used.add(node.value)
            elif isinstance(node, ast.Name):
                used.add(node.id)
    return {f"{name} ({imported[name]})" for name in used if name in imported and imported[name] not in allowed}


@pytest.mark.parametrize("one", distributions(), ids=lambda one: one.name)
def test_public_annotations_name_known_libraries_only(one: Distribution) -> None:
    module = importlib.import_module(one.package)
    allowed = ALLOWED | PYTEST_TOO.get(one.package, set())
    objects = list(public_objects(module, set()))
    assert objects or module.__all__ == ["__version__"]
    foreign = {name: names for name, value in objects if (names := foreign_names(value, allowed))}
    assert foreign == {}
