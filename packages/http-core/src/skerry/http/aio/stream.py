"""StreamReader: the body of a message, read as it comes.

The reading methods differ in where they stop: at a number of octets, at a separator, at the end of an HTTP chunk, at
what has arrived. All of them take pieces from ``Intake``, one by one and only when they are asked.
"""

import warnings
from asyncio import IncompleteReadError
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, TypeVar

from ..errors import LineTooLongError
from ..events import Data
from .intake import Intake

__all__ = ["EMPTY_PAYLOAD", "StreamReader"]

T = TypeVar("T")

JOIN_COUNT = 1024
"""Pieces that a read of the whole body holds singly; more are joined: an object for each octet would cost forty."""


class StreamReader(Intake):
    """Read a body piece by piece or whole. One task at a time may read.

    Every reading method raises what the exchange raises, after all octets that came before it: ``RemoteProtocolError``
    when the peer broke the framing, ``ConnectionResetError`` when it left before the end; and ``RuntimeError`` when
    another task waits in a read. Cancelling a read loses nothing: octets that it had gathered are kept for the next
    read. ``async for`` over the reader gives lines.

    Args:
        feed: The exchange that the pieces come from; None for a body that is empty.
        limit: Octets that a read of "what has arrived" gathers before it returns, if that much is there.
        compressed: Tells how many octets ``feed`` has taken before decompression; None when it does not decompress.
    """

    __slots__ = ()

    async def read(self, n: int = -1) -> bytes:
        """Return up to ``n`` octets, ``b""`` at the end; all that is left when ``n`` is negative.

        With ``n`` it waits for the first octet only, and takes as many as have arrived.

        Cancellation:
            Nothing is lost.
        """
        if n >= 0:
            while (data := self._take(n)) is None:
                await self._wait()
            return data
        pieces: list[bytes] = []
        blocks: list[bytes] = []
        try:
            while True:
                piece = self.take_nowait()
                if piece:
                    pieces.append(piece)
                    if len(pieces) == JOIN_COUNT:
                        blocks.append(b"".join(pieces))
                        pieces.clear()
                elif piece is None:
                    await self._wait()
                else:
                    break
        except BaseException:
            self._give_back(b"".join(blocks + pieces))
            raise
        if not blocks and len(pieces) == 1:
            return pieces[0]
        return b"".join(blocks + pieces)

    async def readany(self) -> bytes:
        """Return what has arrived, at least one octet, ``b""`` at the end.

        Pieces that are there are joined until they reach the lower one of ``get_read_buffer_limits``.

        Cancellation:
            Nothing is lost.
        """
        while (data := self._take_any()) is None:
            await self._wait()
        return data

    async def readexactly(self, n: int) -> bytes:
        """Return exactly ``n`` octets; none when ``n`` is 0 or negative.

        Raises:
            asyncio.IncompleteReadError: The body ended before; ``partial`` holds what there was.

        Cancellation:
            Nothing is lost.
        """
        gathered = bytearray()
        try:
            while len(gathered) < n:
                data = self._take(n - len(gathered))
                if data is None:
                    await self._wait()
                elif not data:
                    raise IncompleteReadError(bytes(gathered), n)
                elif not gathered and len(data) == n:
                    return data
                else:
                    gathered += data
        except IncompleteReadError:
            raise
        except BaseException:
            self._put_back(bytes(gathered))
            raise
        return bytes(gathered)

    def read_nowait(self, n: int = -1) -> bytes:
        """Return up to ``n`` octets of what has arrived, without waiting; ``b""`` when there is nothing.

        Args:
            n: Octets at the most; when negative, as many as ``readany`` gives.

        Raises:
            RuntimeError: A task waits in a read.
        """
        if self._reader is not None:
            raise RuntimeError("another task is already reading this body, expected one reader at a time")
        return (self._take_any() if n < 0 else self._take(n)) or b""

    async def readchunk(self) -> tuple[bytes, bool]:
        """Return what has arrived of one HTTP chunk, and whether the chunk ends there.

        At the end of the body it is ``(b"", False)``. Bodies that are not chunked never end a chunk. An end that
        another reading method has passed is not told again.

        Cancellation:
            Nothing is lost.

        Source: RFC 9112 §7.1.
        """
        while (found := self._take_chunk()) is None:
            await self._wait()
        return found

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        """Return a line with its LF; the last one may have none; ``b""`` at the end.

        Args:
            max_line_length: Octets with the LF; by default the upper one of ``get_read_buffer_limits``.

        Raises:
            LineTooLongError: The line is longer. It is dropped, as far as it was looked at.

        Cancellation:
            Nothing is lost.
        """
        return await self.readuntil(b"\n", max_size=max_line_length)

    async def readuntil(self, separator: bytes = b"\n", *, max_size: int | None = None) -> bytes:
        """Return the octets up to ``separator``, with it; all that is left when there is none; ``b""`` at the end.

        Args:
            separator: One octet or more.
            max_size: Octets with the separator; by default the upper one of ``get_read_buffer_limits``.

        Raises:
            ValueError: ``separator`` is empty.
            LineTooLongError: There is no separator within ``max_size``. Octets are dropped up to the separator, or as
                far as they were looked at.

        Cancellation:
            Nothing is lost.
        """
        if not separator:
            raise ValueError("separator is empty, expected one octet or more")
        most = 2 * self._limit if max_size is None else max_size
        line = self._take_line(separator, most)
        return await self._gather_line(separator, most) if line is None else line

    def _take_line(self, separator: bytes = b"\n", most: int = -1) -> bytes | None:
        """Return a line that is wholly in the rest, otherwise None."""
        rest, at = self._rest, self._at
        hit = rest.find(separator, at)
        if hit < 0:
            return None
        end = hit + len(separator)
        if end < len(rest):
            self._at = end
        else:
            self._give_back(b"")
        if most < 0:
            most = 2 * self._limit
        if end - at > most:
            raise _too_long(rest[at:end], most)
        return rest[at:end]

    async def _gather_line(self, separator: bytes, most: int) -> bytes:
        """Return a line that is not wholly in the rest."""
        line = bytearray()
        try:
            while True:
                piece = self.take_nowait()
                if piece is None:
                    await self._wait()
                    continue
                if not piece:
                    return bytes(line)
                before = len(line)
                line += piece
                hit = line.find(separator, max(0, before - len(separator) + 1))
                end = hit + len(separator)
                if hit >= 0 and end < len(line):
                    self._rest, self._at = piece, end - before
                    del line[end:]
                if len(line) > most:
                    break
                if hit >= 0:
                    return bytes(line)
        except BaseException:
            self._put_back(bytes(line))
            raise
        raise _too_long(line, most)

    # Taking what is there.

    def _take(self, n: int) -> bytes | None:
        """Return up to ``n`` octets of what has arrived, ``b""`` at the end, None when there is nothing yet."""
        if n <= 0:
            return b""
        rest, at = self._rest, self._at
        if len(rest) - at > n:
            self._at = at + n
            return rest[at : at + n]
        piece = self.take_nowait()
        if not piece or len(piece) == n:
            return piece
        if len(piece) > n:
            self._rest, self._at = piece, n
            return piece[:n]
        pieces = [piece]
        missing = n - len(piece)
        while missing and (piece := self._pull_after()):
            if len(piece) > missing:
                self._rest, self._at = piece, missing
                piece = piece[:missing]
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _take_any(self) -> bytes | None:
        """Return what has arrived, up to the limit; ``b""`` at the end, None when there is nothing yet."""
        piece = self.take_nowait()
        if not piece or len(piece) >= self._limit:
            return piece
        pieces = [piece]
        room = self._limit - len(piece)
        while room > 0 and (piece := self._pull_after()):
            pieces.append(piece)
            room -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _take_chunk(self) -> tuple[bytes, bool] | None:
        """Return what has arrived of a chunk, and whether it ends; None when there is nothing yet."""
        piece = self.take_nowait() if self._rest else self._pull(False)
        if piece is None:
            return None
        if self._chunk_end or not piece:
            return piece, self._chunk_end
        pieces = [piece]
        room = self._limit - len(piece)
        ends = False
        while room > 0 and not ends and (piece := self._pull_after(False)) is not None:
            ends = self._chunk_end
            if not piece and not ends:
                break
            pieces.append(piece)
            room -= len(piece)
        return b"".join(pieces), ends

    def _pull_after(self, skip_empty: bool = True) -> bytes | None:
        """Return the next piece for a read that has octets already: an error waits for the read after it."""
        try:
            return self._pull(skip_empty)
        except Exception:
            return None

    def _put_back(self, data: bytes) -> None:
        """Put octets in front of the rest."""
        if not data:
            return
        rest = self._rest[self._at :]
        if rest:
            if self._ahead is None:
                self._ahead = deque()
            self._ahead.appendleft(Data(rest, self._chunk_end))
            self._ahead_size += len(rest)
            self._chunk_end = False
        self._give_back(data)

    def unread_data(self, data: bytes) -> None:
        """Put octets in front of what is left to read.

        Deprecated: keep what was read too far; it is here for programs that have always had it.
        """
        warnings.warn("unread_data is deprecated: keep the octets that were read too far", DeprecationWarning, 2)
        self._put_back(bytes(data))

    # Iterating.

    def iter_any(self) -> "Iteration[bytes]":
        """Return an iterator over what has arrived, as ``readany`` gives it."""
        return Iteration(self._take_any, self.readany, b"")

    def iter_chunked(self, n: int) -> "Iteration[bytes]":
        """Return an iterator over pieces of at most ``n`` octets.

        Raises:
            ValueError: ``n`` is not positive.
        """
        if n < 1:
            raise ValueError(f"n is {n!r}, expected 1 octet or more")
        return Iteration(partial(self._take, n), partial(self.read, n), b"")

    def iter_chunks(self) -> "Iteration[tuple[bytes, bool]]":
        """Return an iterator over pieces with the ends of HTTP chunks, as ``readchunk`` gives them."""
        return Iteration(self._take_chunk, self.readchunk, (b"", False))

    def __aiter__(self) -> "Iteration[bytes]":
        return Iteration(self._take_line, self.readline, b"")

    def __repr__(self) -> str:
        if self._exception is not None:
            state = f"failed: {self._exception!r}"
        else:
            state = "at the end" if self._feed is None else "open"
        return f"<{type(self).__name__} {self.total_bytes} octets taken, {state}>"


