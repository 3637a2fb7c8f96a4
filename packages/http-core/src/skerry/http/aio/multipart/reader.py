"""MultipartReader: the parts of a multipart body, one after the other, read as they come."""

import inspect
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Protocol, Self

from multidict import CIMultiDictProxy

from ... import hdrs
from ...errors import RemoteProtocolError
from ...events import CLOSED
from ...limits import DEFAULT_LIMITS, Limits
from ...multipart import MultipartDecoder, PartCount, PartHead, is_multipart, parse_multipart_type
from .part import MAX_CHARSET_LENGTH, BodyPartReader
from .source import OctetStream, PartSource


class MultipartMessage(Protocol):
    """A response, or whatever else has a multipart body."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its fields; Content-Type counts."""

    @property
    def content(self) -> OctetStream:
        """Its body."""

    def release(self) -> Awaitable[None] | None:
        """Let its connection go."""


class MultipartReader:
    """Read the parts of a multipart body; a part that is not read is skipped when the next one is asked for.

    Args:
        headers: Fields of the message or part; Content-Type counts.
        content: Its body.
        client_max_size: Octets that one part may have to be gathered (``read``, ``text``, ``json``, ``form``);
            0 for any number.
        max_field_size: In place of ``limits.max_part_field_size``.
        max_headers: In place of ``limits.max_part_headers``.
        limits: All limits of multipart bodies apply.

    Raises:
        RemoteProtocolError: It is no multipart body (``not-multipart``), or has no boundary or one that cannot be
            (``bad-boundary``).

    Source: RFC 2046 §5.1, RFC 7578.
    """

    part_reader_cls: type[BodyPartReader] = BodyPartReader
    """What a part is made with."""
    multipart_reader_cls: "type[MultipartReader] | None" = None
    """What a nested multipart body is made with; None for the class of this one."""

    def __init__(
        self,
        headers: Mapping[str, str],
        content: OctetStream,
        *,
        client_max_size: int = 0,
        max_field_size: int | None = None,
        max_headers: int | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        if max_field_size is not None or max_headers is not None:
            limits = replace(
                limits,
                max_part_field_size=limits.max_part_field_size if max_field_size is None else max_field_size,
                max_part_headers=limits.max_part_headers if max_headers is None else max_headers,
            )
        self.headers = headers
        """Fields of the message or part whose body this is."""
        self._type = parse_multipart_type(headers.get(hdrs.CONTENT_TYPE))
        self._content = content
        self._limits = limits
        self._max_size = client_max_size
        self._charset: str | None = None
        self._part: BodyPartReader | None = None
        self._nested: MultipartReader | None = None
        self._at_eof = False
        self._is_first = True
        self._depth = 1
        self._start(PartCount())

    def _start(self, count: PartCount) -> None:
        self._count = count
        decoder = MultipartDecoder(self._type.boundary.encode("ascii"), self._limits, count=count)
        self._source = PartSource(decoder, self._content)

    @classmethod
    def from_response(cls, response: MultipartMessage) -> "MultipartResponseWrapper":
        """Return a reader of the body of ``response`` that lets its connection go when the last part was read.

        Raises:
            RemoteProtocolError: As for the class.
        """
        return MultipartResponseWrapper(response, cls(response.headers, response.content))

    @property
    def subtype(self) -> str:
        """``form-data``, ``mixed`` …"""
        return self._type.subtype

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> "MultipartReader | BodyPartReader":
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    def at_eof(self) -> bool:
        """Return True when the end of the body was reached."""
        return self._at_eof

    async def next(self) -> "MultipartReader | BodyPartReader | None":
        """Return the next part, a reader of its own when it is multipart; None when there are no more.

        What is left of the part before is skipped. At the end, the rest of the body behind the last part is read.

        Raises:
            RemoteProtocolError: The body breaks the grammar or a limit, or ends early; each later call raises it again.

        Cancellation:
            The next call goes on, and nothing is lost but a charset that was being read: a form may name one in a first
            field ``_charset_``.
        """
        part = await self.fetch_next_part()
        if self._is_first:
            self._is_first = False
            if self.subtype == "form-data" and isinstance(part, BodyPartReader) and part.name == "_charset_":
                await self._read_charset(part)
                part = await self.fetch_next_part()
        return part

    async def fetch_next_part(self) -> "MultipartReader | BodyPartReader | None":
        """Return the next part as it stands there, also one that names the charset of the form.

        Raises:
            RemoteProtocolError: As for ``next``.

        Cancellation:
            Nothing is lost.
        """
        if self._at_eof:
            return None
        await self._skip_part()
        event = await self._source.next_event()
        if isinstance(event, PartHead):
            return self._make_part(CIMultiDictProxy(event.headers))
        while event is not CLOSED:
            event = await self._source.next_event()
        self._at_eof = True
        return None

    async def release(self) -> None:
        """Read what is left and throw it away.

        Raises:
            RemoteProtocolError: As for ``next``.

        Cancellation:
            What was not reached yet is left.
        """
        while not self._at_eof:
            await self.fetch_next_part()

    async def _skip_part(self) -> None:
        if self._part is not None:
            await self._part.release()
            self._part = None
        if self._nested is not None:
            self._nested._at_eof = True
            self._nested = None

    def _make_part(self, headers: CIMultiDictProxy[str]) -> "MultipartReader | BodyPartReader":
        part = self.part_reader_cls(
            headers,
            self._source,
            subtype=self.subtype,
            default_charset=self._charset,
            max_size=self._max_size,
            limits=self._limits,
        )
        self._part = part
        if not is_multipart(headers.get(hdrs.CONTENT_TYPE, "")):
            return part
        if self._depth >= self._limits.max_multipart_depth > 0:
            raise RemoteProtocolError(
                "multipart-too-deep",
                where="multipart body",
                problem="more bodies inside of each other than the limit",
                expected=f"at most {self._limits.max_multipart_depth} (max_multipart_depth)",
            )
        nested = (self.multipart_reader_cls or type(self))(
            headers, part, client_max_size=self._max_size, limits=self._limits
        )
        nested._depth = self._depth + 1
        nested._start(self._count)
        self._nested = nested
        return nested

    async def _read_charset(self, part: BodyPartReader) -> None:
        """Read the charset of all fields of a form (RFC 7578 §4.6)."""
        raw = b""
        while len(raw) <= MAX_CHARSET_LENGTH and (chunk := await part.read_chunk(MAX_CHARSET_LENGTH + 1)):
            raw += chunk
        if not 0 < len(raw) <= MAX_CHARSET_LENGTH or not raw.isascii():
            raise RemoteProtocolError(
                "bad-charset", where="field _charset_", seen=raw, expected="the name of a charset"
            )
        self._charset = raw.decode("ascii").strip()


class MultipartResponseWrapper:
    """The parts of a response; its connection is let go when the last one was read.

    Args:
        response: Whose body it is.
        stream: Reader of the body.
    """

    def __init__(self, response: MultipartMessage, stream: MultipartReader) -> None:
        self.resp = response
        """The response."""
        self.stream = stream
        """Reader of its body."""

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> MultipartReader | BodyPartReader:
        part = await self.next()
        if part is None:
            raise StopAsyncIteration
        return part

    def at_eof(self) -> bool:
        """Return True when the end of the body was reached."""
        return self.stream.at_eof()

    async def next(self) -> MultipartReader | BodyPartReader | None:
        """Return the next part; None, and the connection let go, when there are no more.

        Raises:
            RemoteProtocolError: As for ``MultipartReader.next``.

        Cancellation:
            As for ``MultipartReader.next``.
        """
        part = await self.stream.next()
        if self.stream.at_eof():
            await self.release()
        return part

    async def release(self) -> None:
        """Let the connection go, whatever was read.

        Cancellation:
            The connection is let go all the same.
        """
        released = self.resp.release()
        if inspect.isawaitable(released):
            await released
