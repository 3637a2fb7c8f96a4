"""Which build of a package is running: compiled or interpreted; and how to run the interpreted one on purpose."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from types import ModuleType
from typing import Literal

from .errors import BenchError

Build = Literal["compiled", "interpreted"]

SKERRY_CORE = "skerry.http.h1.parser"
"""The module that tells the build of skerry: the hook compiles all modules of a distribution or none."""


def build_of(module_name: str) -> Build:
    """Import a module and say whether it is an extension.

    Raises:
        ImportError: There is no such module.
    """
    return "compiled" if _is_extension(import_module(module_name).__file__) else "interpreted"


def skerry_build() -> Build:
    """Say which build of skerry this process runs.

    Raises:
        BenchError: An extension is older than the source beside it, so it is not the code that it seems to be.
    """
    build = build_of(SKERRY_CORE)
    for name, module in list(sys.modules.items()):
        if name.startswith("skerry.") and _is_extension(module.__file__):
            _refuse_stale(name, module)
    return build


def run_interpreted() -> None:
    """Have every ``skerry`` module imported after this call come from its ``.py``, even beside an extension."""
    sys.meta_path.insert(0, _SourceFinder())


class _SourceFinder(MetaPathFinder):
    """Find the source of a module where the ordinary search finds an extension."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of the ``.py`` beside an extension of skerry; None leaves the search to others."""
        if not fullname.startswith("skerry."):
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is None or not _is_extension(found.origin):
            return None
        source = _source_beside(str(found.origin), fullname)
        return spec_from_file_location(fullname, source) if os.path.exists(source) else None


def _refuse_stale(name: str, module: ModuleType) -> None:
    """Raise when the source of an extension was written after it; installed wheels are left alone."""
    extension = str(module.__file__)
    if "site-packages" in extension:
        return
    source = _source_beside(extension, name)
    for path in (source, source.removesuffix(".py") + ".pxd"):
        if os.path.exists(path) and os.path.getmtime(path) > os.path.getmtime(extension):
            raise BenchError(f"{name}: the extension is older than {os.path.basename(path)}; build it anew")


def _source_beside(extension: str, name: str) -> str:
    """Return where the source of an extension would be."""
    return os.path.join(os.path.dirname(extension), name.rpartition(".")[2] + ".py")


def _is_extension(file: str | None) -> bool:
    """Say whether a file name is that of an extension module."""
    return file is not None and file.endswith(tuple(EXTENSION_SUFFIXES))
