"""Sphinx extension: write the pages that are made from the sources before Sphinx reads the others.

``reference/_generated/`` gets one page for each distribution, with what its package and the modules in it name in
``__all__``, and the table of limits.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PACKAGES = ("skerry.http", "skerry.websocket", "skerry.client", "skerry.web", "skerry.testing")
LIMITS = "skerry.http.limits"
aside: list[str] = []


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-process-docstring", put_aside, priority=400)  # napoleon is at 500
    app.connect("autodoc-process-docstring", put_back, priority=600)
    return {"parallel_read_safe": True}


def put_aside(_app: Sphinx, what: str, _name: str, _value: object, _options: object, lines: list[str]) -> None:
    """Keep the docstring of an attribute from napoleon, which takes the text before a colon for its type."""
    if what in {"attribute", "data", "property"}:
        aside[:] = lines


def put_back(_app: Sphinx, what: str, _name: str, _value: object, _options: object, lines: list[str]) -> None:
    """Undo what napoleon did to the docstring of an attribute."""
    if what in {"attribute", "data", "property"}:
        lines[:] = aside


def write_pages(app: Sphinx) -> None:
    """Write every page anew."""
    folder = Path(app.srcdir, "reference", "_generated")
    folder.mkdir(parents=True, exist_ok=True)
    shown: set[int] = set()
    for name in PACKAGES:
        folder.joinpath(f"{name}.rst").write_text(package_page(name, shown), "utf-8")
    folder.joinpath("limits.md").write_text(limits_page(), "utf-8")


def package_page(name: str, shown: set[int]) -> str:
    """Return the page of one distribution in reStructuredText.

    Args:
        name: Its import package.
        shown: Identities of what is documented already: what is exported twice is documented where it comes first.
    """
    package = importlib.import_module(name)
    lines = [name, "=" * len(name), "", f".. automodule:: {name}", "", *directives(package, shown)]
    for module in public_modules(package):
        title = module.__name__
        lines += [title, "-" * len(title), "", f".. automodule:: {title}", "   :no-index:", ""]
        lines += directives(module, shown)
    return "\n".join(lines)


def directives(module: Any, shown: set[int]) -> list[str]:
    """Return what documents the names in the ``__all__`` of a module, and add them to ``shown``."""
    lines = []
    for member in module.__all__:
        value = getattr(module, member)
        if not member.startswith("_") and not inspect.ismodule(value) and id(value) not in shown:
            lines += directive(module.__name__, member, value)
            if not isinstance(value, (bool, int, str)):
                shown.add(id(value))
    return lines


def directive(module: str, member: str, value: object) -> list[str]:
    """Return the autodoc directive that documents one member."""
    if inspect.isclass(value):
        kind = "autoexception" if issubclass(value, BaseException) else "autoclass"
        return [f".. {kind}:: {module}.{member}", "   :members:", "   :show-inheritance:", ""]
    if inspect.isroutine(value):
        return [f".. autofunction:: {module}.{member}", ""]
    return [f".. autodata:: {module}.{member}", "   :no-value:", ""]


def public_modules(package: Any) -> list[Any]:
    """Return the modules below a package that say in ``__all__`` what is public; the others may change at any time."""
    found = pkgutil.walk_packages(package.__path__, package.__name__ + ".")
    modules = [importlib.import_module(info.name) for info in found if not info.name.rpartition(".")[2].startswith("_")]
    return [module for module in modules if hasattr(module, "__all__")]


def limits_page() -> str:
    """Return the table of all limits in Markdown, read from the source of the class."""
    module = importlib.import_module(LIMITS)
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Limits")
    lines = ["# Limits", "", str(module.__doc__).strip(), "", "| limit | default | bounds |", "|---|---|---|"]
    for field, text in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            if not (isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)):
                raise ValueError(f"Limits.{field.target.id} has no docstring")
            default = getattr(module.DEFAULT_LIMITS, field.target.id)
            meaning = inspect.cleandoc(str(text.value.value)).replace("\n", " ").replace("``", "`").replace("|", "\\|")
            lines.append(row(field.target.id, default, meaning))
    return "\n".join([*lines, ""])


def row(name: str, default: float, meaning: str) -> str:
    """Return a line of the table; thousands are set apart by a space."""
    shown = f"{default:,}".replace(",", "\N{NO-BREAK SPACE}") if default else "off"
    return f"| `{name}` | {shown} | {meaning} |"
