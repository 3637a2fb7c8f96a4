"""Run mypy over everything: the sources together, then each group of tests and programs by itself.

They are separate runs because modules of the same name (``test_errors``) stand in several folders.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("tests/repo", "tests/cross", "tests/support", "benches", "examples", "tools")


def groups() -> list[tuple[Path, list[Path]]]:
    """Return the folder of each run, and what it checks."""
    packages = sorted((ROOT / "packages").iterdir())
    together = [(ROOT, [package / "src" for package in packages])]
    folders = [*(package / "tests" for package in packages), *(ROOT / name for name in PROGRAMS)]
    files = [*(package / "hatch_build.py" for package in packages), ROOT / "conftest.py"]
    for folder in folders:
        is_package = (folder / "__init__.py").exists()
        if any(folder.rglob("*.py")):
            together.append((folder.parent if is_package else folder, [folder]))
    return together + [(file.parent, [file]) for file in files if file.exists()]


def main() -> int:
    """Run them all and return 1 when one fails."""
    failed = 0
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    for folder, paths in groups():
        print("mypy", *(path.relative_to(ROOT) for path in paths), flush=True)
        command = [sys.executable, "-m", "mypy", *options, "--no-error-summary", *map(str, paths)]
        failed |= subprocess.run(command, cwd=folder, check=False).returncode
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
