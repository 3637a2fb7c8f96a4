"""Media types: Content-Type and what else names one, read and written, compared with ranges such as ``text/*``.

Reading is as patient as browsers are: a parameter that breaks the grammar is passed over, since half a label is better
than none. Writing is strict.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .charsets import find_charset
from .errors import LocalProtocolError
from .limits import DEFAULT_LIMITS
from .quoted import TOKEN_PATTERN, format_parameters, is_token, read_parameters

__all__ = ["OCTET_STREAM", "UNKNOWN_MEDIA", "MediaType", "format_media_type", "parse_media_range", "parse_media_type"]

OCTET_STREAM: Final = "application/octet-stream"
"""What a body without a readable Content-Type is taken for (RFC 9110 §8.3)."""

_NAMES = re.compile(rf"[ \t]*+({TOKEN_PATTERN})/({TOKEN_PATTERN})[ \t]*+(?=;|\Z)")
_STAR = re.compile(r"[ \t]*+\*[ \t]*+(?=;|\Z)")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type, or a range of them where a name is ``*``; names are in lower case."""

    type: str
    """``text`` in ``text/html``; ``*`` in a range."""
    subtype: str
    """``html`` in ``text/html``; ``*`` in a range."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names in lower case and values without quotes, as they came."""

    @property
    def content_type(self) -> str:
        """Type and subtype without parameters."""
        return f"{self.type}/{self.subtype}"

    @property
    def suffix(self) -> str:
        """What stands behind the last ``+`` of the subtype, ``json`` in ``application/problem+json``; or empty.

        Source: RFC 6838 §4.2.8.
        """
        return self.subtype.rpartition("+")[2] if "+" in self.subtype else ""

    @property
    def charset(self) -> str | None:
        """Value of the parameter ``charset`` as the sender wrote it; None when there is none."""
        return self.get("charset")

    @property
    def codec(self) -> str | None:
        """Python's name of the charset; None when there is none, or none that is known and safe to use."""
        charset = self.get("charset")
        return None if charset is None else find_charset(charset)

    @property
    def is_json(self) -> bool:
        """True for ``application/json`` and every type with the suffix ``+json`` (RFC 6839 §3.1)."""
        return self.suffix == "json" or (self.type == "application" and self.subtype == "json")

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the value of the first parameter called ``name`` (lower case), or ``default``."""
        for known, value in self.parameters:
            if known == name:
                return value
        return default

    def is_within(self, media_range: "MediaType") -> bool:
        """Return True when this type is one of those that ``media_range`` stands for.

        Each parameter of the range must be here too, with the same value; ``charset`` values compare without case.
        Parameters that only this type has make no difference.

        Source: RFC 9110 §12.5.1, §8.3.2.
        """
        if media_range.type != "*" and media_range.type != self.type:
            return False
        if media_range.subtype != "*" and media_range.subtype != self.subtype:
            return False
        return all(_is_same(name, value, self.get(name)) for name, value in media_range.parameters)

    def __str__(self) -> str:
        return f"{self.content_type}{format_parameters(self.parameters)}"


UNKNOWN_MEDIA: Final = MediaType("application", "octet-stream")
"""``OCTET_STREAM`` as a media type."""


def _is_same(name: str, value: str, other: str | None) -> bool:
    if other is None:
        return False
    return value == other or (name == "charset" and value.lower() == other.lower())


def parse_media_type(value: str | None, *, max_parameters: int = DEFAULT_LIMITS.max_parameters) -> MediaType | None:
    """Return what a Content-Type says, or None when it is missing or does not begin with ``type/subtype``.

    A parameter that breaks the grammar is passed over up to the next semicolon.

    Args:
        value: Field value.
        max_parameters: How many parameters are kept at the most, what follows is left out; 0 keeps all.

    Source: RFC 9110 §8.3.1, §5.6.6.
    """
    hit = _NAMES.match(value) if value else None
    if value is None or hit is None:
        return None
    at = hit.end()
    parameters: list[tuple[str, str]] = []
    while 0 <= at < len(value):
        room = max_parameters - len(parameters)
        if max_parameters and room <= 0:
            break
        found, at = read_parameters(value, at, max_parameters=room if max_parameters else 0)
        parameters += found
        at = value.find(";", at + 1)
    return MediaType(hit[1].lower(), hit[2].lower(), tuple(parameters))


def parse_media_range(text: str, *, max_parameters: int = DEFAULT_LIMITS.max_parameters) -> MediaType | None:
    """Return one member of an Accept field, or None when the grammar is broken anywhere in it.

    ``*`` alone, which old clients send, is ``*/*``. A subtype may be ``*``; a type may only with its subtype.

    Args:
        text: One member, its weight included as the parameter ``q``.
        max_parameters: How many parameters a readable member has at the most; 0 for any number.

    Source: RFC 9110 §12.5.1.
    """
    hit = _NAMES.match(text) or _STAR.match(text)
    if hit is None:
        return None
    kind, subtype = (hit[1].lower(), hit[2].lower()) if hit.re is _NAMES else ("*", "*")
    parameters, at = read_parameters(text, hit.end(), max_parameters=max_parameters)
    if at != len(text) or (kind == "*" and subtype != "*"):
        return None
    return MediaType(kind, subtype, tuple(parameters))


def format_media_type(content_type: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """Return the value of a Content-Type field.

    Args:
        content_type: ``type/subtype``.
        parameters: Names and values; a value that is no token is quoted.

    Raises:
        LocalProtocolError: The type or a name is made of other than tokens, or a value holds a control character
            (``bad-field-value``).

    Source: RFC 9110 §8.3.1, §5.6.6.
    """
    kind, _, subtype = content_type.partition("/")
    if not is_token(kind) or not is_token(subtype):
        raise LocalProtocolError("bad-field-value", where="media type", seen=content_type, expected="type/subtype")
    return content_type + format_parameters(parameters)
