"""Render the next change log of each distribution, so that a fragment that towncrier does not accept is found early."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Return 1 when a change log cannot be made."""
    failed = 0
    for folder in sorted((ROOT / "packages").iterdir()):
        command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "0"]
        command += ["--config", "towncrier.toml", "--dir", str(folder)]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
        failed |= done.returncode
        if done.returncode:
            print(f"{folder.name}: {done.stdout}{done.stderr}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
