"""Where the distributions of the repository are and what they say of themselves."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Distribution:
    """A folder of packages/."""

    folder: Path
    """Absolute path."""
    project: dict[str, Any]
    """The whole of its pyproject.toml."""

    @property
    def name(self) -> str:
        """Name under which it is published."""
        return str(self.project["project"]["name"])

    @property
    def sources(self) -> Path:
        """Folder of its import package."""
        (package,) = (path for path in self.folder.glob("src/skerry/*") if path.name != "__pycache__")
        return package

    @property
    def package(self) -> str:
        """Name of its import package."""
        return f"skerry.{self.sources.name}"

    @property
    def version(self) -> str:
        """Version in its sources."""
        scope: dict[str, str] = {}
        exec((self.sources / "_version.py").read_text("utf-8"), scope)
        return scope["__version__"]

    @property
    def compiled(self) -> list[str]:
        """Names of the modules that are compiled."""
        hooks = self.project["tool"]["hatch"]["build"]["targets"]["wheel"].get("hooks", {})
        return list(hooks.get("custom", {}).get("modules", []))


def distributions() -> list[Distribution]:
    """Return every distribution, by folder name."""
    folders = sorted(path for path in (ROOT / "packages").iterdir() if path.is_dir())
    return [Distribution(path, tomllib.loads((path / "pyproject.toml").read_text("utf-8"))) for path in folders]
