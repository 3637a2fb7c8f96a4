"""Build distributions of this repository as wheels and install them into the environment that runs this file.

    python tools/install_wheels.py client web[websocket]

Only the named distributions are asked for. Their siblings come in because they declare them, from wheels built here and
never from an index: a dependency that is not declared, or a version range that no longer holds, fails at once.

A wheel is built once for each state of its sources, interpreter and build switch, and kept in ``$SKERRY_WHEELS``
(default: ``.tox/wheels``), where the environments of one tox run share it. It is built from a copy of the sources, so
that a build leaves nothing behind in the tree.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

from filelock import FileLock
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parent.parent
SWITCHES = ("SKERRY_NO_EXTENSIONS", "SKERRY_REQUIRE_EXTENSIONS")
NOT_IN_A_WHEEL = ("tests", "changes", "dist", "__pycache__", "*.so")


def main(requests: list[str]) -> None:
    """Install what ``requests`` names, each a folder of packages/ with or without extras: ``web[websocket]``."""
    wheels = {project_name(folder): wheel_of(folder) for folder in sorted((ROOT / "packages").iterdir())}
    wanted = []
    for request in requests:
        folder, bracket, extras = request.partition("[")
        name = project_name(ROOT / "packages" / folder)
        wanted.append(f"{name}{bracket}{extras} @ {wheels[name].as_uri()}")
    with tempfile.TemporaryDirectory() as work:
        constraints = Path(work, "siblings.txt")
        constraints.write_text("".join(f"{name} @ {wheel.as_uri()}\n" for name, wheel in wheels.items()), "utf-8")
        uninstall = ["pip", "uninstall", "--quiet", "--python", sys.executable, *wheels]
        uv(*uninstall, check=False)
        uv("pip", "install", "--quiet", "--python", sys.executable, "--constraints", str(constraints), *wanted)


def project_name(folder: Path) -> str:
    """Return the name under which the distribution in ``folder`` is published."""
    return str(tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["name"])


def wheel_of(folder: Path) -> Path:
    """Return the wheel of the distribution in ``folder``, built now or earlier from the same sources."""
    store = Path(os.environ.get("SKERRY_WHEELS") or ROOT / ".tox" / "wheels")
    place = store / f"{folder.name}-{fingerprint(folder)}"
    store.mkdir(parents=True, exist_ok=True)
    with FileLock(store / f"{place.name}.lock"):
        if not place.exists():
            build(folder, place)
    return next(place.glob("*.whl"))


def fingerprint(folder: Path) -> str:
    """Return a name for the state of all that goes into the wheel."""
    state = hashlib.sha256()
    if (folder / "hatch_build.py").exists():
        switches = [f"{name}={os.environ.get(name, '')}" for name in SWITCHES]
        state.update("\n".join([sys.version, sysconfig.get_platform(), *switches]).encode())
    ignored = shutil.ignore_patterns(*NOT_IN_A_WHEEL)
    for directory, subdirectories, names in os.walk(folder):
        unwanted = ignored(directory, [*subdirectories, *names])
        subdirectories[:] = sorted(set(subdirectories) - unwanted)
        for name in sorted(set(names) - unwanted):
            path = Path(directory, name)
            state.update(f"\n{path.relative_to(folder)}\n".encode())
            state.update(path.read_bytes())
    return state.hexdigest()[:16]


def build(folder: Path, place: Path) -> None:
    """Build the distribution in ``folder`` from a copy and put the wheel into the new folder ``place``."""
    with tempfile.TemporaryDirectory() as work:
        sources = Path(work, folder.name)
        shutil.copytree(folder, sources, ignore=shutil.ignore_patterns(*NOT_IN_A_WHEEL))
        out = Path(work, "out")
        uv("build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", str(out), str(sources))
        unfinished = place.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(out, unfinished)
        unfinished.rename(place)


def uv(*arguments: str, check: bool = True) -> None:
    """Run uv; end this program with its output when it fails."""
    done = subprocess.run([find_uv_bin(), *arguments], check=False, capture_output=True, encoding="utf-8")
    if check and done.returncode:
        sys.exit(f"uv {' '.join(arguments)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main(sys.argv[1:])
