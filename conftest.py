"""What all tests of the repository share."""

import importlib.util
import sysconfig
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ("async_tests", "pytester")

# A machine that is busy with other things is no reason to fail.
hypothesis.settings.register_profile("skerry", deadline=None)
hypothesis.settings.load_profile("skerry")

ROOT = Path(__file__).resolve().parent


def pytest_configure() -> None:
    """Refuse to run with an extension that is older than its source: it would hide what was edited.

    Only the editable build has its extensions beside the sources; installed wheels are not looked at.
    """
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    namespace = importlib.util.find_spec("skerry")
    folders = [Path(folder) for folder in (namespace and namespace.submodule_search_locations) or ()]
    editable = [folder for folder in folders if folder.is_relative_to(ROOT / "packages")]
    for extension in (path for folder in editable for path in folder.rglob(f"*{suffix}")):
        source = extension.with_name(extension.name.removesuffix(suffix) + ".py")
        for origin in (source, source.with_suffix(".pxd")):
            if not origin.exists() or origin.stat().st_mtime > extension.stat().st_mtime:
                raise pytest.UsageError(f"{extension.name} is older than {origin}: run `hatch run build`, or delete it")
