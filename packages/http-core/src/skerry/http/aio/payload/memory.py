"""Payloads of octets, text and JSON in memory."""

import json
from collections.abc import AsyncGenerator
from typing import IO, Any

from ...body.sources import cut
from ...mediatypes import parse_media_type
from ...typedefs import Byteish, JSONBytesEncoder, JSONEncoder, LooseHeaders
from .base import PulledPayload


class BytesPayload(PulledPayload):
    """Octets in memory.

    Args:
        value: The octets.
        headers: As ``Payload``.
        content_type: Value for Content-Type; the name of a file makes no difference here.
        filename: As ``Payload``.
        encoding: As ``Payload``.
        kwargs: Ignored.

    Raises:
        TypeError: ``value`` is not bytes, bytearray or memoryview.
    """

    _autoclose = True
    _value: Byteish

    def __init__(
        self,
        value: Byteish,
        headers: LooseHeaders | None = None,
        content_type: str | None = None,
        filename: str | None = None,
        encoding: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"found {type(value).__name__}, expected bytes, bytearray or memoryview")
        super().__init__(value, headers, content_type or self._default_content_type, filename, encoding)

    @property
    def size(self) -> int:
        """Octets."""
        value = self._value
        return value.nbytes if isinstance(value, memoryview) else len(value)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the octets as text; see ``Payload.decode``."""
        return bytes(self._value).decode(encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the octets."""
        return bytes(self._value)

    def _pieces(self) -> AsyncGenerator[Byteish, None]:
        return cut(self._value)


class StringPayload(BytesPayload):
    """Text in memory.

    Args:
        value: The text.
        headers: As ``Payload``.
        encoding: Charset; by default the one that ``content_type`` names, else UTF-8.
        content_type: Value for Content-Type; by default ``text/plain`` with the charset.
        kwargs: As ``Payload``.

    Raises:
        TypeError: ``value`` is no text.
        LookupError: The charset is unknown.
        UnicodeEncodeError: The text cannot be written in it.
    """

    def __init__(
        self,
        value: str,
        headers: LooseHeaders | None = None,
        encoding: str | None = None,
        content_type: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not isinstance(value, str):
            raise TypeError(f"found {type(value).__name__}, expected text")
        encoding, content_type = text_type(encoding, content_type)
        super().__init__(value.encode(encoding), headers, encoding=encoding, content_type=content_type, **kwargs)


def text_type(encoding: str | None, content_type: str | None) -> tuple[str, str]:
    """Return the charset and the Content-Type of a text, each made from the other when it is missing."""
    if content_type is None:
        encoding = encoding or "utf-8"
        return encoding, f"text/plain; charset={encoding}"
    if encoding is None:
        media_type = parse_media_type(content_type)
        encoding = (media_type.charset if media_type is not None else None) or "utf-8"
    return encoding, content_type


class StringIOPayload(StringPayload):
    """What is left to read of a text file in memory; it is read at once.

    Args:
        value: The file.
        headers: As ``StringPayload``.
        kwargs: As ``StringPayload``.
    """

    def __init__(self, value: IO[str], headers: LooseHeaders | None = None, **kwargs: Any) -> None:
        super().__init__(value.read(), headers, **kwargs)


class JsonPayload(BytesPayload):
    """A value as JSON text.

    Args:
        value: What ``dumps`` takes.
        encoding: Charset. RFC 8259 §8.1 knows UTF-8 alone.
        content_type: Value for Content-Type.
        dumps: Makes the text.
        headers: As ``Payload``.
        kwargs: As ``Payload``.

    Raises:
        TypeError: From ``dumps``, for a value of a type that JSON does not have.
        ValueError: From ``dumps``, for a value that contains itself.
    """

    def __init__(
        self,
        value: Any,
        encoding: str = "utf-8",
        content_type: str = "application/json",
        dumps: JSONEncoder = json.dumps,
        headers: LooseHeaders | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(dumps(value).encode(encoding), headers, content_type=content_type, encoding=encoding, **kwargs)


class JsonBytesPayload(BytesPayload):
    """A value as JSON in octets, for encoders that make octets.

    Args:
        value: What ``dumps`` takes.
        dumps: Makes the octets.
        content_type: Value for Content-Type.
        headers: As ``Payload``.
        kwargs: As ``Payload``.

    Raises:
        TypeError: ``dumps`` does not give octets, or refuses the value.
    """

    def __init__(
        self,
        value: Any,
        dumps: JSONBytesEncoder,
        content_type: str = "application/json",
        headers: LooseHeaders | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(dumps(value), headers, content_type=content_type, **kwargs)
