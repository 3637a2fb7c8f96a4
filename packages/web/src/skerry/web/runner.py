"""AppRunner: an application, its server and its sites, from start to graceful stop."""

import asyncio
from dataclasses import replace
from typing import Any

from skerry.http import DEFAULT_LIMITS, Limits

from .app import Application
from .dispatch import Dispatcher
from .server import Server
from .sites import BaseSite


class AppRunner:
    """Runs an application.

    ::

        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "localhost", 8080).start()
        ...
        await runner.cleanup()

    Args:
        app: The application.
        limits: Bounds of every connection; None for the default ones.
        keepalive_timeout: Seconds that an idle connection is kept; None as ``limits`` say.
        shutdown_timeout: Seconds that handlers may go on when the runner stops; None as ``limits`` say.
    """

    def __init__(
        self,
        app: Application,
        *,
        limits: Limits | None = None,
        keepalive_timeout: float | None = None,
        shutdown_timeout: float | None = None,
    ) -> None:
        changes: dict[str, Any] = {}
        if keepalive_timeout is not None:
            changes["keepalive_timeout_s"] = keepalive_timeout
        if shutdown_timeout is not None:
            changes["shutdown_timeout_s"] = shutdown_timeout
        self._limits = replace(limits or DEFAULT_LIMITS, **changes)
        self._app = app
        self._server: Server | None = None
        self._sites: list[BaseSite] = []

    @property
    def app(self) -> Application:
        """The application."""
        return self._app

    @property
    def server(self) -> Server | None:
        """The server; None before ``setup`` and after ``cleanup``."""
        return self._server

    @property
    def sites(self) -> frozenset[BaseSite]:
        """Sites that listen."""
        return frozenset(self._sites)

    @property
    def addresses(self) -> list[Any]:
        """Addresses that are listened at, as ``socket.getsockname`` gives them."""
        return [sock.getsockname() for site in self._sites for sock in site.sockets]

    def add_site(self, site: BaseSite, /) -> None:
        """Take a site in; ``BaseSite.start`` does it."""
        self._sites.append(site)

    def remove_site(self, site: BaseSite, /) -> None:
        """Let a site go; ``BaseSite.stop`` does it."""
        if site in self._sites:
            self._sites.remove(site)

    async def setup(self) -> None:
        """Start the application, so that sites can be started.

        Raises:
            RuntimeError: It was set up already.
            Exception: What the start of the application raised; what had been started was cleaned up.

        Cancellation:
            As a failure of the start.
        """
        if self._server is not None:
            raise RuntimeError("the runner is set up already")
        try:
            await self._app.startup()
        except BaseException:
            await self._app.cleanup()
            raise
        self._server = Server(Dispatcher(self._app).serve, limits=self._limits)

    async def cleanup(self) -> None:
        """Stop gracefully; a second call does nothing.

        In this order: listen no more, close idle connections, send ``on_shutdown``, wait for handlers, cancel
        those that are late, leave the contexts and send ``on_cleanup``.

        Raises:
            Exception: What a receiver of the application raised; the later steps were done all the same.

        Cancellation:
            Handlers are cancelled at once; the later steps are done.
        """
        server, self._server = self._server, None
        if server is None:
            return
        for site in list(self._sites):
            await site.stop()
        # What the kernel has accepted already becomes a connection now, and is told to close after one answer.
        await asyncio.sleep(0)
        server.begin_stop()
        try:
            await self._app.shutdown()
        finally:
            try:
                await server.stop(self._limits.shutdown_timeout_s)
            finally:
                await self._app.cleanup()
