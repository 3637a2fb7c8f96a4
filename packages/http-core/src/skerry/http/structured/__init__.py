"""Structured field values: items, lists and dictionaries with types of their own (RFC 9651)."""

from .parser import parse_dictionary, parse_item, parse_list
from .serializer import format_dictionary, format_item, format_list
from .types import MAX_INTEGER, BareItem, Date, DisplayString, InnerList, Item, Member, Parameters, Token

__all__ = [
    "MAX_INTEGER",
    "BareItem",
    "Date",
    "DisplayString",
    "InnerList",
    "Item",
    "Member",
    "Parameters",
    "Token",
    "format_dictionary",
    "format_item",
    "format_list",
    "parse_dictionary",
    "parse_item",
    "parse_list",
]
