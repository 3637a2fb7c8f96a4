"""Starlette on uvicorn with httptools, without an access log and without lifespan."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..builds import build_of
from ..machine import version_of


async def hello(request: Request) -> Response:
    """Answer a constant."""
    return PlainTextResponse("Hello, World!")


async def echo(request: Request) -> Response:
    """Answer the body of the request."""
    return Response(await request.body(), media_type="application/octet-stream")


class StarletteServer:
    """uvicorn in the loop of the child."""

    version = f"{version_of('uvicorn')} + {version_of('starlette')}"

    def build(self) -> str:
        """Say which build of the parser does the work; uvicorn itself is Python."""
        return build_of("httptools.parser.parser")

    async def serve(self, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        """Serve until cancelled.

        Cancellation:
            uvicorn is asked to leave and cancelled.
        """
        app = Starlette(routes=[Route("/", hello), Route("/echo", echo, methods=["POST"])])
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                http="httptools",
                ws="none",
                lifespan="off",
                access_log=False,
                log_level="warning",
                backlog=4096,
                timeout_keep_alive=75,
            )
        )
        serving = asyncio.ensure_future(server.serve(sockets=[listener]))
        try:
            while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells it by an attribute alone
                await asyncio.sleep(0.01)
            on_ready()
            await serving
        finally:
            server.force_exit = server.should_exit = True
            serving.cancel()


PEER = StarletteServer()
