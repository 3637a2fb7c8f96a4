"""What all tests of the repository share."""

import sysconfig
from pathlib import Path

import pytest

pytest_plugins = ("async_tests", "pytester")

ROOT = Path(__file__).resolve().parent


def pytest_configure() -> None:
    """Refuse to run beside an extension that is older than its source: it would hide what was edited."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    for extension in ROOT.glob(f"packages/*/src/**/*{suffix}"):
        source = extension.with_name(extension.name.removesuffix(suffix) + ".py")
        for origin in (source, source.with_suffix(".pxd")):
            if not origin.exists() or origin.stat().st_mtime > extension.stat().st_mtime:
                raise pytest.UsageError(
                    f"{extension.relative_to(ROOT)} is older than {origin.name}: build again "
                    "(hatch env remove default), or remove it to test the interpreted module"
                )
