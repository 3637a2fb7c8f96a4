"""skerry.web as a server, without an access log."""

import asyncio
import socket
from collections.abc import Callable

from skerry import web

from ..builds import skerry_build
from ..machine import version_of


async def hello(request: web.Request) -> web.Response:
    """Answer a constant."""
    return web.Response(text="Hello, World!")


async def echo(request: web.Request) -> web.Response:
    """Answer the body of the request."""
    return web.Response(body=await request.read())


class SkerryServer:
    """skerry.web behind its own runner."""

    version = version_of("skerry-web")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()

    async def serve(self, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        """Serve until cancelled.

        Cancellation:
            The runner is cleaned up.
        """
        app = web.Application()
        app.add_routes([web.get("/", hello), web.post("/echo", echo)])
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            await web.SockSite(runner, listener, backlog=4096).start()
            on_ready()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


PEER = SkerryServer()
