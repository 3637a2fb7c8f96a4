"""A whole form, gathered: its fields in memory, its files in memory or on disk."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import IO

from multidict import CIMultiDict, CIMultiDictProxy, MultiDict

from ... import hdrs
from ...body import parse_form
from ...charsets import find_charset
from ...disposition import content_disposition_filename, parse_content_disposition
from ...errors import RemoteProtocolError
from ...events import Data
from ...limits import DEFAULT_LIMITS, Limits
from ...mediatypes import OCTET_STREAM, MediaType, parse_media_type
from ...multipart import MultipartDecoder, PartHead, is_multipart, parse_multipart_type
from ...multipart.transfer import find_transfer_decoder
from .part import MAX_CHARSET_LENGTH
from .source import OctetStream, PartSource
from .spool import FileSpool

_URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class FileField:
    """A file in a form."""

    name: str
    """Name of the field."""
    filename: str
    """Name of the file as the peer says it: not safe as part of a path."""
    file: IO[bytes]
    """The file, open at its start; reading a file on disk may block. Whoever has the form closes it."""
    content_type: str
    """Media type without parameters; ``application/octet-stream`` when the peer named none."""
    headers: CIMultiDictProxy[str]
    """All fields of the part."""


FormValue = str | bytes | FileField
"""What a field of a form can be: text, octets of another type than text, or a file."""


async def read_form(
    headers: Mapping[str, str], content: OctetStream, *, limits: Limits = DEFAULT_LIMITS
) -> MultiDict[FormValue]:
    """Read a whole form, urlencoded or multipart.

    Limits hold while it comes in: nothing is gathered beyond them. When it fails, the files are closed.

    Args:
        headers: Fields of the message.
        content: Its body.
        limits: ``max_form_size`` for all of it, ``max_form_field_size``, ``form_spool_size``, ``max_form_fields``, and
            the limits on the heads of parts.

    Returns:
        Names and values in their order; empty when the body is no form.

    Raises:
        RemoteProtocolError: The form breaks the grammar or a limit, a part has no name (``missing-part-name``), a
            charset is not known (``bad-charset``) or the text not of it (``bad-field-text``), or parts are inside
            of a part (``multipart-too-deep``).
        OSError: A file could not be written to disk.

    Cancellation:
        What was read is lost, the files are closed.

    Source: RFC 7578, WHATWG URL §5.1.
    """
    content_type = headers.get(hdrs.CONTENT_TYPE, "")
    if is_multipart(content_type):
        if parse_multipart_type(content_type).subtype != "form-data":
            return MultiDict()
        gatherer = _FormGatherer(content_type, content, limits)
        try:
            await gatherer.gather()
        except BaseException:
            gatherer.discard()
            raise
        return gatherer.form
    media_type = parse_media_type(content_type)
    if media_type is None or media_type.content_type != _URLENCODED:
        return MultiDict()
    return MultiDict(await _read_urlencoded(media_type, content, limits))


async def _read_urlencoded(media_type: MediaType, content: OctetStream, limits: Limits) -> list[tuple[str, FormValue]]:
    charset = _charset_of(media_type.charset or "utf-8")
    pieces: list[bytes] = []
    size = 0
    while piece := await content.readany():
        size += len(piece)
        _check(size, limits.max_form_size, "form", "max_form_size")
        pieces.append(piece)
    return list(parse_form(b"".join(pieces), encoding=charset, max_fields=limits.max_form_fields))


class _FormGatherer:
    """Gathers the parts of one form."""

    def __init__(self, content_type: str, content: OctetStream, limits: Limits) -> None:
        self.form: MultiDict[FormValue] = MultiDict()
        self._limits = replace(limits, max_multipart_size=limits.max_form_size, max_parts=0)
        boundary = parse_multipart_type(content_type).boundary.encode("ascii")
        self._source = PartSource(MultipartDecoder(boundary, self._limits), content)
        self._charset = "utf-8"
        self._spool: FileSpool | None = None

    async def gather(self) -> None:
        fields = 0
        while isinstance(event := await self._source.next_event(), PartHead):
            fields += 1
            if fields > self._limits.max_form_fields > 0:
                raise RemoteProtocolError(
                    "too-many-form-fields",
                    where="form",
                    problem="more fields than the limit",
                    expected=f"at most {self._limits.max_form_fields} (max_form_fields)",
                )
            await self._take(event.headers)
        # The close delimiter was seen; what is behind it ends the body.
        await self._source.next_event()

    def discard(self) -> None:
        if self._spool is not None:
            self._spool.discard()
        for value in self.form.values():
            if isinstance(value, FileField):
                value.file.close()

    async def _take(self, headers: CIMultiDict[str]) -> None:
        parameters = parse_content_disposition(headers.get(hdrs.CONTENT_DISPOSITION))[1]
        name = content_disposition_filename(parameters, "name")
        if name is None:
            raise RemoteProtocolError(
                "missing-part-name",
                where="part of a form",
                problem="the part has no name",
                expected="Content-Disposition: form-data; name=…",
            )
        value = headers.get(hdrs.CONTENT_TYPE, "")
        if is_multipart(value):
            raise RemoteProtocolError(
                "multipart-too-deep", where=f"field {name}", problem="parts inside of a part", expected="a plain part"
            )
        media_type = parse_media_type(value)
        filename = content_disposition_filename(parameters)
        if filename is not None:
            self.form.add(name, await self._read_file(name, filename, media_type, headers))
            return
        data = await self._read_field(name, headers)
        if name == "_charset_" and not self.form:
            self._set_charset(data)
        elif media_type is not None and media_type.type != "text":
            self.form.add(name, data)
        else:
            own = None if media_type is None else media_type.charset
            charset = _charset_of(own) if own else self._charset
            try:
                self.form.add(name, data.decode(charset))
            except UnicodeDecodeError as error:
                raise _bad_text("field of a form", charset) from error

    async def _read_field(self, name: str, headers: CIMultiDict[str]) -> bytes:
        decoder = find_transfer_decoder(headers.get(hdrs.CONTENT_TRANSFER_ENCODING, ""))
        pieces: list[bytes] = []
        size = 0
        while isinstance(event := await self._source.next_event(), Data):
            piece = decoder.update(event.data)
            size += len(piece)
            _check(size, self._limits.max_form_field_size, "field of a form", "max_form_field_size")
            pieces.append(piece)
        pieces.append(decoder.finish())
        return b"".join(pieces)

    async def _read_file(
        self, name: str, filename: str, media_type: MediaType | None, headers: CIMultiDict[str]
    ) -> FileField:
        decoder = find_transfer_decoder(headers.get(hdrs.CONTENT_TRANSFER_ENCODING, ""))
        self._spool = spool = FileSpool(self._limits.form_spool_size)
        while isinstance(event := await self._source.next_event(), Data):
            await spool.write(decoder.update(event.data))
        await spool.write(decoder.finish())
        file = await spool.finish()
        self._spool = None
        content_type = OCTET_STREAM if media_type is None else media_type.content_type
        return FileField(name, filename, file, content_type, CIMultiDictProxy(headers))

    def _set_charset(self, data: bytes) -> None:
        """Take the charset of all fields (RFC 7578 §4.6)."""
        if len(data) > MAX_CHARSET_LENGTH or not data.isascii():
            raise _unknown_charset(data)
        self._charset = _charset_of(data.decode("ascii").strip())


def _charset_of(name: str) -> str:
    charset = find_charset(name)
    if charset is None:
        raise _unknown_charset(name)
    return charset


def _unknown_charset(seen: str | bytes) -> RemoteProtocolError:
    return RemoteProtocolError("bad-charset", where="form", problem="the charset is", seen=seen, expected="a known one")


def _bad_text(where: str, charset: str) -> RemoteProtocolError:
    return RemoteProtocolError("bad-field-text", where=where, problem="the octets are not of the charset", seen=charset)


def _check(size: int, limit: int, where: str, name: str) -> None:
    if size > limit > 0:
        raise RemoteProtocolError(
            "part-too-long", where=where, problem="longer than the limit", expected=f"at most {limit} octets ({name})"
        )
