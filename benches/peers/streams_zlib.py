"""zlib coding a stream: its objects in a loop, nothing bounded, counted or checked."""

import zlib
from collections.abc import Callable
from itertools import repeat

from ..streams import LEVEL
from .roles import StreamKind

_GZIP = zlib.MAX_WBITS + 16


class ZlibStreams:
    """The compression objects of the standard library."""

    version = zlib.ZLIB_RUNTIME_VERSION

    def build(self) -> str:
        """Say which build does the work: there is only one."""
        return "compiled"

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
    """Send the pieces through a new object."""
    if kind == "encode":
        deflater = zlib.compressobj(LEVEL, wbits=_GZIP)
        for piece in pieces:
            take(deflater.compress(piece))
        take(deflater.flush())
        return
    inflater = zlib.decompressobj(_GZIP)
    for piece in pieces:
        take(inflater.decompress(piece))
    take(inflater.flush())


PEER = ZlibStreams()
