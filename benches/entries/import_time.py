"""Time that an import takes over a bare interpreter, each in fresh processes.

Noise can only make a start slower, so the least time of each is what counts.
"""

import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from ..candidates import Options
from ..errors import BenchError
from ..machine import pinned, version_of
from ..measures import Goal, Result, Series, take_rounds

if TYPE_CHECKING:
    from collections.abc import Callable

_BARE = "bare Python"
_LEAST_ROUNDS = 10
_TIMEOUT_S = 20.0
_GOAL_RATIO = 60 / 160

MODULES = {
    "skerry.client": "skerry-client",
    "skerry.web": "skerry-web",
    "skerry.http": "skerry-http-core",
    "aiohttp": "aiohttp",
    "aiohttp.web": "aiohttp",
    "starlette.applications": "starlette",
    "uvicorn": "uvicorn",
}
"""What is imported, and the distribution it is in."""


def run(options: Options) -> list[Result]:
    """Measure every import.

    Raises:
        BenchError: A module cannot be imported, or takes no time at all.
    """
    title = "import, over the start of a bare interpreter"
    names = [name for name in MODULES if not options.only or name in options.only]
    if not names:
        raise BenchError(f"no candidate is left; there are {', '.join(MODULES)}")
    measures: dict[str, Callable[[], float]] = {name: partial(_start_ms, f"import {name}", options) for name in names}
    measures[_BARE] = partial(_start_ms, "pass", options)
    for measure in measures.values():
        measure()  # the bytecode is written and the files are in memory from here on
    values = take_rounds(
        measures,
        max(_LEAST_ROUNDS, options.rounds),
        lambda name, value: options.on_progress(f"{title}: {name} {value:.1f}"),
    )
    bare = min(values[_BARE])
    series = tuple(Series(name, version_of(MODULES[name]), _over(bare, values[name], name)) for name in names)
    goals = (Goal("skerry.client", "aiohttp", _GOAL_RATIO, "at most"),)
    return [Result(title, "ms", 1, series, goals, statistic="min")]


def _over(bare: float, values: tuple[float, ...], name: str) -> tuple[float, ...]:
    """Return the milliseconds over the least time of the bare interpreter."""
    if min(values) <= bare:
        raise BenchError(f"import {name} took {min(values):.1f} ms, not more than bare Python ({bare:.1f} ms)")
    return tuple(value - bare for value in values)


def _start_ms(program: str, options: Options) -> float:
    """Return the milliseconds from the start of a fresh interpreter to its end."""
    command = pinned([sys.executable, "-c", program], options.cpus.subject)
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise BenchError(f"{program}: no end within {_TIMEOUT_S:g} s") from None
    elapsed_s = time.perf_counter() - begin
    if done.returncode != 0:
        raise BenchError(f"{program}: {done.stderr.strip().rpartition(chr(10))[2][:200]}")
    return elapsed_s * 1000
