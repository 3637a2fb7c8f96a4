"""Both ends of a connection for the tests of the shells: ours on one side, plain streams on the other."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from multidict import CIMultiDict

from skerry.http import DEFAULT_LIMITS, Limits, ResponseHead
from skerry.http.aio import CoarseClock, H1ClientConnection, H1ServerConnection, H1ServerExchange

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


def text_head(status: int = 200, **fields: str) -> ResponseHead:
    """Return a head; underscores in the names stand for hyphens."""
    return ResponseHead(status, CIMultiDict({name.replace("_", "-"): value for name, value in fields.items()}))


class Served:
    """A listening server and what it saw."""

    def __init__(self, port: int, clock: CoarseClock) -> None:
        self.port = port
        self.clock = clock
        self.connections: list[H1ServerConnection] = []
        self.closed: list[H1ServerConnection] = []
        self.exchanges: list[H1ServerExchange] = []
        self.errors: list[BaseException] = []


@contextlib.asynccontextmanager
async def serve(
    handler: Callable[[H1ServerExchange], Awaitable[None]],
    *,
    limits: Limits = DEFAULT_LIMITS,
    interval_s: float = 0.01,
    **options: Any,
) -> AsyncIterator[Served]:
    """Serve ``handler``, a task for each exchange, with a clock that ticks fast."""
    loop = asyncio.get_running_loop()
    clock = CoarseClock(loop, interval_s)
    clock.start()
    served = Served(0, clock)
    tasks: set[asyncio.Task[None]] = set()

    async def run(exchange: H1ServerExchange) -> None:
        try:
            await handler(exchange)
        except Exception as error:  # what a handler meets is for the test to look at
            served.errors.append(error)
            exchange.abort()

    def start(exchange: H1ServerExchange) -> None:
        served.exchanges.append(exchange)
        task = loop.create_task(run(exchange))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    def make() -> Any:
        return H1ServerConnection(
            start, limits=limits, clock=clock, on_open=served.connections.append, on_close=served.closed.append
        )

    server = await loop.create_server(make, "127.0.0.1", 0, **options)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        clock.stop()
        for connection in served.connections:
            connection.abort()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def connect(served: Served) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect plain streams to a server of ours; nothing here waits for ever."""
    async with asyncio.timeout(8):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def read_response(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read one response with Content-Length: its head and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length: "):
            return head, await reader.readexactly(int(line[16:]))
    return head, b""


@contextlib.asynccontextmanager
async def dial(
    script: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]], *, limits: Limits = DEFAULT_LIMITS
) -> AsyncIterator[H1ClientConnection]:
    """Connect a client of ours to a server that follows ``script``."""
    loop = asyncio.get_running_loop()
    finished: list[BaseException | None] = []

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            finished.append(error)
        finally:
            writer.close()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with asyncio.timeout(8):
        make: Any = lambda: H1ClientConnection(limits=limits)  # noqa: E731
        _, connection = await loop.create_connection(make, "127.0.0.1", port)
        try:
            yield connection
        finally:
            connection.close()
            await connection.wait_closed()
            server.close()
            await asyncio.sleep(0.01)
