"""Structured fields: from values to text.

Source: RFC 9651 §4.1.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from ..errors import LocalProtocolError
from .types import MAX_INTEGER, BareItem, Date, DisplayString, InnerList, Item, Member, Parameters, Token

_KEY: Final = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_TOKEN: Final = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*")
_PRINTABLE: Final = re.compile(r"[\x20-\x7e]*")
_TO_ESCAPE: Final = re.compile(r'(["\\])')
_TO_PERCENT: Final = re.compile(rb"[^\x20\x21\x23\x24\x26-\x7e]")
_THOUSANDTH: Final = Decimal("0.001")
_ROUNDING: Final = Context(prec=32, rounding=ROUND_HALF_EVEN)


def format_item(item: Item) -> str:
    """Return an Item as a field value.

    Args:
        item: A ``float`` is written as the Decimal it is nearest to; both are rounded to three digits behind the point.

    Raises:
        LocalProtocolError: A value or key cannot be written: a number or date that is too great or none, a string
            beyond printable ASCII, a token or key of other characters; ``code`` is ``bad-structured-field``.

    Source: RFC 9651 §4.1.3.
    """
    return _format_bare_item(item.value) + _format_parameters(item.parameters)


def format_list(members: Iterable[Member]) -> str:
    """Return a List as a field value; the empty list is empty text, and its field is not to be sent at all.

    Raises:
        LocalProtocolError: As for ``format_item``.

    Source: RFC 9651 §4.1.1.
    """
    return ", ".join([_format_member(member) for member in members])


def format_dictionary(members: Mapping[str, Member]) -> str:
    """Return a Dictionary as a field value; the empty one is empty text, and its field is not to be sent at all.

    Raises:
        LocalProtocolError: As for ``format_item``.

    Source: RFC 9651 §4.1.2.
    """
    parts = []
    for key, member in members.items():
        if isinstance(member, Item) and member.value is True:
            parts.append(_checked_key(key) + _format_parameters(member.parameters))
        else:
            parts.append(f"{_checked_key(key)}={_format_member(member)}")
    return ", ".join(parts)


def _format_member(member: Member) -> str:
    if isinstance(member, Item):
        return format_item(member)
    if isinstance(member, InnerList):
        items = " ".join([format_item(item) for item in member.items])
        return f"({items}){_format_parameters(member.parameters)}"
    raise _error("a member", member, "an Item or an InnerList")


def _format_parameters(parameters: Parameters) -> str:
    parts = []
    for key, value in parameters.items():
        parts.append(f";{_checked_key(key)}")
        if value is not True:
            parts.append(f"={_format_bare_item(value)}")
    return "".join(parts)


def _checked_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise _error("a key", key, "lower-case letters, digits and _-.*")
    return key


def _format_bare_item(value: BareItem) -> str:  # one branch for each type of the RFC
    if isinstance(value, bool):  # before int, of which it is a kind
        return "?1" if value else "?0"
    if isinstance(value, int):
        return _format_integer(value)
    if isinstance(value, str):
        if not _PRINTABLE.fullmatch(value):
            raise _error("a string", value, "printable ASCII; a DisplayString takes all text")
        return '"' + _TO_ESCAPE.sub(r"\\\1", value) + '"'
    if isinstance(value, Token):
        if not _TOKEN.fullmatch(value.text):
            raise _error("a token", value.text, "a letter or *, then token characters, colons and slashes")
        return value.text
    if isinstance(value, bytes):
        return f":{b2a_base64(value, newline=False).decode('ascii')}:"
    if isinstance(value, Decimal | float):
        return _format_decimal(Decimal(value))
    if isinstance(value, Date):
        return f"@{_format_integer(value.seconds)}"
    if isinstance(value, DisplayString):
        return _format_display_string(value.text)
    raise _error("a value", value, "one of the types of RFC 9651")


def _format_integer(number: int) -> str:
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise _error("an integer", "", "at most 15 digits")
    return str(number)


def _format_decimal(number: Decimal) -> str:
    if number.is_finite() and number.adjusted() < 13:
        rounded = number.quantize(_THOUSANDTH, context=_ROUNDING)
        if rounded.adjusted() < 12:
            whole, _, fraction = f"{rounded if rounded else abs(rounded):f}".partition(".")
            return f"{whole}.{fraction.rstrip('0') or '0'}"
    raise _error("a decimal", "", "at most 12 digits before the point")


def _format_display_string(text: str) -> str:
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        raise _error("a display string", text, "text without surrogates") from None
    return '%"' + _TO_PERCENT.sub(lambda hit: b"%%%02x" % hit[0][0], raw).decode("ascii") + '"'


def _error(what: str, seen: object, expected: str) -> LocalProtocolError:
    shown = seen if isinstance(seen, str) and seen else None
    problem = "found" if shown else "cannot be written"
    where = f"structured field, {what}"
    return LocalProtocolError("bad-structured-field", where=where, problem=problem, seen=shown, expected=expected)