class Iteration(Generic[T]):
    """An asynchronous iterator over the reads of a stream; it holds nothing, and can be left at any time.

    Args:
        take: Returns the next item if it is there, otherwise None.
        read: Waits for it.
        end: The item that is no more an item but the end.
    """

    __slots__ = ("_end", "_read", "_take")

    def __init__(self, take: Callable[[], T | None], read: Callable[[], Awaitable[T]], end: T) -> None:
        self._take = take
        self._read = read
        self._end = end

    def __aiter__(self) -> "Iteration[T]":
        return self

    async def __anext__(self) -> T:
        item = self._take()
        if item is None:
            item = await self._read()
        if item == self._end:
            raise StopAsyncIteration
        return item


def _too_long(line: bytes | bytearray, most: int) -> LineTooLongError:
    return LineTooLongError(
        "body-line-too-long",
        where="body",
        problem="line is longer than the limit, it starts with",
        seen=line,
        expected=f"a separator within {most} octets",
    )


class EmptyStreamReader(StreamReader):
    """A body without octets, shared by all messages that have none: nothing can be put into it."""

    def __init__(self) -> None:
        super().__init__(None)

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Do nothing: the next message with an empty body must not see the error of this one."""

    def unread_data(self, data: bytes) -> None:
        """Refuse: the next message with an empty body must not see these octets.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError("the empty body is shared, nothing can be put back into it")


EMPTY_PAYLOAD = EmptyStreamReader()
"""The body of every message that has none."""
