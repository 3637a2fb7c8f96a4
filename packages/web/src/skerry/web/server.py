"""Server: connections, a task for each request, and the graceful end of both.

It knows no application: what answers an exchange is a coroutine function.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any

from skerry.http import DEFAULT_LIMITS, Limits, ServerExchange
from skerry.http.aio import CoarseClock, H1ServerConnection

Serve = Callable[[ServerExchange], Coroutine[Any, Any, None]]
"""Answers one exchange."""


class Server:
    """Makes connections and answers what comes on them; call it as a protocol factory.

    Args:
        serve: Answers one exchange; runs in a task of its own for each.
        limits: Bounds of every connection.
        loop: Where it runs; None stands for the running loop.
    """

    def __init__(
        self, serve: Serve, *, limits: Limits = DEFAULT_LIMITS, loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self._serve = serve
        self._limits = limits
        self._loop = loop or asyncio.get_running_loop()
        self._clock = CoarseClock(self._loop)
        self._clock.start()
        self._connections: set[H1ServerConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        # The next request of a connection may be started from the task of the one before: what that one has put in
        # its context variables must not be seen.
        self._context = copy_context()

    def __call__(self) -> H1ServerConnection:
        """Return the protocol of a new connection."""
        return H1ServerConnection(
            self.handle,
            limits=self._limits,
            clock=self._clock,
            on_open=self._opened,
            on_close=self._connections.discard,
        )

    def _opened(self, connection: H1ServerConnection) -> None:
        self._connections.add(connection)
        if self._stopping:
            connection.shutdown()

    @property
    def connections(self) -> list[H1ServerConnection]:
        """Connections that are open."""
        return list(self._connections)

    @property
    def running(self) -> int:
        """Requests that are being answered and have waited for something."""
        return len(self._tasks)

    if sys.version_info >= (3, 12):

        def handle(self, exchange: ServerExchange) -> None:
            """Answer an exchange in a task of its own; what never waits is answered before this returns."""
            task = asyncio.Task(self._serve(exchange), loop=self._loop, context=self._context.copy(), eager_start=True)
            if not task.done():
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    else:

        def handle(self, exchange: ServerExchange) -> None:
            """Answer an exchange in a task of its own."""
            task = self._loop.create_task(self._serve(exchange), context=self._context.copy())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def begin_stop(self) -> None:
        """Close idle connections now, and each other one after the response that is under way. Can be repeated."""
        self._stopping = True
        for connection in list(self._connections):
            connection.shutdown()

    async def stop(self, timeout_s: float) -> None:
        """Wait for running handlers, cancel those that are late, then close what is still open.

        Args:
            timeout_s: How long handlers may go on, and again how long a cancelled one may take; 0 for no wait.

        Cancellation:
            Handlers are cancelled at once, connections are closed.
        """
        self.begin_stop()
        try:
            if self._tasks and timeout_s > 0:
                await asyncio.wait(set(self._tasks), timeout=timeout_s)
            late = set(self._tasks)
            for task in late:
                task.cancel("the server stops")
            if late:
                await asyncio.wait(late, timeout=timeout_s or None)
        finally:
            for task in set(self._tasks):
                task.cancel("the server stops")
            for connection in list(self._connections):
                connection.abort()
            self._clock.stop()
