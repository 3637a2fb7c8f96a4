"""Content-Type values: read and written (RFC 9110 §8.3)."""

import re
from typing import NamedTuple

OCTET_STREAM = "application/octet-stream"

_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PARAMETER = re.compile(
    r'[ \t]*;[ \t]*(?:([!#$%&\'*+.^_`|~0-9A-Za-z-]+)=("(?:[^"\\]|\\.)*"|[!#$%&\'*+.^_`|~0-9A-Za-z-]+))?'
)
_ESCAPED = re.compile(r"\\(.)")


class MediaType(NamedTuple):
    """A media type with its parameters."""

    content_type: str
    """Type and subtype in lower case, without parameters."""
    parameters: dict[str, str]
    """Names in lower case, values without quotes; the first of two alike counts."""


def parse_media_type(value: str | None) -> MediaType:
    """Return what a Content-Type field says; ``application/octet-stream`` when it is missing or unreadable.

    Reading stops quietly at the first parameter that breaks the grammar: half a label is better than none.

    Source: RFC 9110 §8.3.1, §5.6.6.
    """
    hit = _TYPE.match(value.strip(" \t")) if value else None
    if hit is None:
        return MediaType(OCTET_STREAM, {})
    text = hit.string
    parameters: dict[str, str] = {}
    part = _PARAMETER.match(text, hit.end())
    while part is not None:
        if part[1] is not None:
            raw = part[2]
            parameters.setdefault(part[1].lower(), _ESCAPED.sub(r"\1", raw[1:-1]) if raw[0] == '"' else raw)
        part = _PARAMETER.match(text, part.end()) if part.end() < len(text) else None
    return MediaType(hit[0].lower(), parameters)


def format_media_type(content_type: str, parameters: dict[str, str]) -> str:
    """Return the field value for a type and its parameters."""
    return "".join([content_type, *(f"; {name}={value}" for name, value in parameters.items())])
