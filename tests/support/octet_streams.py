"""A stream of octets for readers of bodies, which gives them in pieces of a size and counts how often it was asked."""

from __future__ import annotations

import asyncio


class Pieces:
    """Gives ``data`` in pieces of ``size`` octets.

    Args:
        data: The octets.
        size: Octets in a piece.
        waits: True to let the loop turn before each piece.
    """

    def __init__(self, data: bytes, size: int = 65536, *, waits: bool = False) -> None:
        self.rest = data
        self.size = size
        self.waits = waits
        self.calls = 0

    async def readany(self) -> bytes:
        """Return the next piece; ``b""`` at the end."""
        self.calls += 1
        if self.waits:
            await asyncio.sleep(0)
        piece, self.rest = self.rest[: self.size], self.rest[self.size :]
        return piece
