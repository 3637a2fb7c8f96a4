"""Structured fields: from text to values.

A field is understood as a whole or not at all. Reading goes forward only: each character is looked at a fixed number of
times, and nothing nests deeper than the items of an inner list.

Source: RFC 9651 §4.2.
"""

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64
from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeVar

from ..errors import RemoteProtocolError
from ..limits import DEFAULT_LIMITS, Limits
from .types import BareItem, Date, DisplayString, InnerList, Item, Member, Token

_SPACES: Final = re.compile(r" *+")
_WHITE_SPACE: Final = re.compile(r"[ \t]*+")
_KEY: Final = re.compile(r"[a-z*][a-z0-9_\-.*]*+")
_TOKEN: Final = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*+")
# One digit more than is allowed is read, so that the number is refused and not cut.
_NUMBER: Final = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{0,4}))?")
_STRING: Final = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]++|\\["\\])*+)"')
_BYTES: Final = re.compile(r":([A-Za-z0-9+/]*+)(={0,2}):")
_DISPLAY: Final = re.compile(r'%"((?:[\x20\x21\x23\x24\x26-\x7e]++|%[0-9a-f]{2})*+)"')
_ESCAPED: Final = re.compile(r"\\(.)")
_PERCENT: Final = re.compile(rb"%([0-9a-f]{2})")
_DIGITS: Final = tuple("0123456789")

_Result = TypeVar("_Result")


def parse_item(text: str, limits: Limits = DEFAULT_LIMITS) -> Item:
    """Return the Item that a field value is.

    Args:
        text: Field value.
        limits: ``max_structured_inner_members`` for the parameters.

    Raises:
        RemoteProtocolError: It is none, or has too many parameters; ``code`` is ``bad-structured-field``. The RFC asks
            to ignore the field then.

    Source: RFC 9651 §4.2, §4.2.3.
    """
    return _parse_whole(text, limits, _Reader.read_item)


def parse_list(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Member]:
    """Return the members of the List that a field value is.

    Args:
        text: Field value; several fields of one name are joined with ``", "`` before. Empty text is the empty list.
        limits: ``max_structured_members`` and ``max_structured_inner_members``.

    Raises:
        RemoteProtocolError: It is none, or has too many members; ``code`` is ``bad-structured-field``. The RFC asks to
            ignore the field then.

    Source: RFC 9651 §4.2, §4.2.1.
    """
    return _parse_whole(text, limits, _Reader.read_list)


def parse_dictionary(text: str, limits: Limits = DEFAULT_LIMITS) -> dict[str, Member]:
    """Return the members of the Dictionary that a field value is, by key and in order; of two alike, the last.

    Args:
        text: Field value; several fields of one name are joined with ``", "`` before. Empty text is the empty one.
        limits: As for ``parse_list``; members that are replaced count.

    Raises:
        RemoteProtocolError: It is none, or has too many members; ``code`` is ``bad-structured-field``. The RFC asks to
            ignore the field then.

    Source: RFC 9651 §4.2, §4.2.2.
    """
    return _parse_whole(text, limits, _Reader.read_dictionary)


def _parse_whole(text: str, limits: Limits, read: Callable[["_Reader"], _Result]) -> _Result:
    reader = _Reader(text, limits)
    reader.skip(_SPACES)
    result = read(reader)
    reader.skip(_SPACES)
    if not reader.is_at_end():
        raise reader.error("the end of the field")
    return result


class _Reader:
    """A place in a text, and what can be read there. Every method leaves the place behind what it has read."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.at = 0
        self.most = limits.max_structured_members
        self.most_inner = limits.max_structured_inner_members

    def error(self, expected: str) -> RemoteProtocolError:
        """Return the error for what stands at the place."""
        seen = self.text[self.at : self.at + 32]
        where = f"structured field, character {self.at}"
        return RemoteProtocolError("bad-structured-field", where=where, seen=seen, expected=expected)

    def is_at_end(self) -> bool:
        return self.at >= len(self.text)

    def next_is(self, character: str) -> bool:
        return self.text.startswith(character, self.at)

    def skip(self, space: re.Pattern[str]) -> None:
        hit = space.match(self.text, self.at)
        self.at = hit.end() if hit else self.at

    def take(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        hit = pattern.match(self.text, self.at)
        if hit is None:
            raise self.error(expected)
        self.at = hit.end()
        return hit

    def read_list(self) -> list[Member]:
        members: list[Member] = []
        while not self.is_at_end():
            members.append(self.read_member())
            if self.is_behind_last(len(members)):
                break
        return members

    def read_dictionary(self) -> dict[str, Member]:
        members: dict[str, Member] = {}
        count = 0
        while not self.is_at_end():
            key = self.take(_KEY, "a key")[0]
            if self.next_is("="):
                self.at += 1
                members[key] = self.read_member()
            else:
                members[key] = Item(True, self.read_parameters())
            count += 1
            if self.is_behind_last(count):
                break
        return members

    def is_behind_last(self, count: int) -> bool:
        """Read the comma between two members; return True when there is none and the text has ended."""
        self.skip(_WHITE_SPACE)
        if self.is_at_end():
            return True
        if not self.next_is(","):
            raise self.error("a comma")
        self.at += 1
        self.skip(_WHITE_SPACE)
        if self.is_at_end():
            raise self.error("a member behind the comma")
        if self.most and count >= self.most:
            raise self.error(f"at most {self.most} members")
        return False

    def read_member(self) -> Member:
        return self.read_inner_list() if self.next_is("(") else self.read_item()

    def read_inner_list(self) -> InnerList:
        self.at += 1
        items: list[Item] = []
        while True:
            self.skip(_SPACES)
            if self.next_is(")"):
                self.at += 1
                return InnerList(tuple(items), self.read_parameters())
            if self.most_inner and len(items) >= self.most_inner:
                raise self.error(f"at most {self.most_inner} items")
            items.append(self.read_item())
            if not self.next_is(" ") and not self.next_is(")"):
                raise self.error("a space or ')'")

    def read_item(self) -> Item:
        value = self.read_bare_item()
        return Item(value, self.read_parameters())

    def read_parameters(self) -> dict[str, BareItem]:
        parameters: dict[str, BareItem] = {}
        count = 0
        while self.next_is(";"):
            self.at += 1
            self.skip(_SPACES)
            key = self.take(_KEY, "a key")[0]
            count += 1
            if self.most_inner and count > self.most_inner:
                raise self.error(f"at most {self.most_inner} parameters")
            parameters[key] = True
            if self.next_is("="):
                self.at += 1
                parameters[key] = self.read_bare_item()
        return parameters

    def read_bare_item(self) -> BareItem:
        first = self.text[self.at : self.at + 1]
        read = _READERS.get(first)
        if read is None:
            raise self.error("an item")
        return read(self)

    def read_number(self) -> int | Decimal:
        start = self.at
        sign, whole, fraction = self.take(_NUMBER, "a number").groups()
        if fraction is None and len(whole) <= 15:
            return int(sign + whole)
        if fraction and len(whole) <= 12 and len(fraction) <= 3:
            return Decimal(f"{sign}{whole}.{fraction}")
        self.at = start
        raise self.error("at most 15 digits, or 12 and 3 around a point")

    def read_string(self) -> str:
        text = self.take(_STRING, "a string")[1]
        return _ESCAPED.sub(r"\1", text) if "\\" in text else text

    def read_token(self) -> Token:
        return Token(self.take(_TOKEN, "a token")[0])

    def read_bytes(self) -> bytes:
        start = self.at
        digits, padding = self.take(_BYTES, "a byte sequence").groups()
        try:
            # padding may be missing, and the bits that are left over need not be zero (RFC 9651 §4.2.7)
            if not padding or (len(digits) + len(padding)) % 4 == 0:
                return a2b_base64(digits + "=" * (-len(digits) % 4))
        except BinasciiError:
            pass
        self.at = start
        raise self.error("base64")

    def read_boolean(self) -> bool:
        value = self.text[self.at + 1 : self.at + 2]
        if value not in ("0", "1"):
            raise self.error("?0 or ?1")
        self.at += 2
        return value == "1"

    def read_date(self) -> Date:
        start = self.at
        self.at += 1
        if self.next_is("-") or self.text[self.at : self.at + 1] in _DIGITS:
            seconds = self.read_number()
            if isinstance(seconds, int):
                return Date(seconds)
        self.at = start
        raise self.error("a date in whole seconds")

    def read_display_string(self) -> DisplayString:
        start = self.at
        raw = self.take(_DISPLAY, "a display string")[1].encode("ascii")
        try:
            return DisplayString(_PERCENT.sub(lambda hit: bytes.fromhex(hit[1].decode()), raw).decode("utf-8"))
        except UnicodeDecodeError:
            self.at = start
            raise self.error("UTF-8 in a display string") from None


_READERS: Final[dict[str, Callable[[_Reader], BareItem]]] = {
    **dict.fromkeys(("-", *_DIGITS), _Reader.read_number),
    **dict.fromkeys("*ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", _Reader.read_token),
    '"': _Reader.read_string,
    ":": _Reader.read_bytes,
    "?": _Reader.read_boolean,
    "@": _Reader.read_date,
    "%": _Reader.read_display_string,
}
