"""What a body to send gives, whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skerry.http.aio.payload import Payload
    from skerry.http.body import BodySource

OCTETS = "application/octet-stream"
"""The type of a body of which nothing is known."""


class Sink:
    """A writer that keeps what it gets.

    Args:
        fail_after: Chunks after which the peer is gone.
    """

    def __init__(self, fail_after: int = 1 << 30) -> None:
        self.chunks: list[bytes] = []
        self.fail_after = fail_after

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Keep a chunk."""
        if len(self.chunks) >= self.fail_after:
            raise ConnectionResetError("gone")
        self.chunks.append(bytes(chunk))

    @property
    def content(self) -> bytes:
        """All chunks."""
        return b"".join(self.chunks)


async def written(payload: Payload) -> bytes:
    """Return what a payload writes."""
    sink = Sink()
    await payload.write(sink)
    return sink.content


async def gather(body: BodySource) -> bytes:
    """Return the pieces of a body in one."""
    return b"".join([bytes(piece) async for piece in body.pieces()])
