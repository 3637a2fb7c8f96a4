"""Payload: the base of all, and of those that programs define themselves."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from typing import Any, Final, Protocol

from multidict import CIMultiDict

from ... import hdrs
from ...disposition import format_content_disposition
from ...errors import BodyConsumedError
from ...mediatypes import OCTET_STREAM
from ...typedefs import Byteish, LooseHeaders
from ..bodies import guess_content_type

UNSET: Final[Any] = object()
"""Stands for an argument that was not given where None means something else."""


class PayloadWriter(Protocol):
    """Where a payload writes itself to."""

    async def write(self, chunk: Byteish) -> None:
        """Take octets; wait while the peer does not.

        Raises:
            ConnectionResetError: The peer is gone.

        Cancellation:
            The octets were accepted.
        """


class Payload(ABC):
    """A body with fields of its own. A subclass has at least ``decode`` and ``write``.

    Args:
        value: What is sent; subclasses find it as ``_value``.
        headers: Fields of the body; they win over those that the other arguments make.
        content_type: Value for Content-Type; by default guessed from ``filename``.
        filename: Name of the file that the body is.
        encoding: Charset of the text that the body is.
        kwargs: Ignored, so that a factory can be given more than it knows.
    """

    _default_content_type: str = OCTET_STREAM
    _size: int | None = None
    _consumed: bool = False
    _is_single: bool = False  # can be written once by its nature
    _autoclose: bool = False

    def __init__(
        self,
        value: Any,
        headers: LooseHeaders | None = None,
        content_type: str | None = UNSET,
        filename: str | None = None,
        encoding: str | None = None,
        **kwargs: Any,
    ) -> None:
        self._value = value
        self._encoding = encoding
        self._filename = filename
        self._headers: CIMultiDict[str] = CIMultiDict()
        if content_type is UNSET or content_type is None:
            content_type = self._default_content_type if filename is None else guess_content_type(filename)
        self._headers[hdrs.CONTENT_TYPE] = content_type
        if headers:
            self._headers.update(headers)
        self._is_closed = False

    @property
    def size(self) -> int | None:
        """Octets that are written, or None when unknown."""
        return self._size

    @property
    def filename(self) -> str | None:
        """Name of the file that the body is, or None."""
        return self._filename

    @property
    def headers(self) -> CIMultiDict[str]:
        """Fields of the body; they can be changed."""
        return self._headers

    @property
    def encoding(self) -> str | None:
        """Charset of the text that the body is, or None."""
        return self._encoding

    @property
    def content_type(self) -> str:
        """Value of Content-Type."""
        return self._headers[hdrs.CONTENT_TYPE]

    @property
    def consumed(self) -> bool:
        """True when the body was written and cannot be written again."""
        return self._consumed

    @property
    def autoclose(self) -> bool:
        """True when there is nothing to close."""
        return self._autoclose

    @property
    def replayable(self) -> bool:
        """True when the body can be written again, with the same octets."""
        return not self._is_single and not self._consumed

    def set_content_disposition(
        self, disptype: str, quote_fields: bool = True, _charset: str = "utf-8", **params: str
    ) -> None:
        """Set Content-Disposition; see ``format_content_disposition``.

        Raises:
            LocalProtocolError: The type, a name or a value cannot stand in the field. Nothing was set.
        """
        self._headers[hdrs.CONTENT_DISPOSITION] = format_content_disposition(
            disptype, params, quote_fields=quote_fields, charset=_charset
        )

    @abstractmethod
    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the body as text.

        Raises:
            TypeError: The body is not there as a whole.
            UnicodeDecodeError: It is no text in ``encoding``.
        """

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the whole body, by default as text written in ``encoding``. It can be written afterwards all the same.

        Raises:
            BodyConsumedError: It was written and cannot be read again.
            OSError: Reading failed.

        Cancellation:
            The body counts as consumed, if it can be read once.
        """
        return self.decode().encode(encoding, errors)

    @abstractmethod
    async def write(self, writer: PayloadWriter) -> None:
        """Write the whole body.

        Raises:
            BodyConsumedError: It was written and cannot be written again.
            ConnectionResetError: The peer is gone.
            OSError: Reading failed.

        Cancellation:
            What was given to the writer will leave.
        """

    async def write_with_length(self, writer: PayloadWriter, content_length: int | None) -> None:
        """Write the body, but no more than ``content_length`` octets; None is no bound.

        Raises:
            BodyConsumedError: It was written and cannot be written again.
            ConnectionResetError: The peer is gone.
            OSError: Reading failed.

        Cancellation:
            What was given to the writer will leave.
        """
        await self.write(writer if content_length is None else _BoundedWriter(writer, content_length))

    def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Return the octets that ``write`` writes, piece by piece: a payload is a ``BodySource``."""
        return _pull_from(self)

    async def close(self) -> None:
        """Let go of what the payload holds. Can be repeated.

        Cancellation:
            What it holds is let go of all the same.
        """
        if not self._is_closed:
            self._is_closed = True
            await self._release()

    async def _release(self) -> None:  # noqa: B027 -- most payloads hold nothing
        """Let go of what the payload holds; called once."""

    async def aclose(self) -> None:
        """Let go of what the payload holds, as ``close``.

        Cancellation:
            What it holds is let go of all the same.
        """
        await self.close()


