"""Below the sans-IO line nothing loads an event loop, sockets, TLS or logging, not even through a library."""

import json
import pkgutil
import subprocess
import sys

import pytest

import skerry.http

SANS_IO = [
    info.name
    for info in pkgutil.walk_packages(skerry.http.__path__, "skerry.http.")
    if not info.name.startswith("skerry.http.aio")
]


def loaded_by(*names: str) -> set[str]:
    """Return what a fresh interpreter has loaded after importing ``names``."""
    program = f"import json, sys, {', '.join(names)}\nprint(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return set(json.loads(run.stdout))


@pytest.mark.parametrize("module", ["asyncio", "ssl", "socket", "selectors", "logging", "random"])
def test_the_cores_alone_load_no_input_or_output(module: str, sans_io: set[str]) -> None:
    assert module not in sans_io


@pytest.fixture(scope="module")
def sans_io() -> set[str]:
    loaded = loaded_by(*SANS_IO)
    assert {"skerry.http.h1.connection", "skerry.http.coding.zlib", "skerry.http.multipart.decoder"} <= loaded
    return loaded


def test_the_asyncio_side_is_where_asyncio_comes_from() -> None:
    assert "asyncio" in loaded_by("skerry.http.aio")


def test_the_top_loads_only_what_messages_are_made_of() -> None:
    loaded = loaded_by("skerry.http")
    assert not {name for name in loaded if name.startswith(("skerry.http.coding", "skerry.http.cookies"))}
