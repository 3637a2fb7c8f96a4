"""Parse heads: skerry's parser, compiled and interpreted, against httptools and both parsers of aiohttp.

Each candidate has a process of its own, so that none finds the caches, the allocator or the specialised bytecode in a
state that another one left; the processes are asked in turn, on one CPU, and only one works at a time.

What is timed is the call that takes the octets of a whole head and gives the parsed head, framing decided. Around it
skerry's sans-IO connection adds the steps of its state machine; aiohttp's parser and httptools have none.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from ..candidates import Options, as_interpreted, choose, measure_series, start_children
from ..children import Child, ChildSpec
from ..heads import CASES
from ..measures import Goal, Result

_USUAL_S = 0.2

_SKERRY = ChildSpec("skerry", "heads", "heads_skerry:PEER")
SPECS = (
    _SKERRY,
    ChildSpec("aiohttp", "heads", "heads_aiohttp:COMPILED"),
    ChildSpec("httptools, no dict", "heads", "heads_httptools:PEER"),
    as_interpreted(_SKERRY),
    ChildSpec("aiohttp interpreted", "heads", "heads_aiohttp:INTERPRETED", build="interpreted"),
)
"""Who takes part."""

GOALS = {
    "browser_request": (
        Goal("skerry", "aiohttp", 0.65, "at most"),
        Goal("skerry interpreted", "aiohttp interpreted", 1.0, "at most"),
    )
}
"""Goals, by case."""


def run(options: Options) -> list[Result]:
    """Measure every case.

    Raises:
        BenchError: A measurement failed.
    """
    with ExitStack() as stack:
        children = start_children(stack, choose(SPECS, options), options)
        return [_measure_case(case, children, options) for case in CASES]


def _measure_case(case: str, children: Mapping[str, Child], options: Options) -> Result:
    """Measure one head among all candidates."""
    seconds = options.seconds_or(_USUAL_S)

    def cost_us(child: Child) -> float:
        return child.measure(seconds, options.clock, case=case).cost_us

    measures: dict[str, Callable[[], float]] = {name: partial(cost_us, child) for name, child in children.items()}
    series = measure_series(children, measures, options, CASES[case].title)
    return Result(CASES[case].title, "µs" if options.clock == "wall" else "CPU µs", 2, series, GOALS.get(case, ()))
