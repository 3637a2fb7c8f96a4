"""Who takes part in a run."""

import pytest

from benches.candidates import Options, choose
from benches.children import ChildSpec
from benches.entries.parse_heads import SPECS
from benches.errors import BenchError
from benches.machine import Cpus

OURS = ChildSpec("skerry", "server", "serve_skerry:PEER")
PEER = ChildSpec("another", "server", "serve_another:PEER")


def options(*only: str, pure: bool = False) -> Options:
    return Options(cpus=Cpus(0, 1), pure=pure, only=only)


def test_all_take_part_as_compiled_unless_asked_otherwise() -> None:
    assert choose([OURS, PEER], options()) == [OURS, PEER]


def test_pure_runs_skerry_alone_from_its_source() -> None:
    ours, peer = choose([OURS, PEER], options(pure=True))

    assert (ours.candidate, ours.interpreted, ours.build) == ("skerry interpreted", True, "interpreted")
    assert peer == PEER


def test_pure_measures_nobody_twice() -> None:
    names = [spec.candidate for spec in choose(SPECS, options(pure=True))]

    assert names == ["skerry interpreted", "aiohttp", "httptools, no dict", "aiohttp interpreted"]


def test_only_the_named_take_part() -> None:
    assert choose([OURS, PEER], options("another")) == [PEER]


def test_a_run_without_candidates_is_refused() -> None:
    with pytest.raises(BenchError, match="there are skerry, another"):
        choose([OURS, PEER], options("nobody"))


def test_length_of_a_measurement_is_that_of_the_benchmark_unless_given() -> None:
    assert options().seconds_or(3.0) == 3.0
    assert Options(cpus=Cpus(None, None), seconds=0.5).seconds_or(3.0) == 0.5
