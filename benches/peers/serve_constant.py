"""A bare asyncio.Protocol that writes a constant: what the loop allows at most. Also what clients fetch from."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from ..machine import version_of

_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 13\r\n"
    b"Date: Mon, 05 Jan 2026 10:20:30 GMT\r\nServer: constant\r\n\r\nHello, World!"
)


class Constant(asyncio.Protocol):
    """Answers each head that ends a piece of input; knows no body, no pipelining and no mistake."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        self._write = cast("asyncio.Transport", transport).write  # uvloop's transports are not of asyncio's class

    def data_received(self, data: bytes) -> None:
        """Answer at the end of a head."""
        if data.endswith(b"\r\n\r\n"):
            self._write(_ANSWER)


class ConstantServer:
    """The loop's own server."""

    version = f"uvloop {version_of('uvloop')}"

    def build(self) -> str:
        """Say which build does the work."""
        return "compiled"

    async def serve(self, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        """Serve until cancelled.

        Cancellation:
            The server closes.
        """
        server = await asyncio.get_running_loop().create_server(Constant, sock=listener, backlog=4096)
        async with server:
            on_ready()
            await server.serve_forever()


PEER = ConstantServer()
