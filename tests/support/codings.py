"""Bodies with content codings, for the tests: coded whole or in pieces, decoded with any split and any step."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from skerry.http import RemoteProtocolError
from skerry.http.coding import STEP_OCTETS, make_encoder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from skerry.http.coding import Decoder

NAMES = ("gzip", "deflate", "br", "zstd")
"""Every coding that is more than identity."""
TEXT = b"".join(b'{"number": %d, "square": %d}\n' % (number, number * number) for number in range(2000))
"""Compresses well and is longer than a slice of input."""


def coded(value: str, data: bytes, level: int | None = None) -> bytes:
    """Return ``data`` with the codings of a Content-Encoding field applied."""
    encoder = make_encoder(value, level=level)
    return encoder.encode(data) + encoder.finish()


def raw_deflated(data: bytes) -> bytes:
    """Return ``data`` deflated without zlib's wrapping."""
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def pieces_of(data: bytes, size: int) -> Iterator[bytes]:
    """Cut ``data`` into pieces of ``size`` octets."""
    return (data[at : at + size] for at in range(0, len(data), size))


def steps_of(decoder: Decoder, pieces: Iterable[bytes], max_octets: int = STEP_OCTETS) -> Iterator[bytes]:
    """Feed the pieces, and yield every step as it is read; at the end the body is finished."""
    for piece in pieces:
        decoder.feed(piece)
        while step := decoder.read(max_octets):
            yield step
        assert decoder.needs_input
        assert decoder.pending_octets == 0
    decoder.finish()


def decoded(decoder: Decoder, pieces: Iterable[bytes], max_octets: int = STEP_OCTETS) -> bytes:
    """Feed the pieces and return all that they make."""
    return b"".join(steps_of(decoder, pieces, max_octets))


def code_of(decoder: Decoder, pieces: Iterable[bytes]) -> str:
    """Feed the pieces and return the code of the error that they cause; empty when they are a whole body."""
    try:
        decoded(decoder, pieces)
    except RemoteProtocolError as error:
        return error.code
    return ""


@dataclass
class Work:
    """What a library was made to do."""

    objects: int = 0
    """Decompression objects made."""
    octets: int = 0
    """Octets handed to them, and handed back unused."""


def counting_zlib(work: Work) -> Any:
    """Return a stand-in for the module ``zlib`` that counts what its decompression objects do."""

    class Inflater:
        def __init__(self, wbits: int) -> None:
            self._inflater = zlib.decompressobj(wbits=wbits)
            work.objects += 1

        def decompress(self, data: bytes, max_length: int) -> bytes:
            out = self._inflater.decompress(data, max_length)
            work.octets += len(data) + len(self._inflater.unconsumed_tail) + len(self._inflater.unused_data)
            return out

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inflater, name)

    return SimpleNamespace(
        MAX_WBITS=zlib.MAX_WBITS,
        Z_FINISH=zlib.Z_FINISH,
        Z_SYNC_FLUSH=zlib.Z_SYNC_FLUSH,
        error=zlib.error,
        compressobj=zlib.compressobj,
        decompressobj=Inflater,
    )
