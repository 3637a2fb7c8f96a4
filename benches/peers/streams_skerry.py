"""skerry coding a stream, in its bounded steps and with its limits on."""

from collections.abc import Callable
from itertools import repeat

from skerry.http.coding import make_decoder, make_encoder

from ..builds import skerry_build
from ..machine import version_of
from ..streams import LEVEL
from .roles import StreamKind


class SkerryStreams:
    """The content codings of skerry-http-core, with zlib behind them."""

    version = version_of("skerry-http-core")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()

    def result(self, kind: StreamKind, pieces: list[bytes]) -> bytes:
        """Send the pieces through and return all that comes out."""
        found: list[bytes] = []
        _code(kind, pieces, found.append)
        return b"".join(found)

    def repeat(self, kind: StreamKind, pieces: list[bytes]) -> Callable[[int], None]:
        """Return a loop that keeps nothing."""

        def code(count: int) -> None:
            for _ in repeat(None, count):
                _code(kind, pieces, len)

        return code


def _code(kind: StreamKind, pieces: list[bytes], take: Callable[[bytes], object]) -> None:
    """Send the pieces through a new coder."""
    if kind == "encode":
        encoder = make_encoder("gzip", level=LEVEL)
        for piece in pieces:
            take(encoder.encode(piece))
        take(encoder.finish())
        return
    decoder = make_decoder("gzip")
    for piece in pieces:
        decoder.feed(piece)
        while step := decoder.read():
            take(step)
    decoder.finish()


PEER = SkerryStreams()
