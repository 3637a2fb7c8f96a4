"""Intake: takes the pieces of a body from where they come, one by one, and knows where the body ends.

It is the lower half of ``StreamReader``. Nothing is pushed into it: a piece is pulled when somebody reads, and what is
not read stays with the carrier, which stops reading from the peer when it holds ``Limits.read_buffer_size`` octets,
framing included. That is the flow control, and it bounds one-octet chunks as well as long ones: what waits are octets
as they came, not an object for each chunk. Only ``wait_eof`` takes pieces ahead of the reader, up to its own bounds.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from multidict import CIMultiDict

from ..events import Data, EndOfMessage
from ..exchange import BodyFeed
from .waits import Wait

logger = logging.getLogger("skerry.http")

READ_LIMIT = 65536
"""Octets at which joining pieces that have arrived stops. As ``read_bufsize`` in aiohttp."""

OCTETS_PER_PIECE = 16
"""Pieces are taken ahead of the reader up to one for this many octets of the limit: small ones cost memory too."""


class Intake:
    """The pieces of a body, and its end.

    Args:
        feed: The exchange that the pieces come from; None for a body that is empty.
        limit: Octets: the lower one of ``get_read_buffer_limits``.
        compressed: Tells how many octets ``feed`` has taken before decompression; None when it does not decompress.

    Raises:
        ValueError: ``limit`` is not positive.
    """

    __slots__ = (
        "__weakref__",
        "_ahead",
        "_ahead_size",
        "_at",
        "_chunk_end",
        "_compressed",
        "_exception",
        "_feed",
        "_limit",
        "_on_eof",
        "_reader",
        "_rest",
        "_watcher",
        "_watching",
        "total_bytes",
        "trailers",
    )

    def __init__(
        self, feed: BodyFeed | None, *, limit: int = READ_LIMIT, compressed: Callable[[], int] | None = None
    ) -> None:
        if limit < 1:
            raise ValueError(f"limit is {limit!r}, expected 1 octet or more")
        self.trailers: CIMultiDict[str] | None = None
        """Trailer fields, known at the end of the body; None when there are none."""
        self.total_bytes = 0
        """Octets taken from the exchange so far."""
        self._feed = feed
        self._limit = limit
        self._compressed: Callable[[], int] | int | None = compressed
        self._rest = b""
        self._at = 0
        self._chunk_end = False
        self._exception: BaseException | None = None
        self._ahead: deque[Data] | None = None
        self._ahead_size = 0
        self._reader: Wait | None = None
        self._watcher: Wait | None = None
        self._watching: list[asyncio.Future[None]] | None = None
        self._on_eof: list[Callable[[], None]] | None = None

    # Facts.

    @property
    def total_compressed_bytes(self) -> int | None:
        """Octets taken so far before decompression; None for a body that is not decompressed here."""
        compressed = self._compressed
        return compressed() if callable(compressed) else compressed

    @property
    def total_raw_bytes(self) -> int:
        """Octets taken so far as the peer sent them, without framing."""
        compressed = self.total_compressed_bytes
        return self.total_bytes if compressed is None else compressed

    def get_read_buffer_limits(self) -> tuple[int, int]:
        """Return two numbers of octets: what one read of what has arrived gathers, and the longest line by default."""
        return self._limit, 2 * self._limit

    def is_eof(self) -> bool:
        """Return True when the end of the body has come, and at most one piece before it is unread."""
        self._look()
        return self._feed is None

    def at_eof(self) -> bool:
        """Return True when there is nothing left to read."""
        self._look()
        return self._feed is None and not self._rest and not self._ahead

    def exception(self) -> BaseException | None:
        """Return the error that ended the body early, or None. It is raised by the next read that has no octets."""
        return self._exception

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """End the body with an error: this and every later read raises it, and octets not yet read are dropped.

        Args:
            exc: The error.
            exc_cause: Becomes its ``__cause__``, if given.
        """
        if exc_cause is not None:
            exc.__cause__ = exc_cause
        self._exception = exc
        self._rest = b""
        self._at = 0
        self._ahead = None
        for wait in (self._reader, self._watcher):
            if wait is not None:
                wait.end()
        self._wake_watching()

    # Taking pieces.

    def take_nowait(self) -> bytes | None:
        """Return the next piece if it is there, ``b""`` at the end, None when it must be waited for.

        Raises:
            RemoteProtocolError: The peer broke the framing.
            ConnectionResetError: The connection is gone before the end of the body.
        """
        rest = self._rest
        if rest:
            at = self._at
            self._rest = b""
            if not at:
                return rest
            self._at = 0
            return rest[at:]
        return self._pull()

    def _pull(self, skip_empty: bool = True) -> bytes | None:
        """Return the next piece from the feed; an empty one only when it ends a chunk and ``skip_empty`` is False."""
        if self._ahead is not None:
            piece = self._take_ahead(skip_empty)
            if piece is not None:
                return piece
        if self._exception is not None:
            raise self._exception
        feed = self._feed
        while feed is not None:
            try:
                event = feed.receive_nowait()
            except Exception as error:
                self._exception = error
                self._wake_watching()
                raise
            if event is None:
                return None
            if isinstance(event, EndOfMessage):
                self._end(event)
                break
            data = event.data
            if data or (event.chunk_end and not skip_empty):
                self.total_bytes += len(data)
                self._chunk_end = event.chunk_end
                return data
        self._chunk_end = False
        return b""

    def _end(self, event: EndOfMessage) -> None:
        self._feed = None
        self.trailers = event.trailers
        if self._compressed is not None:
            self._compressed = self.total_compressed_bytes
        if self._on_eof is not None:
            callbacks, self._on_eof = self._on_eof, None
            for callback in callbacks:
                _call(callback)
        if self._watching is not None:
            self._wake_watching()

    def _take_ahead(self, skip_empty: bool) -> bytes | None:
        """Return the next of the pieces that were taken ahead of the reader, or None when there is none left."""
        taken = None
        ahead = self._ahead
        while ahead and taken is None:
            event = ahead.popleft()
            self._ahead_size -= len(event.data)
            if event.data or not skip_empty:
                taken = event.data
                self._chunk_end = event.chunk_end
        if not ahead:
            self._ahead = None
        self._wake_watching()
        return taken

    def _look(self) -> None:
        """Learn about an end that is there already, holding at most one piece for the reader."""
        if self._feed is not None and not self._rest and not self._ahead and self._exception is None:
            try:
                piece = self._pull()
            except Exception:
                return  # the next read raises it
            if piece:
                self._give_back(piece)

    def _give_back(self, data: bytes) -> None:
        """Keep octets for the next read; there is no rest when this is called."""
        self._rest = data
        self._at = 0

    # Waiting.

    async def _wait(self) -> None:
        """Wait until a piece, the end or an error has come, for the one who reads."""
        feed = self._feed
        if feed is None or self._exception is not None:
            return
        if self._reader is not None:
            raise RuntimeError("another task is already reading this body, expected one reader at a time")
        self._reader = wait = Wait()
        try:
            while self._watcher is not None:
                self._watcher.end()
                await asyncio.sleep(0)
            if self._exception is None:
                await wait.run(feed.wait_readable())
        finally:
            self._reader = None
            if self._watching is not None:
                self._wake_watching()

    def on_eof(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called once the end of the body is taken, at once if it is.

        An exception from the callback is logged and goes no further.
        """
        self._look()
        if self._feed is None:
            _call(callback)
        elif self._on_eof is None:
            self._on_eof = [callback]
        else:
            self._on_eof.append(callback)

    async def wait_eof(self) -> None:
        """Wait until the end of the body has come.

        Pieces are taken ahead of the reader for that, up to the upper one of ``get_read_buffer_limits``; a longer body
        must be read by another task meanwhile.

        Raises:
            RemoteProtocolError: The peer broke the framing.
            ConnectionResetError: The connection is gone before the end of the body.

        Cancellation:
            Nothing is lost.
        """
        while self._feed is not None:
            is_full = self._take_in_advance()
            if self._feed is None:
                break
            if self._exception is not None:
                raise self._exception
            if is_full or self._reader is not None or self._watcher is not None:
                await self._watch()
            else:
                self._watcher = wait = Wait()
                try:
                    await wait.run(self._feed.wait_readable())
                finally:
                    self._watcher = None
                    self._wake_watching()

    def _take_in_advance(self) -> bool:
        """Take pieces before they are asked for; return True when no more may be taken."""
        most = 2 * self._limit
        feed, ahead = self._feed, self._ahead
        if ahead is None:
            ahead = deque()
        rest = len(self._rest) - self._at
        is_full = False
        while feed is not None and self._exception is None:
            is_full = rest + self._ahead_size >= most or len(ahead) * OCTETS_PER_PIECE >= most
            if is_full:
                break
            try:
                event = feed.receive_nowait()
            except Exception as error:
                self._exception = error
                break
            if event is None:
                break
            if isinstance(event, EndOfMessage):
                self._ahead = ahead or None
                self._end(event)
                break
            ahead.append(event)
            self._ahead_size += len(event.data)
            self.total_bytes += len(event.data)
        self._ahead = ahead or None
        return is_full

    async def _watch(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._watching is None:
            self._watching = []
        self._watching.append(waiter)
        await waiter

    def _wake_watching(self) -> None:
        watching, self._watching = self._watching, None
        for waiter in watching or ():
            if not waiter.done():
                waiter.set_result(None)


def _call(callback: Callable[[], None]) -> None:
    try:
        callback()
    except Exception:
        logger.exception("a callback at the end of a body failed")