class PulledPayload(Payload):
    """A payload that is made of pieces: it is written by passing them on."""

    def _pieces(self) -> AsyncGenerator[Byteish, None]:
        """Return the octets, from the first one; ``_begin`` has been called."""
        raise NotImplementedError

    def _begin(self) -> None:
        """Note that the body is going to be read.

        Raises:
            BodyConsumedError: It cannot be read any more.
        """
        if self._consumed:
            raise BodyConsumedError
        self._consumed = self._is_single

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the whole body as it is sent; ``encoding`` makes no difference. See ``Payload.as_bytes``."""
        self._begin()
        return b"".join([bytes(piece) async for piece in self._pieces()])

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Refuse: the body is not there as a whole. See ``Payload.decode``."""
        raise TypeError(f"{type(self).__name__} is not held as a whole, expected a call of as_bytes first")

    async def write(self, writer: PayloadWriter) -> None:
        """Write the whole body; see ``Payload.write``."""
        self._begin()
        async with _closing(self._pieces()) as pieces:
            async for piece in pieces:
                await writer.write(piece)

    def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Return the octets piece by piece, also those of a subclass that writes in another way."""
        if type(self).write is not PulledPayload.write:
            return super().pieces()
        return self._pieces_once()

    async def _pieces_once(self) -> AsyncGenerator[Byteish, None]:
        self._begin()
        async with _closing(self._pieces()) as pieces:
            async for piece in pieces:
                yield piece


class _closing:
    """Closes a generator that is left early, before anything else happens."""

    def __init__(self, generator: AsyncGenerator[Byteish, None]) -> None:
        self._generator = generator

    async def __aenter__(self) -> AsyncGenerator[Byteish, None]:
        return self._generator

    async def __aexit__(self, *_: object) -> None:
        await self._generator.aclose()


class _BoundedWriter:
    """Passes on so many octets and drops the rest: a body must not run over its Content-Length."""

    def __init__(self, writer: PayloadWriter, left: int) -> None:
        self._writer = writer
        self._left = left

    async def write(self, chunk: Byteish) -> None:
        if isinstance(chunk, memoryview):
            chunk = bytes(chunk)
        if len(chunk) > self._left:
            chunk = chunk[: self._left]
        if chunk:
            self._left -= len(chunk)
            await self._writer.write(chunk)


class _Handover:
    """A writer whose chunks are taken one by one by another task."""

    def __init__(self) -> None:
        self._given: asyncio.Queue[Byteish | None] = asyncio.Queue(1)

    async def write(self, chunk: Byteish) -> None:
        # A copy: who writes may fill the same buffer again as soon as this returns.
        chunk = bytes(chunk)
        if chunk:
            await self._given.put(chunk)

    async def run(self, payload: Payload) -> None:
        """Let the payload write itself, then tell that it has ended."""
        try:
            await payload.write(self)
        finally:
            await self._given.put(None)

    async def take(self) -> Byteish | None:
        """Return the next chunk, or None at the end."""
        return await self._given.get()


async def _pull_from(payload: Payload) -> AsyncGenerator[Byteish, None]:
    """Yield what a payload writes; it runs one chunk ahead at the most."""
    handover = _Handover()
    writing = asyncio.create_task(handover.run(payload))
    try:
        while (chunk := await handover.take()) is not None:
            yield chunk
        await writing
    finally:
        if not writing.done():
            writing.cancel()
            await asyncio.wait([writing])
