"""The distribution as it is installed: alone with what it declares."""

import importlib.metadata
import importlib.util
import subprocess
import sys
from pathlib import Path

import skerry.client

PACKAGE = Path(skerry.client.__file__).parent


def test_the_version_is_the_one_of_the_installed_distribution() -> None:
    assert skerry.client.__version__ == importlib.metadata.version("skerry-client")


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_skerry_is_a_namespace_without_a_file_of_its_own() -> None:
    spec = importlib.util.find_spec("skerry")
    assert spec is not None
    assert spec.origin is None


def test_importing_it_warns_of_nothing_and_loads_no_distribution_beside_or_above_it() -> None:
    loaded = "{name.split('.')[1] for name in sys.modules if name.startswith('skerry.')}"
    program = f"import sys, skerry.client; print(*{loaded})"
    command = [sys.executable, "-W", "error", "-I", "-c", program]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    assert set(done.stdout.split()) <= {"client", "http"}
