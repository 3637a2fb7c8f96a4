"""aiohttp parsing heads into a CIMultiDict: its compiled parser and its Python one."""

import asyncio
from collections.abc import Callable
from itertools import repeat
from typing import Any

from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import HttpRequestParser, HttpRequestParserPy, HttpResponseParser, HttpResponseParserPy

from ..builds import build_of
from ..machine import version_of
from .roles import HeadKind


class AiohttpHeads:
    """One of the two parsers of aiohttp.

    Args:
        request_parser: Class that parses requests.
        response_parser: Class that parses responses.
    """

    version = version_of("aiohttp")

    def __init__(self, request_parser: Any, response_parser: Any) -> None:
        self._classes: dict[HeadKind, Any] = {"request": request_parser, "response": response_parser}

    def build(self) -> str:
        """Say which build does the work."""
        return build_of(self._classes["request"].__module__)

    def fields(self, kind: HeadKind, data: bytes) -> list[tuple[str, str]]:
        """Parse one head and return its fields."""
        messages, _, _ = self._parser(kind).feed_data(data)
        return [(str(name), value) for name, value in messages[0][0].headers.items()]

    def repeat(self, kind: HeadKind, data: bytes) -> Callable[[int], None]:
        """Return a loop over one connection."""
        parser = self._parser(kind)

        def parse(count: int) -> None:
            for _ in repeat(None, count):
                parser.feed_data(data)

        return parse

    def _parser(self, kind: HeadKind) -> Any:
        """Make a parser with the limits that aiohttp's own server and client give it."""
        loop = asyncio.new_event_loop()
        return self._classes[kind](BaseProtocol(loop), loop, 2**16, max_line_size=8190, max_field_size=8190)


COMPILED = AiohttpHeads(HttpRequestParser, HttpResponseParser)
INTERPRETED = AiohttpHeads(HttpRequestParserPy, HttpResponseParserPy)
