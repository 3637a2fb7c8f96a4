"""BodySource, what every body to send is, and the bodies that need neither files nor an event loop.

The rules that every body keeps:

- ``size`` is the number of octets that the next ``pieces`` gives, or None when nobody knows. It does not change while a
  body is sent, so it can stand in Content-Length.
- ``replayable`` says whether ``pieces`` can be asked for again and gives the same octets: only then may a request be
  repeated after a redirect or a lost connection.
- ``pieces`` is iterated by one sender at a time. It is lazy: nothing is opened or read before its first piece is asked
  for.
- ``aclose`` lets go of what the body owns, and of nothing else. A file that the caller opened stays the caller's,
  unless the body was told otherwise. It can be repeated.
"""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Protocol, runtime_checkable

from ..errors import BodyConsumedError
from ..mediatypes import OCTET_STREAM
from ..typedefs import Byteish

PIECE_SIZE = 65536
"""Octets of the pieces that long bodies are cut into; one fits the write buffer of a transport."""


@runtime_checkable
class BodySource(Protocol):
    """A body to send."""

    @property
    def size(self) -> int | None:
        """Octets that ``pieces`` gives, or None when unknown."""

    @property
    def replayable(self) -> bool:
        """True when ``pieces`` can be asked for again, and gives the same octets."""

    @property
    def content_type(self) -> str | None:
        """Value for Content-Type if the caller has none, or None for no opinion (RFC 9110 §8.3)."""

    def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Return the octets from the first one on, in pieces; close it (``aclose``) when it is given up early.

        Raises:
            BodyConsumedError: With the first piece: the body was sent and is not replayable.
        """

    async def aclose(self) -> None:
        """Let go of what the body owns. Can be repeated.

        Cancellation:
            What the body owns is let go of all the same.
        """


class BytesBody:
    """Octets in memory.

    Args:
        data: The octets. They are not copied: a buffer that changes while it is sent is sent as it is then.
        content_type: Value for Content-Type.

    Raises:
        TypeError: ``data`` is not bytes, bytearray or memoryview.
    """

    def __init__(self, data: Byteish, *, content_type: str | None = OCTET_STREAM) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"found {type(data).__name__}, expected bytes, bytearray or memoryview")
        self.data = data
        """The octets."""
        self.content_type = content_type
        """Value for Content-Type, or None."""

    @property
    def size(self) -> int:
        """Octets."""
        return self.data.nbytes if isinstance(self.data, memoryview) else len(self.data)

    @property
    def replayable(self) -> bool:
        """True."""
        return True

    def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Yield the octets, in pieces of at most ``PIECE_SIZE``; an empty body has none."""
        return cut(self.data)

    async def aclose(self) -> None:
        """Do nothing: memory needs no closing."""


async def cut(data: Byteish, start: int = 0, stop: int | None = None) -> AsyncGenerator[Byteish, None]:
    """Yield the octets of ``data`` from ``start`` to ``stop``, in pieces of at most ``PIECE_SIZE``; no empty piece."""
    with memoryview(data) as whole, whole.cast("B") as view:
        end = len(view) if stop is None else min(stop, len(view))
        if start == 0 and end == len(view) <= PIECE_SIZE and isinstance(data, bytes):
            if data:
                yield data
            return
        for at in range(start, end, PIECE_SIZE):
            yield bytes(view[at : min(at + PIECE_SIZE, end)])


class TextBody(BytesBody):
    """Text in memory.

    Args:
        text: The text.
        encoding: Charset, as it stands in Content-Type and as Python knows it.
        media_type: Type and subtype, without the charset.

    Raises:
        LookupError: ``encoding`` is unknown.
        UnicodeEncodeError: ``text`` cannot be written in ``encoding``.
    """

    def __init__(self, text: str, *, encoding: str = "utf-8", media_type: str = "text/plain") -> None:
        super().__init__(text.encode(encoding), content_type=f"{media_type}; charset={encoding}")


class AsyncIterableBody:
    """Octets that come from an asynchronous iterable.

    Args:
        iterable: Where the pieces come from. What ``aiter`` makes of it is closed after the sending, done or given up,
            when it has ``aclose``.
        size: Octets in all, when the caller knows; the carrier refuses to send more or fewer.
        replayable: True when each ``aiter(iterable)`` starts anew with the same octets; no generator does.
        content_type: Value for Content-Type.

    Raises:
        TypeError: ``iterable`` is not an asynchronous iterable.
        ValueError: ``size`` is negative.
    """

    def __init__(
        self,
        iterable: AsyncIterable[Byteish],
        *,
        size: int | None = None,
        replayable: bool = False,
        content_type: str | None = OCTET_STREAM,
    ) -> None:
        if not isinstance(iterable, AsyncIterable):
            raise TypeError(f"found {type(iterable).__name__}, expected an asynchronous iterable of bytes")
        if size is not None and size < 0:
            raise ValueError(f"size is {size!r}, expected 0 or more, or None when it is unknown")
        self.size = size
        """Octets in all, or None."""
        self.replayable = replayable
        """True when ``pieces`` can be asked for again."""
        self.content_type = content_type
        """Value for Content-Type, or None."""
        self.consumed = False
        """True once the pieces of a body that is not replayable were asked for."""
        self._iterable = iterable

    async def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Yield what the iterable yields, empty pieces left out.

        Raises:
            BodyConsumedError: The body was sent or closed before and is not replayable.
        """
        if self.consumed:
            raise BodyConsumedError
        self.consumed = not self.replayable
        iterator = aiter(self._iterable)
        try:
            async for piece in iterator:
                if piece:
                    yield piece
        finally:
            await _close(iterator)

    async def aclose(self) -> None:
        """Close a generator that was never started; one that was sent is closed already.

        Cancellation:
            The generator is closed all the same.
        """
        if not self.replayable and not self.consumed:
            self.consumed = True
            await _close(self._iterable)


async def _close(iterator: object) -> None:
    close = getattr(iterator, "aclose", None)
    if close is not None:
        await close()
