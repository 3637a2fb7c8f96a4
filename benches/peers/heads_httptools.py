"""httptools parsing heads, its callbacks put into a list; nothing is decoded and there is no CIMultiDict."""

from collections.abc import Callable
from itertools import repeat

import httptools

from ..builds import build_of
from ..machine import version_of
from .roles import HeadKind


class _Collector:
    """What httptools calls."""

    def __init__(self) -> None:
        self.url = b""
        self.pairs: list[tuple[bytes, bytes]] = []

    def on_message_begin(self) -> None:
        """Forget the head before."""
        self.pairs = []

    def on_url(self, url: bytes) -> None:
        """Keep the target."""
        self.url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field."""
        self.pairs.append((name, value))


class HttptoolsHeads:
    """httptools as a parser of heads."""

    version = version_of("httptools")

    def build(self) -> str:
        """Say which build does the work."""
        return build_of("httptools.parser.parser")

    def fields(self, kind: HeadKind, data: bytes) -> list[tuple[str, str]]:
        """Parse one head and return its fields."""
        collector, parser = _parser(kind)
        parser.feed_data(data)
        return [(name.decode(), value.decode()) for name, value in collector.pairs]

    def repeat(self, kind: HeadKind, data: bytes) -> Callable[[int], None]:
        """Return a loop over one connection."""
        _, parser = _parser(kind)

        def parse(count: int) -> None:
            for _ in repeat(None, count):
                parser.feed_data(data)

        return parse


def _parser(kind: HeadKind) -> tuple[_Collector, httptools.HttpRequestParser | httptools.HttpResponseParser]:
    """Make a parser and what it calls."""
    collector = _Collector()
    maker = httptools.HttpRequestParser if kind == "request" else httptools.HttpResponseParser
    return collector, maker(collector)


PEER = HttptoolsHeads()
