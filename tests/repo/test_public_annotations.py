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
from typing import Unpack, get_args, get_origin

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
            for part in value.__mro__:
                if part.__module__.startswith("skerry."):
                    yield f"{module.__name__}.{name}", part
                    yield from ((f"{module.__name__}.{name}.{member}", found) for member, found in methods(part))
        elif callable(value) and str(getattr(value, "__module__", "")).startswith("skerry."):
            yield f"{module.__name__}.{name}", value


def methods(kind: type) -> Iterator[tuple[str, object]]:
    """Give the public methods and properties that a class defines itself."""
    for name, attribute in vars(kind).items():
        function = getattr(attribute, "fget", None) or getattr(attribute, "__func__", attribute)
        is_public = not name.startswith("_") or name == "__init__"
        if is_public and callable(function) and not inspect.isclass(function):
            yield name, function


def annotations_of(value: object) -> list[str]:
    """Return the annotations of a class or function as source text."""
    found = getattr(value, "__annotations__", {}).values()
    # Unpack[Options] of a **parameter stands for Options; Python 3.11 writes it in a way that is no source text.
    plain = (get_args(item)[0] if get_origin(item) is Unpack else item for item in found)
    return [item if isinstance(item, str) else inspect.formatannotation(item) for item in plain]


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
    """Return the packages that the annotations of ``value`` name and that are not allowed.

    An annotation is text that names what its module imports, or it was evaluated and names things by their full path.
    """
    module = getattr(value, "__module__", None)
    if module is None:  # a slot of a compiled class, which has no annotations; the pure build shows those of its source
        return set()
    imported = imports_of(sys.modules[str(module)])
    used = set()
    for text in annotations_of(value):
        for node in ast.walk(ast.parse(text, mode="eval")):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add(node.value.split(".")[0])
            elif isinstance(node, ast.Name):
                used.add(node.id)
    origins = {imported.get(name, name) for name in used}
    return {origin for origin in origins if origin in sys.modules and origin not in allowed}


class Stranger:
    """Names a foreign library in every way that an annotation can."""

    attribute: pytest.Item

    def evaluated(self, item: pytest.Item | None) -> None: ...

    def quoted(self) -> "list[pytest.Item]":
        raise NotImplementedError

    def fine(self, path: Path, one: Distribution) -> dict[str, int]:
        raise NotImplementedError


@pytest.mark.parametrize("value", [Stranger, Stranger.evaluated, Stranger.quoted])
def test_a_foreign_library_is_found_in_every_form(value: object) -> None:
    assert foreign_names(value, ALLOWED) & {"pytest", "_pytest"}


def test_known_libraries_are_not_foreign() -> None:
    assert foreign_names(Stranger.fine, {*ALLOWED, "workspace"}) == set()


@pytest.mark.parametrize("one", distributions(), ids=lambda one: one.name)
def test_public_annotations_name_known_libraries_only(one: Distribution) -> None:
    module = importlib.import_module(one.package)
    allowed = ALLOWED | PYTEST_TOO.get(one.package, set())
    objects = list(public_objects(module, set()))
    assert objects or module.__all__ == ["__version__"]
    foreign = {name: names for name, value in objects if (names := foreign_names(value, allowed))}
    assert foreign == {}
