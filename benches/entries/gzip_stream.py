"""Code streams of gzip: skerry's coders against the objects of zlib that they are made of.

What is seen is what the bounds cost: steps of at most 256 KiB, limits on size, ratio and members, an object around it.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from ..candidates import Options, choose, measure_series, start_children
from ..children import Child, ChildSpec
from ..measures import Goal, Result
from ..streams import CASES

_USUAL_S = 0.5

SPECS = (
    ChildSpec("skerry", "streams", "streams_skerry:PEER"),
    ChildSpec("zlib", "streams", "streams_zlib:PEER"),
)
"""Who takes part."""
GOALS = (Goal("skerry", "zlib", 1.05, "at most"),)
"""The same for both cases."""


def run(options: Options) -> list[Result]:
    """Measure every case.

    Raises:
        BenchError: A measurement failed.
    """
    with ExitStack() as stack:
        children = start_children(stack, choose(SPECS, options), options)
        return [_measure_case(case, children, options) for case in CASES]


def _measure_case(case: str, children: Mapping[str, Child], options: Options) -> Result:
    """Measure one way through the coding."""
    seconds = options.seconds_or(_USUAL_S)

    def cost_us(child: Child) -> float:
        return child.measure(seconds, options.clock, case=case).cost_us

    measures: dict[str, Callable[[], float]] = {name: partial(cost_us, child) for name, child in children.items()}
    series = measure_series(children, measures, options, CASES[case].title)
    return Result(CASES[case].title, "µs" if options.clock == "wall" else "CPU µs", 0, series, GOALS)
