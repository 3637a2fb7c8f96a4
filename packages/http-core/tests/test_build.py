"""The build under test is the one that was asked for: compiled, unless SKERRY_NO_EXTENSIONS says otherwise."""

import importlib.util
import os
import tomllib
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from skerry.http import is_compiled

PROJECT = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))
MODULES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["modules"]


@pytest.mark.parametrize("name", MODULES)
def test_module_is_compiled_unless_the_build_is_pure(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    is_compiled = spec.origin.endswith(tuple(EXTENSION_SUFFIXES))
    assert is_compiled is not bool(os.environ.get("SKERRY_NO_EXTENSIONS")), spec.origin


def test_the_build_tells_what_it_is() -> None:
    assert is_compiled is not bool(os.environ.get("SKERRY_NO_EXTENSIONS"))
