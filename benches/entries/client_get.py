"""Fetch 13 octets, 32 at a time over one session: skerry.client against aiohttp's client.

Both fetch from one bare asyncio.Protocol that writes a constant on the other CPU, so that the client is what limits.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial

from ..candidates import Options, choose, measure_series, start_children
from ..child import CONCURRENCY, FETCHED_BODY
from ..children import Child, ChildSpec
from ..measures import Goal, Result
from ..probe import check_answer
from .serve import BARE

_USUAL_S = 1.0
_WARM_UP_S = 0.3

SPECS = (
    ChildSpec("skerry", "client", "fetch_skerry:PEER"),
    ChildSpec("aiohttp", "client", "fetch_aiohttp:PEER"),
)
"""Who takes part."""


def run(options: Options) -> list[Result]:
    """Measure the clients.

    Raises:
        BenchError: A measurement failed.
    """
    title = f"fetch {len(FETCHED_BODY)} octets, {CONCURRENCY} at a time"
    with ExitStack() as stack:
        server = stack.enter_context(Child(BARE, options.cpus.load, options.loop))
        check_answer(server.port, "GET", "/", sent=None, expected=FETCHED_BODY)
        url = f"http://127.0.0.1:{server.port}/"
        children = start_children(stack, choose(SPECS, options), options)
        for child in children.values():
            child.measure(_WARM_UP_S, "wall", url=url)
        measures = _measures(children, url, options)
        series = measure_series(children, measures, options, title)
    return [Result(title, f"requests/{options.second}", 0, series, (Goal("skerry", "aiohttp", 3.0, "at least"),))]


def _measures(children: Mapping[str, Child], url: str, options: Options) -> dict[str, Callable[[], float]]:
    """Return what takes one measurement, by candidate."""

    def rate(child: Child) -> float:
        return child.measure(options.seconds_or(_USUAL_S), options.clock, url=url).rate

    return {name: partial(rate, child) for name, child in children.items()}
