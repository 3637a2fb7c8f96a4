"""Structured field values: items, lists and dictionaries with types of their own (RFC 9651).

Each type of the RFC is one type of Python, so that what was read says what it was:

=============== ================================================
Integer         ``int`` of at most 15 digits
Decimal         ``decimal.Decimal``, at most 12 digits before the point and 3 behind it
String          ``str`` of printable ASCII
Token           ``Token``
Byte Sequence   ``bytes``
Boolean         ``bool``
Date            ``Date``
Display String  ``DisplayString``
Item            ``Item``: a value with parameters
Inner List      ``InnerList``: items with parameters of the whole
=============== ================================================

Source: RFC 9651 §3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

MAX_INTEGER: Final = 999_999_999_999_999
"""Greatest integer and date, either way: 15 digits (RFC 9651 §3.3.1)."""


@dataclass(frozen=True, slots=True)
class Token:
    """A Token: a word that is not quoted (RFC 9651 §3.3.4)."""

    text: str
    """The word."""


@dataclass(frozen=True, slots=True)
class Date:
    """A Date (RFC 9651 §3.3.7)."""

    seconds: int
    """Unix time, without leap seconds."""


@dataclass(frozen=True, slots=True)
class DisplayString:
    """A Display String: text of any characters, for people to read (RFC 9651 §3.3.8)."""

    text: str
    """The text."""


BareItem: TypeAlias = int | Decimal | str | Token | bytes | bool | Date | DisplayString
"""The value of an item or a parameter."""

Parameters: TypeAlias = Mapping[str, BareItem]
"""Keys and values in order (RFC 9651 §3.1.2)."""


@dataclass(frozen=True, slots=True)
class Item:
    """A value with its parameters (RFC 9651 §3.3)."""

    value: BareItem
    """The value."""
    parameters: Parameters = field(default_factory=dict)
    """Its parameters, in order."""


@dataclass(frozen=True, slots=True)
class InnerList:
    """Items in parentheses, with parameters of the whole (RFC 9651 §3.1.1)."""

    items: tuple[Item, ...]
    """The items, in order."""
    parameters: Parameters = field(default_factory=dict)
    """Parameters of the list."""


Member: TypeAlias = Item | InnerList
"""What a list and a dictionary are made of."""
