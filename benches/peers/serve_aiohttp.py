"""aiohttp.web as a server, without an access log."""

import asyncio
import socket
from collections.abc import Callable

from aiohttp import web

from ..builds import build_of
from ..machine import version_of


async def hello(request: web.Request) -> web.Response:
    """Answer a constant."""
    return web.Response(text="Hello, World!")


async def echo(request: web.Request) -> web.Response:
    """Answer the body of the request."""
    return web.Response(body=await request.read())


class AiohttpServer:
    """aiohttp.web behind its own runner."""

    version = version_of("aiohttp")

    def build(self) -> str:
        """Say which build does the work."""
        return build_of("aiohttp._http_parser")

    async def serve(self, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        """Serve until cancelled.

        Cancellation:
            The runner is cleaned up.
        """
        app = web.Application()
        app.add_routes([web.get("/", hello), web.post("/echo", echo)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.SockSite(runner, listener, backlog=4096).start()
            on_ready()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


PEER = AiohttpServer()
