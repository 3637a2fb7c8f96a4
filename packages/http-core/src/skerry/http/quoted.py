"""Tokens, quoted strings, parameters and lists: the grammar that most header fields share (RFC 9110 §5.6).

All of it works on decoded text and reads forward only: each function takes a place in the text and returns the place
behind what it has read. No octet is looked at more than a fixed number of times, whatever the peer sends; a quoted
string that never ends is met once, since nothing is read behind it. Names and tokens are ASCII, so ``lower`` cannot
turn a Kelvin sign into a K. Nothing here raises on what a peer sent.
"""

import re
from collections.abc import Iterable
from typing import Final

from .errors import LocalProtocolError
from .limits import DEFAULT_LIMITS

# Every repetition is possessive: there is nothing to come back to, and so nothing that could go quadratic.
TOKEN_PATTERN: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"
"""A token, for regular expressions of other modules."""

_TOKEN = re.compile(TOKEN_PATTERN)
_SPACE = re.compile(r"[ \t]*+")
_TEXT = r'[^\x00-\x08\x0a-\x1f\x7f"\\]*+'
_QUOTED_PATTERN = rf'"({_TEXT}(?:\\[^\x00-\x08\x0a-\x1f\x7f]{_TEXT})*+)"'
_QUOTED = re.compile(_QUOTED_PATTERN)
_PARAMETER = re.compile(rf"[ \t]*+;[ \t]*+({TOKEN_PATTERN})=(?:({TOKEN_PATTERN})|{_QUOTED_PATTERN})")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = re.compile(r'(["\\])')
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# A comma, or a quoted string in which commas separate nothing; one without an end takes all the rest.
_LIST_PIECE = re.compile(r',|"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


def is_token(text: str) -> bool:
    """Return True for one or more tchar (RFC 9110 §5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def skip_space(text: str, at: int) -> int:
    """Return the place of the first character from ``at`` on that is neither space nor tab (RFC 9110 §5.6.3)."""
    hit = _SPACE.match(text, at)
    return hit.end() if hit else at


def skip_token(text: str, at: int) -> int:
    """Return the place behind the token that starts at ``at``, or ``at`` when none does (RFC 9110 §5.6.2)."""
    hit = _TOKEN.match(text, at)
    return hit.end() if hit else at


def read_quoted(text: str, at: int) -> tuple[str, int] | None:
    """Read the quoted string that starts at ``at``.

    Returns:
        What it stands for, quoted pairs resolved, and the place behind the closing quote. None when no quoted string
        starts there, it has no end, or a control character other than the tab is in it.

    Source: RFC 9110 §5.6.4.
    """
    hit = _QUOTED.match(text, at)
    if hit is None:
        return None
    return _resolve(hit[1]), hit.end()


def _resolve(text: str) -> str:
    """Return what stands between quotes without the backslashes of quoted pairs."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def read_value(text: str, at: int) -> tuple[str, int] | None:
    """Read the token or the quoted string that starts at ``at``; None when neither does (RFC 9110 §5.6.6)."""
    stop = skip_token(text, at)
    return (text[at:stop], stop) if stop > at else read_quoted(text, at)


def read_parameters(
    text: str, at: int, *, max_parameters: int = DEFAULT_LIMITS.max_parameters
) -> tuple[list[tuple[str, str]], int]:
    """Read parameters, each behind a semicolon, as far as the grammar holds.

    Args:
        text: Field value.
        at: Place of the first semicolon, or of white space before it.
        max_parameters: How many are read at the most; 0 reads all there are.

    Returns:
        Names in lower case with their values, in the order in which they came, two alike included; and the place where
        reading stopped: the end of the text, or the first character that is part of no parameter (a comma, when the
        field is a list). Who is strict looks at it. White space and empty parameters (``;;``) are read over.

    Source: RFC 9110 §5.6.6.
    """
    found: list[tuple[str, str]] = []
    while True:
        hit = _PARAMETER.match(text, at)
        if hit is not None and (not max_parameters or len(found) < max_parameters):
            name, value, quoted = hit.groups()
            found.append((name.lower(), value if value is not None else _resolve(quoted)))
            at = hit.end()
            continue
        stop = skip_space(text, at)
        if stop == len(text) or text[stop] == ",":
            return found, stop
        if text[stop] != ";":
            return found, at
        start = skip_space(text, stop + 1)
        if start < len(text) and text[start] not in ";,":
            return found, stop
        at = start


def split_list(text: str, *, max_members: int = 0) -> list[str]:
    """Cut a field value at its commas, but not at those inside quoted strings.

    Args:
        text: Field value; several fields of one name joined with commas are one list.
        max_members: How many are returned at the most, what follows is left out; 0 returns all.

    Returns:
        The members without white space around them; empty ones are left out. The rest from a quoted string without an
        end on is one member, which its reader will not understand.

    Source: RFC 9110 §5.6.1.
    """
    members: list[str] = []
    start = 0
    for hit in _LIST_PIECE.finditer(text):
        if hit[0] != ",":
            continue
        if member := text[start : hit.start()].strip(" \t"):
            members.append(member)
            if len(members) == max_members:
                return members
        start = hit.end()
    if member := text[start:].strip(" \t"):
        members.append(member)
    return members


def quote(text: str, *, where: str = "quoted string") -> str:
    """Return ``text`` as a quoted string; ``"`` and the backslash get a backslash before them.

    Args:
        text: What is quoted; characters beyond ASCII are put in as they are.
        where: What the error calls the place.

    Raises:
        LocalProtocolError: ``text`` holds a control character other than the tab (``bad-field-value``): a line end
            would be the start of another field.

    Source: RFC 9110 §5.6.4.
    """
    hit = _CONTROL.search(text)
    if hit is not None:
        raise LocalProtocolError(
            "bad-field-value", where=where, problem="a control character", seen=hit[0], expected="text on one line"
        )
    return '"' + _TO_ESCAPE.sub(r"\\\1", text) + '"'


def quote_if_needed(text: str, *, where: str = "parameter") -> str:
    """Return ``text`` as it is when it is a token, else as a quoted string.

    Raises:
        LocalProtocolError: As for ``quote``.

    Source: RFC 9110 §5.6.6.
    """
    return text if is_token(text) else quote(text, where=where)


def format_parameters(parameters: Iterable[tuple[str, str]]) -> str:
    """Return parameters as they stand behind a value: ``"; charset=utf-8; title=\\"a b\\""``.

    Raises:
        LocalProtocolError: A name is no token, or a value holds a control character (``bad-field-value``).

    Source: RFC 9110 §5.6.6.
    """
    parts: list[str] = []
    for name, value in parameters:
        if not is_token(name):
            raise LocalProtocolError(
                "bad-field-value", where="parameter name", problem="no token:", seen=name, expected="a token"
            )
        parts.append(f"; {name}={quote_if_needed(value, where=f'parameter {name}')}")
    return "".join(parts)
