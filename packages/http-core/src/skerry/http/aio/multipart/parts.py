"""What a part to send is: a body, and the fields that go before it."""

import asyncio
import io
import mimetypes
import os
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from typing import IO, Any, Protocol, runtime_checkable

from multidict import CIMultiDict

from ... import hdrs
from ...body import AsyncIterableBody, BodySource, BytesBody, TextBody
from ...disposition import format_content_disposition
from ...exchange import BytesLike
from ...mediatypes import OCTET_STREAM, parse_media_type

PIECE_OCTETS = 65536
"""Octets of the pieces that a file is read in."""


@runtime_checkable
class HeadedBody(BodySource, Protocol):
    """A body that has fields of its own."""

    @property
    def headers(self) -> CIMultiDict[str]:
        """The fields, which may be changed."""


class WriterPart:
    """A part to send; its fields may be changed until it is sent.

    Args:
        body: Its octets.
        headers: Its fields; Content-Type is added when it is missing and the body knows it.
    """

    def __init__(self, body: BodySource, headers: Mapping[str, str] | None = None) -> None:
        self.body = body
        """The octets."""
        self.headers: CIMultiDict[str] = CIMultiDict()
        """The fields."""
        if body.content_type is not None:
            self.headers[hdrs.CONTENT_TYPE] = body.content_type
        if headers is not None:
            for name in set(headers):
                self.headers.popall(name, None)
            self.headers.extend(headers)

    @classmethod
    def of(cls, payload: HeadedBody) -> "WriterPart":
        """Return a part whose fields are those of ``payload``: a change to the one is a change to the other."""
        part = cls(payload)
        part.headers = payload.headers
        return part

    @property
    def size(self) -> int | None:
        """Octets before any encoding, or None when nobody knows."""
        return self.body.size

    def set_content_disposition(
        self, disptype: str, quote_fields: bool = True, _charset: str = "utf-8", **params: str
    ) -> None:
        """Set Content-Disposition.

        Args:
            disptype: ``form-data``, ``attachment`` …
            quote_fields: As for ``format_content_disposition``.
            _charset: Charset for percent-encoding.
            params: Parameters: ``name``, ``filename``.

        Raises:
            LocalProtocolError: A name or value cannot be sent (``bad-field-value``).
        """
        self.headers[hdrs.CONTENT_DISPOSITION] = format_content_disposition(
            disptype, params, quote_fields=quote_fields, charset=_charset
        )


class FileBody:
    """An open file, from where it stands to its end; it stays the caller's. Files on disk are read in a thread.

    Args:
        file: Open for reading, in binary or text.
        content_type: Value for Content-Type; None for what its name or kind says.
        charset: For files open as text.
    """

    def __init__(self, file: IO[Any], content_type: str | None = None, charset: str = "utf-8") -> None:
        self._file = file
        self._charset = charset
        self._is_text = isinstance(file, io.TextIOBase)
        self._in_memory = isinstance(file, io.BytesIO | io.StringIO)
        self.replayable = file.seekable()
        """True when the file can be set back to where it stood."""
        self._start = file.tell() if self.replayable else 0
        if content_type is None and self._is_text:
            content_type = f"text/plain; charset={charset}"
        elif content_type is None:
            # The table as it is: to fill it from the files of the system would block the loop.
            suffix = os.path.splitext(filename_of(file, ""))[1].lower()
            content_type = mimetypes.types_map.get(suffix, OCTET_STREAM)
        self.content_type = content_type
        """Value for Content-Type."""

    @property
    def size(self) -> int | None:
        """Octets from where it stood to its end, or None when it does not say."""
        if isinstance(self._file, io.BytesIO):
            return max(self._file.getbuffer().nbytes - self._start, 0)
        if self._is_text or not self.replayable:
            return None
        try:
            return max(os.fstat(self._file.fileno()).st_size - self._start, 0)
        except (OSError, ValueError):
            return None

    async def pieces(self) -> AsyncGenerator[BytesLike, None]:
        """Yield the file in pieces of ``PIECE_OCTETS``.

        Raises:
            OSError: It cannot be read.
        """
        loop = asyncio.get_running_loop()
        at = self._start if self.replayable else None
        while True:
            piece = self._read(at) if self._in_memory else await loop.run_in_executor(None, self._read, at)
            at = None
            if not piece:
                return
            yield piece

    async def aclose(self) -> None:
        """Do nothing: the file is the caller's."""

    def _read(self, at: int | None) -> bytes:
        if at is not None:
            self._file.seek(at)
        data = self._file.read(PIECE_OCTETS)
        return data.encode(self._charset) if isinstance(data, str) else data


def filename_of(value: object, default: str) -> str:
    """Return the last part of the name of an open file, or ``default`` when it has none, or one like ``<stdin>``."""
    name = getattr(value, "name", None)
    if isinstance(name, str) and name and not (name[0] == "<" and name[-1] == ">"):
        return os.path.basename(name)
    return default


def make_part(value: object, headers: Mapping[str, str] | None = None, *, charset: str | None = None) -> WriterPart:
    """Return a part with ``value`` as its body.

    Args:
        value: Text, octets, an open file, an asynchronous iterable of octets, or a ``BodySource``.
        headers: Fields of the part.
        charset: For text when Content-Type in ``headers`` names none; None for UTF-8.

    Raises:
        TypeError: ``value`` is something else.
        LookupError: The charset is not known to Python.
        UnicodeEncodeError: The text cannot be had in the charset.
    """
    headers = CIMultiDict(headers or {})
    body: BodySource
    if isinstance(value, str):
        name = _charset_in(headers) or charset or "utf-8"
        body = TextBody(value, encoding=name)
    elif isinstance(value, bytes | bytearray | memoryview):
        body = BytesBody(value)
    elif isinstance(value, io.IOBase):
        body = FileBody(value, charset=_charset_in(headers) or charset or "utf-8")  # type: ignore[arg-type]
    elif isinstance(value, BodySource):
        body = value
    elif isinstance(value, AsyncIterable):
        body = AsyncIterableBody(value)
    else:
        raise TypeError(f"a part cannot be made of {type(value).__name__}")
    part = WriterPart(body, headers)
    if isinstance(body, FileBody) and hdrs.CONTENT_DISPOSITION not in part.headers and filename_of(value, ""):
        part.set_content_disposition("attachment", filename=filename_of(value, ""))
    return part


def _charset_in(headers: CIMultiDict[str]) -> str | None:

    media_type = parse_media_type(headers.get(hdrs.CONTENT_TYPE))
    return None if media_type is None else media_type.charset
