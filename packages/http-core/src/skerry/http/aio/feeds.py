"""PushFeed: a body for a ``StreamReader`` whose pieces are pushed by somebody else.

For carriers that are called with pieces instead of being asked for them: an ASGI server, a wire in memory, a mock.
"""

import asyncio
from collections import deque
from collections.abc import Callable

from multidict import CIMultiDict

from ..events import Data, EndOfMessage
from ..exchange import BytesLike
from .intake import OCTETS_PER_PIECE, READ_LIMIT

__all__ = ["PushFeed"]


class PushFeed:
    """A ``BodyFeed`` that is filled by hand and says when it is full.

    It is full above twice the limit in octets, or with more than one piece for 16 octets of the limit, since small
    pieces cost memory too; it is no longer full below half of either. Nothing is refused when it is full: who fills it
    is asked to stop.

    Args:
        limit: Octets.
        on_low: Called when the feed was full and is no longer.
    """

    def __init__(self, *, limit: int = READ_LIMIT, on_low: Callable[[], None] | None = None) -> None:
        self.is_full = False
        """True while whoever fills the feed should wait."""
        self._most_octets = 2 * limit
        self._most_pieces = max(1, limit // OCTETS_PER_PIECE)
        self._on_low = on_low
        self._pieces: deque[Data] = deque()
        self._size = 0
        self._end: EndOfMessage | None = None
        self._error: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None

    # Filling.

    def feed_data(self, data: BytesLike, *, chunk_end: bool = False) -> bool:
        """Add a piece.

        Args:
            data: The octets; a buffer that may change is copied.
            chunk_end: True when an HTTP chunk ends with them.

        Returns:
            ``is_full``.

        Raises:
            RuntimeError: The body has ended or failed.
        """
        if self._end is not None or self._error is not None:
            raise RuntimeError("the body has ended, expected no more pieces")
        if data or chunk_end:
            piece = Data(data if isinstance(data, bytes) else bytes(data), chunk_end)
            self._pieces.append(piece)
            self._size += len(piece.data)
            self.is_full = self.is_full or self._size > self._most_octets or len(self._pieces) > self._most_pieces
            self._wake()
        return self.is_full

    def feed_eof(self, trailers: CIMultiDict[str] | None = None) -> None:
        """End the body. Does nothing when it has ended or failed."""
        if self._end is None and self._error is None:
            self._end = EndOfMessage(trailers)
            self._wake()

    def set_exception(self, error: BaseException) -> None:
        """Let the body fail after the pieces that are there. Does nothing when it has ended or failed."""
        if self._end is None and self._error is None:
            self._error = error
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # Reading.

    def receive_nowait(self) -> Data | EndOfMessage | None:
        """Take the next piece, the end, or None when nothing has come; see ``BodyFeed``."""
        if self._pieces:
            data = self._pieces.popleft()
            self._size -= len(data.data)
            if self.is_full and self._size * 2 <= self._most_octets and len(self._pieces) * 2 <= self._most_pieces:
                self.is_full = False
                if self._on_low is not None:
                    self._on_low()
            return data
        if self._error is not None:
            raise self._error
        return self._end

    async def wait_readable(self) -> None:
        """Wait until ``receive_nowait`` has something to give or to raise; see ``BodyFeed``.

        Raises:
            RuntimeError: Another task waits already.

        Cancellation:
            Nothing is lost.
        """
        if self._waiter is not None:
            raise RuntimeError("another task is already reading this body, expected one reader at a time")
        if self._pieces or self._end is not None or self._error is not None:
            return
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
