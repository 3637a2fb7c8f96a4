"""Rules about the sources of all distributions."""

import ast

import pytest

from workspace import Distribution, distributions


@pytest.mark.parametrize("one", distributions(), ids=lambda one: one.name)
def test_nothing_depends_on_assert(one: Distribution) -> None:
    """``python -O`` takes assertions out: a check that is one would be gone."""
    found = [
        f"{path.relative_to(one.sources)}:{node.lineno}"
        for path in one.sources.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Name) and node.id == "__debug__")
    ]
    assert found == []
