"""Serve small answers over 64 keep-alive connections: skerry.web against aiohttp.web and Starlette on uvicorn.

All servers are started at once and loaded in turn; a server without load does not run. Beside them a bare
asyncio.Protocol that writes a constant shows how much the loop allows.
"""

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..candidates import Options, choose, measure_series, start_children
from ..children import Child, ChildSpec
from ..measures import Goal, Measured, Result
from ..probe import check_answer
from ..wrk import find_wrk, run_wrk

if TYPE_CHECKING:
    from collections.abc import Callable

_CONNECTIONS = 64
_USUAL_S = 3.0
_HELLO = b"Hello, World!"
_ECHOED = b"x" * 1024
_ECHO_SCRIPT = """\
wrk.method = "POST"
wrk.body = string.rep("x", 1024)
wrk.headers["Content-Type"] = "application/octet-stream"
"""

SPECS = (
    ChildSpec("skerry", "server", "serve_skerry:PEER"),
    ChildSpec("aiohttp", "server", "serve_aiohttp:PEER"),
    ChildSpec("uvicorn + Starlette", "server", "serve_starlette:PEER"),
)
"""Who takes part."""
BARE = ChildSpec("a constant", "server", "serve_constant:PEER")
"""What the loop allows."""


def run_plain(options: Options) -> list[Result]:
    """Measure GET of a constant text.

    Raises:
        BenchError: wrk is missing, or a measurement failed.
    """
    find_wrk()
    title = f"serve GET text/plain, {len(_HELLO)} octets, {_CONNECTIONS} keep-alive connections"
    with ExitStack() as stack:
        children = start_children(stack, choose((*SPECS, BARE), options), options)
        for child in children.values():
            check_answer(child.port, "GET", "/", sent=None, expected=_HELLO)
        measures = {name: partial(_rate, child, "/", None, options) for name, child in children.items()}
        goals = (Goal("skerry", "aiohttp", 1.8, "at least"),)
        return [_measure(title, children, measures, options, goals)]


def run_echo(options: Options) -> list[Result]:
    """Measure POST of 1 KiB that comes back.

    Raises:
        BenchError: wrk is missing, or a measurement failed.
    """
    find_wrk()
    title = f"serve POST, {len(_ECHOED)} octets echoed, {_CONNECTIONS} keep-alive connections"
    with ExitStack() as stack:
        script = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "echo.lua"
        script.write_text(_ECHO_SCRIPT, encoding="ascii")
        children = start_children(stack, choose(SPECS, options), options)
        for child in children.values():
            check_answer(child.port, "POST", "/echo", sent=_ECHOED, expected=_ECHOED)
        measures = {name: partial(_rate, child, "/echo", script, options) for name, child in children.items()}
        return [_measure(title, children, measures, options, ())]


def _measure(
    title: str,
    children: dict[str, Child],
    measures: dict[str, partial[float]],
    options: Options,
    goals: tuple[Goal, ...],
) -> Result:
    """Warm every server up, then measure all in turn."""
    for name, measure in measures.items():
        options.on_progress(f"{title}: {name} warms up")
        measure(seconds=1.0)
    calls: dict[str, Callable[[], float]] = dict(measures)
    return Result(title, f"requests/{options.second}", 0, measure_series(children, calls, options, title), goals)


def _rate(child: Child, path: str, script: Path | None, options: Options, seconds: float | None = None) -> float:
    """Load one server and return its requests per second."""
    before_s = child.cpu_seconds()
    measured = run_wrk(
        f"http://127.0.0.1:{child.port}{path}",
        connections=_CONNECTIONS,
        seconds=options.seconds_or(_USUAL_S) if seconds is None else seconds,
        cpu=options.cpus.load,
        script=script,
    )
    if options.clock == "cpu":
        return Measured(measured.count, child.cpu_seconds() - before_s).rate
    return measured.rate
