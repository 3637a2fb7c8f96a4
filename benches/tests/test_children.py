"""Processes that are measured: one that serves, and those that cannot be used."""

import pytest

from benches.children import Child, ChildSpec
from benches.errors import BenchError
from benches.probe import check_answer


def constant(build: str) -> ChildSpec:
    return ChildSpec("a constant", "server", "serve_constant:PEER", build=build)


def test_a_server_serves_until_it_is_closed() -> None:
    with Child(constant("compiled"), cpu=None, loop="asyncio") as child:
        check_answer(child.port, "GET", "/", sent=None, expected=b"Hello, World!")
        assert child.resident_octets() > 2**20
        assert 0 < child.cpu_seconds() < 10

    with pytest.raises(BenchError, match="ConnectionRefusedError"):
        check_answer(child.port, "GET", "/", sent=None, expected=b"Hello, World!")


def test_another_build_than_the_one_meant_is_refused() -> None:
    with pytest.raises(BenchError, match="a constant is compiled here, not interpreted"):
        Child(constant("interpreted"), cpu=None, loop="asyncio")


def test_a_peer_that_is_not_installed_is_named() -> None:
    with pytest.raises(BenchError, match="absent: cannot be measured here: No module named"):
        Child(ChildSpec("absent", "heads", "heads_absent:PEER"), cpu=None, loop="asyncio")
