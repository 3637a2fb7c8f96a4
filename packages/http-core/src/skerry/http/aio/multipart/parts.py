"""What a part to send is: a body, and the fields that go before it."""

import io
import os
from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Protocol, TextIO, cast, runtime_checkable

from multidict import CIMultiDict

from ... import hdrs
from ...body import BodySource, TextBody
from ...disposition import format_content_disposition
from ...exchange import BytesLike
from ...mediatypes import parse_media_type
from ..bodies import FileJobs, file_name, to_body

PIECE_CHARACTERS = 65536
"""Characters of the pieces that a text file is read in."""


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


class TextFileBody:
    """An open text file, from where it stands to its end; it stays the caller's. It is read in a thread.

    Args:
        file: Open for reading, in text mode.
        charset: What it is sent in.
    """

    def __init__(self, file: TextIO, charset: str = "utf-8") -> None:
        self._file = file
        self._charset = charset
        self._in_memory = isinstance(file, io.StringIO)
        self.replayable = file.seekable()
        """True when the file can be set back to where it stood."""
        self._start = file.tell() if self.replayable else 0
        self.content_type = f"text/plain; charset={charset}"
        """Value for Content-Type."""
        self._jobs = FileJobs()

    @property
    def size(self) -> int | None:
        """None: how many octets text makes is known once it was read."""
        return None

    async def pieces(self) -> AsyncGenerator[BytesLike, None]:
        """Yield the text, encoded, in pieces of ``PIECE_CHARACTERS``.

        Raises:
            OSError: It cannot be read.
            UnicodeError: It is not text in the charset of the file, or has no form in the charset to send.
        """
        at = self._start if self.replayable else None
        while True:
            work = partial(self._read, at)
            piece = work() if self._in_memory else await self._jobs.run(work)
            at = None
            if not piece:
                return
            yield piece

    async def aclose(self) -> None:
        """Do nothing: the file is the caller's."""

    def _read(self, at: int | None) -> bytes:
        if at is not None:
            self._file.seek(at)
        return self._file.read(PIECE_CHARACTERS).encode(self._charset)


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
    elif isinstance(value, io.TextIOBase):
        text = cast("TextIO", value)
        body = TextFileBody(text, _charset_in(headers) or charset or "utf-8")
    elif isinstance(value, os.PathLike):
        raise TypeError("a part cannot be made of a path, expected an open file or the body of ``open_path``")
    else:
        try:
            body = to_body(value)
        except TypeError as error:
            raise TypeError(f"a part cannot be made of {type(value).__name__}: {error}") from None
    part = WriterPart(body, headers)
    if isinstance(value, io.IOBase) and hdrs.CONTENT_DISPOSITION not in part.headers:
        filename = file_name(value)
        if filename is not None:
            part.set_content_disposition("attachment", filename=filename)
    return part


def _charset_in(headers: CIMultiDict[str]) -> str | None:

    media_type = parse_media_type(headers.get(hdrs.CONTENT_TYPE))
    return None if media_type is None else media_type.charset
