"""MultipartWriter: a multipart body to send, made of parts."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from multidict import CIMultiDict

from ... import hdrs
from ...body import FormFields, format_form
from ...coding import Encoder, make_encoder
from ...errors import LocalProtocolError
from ...events import Data
from ...mediatypes import parse_media_type
from ...multipart import END_OF_MULTIPART, END_OF_PART, MultipartEncoder, PartHead, format_multipart_type
from ...multipart.encoder import format_part_fields
from ...multipart.transfer import Identity, find_transfer_encoder
from ...typedefs import Byteish
from ..coding import ENCODE_INLINE_OCTETS
from ..payload import BytesPayload, JsonPayload, Payload, PayloadLookupError, PayloadWriter, get_payload

GATHER_OCTETS = 16384
"""Small pieces are joined until they are so many octets; what is larger is handed on as it is."""


class MultipartWriter(Payload):
    """A multipart body. It is a payload like others, and can be a part of another one.

    Args:
        subtype: ``mixed``, ``form-data``, ``related`` …
        boundary: What separates the parts; None for one that nobody can guess. With a boundary of your own, the parts
            are searched for it while they are sent.

    Raises:
        LocalProtocolError: ``boundary`` may not be sent (``bad-boundary``), or ``subtype`` is no token.

    Source: RFC 2046 §5.1, RFC 7578.
    """

    def __init__(self, subtype: str = "mixed", boundary: str | None = None) -> None:
        self._subtype = subtype
        self._boundary = os.urandom(16).hex() if boundary is None else boundary
        self._checks_data = boundary is not None
        super().__init__(None, content_type=format_multipart_type(subtype, self._boundary))
        self._parts: list[Payload] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pass

    def __iter__(self) -> Iterator[Payload]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __bool__(self) -> bool:
        return True

    @property
    def boundary(self) -> str:
        """What separates the parts."""
        return self._boundary

    @property
    def consumed(self) -> bool:
        """True when a part was sent and cannot be sent again."""
        return any(part.consumed for part in self._parts)

    @property
    def replayable(self) -> bool:
        """True when all parts can be sent again."""
        return all(part.replayable for part in self._parts)

    @property
    def size(self) -> int | None:
        """Octets of the whole, or None when a part does not know or is encoded while it is sent."""
        frame = len(self._boundary) + 6
        total = frame
        for part in self._parts:
            if part.size is None or _is_encoded(part):
                return None
            total += frame + len(format_part_fields(part.headers)) + part.size
        return total

    def append(self, obj: Any, headers: Mapping[str, str] | None = None) -> Payload:
        """Add a part and return it; its fields may be changed until it is sent.

        Args:
            obj: A payload, another ``MultipartWriter`` for one, or what ``get_payload`` makes one of: text, octets, an
                open file, an asynchronous iterable of octets, a body.
            headers: Fields of the part. Content-Encoding and Content-Transfer-Encoding are carried out.

        Raises:
            TypeError: No payload can be made of ``obj``.
            LocalProtocolError: As for ``append_payload``.
        """
        if isinstance(obj, Payload):
            obj.headers.update(headers or {})
            return self.append_payload(obj)
        return self.append_payload(make_part(obj, headers or {}))

    def append_payload(self, payload: Payload) -> Payload:
        """Add a payload, and return it.

        Raises:
            LocalProtocolError: A field cannot be sent (``bad-field-name``, ``bad-field-value``), an encoding is not
                known (``unknown-part-encoding``, ``unknown-content-coding``), or a part of a form has an encoding or a
                length (``field-not-allowed``; RFC 7578 §4.7 and §4.8).
        """
        headers = payload.headers
        if self._subtype == "form-data":
            for name in (hdrs.CONTENT_ENCODING, hdrs.CONTENT_LENGTH, hdrs.CONTENT_TRANSFER_ENCODING):
                if name in headers:
                    raise LocalProtocolError("field-not-allowed", where="part of a form", seen=str(name))
            if hdrs.CONTENT_DISPOSITION not in headers:
                payload.set_content_disposition("form-data", name=f"section-{len(self._parts)}")
        elif not _is_encoded(payload) and payload.size is not None:
            headers[hdrs.CONTENT_LENGTH] = str(payload.size)
        format_part_fields(headers)
        self._parts.append(payload)
        return payload

    def append_json(self, obj: Any, headers: Mapping[str, str] | None = None) -> Payload:
        """Add a value as JSON.

        Raises:
            TypeError, ValueError: ``obj`` cannot be written as JSON.
            LocalProtocolError: As for ``append_payload``.
        """
        return self.append_payload(JsonPayload(obj, headers=headers))

    def append_form(self, obj: FormFields, headers: Mapping[str, str] | None = None) -> Payload:
        """Add fields as ``application/x-www-form-urlencoded``.

        Raises:
            LocalProtocolError: As for ``append_payload``.
        """
        content_type = "application/x-www-form-urlencoded"
        return self.append_payload(BytesPayload(format_form(obj), headers=headers, content_type=content_type))

    async def pieces(self, close_boundary: bool = True) -> AsyncGenerator[Byteish, None]:
        """Yield the octets of the body.

        Args:
            close_boundary: False to leave the close delimiter out; more parts follow by other means.

        Raises:
            LocalProtocolError: Before the first piece: a field that was changed cannot be sent. Later: the data hold
                the boundary (``boundary-in-part``).
        """
        for part in self._parts:
            format_part_fields(_fields_of(part))
        encoder = MultipartEncoder(self._boundary, checks_data=self._checks_data)
        small: list[bytes] = []
        size = 0
        for part in self._parts:
            small.append(encoder.send(PartHead(_fields_of(part))))
            size += len(small[-1])
            async for piece in _encoded_pieces(part):
                data = encoder.send(Data(piece))
                if len(data) < GATHER_OCTETS:
                    small.append(data)
                    size += len(data)
                if small and (size >= GATHER_OCTETS or len(data) >= GATHER_OCTETS):
                    yield b"".join(small)
                    small.clear()
                    size = 0
                if len(data) >= GATHER_OCTETS:
                    yield data
            small.append(encoder.send(END_OF_PART))
        if close_boundary:
            small.append(encoder.send(END_OF_MULTIPART))
        if small:
            yield b"".join(small)

    async def write(self, writer: PayloadWriter, close_boundary: bool = True) -> None:
        """Write the body.

        Args:
            writer: Takes the pieces.
            close_boundary: As for ``pieces``.

        Raises:
            LocalProtocolError: As for ``pieces``; also what ``writer`` and the parts raise.

        Cancellation:
            What was written stays written; the body is not complete.
        """
        async for piece in self.pieces(close_boundary):
            await writer.write(piece)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the whole body.

        Args:
            encoding: Of no effect: text was encoded when it was added.
            errors: Of no effect.

        Raises:
            LocalProtocolError: As for ``pieces``.

        Cancellation:
            Parts that are not replayable may be gone.
        """
        return b"".join([bytes(piece) async for piece in self.pieces()])

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the whole body as text.

        Args:
            encoding: Charset of the parts.
            errors: As for ``bytes.decode``.

        Raises:
            TypeError: A part is not there as a whole, or is encoded while it is sent.
            UnicodeDecodeError: A part is no text in ``encoding``.
        """
        text: list[str] = []
        for part in self._parts:
            if _is_encoded(part):
                raise TypeError("a part is encoded while it is sent, expected a call of as_bytes")
            fields = format_part_fields(part.headers).decode("utf-8", "surrogateescape")
            text.append(f"--{self._boundary}\r\n{fields}{part.decode(encoding, errors)}\r\n")
        return "".join([*text, f"--{self._boundary}--\r\n"])

    async def _release(self) -> None:
        for part in self._parts:
            await part.close()


def make_part(value: Any, headers: Mapping[str, str], charset: str | None = None) -> Payload:
    """Return a payload of ``value``.

    Args:
        value: What ``get_payload`` takes.
        headers: Fields of the part; a charset in Content-Type holds for text.
        charset: For text without one.

    Raises:
        TypeError: No payload can be made of it.
        LookupError: The charset is not known to Python.
        UnicodeEncodeError: The text cannot be had in the charset.
    """
    fields = CIMultiDict(headers)
    content_type = fields.get(hdrs.CONTENT_TYPE)
    arguments: dict[str, Any] = {} if content_type is None else {"content_type": content_type}
    media_type = parse_media_type(content_type)
    named = None if media_type is None else media_type.charset
    try:
        return get_payload(value, headers=fields, encoding=named or charset, **arguments)
    except PayloadLookupError as error:
        raise TypeError(f"a part cannot be made of {type(value).__name__}") from error


def _is_encoded(part: Payload) -> bool:
    """Return True when a part is encoded while it is sent.

    Raises:
        LocalProtocolError: An encoding is not known.
    """
    transfer = find_transfer_encoder(part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, ""))
    return _content_encoder(part) is not None or not isinstance(transfer, Identity)


def _content_encoder(part: Payload) -> Encoder | None:
    coding = part.headers.get(hdrs.CONTENT_ENCODING, "")
    return None if coding.strip(" \t").lower() in ("", "identity") else make_encoder(coding)


def _fields_of(part: Payload) -> CIMultiDict[str]:
    """Return the fields as they are sent: a length that the encoding has made wrong is left out."""
    if hdrs.CONTENT_LENGTH not in part.headers or not _is_encoded(part):
        return part.headers
    headers = part.headers.copy()
    del headers[hdrs.CONTENT_LENGTH]
    return headers


async def _encoded_pieces(part: Payload) -> AsyncGenerator[bytes, None]:
    content = _content_encoder(part)
    transfer = find_transfer_encoder(part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, ""))
    pieces = part.pieces()
    try:
        async for piece in pieces:
            data = bytes(piece) if content is None else await _compress(content, bytes(piece))
            if encoded := transfer.update(data):
                yield encoded
    finally:
        await pieces.aclose()
    if content is not None and (encoded := transfer.update(content.finish())):
        yield encoded
    if encoded := transfer.finish():
        yield encoded


async def _compress(encoder: Encoder, data: bytes) -> bytes:
    if len(data) <= ENCODE_INLINE_OCTETS:
        return encoder.encode(data)
    return await asyncio.get_running_loop().run_in_executor(None, encoder.encode, data)
