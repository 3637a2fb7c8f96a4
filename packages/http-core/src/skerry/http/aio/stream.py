"""StreamReader: the body of a message, read as it comes.

It pulls pieces from an exchange and hands them on. Nothing is ever pushed into it: what is not read stays where it is,
the carrier stops reading from the peer, and that is the whole of the flow control.
"""

from asyncio import IncompleteReadError
from collections.abc import AsyncIterator

from multidict import CIMultiDict

from ..events import EndOfMessage
from ..exchange import BodyFeed


class StreamReader:
    """Read a body piece by piece or whole. One task at a time may read.

    Every reading method raises what the exchange raises: ``RemoteProtocolError`` when the peer broke the framing,
    ``ConnectionResetError`` when it left before the end. Cancelling a read loses nothing.

    Args:
        feed: The exchange that the pieces come from; None for a body that is empty.
    """

    def __init__(self, feed: BodyFeed | None) -> None:
        self._feed = feed
        self._rest = b""
        self._at = 0
        self._ended = feed is None
        self.total_bytes = 0
        """Octets taken from the exchange so far."""
        self.trailers: CIMultiDict[str] | None = None
        """Trailer fields, known at the end of the body; None when there are none."""

    def is_eof(self) -> bool:
        """Return True when the whole body was taken from the exchange, read or not."""
        return self._ended

    def at_eof(self) -> bool:
        """Return True when there is nothing left to read."""
        return self._ended and self._at == len(self._rest)

    def take_nowait(self) -> bytes | None:
        """Return the next piece if it is there, ``b""`` at the end, None when it must be waited for."""
        if self._at < len(self._rest):
            return self._take_rest(len(self._rest))
        while not self._ended and self._feed is not None:
            event = self._feed.receive_nowait()
            if event is None:
                return None
            if isinstance(event, EndOfMessage):
                self.trailers = event.trailers
                self._ended = True
                self._feed = None
            elif event.data:
                self.total_bytes += len(event.data)
                return event.data
        return b""

    async def readany(self) -> bytes:
        """Return what has arrived, as it comes, at least one octet; ``b""`` at the end.

        Cancellation:
            Nothing is lost.
        """
        while True:
            piece = self.take_nowait()
            if piece is not None:
                return piece
            if self._feed is not None:
                await self._feed.wait_readable()

    async def read(self, n: int = -1) -> bytes:
        """Return up to ``n`` octets, ``b""`` at the end; all that is left when ``n`` is negative.

        Cancellation:
            Octets that a ``read(-1)`` had gathered are kept for the next read.
        """
        if n == 0:
            return b""
        if n > 0:
            if self._at == len(self._rest):
                self._keep(await self.readany())
            return self._take_rest(n)
        return await self._gather(-1)

    async def readexactly(self, n: int) -> bytes:
        """Return exactly ``n`` octets.

        Raises:
            asyncio.IncompleteReadError: The body ended before; ``partial`` holds what there was.

        Cancellation:
            Octets gathered so far are kept for the next read.
        """
        data = await self._gather(n)
        if len(data) < n:
            raise IncompleteReadError(data, n)
        return data

    async def _gather(self, n: int) -> bytes:
        pieces: list[bytes] = []
        size = 0
        try:
            while n < 0 or size < n:
                piece = await self.readany()
                if not piece:
                    break
                pieces.append(piece)
                size += len(piece)
        except BaseException:
            self._keep(b"".join(pieces))
            raise
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if 0 <= n < size:
            self._keep(data)
            return self._take_rest(n)
        return data

    def _keep(self, data: bytes) -> None:
        self._rest = data
        self._at = 0

    def _take_rest(self, n: int) -> bytes:
        rest, at = self._rest, self._at
        if at == 0 and n >= len(rest):
            self._rest = b""
            return rest
        self._at = min(at + n, len(rest))
        return rest[at : at + n]

    async def iter_any(self) -> AsyncIterator[bytes]:
        """Yield pieces as they come."""
        while piece := await self.readany():
            yield piece

    async def iter_chunked(self, n: int) -> AsyncIterator[bytes]:
        """Yield pieces of at most ``n`` octets."""
        while piece := await self.read(n):
            yield piece
