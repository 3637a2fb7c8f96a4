"""Forms in the format application/x-www-form-urlencoded: formatting, parsing, and a body to send.

Parsing never fails on the octets of a field: what is not percent-encoded right stands for itself, and what does not fit
the encoding becomes U+FFFD, as in browsers. Only the number of fields is bounded here; the size is bounded by who
gathers the octets.

Source: WHATWG URL, "application/x-www-form-urlencoded"; RFC 3986 §2.1.
"""

import codecs
from collections.abc import Iterable, Mapping
from urllib.parse import quote_plus, unquote_to_bytes

from ..charsets import find_charset
from ..errors import RemoteProtocolError
from ..limits import DEFAULT_LIMITS
from ..typedefs import Byteish
from .sources import BytesBody

FormFields = Mapping[str, object] | Iterable[tuple[str, object]]
"""Names and values; a value that is neither text nor octets is written as ``str`` writes it."""

MEDIA_TYPE = "application/x-www-form-urlencoded"
"""Media type of a form of this format."""


def format_form(fields: FormFields, *, encoding: str = "utf-8") -> bytes:
    """Return fields as the octets of a form, in the order in which they are given.

    Args:
        fields: A mapping (a multidict gives each of its values), or pairs.
        encoding: Charset of names and values.

    Raises:
        LookupError: ``encoding`` is unknown.
        UnicodeEncodeError: A name or value cannot be written in ``encoding``.

    Source: WHATWG URL §5.2.
    """
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    text = "&".join(f"{_quote(name, encoding)}={_quote(value, encoding)}" for name, value in pairs)
    return text.encode("ascii")


def _quote(value: object, encoding: str) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return quote_plus(bytes(value))
    return quote_plus(str(value).encode(encoding))


def parse_form(
    raw: Byteish, *, encoding: str = "utf-8", max_fields: int = DEFAULT_LIMITS.max_form_fields
) -> list[tuple[str, str]]:
    """Return the fields of a form, in their order; names may repeat, values may be empty.

    Args:
        raw: The whole body.
        encoding: Charset of names and values, as the peer names it.
        max_fields: Fields at the most, empty ones between two ``&`` counted; 0 is no limit.

    Raises:
        RemoteProtocolError: There are more fields than ``max_fields`` (``too-many-form-fields``, 413), or the encoding
            is unknown or is none for text (``bad-charset``, 415).

    Source: WHATWG URL §5.1.
    """
    data = bytes(raw)
    if max_fields and data.count(b"&") >= max_fields:
        raise RemoteProtocolError(
            "too-many-form-fields",
            where="form",
            problem="more fields than the limit",
            expected=f"at most {max_fields} (max_form_fields)",
        )
    codec = find_charset(encoding)
    if codec is None:
        raise RemoteProtocolError("bad-charset", where="form", seen=encoding, expected="a charset of text")
    fields = []
    for part in data.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            fields.append((_unquote(name, codec), _unquote(value, codec)))
    return fields


def _unquote(raw: bytes, encoding: str) -> str:
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    if b"%" in raw:
        raw = unquote_to_bytes(raw)
    return raw.decode(encoding, "replace")


class FormBody(BytesBody):
    """A form, urlencoded.

    Args:
        fields: Names and values; see ``format_form``.
        encoding: Charset of names and values. It is named in Content-Type only when it is not UTF-8.

    Raises:
        LookupError: ``encoding`` is unknown.
        UnicodeEncodeError: A name or value cannot be written in ``encoding``.
    """

    def __init__(self, fields: FormFields, *, encoding: str = "utf-8") -> None:
        is_utf8 = codecs.lookup(encoding).name == "utf-8"
        content_type = MEDIA_TYPE if is_utf8 else f"{MEDIA_TYPE}; charset={encoding}"
        super().__init__(format_form(fields, encoding=encoding), content_type=content_type)
