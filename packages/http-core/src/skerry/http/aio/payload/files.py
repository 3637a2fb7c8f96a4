"""Payloads of open files.

As in aiohttp, ``close`` closes the file that the payload was made of, but for a file in memory: a client that has sent
a file closes it. ``FileBody`` leaves the choice to the program.
"""

import asyncio
import codecs
import io
from collections.abc import AsyncGenerator
from typing import IO, Any, TextIO

from ... import hdrs
from ...typedefs import Byteish, LooseHeaders
from ..bodies import READ_SIZE, FileBody, FileJobs, file_name
from .base import PulledPayload
from .memory import text_type


class IOBasePayload(PulledPayload):
    """An open file, from where it stands to its end.

    Args:
        value: The file, opened in binary mode.
        disposition: Type of the Content-Disposition that names the file; None for none.
        headers: As ``Payload``.
        filename: Name of the file; by default its own.
        kwargs: As ``Payload``.

    Raises:
        ValueError: The file is closed.
    """

    _value: IO[Any]

    def __init__(
        self,
        value: IO[Any],
        disposition: str | None = "attachment",
        headers: LooseHeaders | None = None,
        filename: str | None = None,
        **kwargs: Any,
    ) -> None:
        if filename is None:
            filename = file_name(value)
        super().__init__(value, headers, filename=filename, **kwargs)
        self._jobs = FileJobs()
        self._is_single = not value.seekable()
        self._start = 0 if self._is_single else value.tell()
        if self._filename is not None and disposition is not None and hdrs.CONTENT_DISPOSITION not in self._headers:
            self.set_content_disposition(disposition, filename=self._filename)
        self._body = self._make_body()

    def _make_body(self) -> FileBody | None:
        return FileBody(self._value)

    @property
    def size(self) -> int | None:
        """Octets from where the file stood to its end, or None when unknown."""
        return None if self._body is None else self._body.size

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the rest of the file as text, read at once and not in a thread; see ``Payload.decode``."""
        self._begin()
        if not self._is_single:
            self._value.seek(self._start)
        raw: bytes | str = self._value.read()
        return raw if isinstance(raw, str) else raw.decode(encoding, errors)

    def _pieces(self) -> AsyncGenerator[Byteish, None]:
        return self._text_pieces() if self._body is None else self._body.pieces()

    async def _text_pieces(self) -> AsyncGenerator[Byteish, None]:
        encoder = codecs.getincrementalencoder(self._encoding or "utf-8")()
        is_first = not self._is_single

        def work() -> str:
            if is_first:
                self._value.seek(self._start)
            text: str = self._value.read(READ_SIZE)
            return text

        while text := await self._jobs.run(work):
            is_first = False
            yield encoder.encode(text)
        if rest := encoder.encode("", True):
            yield rest

    async def _release(self) -> None:
        self._consumed = True
        await asyncio.shield(asyncio.ensure_future(self._jobs.run(self._value.close)))


class BufferedReaderPayload(IOBasePayload):
    """A file opened in binary mode with a buffer, as ``open(path, "rb")`` gives it."""


class BytesIOPayload(IOBasePayload):
    """A file of octets in memory. It is never closed here."""

    _autoclose = True
    _value: io.BytesIO

    async def _release(self) -> None:
        """Leave the file open."""


class TextIOPayload(IOBasePayload):
    """A file opened in text mode. It is written in the charset of the payload, whatever it is stored in.

    The size is unknown: it depends on every character of the file.

    Args:
        value: The file.
        disposition: As ``IOBasePayload``.
        headers: As ``Payload``.
        encoding: Charset; by default the one that ``content_type`` names, else UTF-8.
        content_type: Value for Content-Type; by default ``text/plain`` with the charset.
        kwargs: As ``IOBasePayload``.

    Raises:
        LookupError: The charset is unknown.
        ValueError: The file is closed.
    """

    _value: TextIO

    def __init__(
        self,
        value: TextIO,
        disposition: str | None = "attachment",
        headers: LooseHeaders | None = None,
        encoding: str | None = None,
        content_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        encoding, content_type = text_type(encoding, content_type)
        codecs.lookup(encoding)
        super().__init__(value, disposition, headers, content_type=content_type, encoding=encoding, **kwargs)

    def _make_body(self) -> FileBody | None:
        return None
