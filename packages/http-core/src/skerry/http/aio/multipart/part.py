"""BodyPartReader: one part of a multipart body, read as it comes."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Self

from multidict import CIMultiDictProxy

from ... import hdrs
from ...body import parse_form
from ...charsets import find_charset
from ...disposition import content_disposition_filename, parse_content_disposition
from ...errors import RemoteProtocolError
from ...events import Data
from ...limits import DEFAULT_LIMITS, Limits
from ...mediatypes import parse_media_type
from .decoding import PartDecoder, check_size
from .source import PartSource

MAX_CHARSET_LENGTH = 31
"""Characters of the longest name of a charset that a form may give for all its fields."""


class BodyPartReader:
    """Read a part piece by piece or whole. One task at a time may read.

    Every reading method raises ``RemoteProtocolError`` when the multipart body breaks a rule or ends early, and what
    the stream below raises. A part is the stream of a multipart body inside it: ``readany`` is all that needs.

    Args:
        headers: Fields of the part.
        source: Where its octets come from; the head of this part was the last event.
        subtype: Subtype of the multipart body: ``form-data``, ``mixed`` …
        default_charset: Charset of text without one of its own; None for UTF-8.
        max_size: Octets that one call may gather, before decoding and after it; 0 for any number. What is read in
            chunks is not gathered.
        limits: The limits of content codings apply, and ``max_form_fields``.
    """

    chunk_size = 8192
    """Octets that ``read_chunk`` returns at the most when it is not told."""

    def __init__(
        self,
        headers: CIMultiDictProxy[str],
        source: PartSource,
        *,
        subtype: str = "mixed",
        default_charset: str | None = None,
        max_size: int = 0,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.headers = headers
        """Fields of the part."""
        self._source = source
        self._is_form_data = subtype == "form-data"
        self._default_charset = default_charset
        self._max_size = max_size
        self._limits = limits
        self._is_base64 = headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "").strip(" \t").lower() == "base64"
        self._rest = b""
        self._at = 0
        self._ended = False
        self._disposition: Mapping[str, str] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        data = await self.next()
        if data is None:
            raise StopAsyncIteration
        return data

    @property
    def name(self) -> str | None:
        """Name of the field of a form, from Content-Disposition; None when there is none (RFC 7578 §4.2)."""
        return content_disposition_filename(self._parameters(), "name")

    @property
    def filename(self) -> str | None:
        """Name of the file, as the peer says it: not safe as part of a path. None when there is none."""
        return content_disposition_filename(self._parameters())

    def get_charset(self, default: str) -> str:
        """Return the charset that Content-Type names, or ``default``."""
        media_type = parse_media_type(self.headers.get(hdrs.CONTENT_TYPE, ""))
        return (media_type and media_type.charset) or default

    def at_eof(self) -> bool:
        """Return True when the part was read to its end."""
        return self._ended and self._at == len(self._rest)

    async def next(self) -> bytes | None:
        """Return the whole part, or None when it was read before.

        Cancellation:
            As for ``read``.
        """
        return None if self.at_eof() else await self.read()

    async def readany(self) -> bytes:
        """Return what has arrived of the part, at least one octet; ``b""`` at its end.

        Cancellation:
            Nothing is lost.
        """
        if self._at < len(self._rest):
            return self._take_rest(len(self._rest))
        if self._ended:
            return b""
        event = await self._source.next_event()
        if isinstance(event, Data):
            return event.data
        self._ended = True
        return b""

    async def read(self, *, decode: bool = False) -> bytes:
        """Return all that is left of the part; ``b""`` when it was read before.

        Args:
            decode: True to undo its transfer encoding and, outside of forms, its content codings.

        Raises:
            RemoteProtocolError: It is longer than ``max_size`` (``part-too-long``), or cannot be decoded.

        Cancellation:
            Octets gathered so far are kept for the next read; not with ``decode``, then they are lost.
        """
        pieces: list[bytes] = []
        size = 0
        if decode:
            async for piece in self.iter_decoded():
                size += len(piece)
                check_size(size, self._max_size)
                pieces.append(piece)
            return b"".join(pieces)
        try:
            while piece := await self.readany():
                size += len(piece)
                check_size(size, self._max_size)
                pieces.append(piece)
        except BaseException:
            self._keep(b"".join(pieces))
            raise
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def iter_decoded(self) -> AsyncIterator[bytes]:
        """Yield the part decoded, in pieces as they come: nothing is gathered.

        Raises:
            RemoteProtocolError: It cannot be decoded.

        Cancellation:
            The part cannot be decoded any further.
        """
        async for piece in self._decoder().decode_pieces(self._iter_pieces()):
            yield piece

    async def read_chunk(self, size: int = chunk_size) -> bytes:
        """Return up to ``size`` octets as sent, ``b""`` at the end.

        A part in base64 comes in whole groups of four characters, so that each chunk can be given to ``decode``; a
        chunk can be up to three characters longer for it, and the white space between them.

        Args:
            size: 1 or more.

        Raises:
            ValueError: ``size`` is less than 1.

        Cancellation:
            Nothing is lost.
        """
        if size < 1:
            raise ValueError(f"the size of a chunk is {size!r}, expected 1 or more")
        if self._at == len(self._rest):
            self._keep(await self.readany())
        chunk = self._take_rest(size)
        if self._is_base64 and chunk:
            return await self._align(chunk)
        return chunk

    async def readline(self) -> bytes:
        """Return a line with its LF, the last one without; ``b""`` at the end.

        Raises:
            RemoteProtocolError: The line is longer than ``read_buffer_size`` (``line-too-long``).

        Cancellation:
            Octets gathered so far are kept for the next read.
        """
        pieces: list[bytes] = []
        size = 0
        try:
            while True:
                if self._at == len(self._rest):
                    self._keep(await self.readany())
                end = self._rest.find(b"\n", self._at) + 1
                piece = self._take_rest((end or len(self._rest)) - self._at)
                pieces.append(piece)
                size += len(piece)
                if size > self._limits.read_buffer_size > 0:
                    raise RemoteProtocolError(
                        "line-too-long",
                        where="line of a part",
                        problem="longer than the limit",
                        expected=f"at most {self._limits.read_buffer_size} octets (read_buffer_size)",
                    )
                if end or not piece:
                    return b"".join(pieces)
        except BaseException:
            self._keep(b"".join(pieces) + self._take_rest(len(self._rest)))
            raise

    async def release(self) -> None:
        """Read what is left and throw it away.

        Cancellation:
            What was not reached yet is left.
        """
        self._keep(b"")
        while not self._ended:
            await self.readany()

    async def text(self, *, encoding: str | None = None) -> str:
        """Return the part decoded, as text.

        Args:
            encoding: Charset; None for the one in Content-Type, or the default of the form, or UTF-8.

        Raises:
            RemoteProtocolError: The charset is not known (``bad-charset``); also as for ``read``.
            LookupError: ``encoding`` is not known to Python.
            UnicodeDecodeError: The octets are not of the charset.

        Cancellation:
            Octets read so far are lost.
        """
        data = await self.read(decode=True)
        return data.decode(encoding or self._charset())

    async def json(self, *, encoding: str | None = None) -> Any:
        """Return the value of a part in JSON; None when it is empty.

        Raises:
            ValueError: It is no JSON, or nested too deep.
            RemoteProtocolError, LookupError, UnicodeDecodeError: As for ``text``.

        Cancellation:
            Octets read so far are lost.
        """
        text = await self.text(encoding=encoding)
        if not text:
            return None
        try:
            return json.loads(text)
        except RecursionError as error:
            raise ValueError("the JSON of a part is nested too deep") from error

    async def form(self, *, encoding: str | None = None) -> list[tuple[str, str]]:
        """Return the fields of a part in ``application/x-www-form-urlencoded``.

        Args:
            encoding: Charset of what is percent-encoded; as for ``text``.

        Raises:
            RemoteProtocolError: There are more fields than ``max_form_fields`` (``too-many-form-fields``); also as for
                ``text``.

        Cancellation:
            Octets read so far are lost.
        """
        charset = encoding or self._charset()
        data = await self.read(decode=True)
        return parse_form(data, encoding=charset, max_fields=self._limits.max_form_fields)

    def decode(self, data: bytes) -> bytes:
        """Return ``data``, a whole part or a chunk of base64, decoded on this thread.

        Raises:
            RemoteProtocolError: It cannot be decoded, or becomes longer than ``max_size``.
        """
        return self._decoder().decode(bytes(data), max_octets=self._max_size)

    async def decode_iter(self, data: bytes) -> AsyncIterator[bytes]:
        """Yield ``data``, a whole part, decoded in bounded pieces; large ones are made in a thread.

        Raises:
            RemoteProtocolError: It cannot be decoded.
        """
        async for piece in self._decoder().decode_pieces(_once(bytes(data))):
            yield piece

    def _decoder(self) -> PartDecoder:
        return PartDecoder(self.headers, self._limits, is_form_data=self._is_form_data)

    def _parameters(self) -> Mapping[str, str]:
        if self._disposition is None:
            self._disposition = parse_content_disposition(self.headers.get(hdrs.CONTENT_DISPOSITION))[1]
        return self._disposition

    def _charset(self) -> str:
        name = self.get_charset(self._default_charset or "utf-8")
        charset = find_charset(name)
        if charset is None:
            raise RemoteProtocolError(
                "bad-charset", where="part", problem="the charset is", seen=name, expected="a known one"
            )
        return charset

    async def _align(self, chunk: bytes) -> bytes:
        """Make a chunk of base64 end at the end of a group."""
        pieces = [chunk]
        missing = -_characters(chunk) % 4
        while missing:
            if self._at == len(self._rest):
                self._keep(await self._next_of(pieces))
                if not self._rest:
                    break
            piece = self._take_rest(missing)
            pieces.append(piece)
            missing -= _characters(piece)
        return b"".join(pieces)

    async def _next_of(self, pieces: list[bytes]) -> bytes:
        try:
            return await self.readany()
        except BaseException:
            self._keep(b"".join(pieces))
            raise

    async def _iter_pieces(self) -> AsyncIterator[bytes]:
        while piece := await self.readany():
            yield piece

    def _keep(self, data: bytes) -> None:
        self._rest = data
        self._at = 0

    def _take_rest(self, size: int) -> bytes:
        rest, at = self._rest, self._at
        if at == 0 and size >= len(rest):
            self._rest = b""
            return rest
        self._at = min(at + size, len(rest))
        return rest[at : at + size]


def _characters(data: bytes) -> int:
    return len(data.translate(None, b" \t\r\n"))


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data
