"""Memory of an idle keep-alive connection of a server, after one request on it.

A fresh server each time, since memory that was freed is used again. Connections opened before the first look pay for
what is made once.
"""

import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

from ..candidates import Options, choose
from ..children import Child, ChildSpec
from ..errors import BenchError
from ..measures import Goal, Result, Series, take_rounds
from .serve import BARE, SPECS

CONNECTIONS = 2000
"""Connections between the two looks."""
_BEFORE = 200
_ROUNDS = 3
_GOAL_KIB = 3.0
_TIMEOUT_S = 5.0
_REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
_SPARE_FILES = 64


def run(options: Options) -> list[Result]:
    """Measure every server.

    Raises:
        BenchError: A measurement failed, or too few files may be open.
    """
    _allow_files(_BEFORE + CONNECTIONS + _SPARE_FILES)
    title = f"memory of an idle keep-alive connection, {CONNECTIONS} of them"
    builds: dict[str, str] = {}
    measures: dict[str, Callable[[], float]] = {
        spec.candidate: partial(_measure, spec, options, builds) for spec in choose((*SPECS, BARE), options)
    }
    values = take_rounds(
        measures, min(options.rounds, _ROUNDS), lambda name, value: options.on_progress(f"{title}: {name} {value:.2f}")
    )
    series = tuple(Series(name, builds[name], taken) for name, taken in values.items())
    return [Result(title, "KiB", 2, series, (Goal("skerry", None, _GOAL_KIB, "at most"),))]


def _measure(spec: ChildSpec, options: Options, builds: dict[str, str]) -> float:
    """Return the KiB that one connection takes in a fresh server."""
    with ExitStack() as stack:
        child = stack.enter_context(Child(spec, options.cpus.subject, options.loop))
        builds[spec.candidate] = child.build
        stack.enter_context(_idle_connections(child.port, _BEFORE))
        before = child.resident_octets()
        stack.enter_context(_idle_connections(child.port, CONNECTIONS))
        return (child.resident_octets() - before) / CONNECTIONS / 1024


@contextmanager
def _idle_connections(port: int, count: int) -> Iterator[None]:
    """Hold connections open, each after one answered request.

    Raises:
        BenchError: A connection was refused, closed or answered otherwise than 200.
    """
    with ExitStack() as stack:
        try:
            connections = [_connect(stack, port) for _ in range(count)]
        except OSError as error:
            raise BenchError(f"connection refused or broken: {error}") from error
        yield
        for connection in connections:
            _see_open(connection)


def _connect(stack: ExitStack, port: int) -> socket.socket:
    """Open one connection and have one request answered on it."""
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), _TIMEOUT_S))
    connection.sendall(_REQUEST)
    answer = b""
    while not answer.endswith(b"Hello, World!"):
        piece = connection.recv(4096)
        answer += piece
        if not piece or not answer.startswith(b"HTTP/1.1 200 "[: len(answer)]):
            raise BenchError(f"got {answer[:64]!r}, expected status 200 and an open connection")
    return connection


def _see_open(connection: socket.socket) -> None:
    """Raise when the server has closed a connection that was to be idle."""
    connection.setblocking(False)
    try:
        piece = connection.recv(1)
    except BlockingIOError:
        return
    raise BenchError(f"an idle connection was closed or written to: {piece!r}")


def _allow_files(count: int) -> None:
    """Raise the limit of open files for this process and its children."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            raise BenchError(f"at most {hard} files may be open, {count} are needed: raise the limit (ulimit -n)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
