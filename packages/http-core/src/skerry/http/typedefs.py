"""Names for the types that arguments of many functions have, in the words of aiohttp's programs.

Those that speak of requests and handlers (``Handler``, ``Middleware``) are with the server framework.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from http.cookies import BaseCookie, Morsel
from typing import Any, TypeAlias

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL, Query

Byteish: TypeAlias = bytes | bytearray | memoryview
"""Octets in any of the built-in forms."""
JSONEncoder: TypeAlias = Callable[[Any], str]
"""Makes JSON text of an object."""
JSONBytesEncoder: TypeAlias = Callable[[Any], bytes]
"""Makes JSON in UTF-8 of an object."""
JSONDecoder: TypeAlias = Callable[[str], Any]
"""Makes an object of JSON text."""
LooseHeaders: TypeAlias = (
    Mapping[str, str] | Mapping[istr, str] | CIMultiDict[str] | CIMultiDictProxy[str] | Iterable[tuple[str | istr, str]]
)
"""Fields to send, in any form that a multidict can be made of."""
RawHeaders: TypeAlias = tuple[tuple[bytes, bytes], ...]
"""Field lines as they were on the wire: names and values."""
StrOrURL: TypeAlias = str | URL
"""A URL, or the text of one."""
LooseCookiesMappings: TypeAlias = Mapping[str, str | BaseCookie[str] | Morsel[Any]]
"""Cookies by name."""
LooseCookiesIterables: TypeAlias = Iterable[tuple[str, str | BaseCookie[str] | Morsel[Any]]]
"""Pairs of names and cookies."""
LooseCookies: TypeAlias = LooseCookiesMappings | LooseCookiesIterables | BaseCookie[str]
"""Cookies to send, in any of their forms."""
PathLike: TypeAlias = str | os.PathLike[str]
"""The path of a file."""

DEFAULT_JSON_ENCODER: JSONEncoder = json.dumps
"""What makes JSON when a program names nothing else."""
DEFAULT_JSON_DECODER: JSONDecoder = json.loads
"""What reads JSON when a program names nothing else."""

__all__ = [
    "DEFAULT_JSON_DECODER",
    "DEFAULT_JSON_ENCODER",
    "Byteish",
    "JSONBytesEncoder",
    "JSONDecoder",
    "JSONEncoder",
    "LooseCookies",
    "LooseCookiesIterables",
    "LooseCookiesMappings",
    "LooseHeaders",
    "PathLike",
    "Query",
    "RawHeaders",
    "StrOrURL",
]
