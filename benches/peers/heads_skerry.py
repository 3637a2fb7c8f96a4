"""skerry parsing heads into a CIMultiDict."""

from collections.abc import Callable
from itertools import repeat

from skerry.http import DEFAULT_LIMITS
from skerry.http.h1.parser import RequestParser, ResponseParser

from ..builds import skerry_build
from ..machine import version_of
from .roles import HeadKind


class SkerryHeads:
    """The parsers of skerry-http-core, compiled or interpreted as the process has them."""

    version = version_of("skerry-http-core")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()

    def fields(self, kind: HeadKind, data: bytes) -> list[tuple[str, str]]:
        """Parse one head and return its fields."""
        head = _parser(kind).parse(data, 0, len(data))
        return [] if head is None else [(str(name), value) for name, value in head.headers.items()]

    def repeat(self, kind: HeadKind, data: bytes) -> Callable[[int], None]:
        """Return a loop over one connection."""
        parser = _parser(kind)
        size = len(data)

        def parse(count: int) -> None:
            for _ in repeat(None, count):
                parser.parse(data, 0, size)

        return parse


def _parser(kind: HeadKind) -> RequestParser | ResponseParser:
    """Make a parser with the limits that servers and clients give it."""
    return RequestParser(DEFAULT_LIMITS) if kind == "request" else ResponseParser(DEFAULT_LIMITS)


PEER = SkerryHeads()
