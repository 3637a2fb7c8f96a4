"""Read multipart bodies: skerry's reader against that of aiohttp, skerry's decoder against python-multipart.

The readers give the octets of a part to a program that asks for them in chunks of the usual size, on an event loop that
never waits; the decoder and python-multipart give what has arrived.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from ..candidates import Options, as_interpreted, choose, measure_series, start_children
from ..children import Child, ChildSpec
from ..measures import Goal, Result
from ..multiparts import CASES

_USUAL_S = 0.5

_SKERRY = ChildSpec("skerry", "multiparts", "multiparts_skerry:PEER")
SPECS = (
    _SKERRY,
    ChildSpec("aiohttp", "multiparts", "multiparts_aiohttp:PEER"),
    ChildSpec("skerry decoder", "multiparts", "multiparts_decoder_skerry:PEER"),
    ChildSpec("python-multipart", "multiparts", "multiparts_python_multipart:PEER", build="interpreted"),
    as_interpreted(_SKERRY),
)
"""Who takes part."""
GOALS = {
    "file": (
        Goal("skerry", "aiohttp", 1 / 3, "at most"),
        Goal("skerry decoder", "python-multipart", 1 / 3, "at most"),
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
    """Measure one body among all candidates."""
    seconds = options.seconds_or(_USUAL_S)

    def cost_ms(child: Child) -> float:
        return child.measure(seconds, options.clock, case=case).cost_us / 1000

    measures: dict[str, Callable[[], float]] = {name: partial(cost_ms, child) for name, child in children.items()}
    series = measure_series(children, measures, options, CASES[case].title)
    return Result(CASES[case].title, "ms" if options.clock == "wall" else "CPU ms", 2, series, GOALS.get(case, ()))
