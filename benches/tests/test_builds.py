"""Which build runs."""

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

import pytest

from benches import builds
from benches.errors import BenchError


def test_a_python_module_is_interpreted() -> None:
    assert builds.build_of("benches.heads") == "interpreted"


def test_an_extension_is_compiled() -> None:
    assert builds.build_of("multidict._multidict") == "compiled"


def test_source_is_found_beside_an_extension(tmp_path: Path) -> None:
    # an extension that cannot be loaded: its source is what must be taken
    package = tmp_path / "skerry" / "sample"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "hot.py").write_text("ANSWER = 42\n")
    (package / f"hot{EXTENSION_SUFFIXES[0]}").write_bytes(b"no extension")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(Path(__file__).parents[2])!r}]\n"
        "from benches import builds; builds.run_interpreted()\n"
        "from skerry.sample import hot; print(hot.ANSWER, builds.build_of('skerry.sample.hot'))\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=15)

    assert done.stdout.split() == ["42", "interpreted"]


@pytest.mark.parametrize("edited", ["hot.py", "hot.pxd"])
def test_an_extension_older_than_its_source_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edited: str
) -> None:
    extension = tmp_path / f"hot{EXTENSION_SUFFIXES[0]}"
    for path in (extension, tmp_path / "hot.py", tmp_path / "hot.pxd"):
        path.write_bytes(b"")
        os.utime(path, (1000, 1000))
    os.utime(tmp_path / edited, (2000, 2000))
    module = ModuleType("skerry.hot")
    module.__file__ = str(extension)
    monkeypatch.setitem(sys.modules, "skerry.hot", module)
    monkeypatch.setattr(builds, "SKERRY_CORE", "skerry.hot")

    with pytest.raises(BenchError, match=f"older than {edited}"):
        builds.skerry_build()
