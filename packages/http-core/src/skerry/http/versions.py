"""Versions of HTTP as aiohttp's programs know them."""

from typing import Final, NamedTuple


class HttpVersion(NamedTuple):
    """A version of the protocol; compares as a pair of numbers."""

    major: int
    """First number."""
    minor: int
    """Second number; 0 where a version has none (HTTP/2)."""


HttpVersion10: Final = HttpVersion(1, 0)
HttpVersion11: Final = HttpVersion(1, 1)
HttpVersion20: Final = HttpVersion(2, 0)
