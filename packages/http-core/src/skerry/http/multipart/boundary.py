"""The boundary of a multipart body: its grammar, and its place in a Content-Type.

A boundary is at most 70 characters, since a decoder looks for it in every octet that comes.
"""

import re
from dataclasses import dataclass

from ..errors import LocalProtocolError, ProtocolError, RemoteProtocolError
from ..quoted import is_token, read_quoted, skip_space, skip_token

MAX_BOUNDARY_LENGTH = 70
"""Characters of the longest boundary (RFC 2046 §5.1.1)."""

# bchars, the last of which is no space (RFC 2046 §5.1.1); received ones may be any visible ASCII, as some senders do.
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
# Many senders of mail and forms leave the quotes away around characters that are not of a token (=, :, /, ?).
_PLAIN = re.compile(r"[!#-+\-.-:<-~]++")
_RECEIVED = re.compile(r"[ -~]{0,69}[!-~]")


@dataclass(frozen=True, slots=True)
class MultipartType:
    """A Content-Type ``multipart/…``."""

    subtype: str
    """``form-data``, ``mixed`` …, in lower case."""
    boundary: str
    """What separates the parts: 1 .. 70 visible characters and spaces, the last one visible."""


def is_multipart(content_type: str) -> bool:
    """Return True when a Content-Type names a type ``multipart/…``, in whatever case."""
    return content_type.lstrip(" \t")[:10].lower() == "multipart/"


def parse_multipart_type(content_type: str | None) -> MultipartType:
    """Read the Content-Type of a multipart body.

    Args:
        content_type: Field value; None when there is no such field.

    Raises:
        RemoteProtocolError: It is not ``multipart/…`` (``not-multipart``, 415); or there is no boundary, more than
            one, one that is longer than 70 characters, or one with characters that it must not have
            (``bad-boundary``).

    Source: RFC 2046 §5.1.1.
    """
    text = content_type or ""
    start = skip_space(text, 0)
    slash = skip_token(text, start)
    end = skip_token(text, slash + 1) if text[slash : slash + 1] == "/" else slash
    if text[start:slash].lower() != "multipart" or end <= slash + 1:
        raise RemoteProtocolError(
            "not-multipart", where="Content-Type", seen=content_type, expected="multipart/… with a boundary"
        )
    found = _boundaries(text, end)
    if len(found) != 1:
        raise _refused(RemoteProtocolError, text, "one boundary")
    if _RECEIVED.fullmatch(found[0]) is None:
        raise _refused(RemoteProtocolError, found[0], "1 .. 70 visible ASCII characters")
    return MultipartType(text[slash + 1 : end].lower(), found[0])


def _boundaries(text: str, at: int) -> list[str]:
    """Return the values of all parameters called boundary; none at all when the parameters cannot be read."""
    found: list[str] = []
    while (at := skip_space(text, at)) < len(text):
        if text[at] != ";":
            return []
        start = skip_space(text, at + 1)
        if start == len(text) or text[start] == ";":
            at = start
            continue
        end = skip_token(text, start)
        quoted = read_quoted(text, end + 1)
        if quoted is None and (plain := _PLAIN.match(text, end + 1)):
            quoted = plain[0], plain.end()
        if end == start or text[end : end + 1] != "=" or quoted is None:
            return []
        value, at = quoted
        if text[start:end].lower() == "boundary":
            found.append(value)
    return found


def check_boundary(boundary: str) -> str:
    """Return ``boundary`` when it may be sent.

    Raises:
        LocalProtocolError: It is empty, longer than 70 characters, ends with a space, or has a character that no
            boundary may have (``bad-boundary``).

    Source: RFC 2046 §5.1.1.
    """
    if _BOUNDARY.fullmatch(boundary) is None:
        raise _refused(LocalProtocolError, boundary, "1 .. 70 characters of RFC 2046 §5.1.1")
    return boundary


def format_multipart_type(subtype: str, boundary: str) -> str:
    """Return the Content-Type of a multipart body; the boundary is quoted when it is no token.

    Raises:
        LocalProtocolError: ``subtype`` is no token (``bad-field-value``), or ``boundary`` may not be sent
            (``bad-boundary``).

    Source: RFC 2046 §5.1.1.
    """
    if not is_token(subtype):
        raise LocalProtocolError("bad-field-value", where="multipart subtype", seen=subtype, expected="a token")
    check_boundary(boundary)
    return f"multipart/{subtype}; boundary=" + (boundary if is_token(boundary) else f'"{boundary}"')


def _refused(kind: type[ProtocolError], seen: str, expected: str) -> ProtocolError:
    return kind("bad-boundary", where="multipart boundary", seen=seen, expected=expected)
