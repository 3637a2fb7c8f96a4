"""The child process of a benchmark: runs one peer in one role and answers the questions of ``benches.children``."""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import socket
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from . import builds, heads, multiparts, streams
from .errors import BenchError

if TYPE_CHECKING:
    from .peers.roles import ClientPeer, HeadKind, HeadPeer, MultipartPeer, Peer, ServerPeer, StreamKind, StreamPeer

CONCURRENCY = 32
"""Fetches of a client at a time."""
FETCHED_BODY = b"Hello, World!"
"""What the server that a client fetches from answers."""
_CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
_BATCH_S = 0.01
"""Seconds between two looks at the clock."""


def main() -> None:
    """Run the peer named on the command line."""
    parser = argparse.ArgumentParser(prog="benches.child")
    parser.add_argument("role", choices=["heads", "streams", "multiparts", "server", "client"])
    parser.add_argument("peer")
    parser.add_argument("--loop", choices=["asyncio", "uvloop"], required=True)
    parser.add_argument("--interpreted", action="store_true")
    arguments = parser.parse_args()
    if arguments.interpreted:
        builds.run_interpreted()
    try:
        module, _, attribute = arguments.peer.partition(":")
        peer: Peer = getattr(import_module(f"benches.peers.{module}"), attribute)
        facts = {"version": peer.version, "build": peer.build()}
    except (ImportError, BenchError) as error:
        _say(error=f"cannot be measured here: {error}")
        return
    match arguments.role:
        case "heads":
            _say(**facts)
            _answer(lambda question: _parse_for(cast("HeadPeer", peer), question))
        case "streams":
            _say(**facts)
            _answer(lambda question: _stream_for(cast("StreamPeer", peer), question))
        case "multiparts":
            _say(**facts)
            _answer(lambda question: _read_parts_for(cast("MultipartPeer", peer), question))
        case "client":
            _say(**facts)
            with asyncio.Runner(loop_factory=_loop_factory(arguments.loop)) as runner:
                _answer(lambda question: runner.run(_fetch_for(cast("ClientPeer", peer), question)))
        case _:
            with asyncio.Runner(loop_factory=_loop_factory(arguments.loop)) as runner:
                runner.run(_serve(cast("ServerPeer", peer), facts))


def _say(**words: object) -> None:
    """Write one line to the runner."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _answer(work: Callable[[dict[str, str]], tuple[int, float]]) -> None:
    """Answer questions until the runner closes the line."""
    for line in sys.stdin:
        try:
            count, elapsed_s = work(json.loads(line))
        except Exception as error:
            _say(error=f"{type(error).__name__}: {error}")
            raise
        _say(count=count, elapsed_s=elapsed_s)


def _loop_factory(kind: str) -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the event loop."""
    return cast("Callable[[], asyncio.AbstractEventLoop]", import_module(kind).new_event_loop)


def _parse_for(peer: "HeadPeer", question: dict[str, str]) -> tuple[int, float]:
    """Parse a head again and again for the time asked for."""
    case = heads.CASES[question["case"]]
    kind = cast("HeadKind", case.kind)
    found = peer.fields(kind, case.data)
    if [(name.lower(), value) for name, value in found] != [(name.lower(), value) for name, value in case.fields]:
        raise BenchError(f"parsed {found}, expected {case.fields}")
    return _repeat_for(peer.repeat(kind, case.data), 16, question)


def _stream_for(peer: "StreamPeer", question: dict[str, str]) -> tuple[int, float]:
    """Send a body through a coding again and again for the time asked for."""
    case = streams.CASES[question["case"]]
    kind = cast("StreamKind", case.kind)
    pieces = case.pieces
    if not case.is_right(peer.result(kind, pieces)):
        raise BenchError(f"what came out of {case.title} is wrong")
    return _repeat_for(peer.repeat(kind, pieces), 1, question)


def _read_parts_for(peer: "MultipartPeer", question: dict[str, str]) -> tuple[int, float]:
    """Read a multipart body again and again for the time asked for."""
    case = multiparts.CASES[question["case"]]
    found = peer.count(case.pieces)
    if found != (case.parts, case.octets):
        raise BenchError(f"read {found} parts and octets, expected {(case.parts, case.octets)}")
    return _repeat_for(peer.repeat(case.pieces), 1, question)


def _repeat_for(repeat: Callable[[int], None], batch: int, question: dict[str, str]) -> tuple[int, float]:
    """Repeat for the time asked for, in batches of ``batch`` or more between two looks at the clock."""
    while _time_of(repeat, batch) < _BATCH_S:
        batch *= 2
    clock = _CLOCKS[question["clock"]]
    gc.collect()
    count = 0
    elapsed_s = 0.0
    while elapsed_s < float(question["seconds"]):
        elapsed_s += _time_of(repeat, batch, clock)
        count += batch
    return count, elapsed_s


def _time_of(repeat: Callable[[int], None], count: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the seconds that ``count`` repetitions take."""
    begin = clock()
    repeat(count)
    return clock() - begin


async def _fetch_for(peer: "ClientPeer", question: dict[str, str]) -> tuple[int, float]:
    """Fetch for the time asked for."""
    gc.collect()
    clock = _CLOCKS[question["clock"]]
    begin = clock()
    deadline = time.perf_counter() + float(question["seconds"])
    count = await peer.fetch(question["url"], FETCHED_BODY, CONCURRENCY, lambda: time.perf_counter() >= deadline)
    return count, clock() - begin


async def _serve(peer: "ServerPeer", facts: dict[str, str]) -> None:
    """Serve on a port from the kernel until the runner closes the line."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    port = listener.getsockname()[1]
    line_closed = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), line_closed.set)
    serving = asyncio.ensure_future(peer.serve(listener, lambda: _say(**facts, port=port)))
    waiting = asyncio.ensure_future(line_closed.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
        raise BenchError("the server stopped by itself")
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError, TimeoutError):
        await asyncio.wait_for(serving, 1)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
