"""The codings of zlib: ``gzip`` (RFC 1952), ``deflate`` (RFC 1950, and RFC 1951 as many send it).

The library behind them can be exchanged: zlib-ng and isal have the same functions and are faster.
"""

import zlib
from functools import partial
from typing import Any, Protocol, cast

from ..limits import Limits
from .decoder import EngineDecoder, EngineError
from .encoder import BaseEncoder, BytesLike

_NEEDED = ("MAX_WBITS", "Z_FINISH", "Z_SYNC_FLUSH", "compressobj", "decompressobj", "error")


class ZlibBackend(Protocol):
    """What a module must have to take the place of ``zlib``."""

    MAX_WBITS: int
    """Greatest window, as a power of two."""
    Z_FINISH: int
    """Flush mode that ends the stream."""
    Z_SYNC_FLUSH: int
    """Flush mode that gives out everything and goes on."""
    error: type[Exception]
    """What is raised for broken input."""

    def compressobj(self, *, wbits: int) -> Any:
        """Return an object with ``compress(data)`` and ``flush(mode)``; takes ``level`` and ``strategy`` as well."""

    def decompressobj(self, *, wbits: int) -> Any:
        """Return an object with ``decompress(data, max_length)``, ``unconsumed_tail``, ``unused_data`` and ``eof``."""


_backend = cast("ZlibBackend", zlib)


def set_zlib_backend(module: Any) -> None:
    """Have another library do the work of zlib, for every coder made after this call.

    Args:
        module: ``zlib``, ``zlib_ng.zlib_ng``, ``isal.isal_zlib`` or anything else with their functions. Levels mean
            what they mean to that library.

    Raises:
        TypeError: The module lacks something; the text says what.
    """
    global _backend
    missing = [name for name in _NEEDED if not hasattr(module, name)]
    if missing:
        raise TypeError(f"{module!r} cannot take the place of zlib: it has no {', '.join(missing)}")
    _backend = cast("ZlibBackend", module)


def zlib_backend() -> ZlibBackend:
    """Return the module that does the work of zlib now."""
    return _backend


def make_gzip_decoder(limits: Limits) -> EngineDecoder:
    """Return a decoder of gzip, members one after the other included.

    Octets behind the last member that begin no other one are an error: RFC 1952 §2.2 knows nothing but members.

    Source: RFC 9110 §8.4.1.3, RFC 1952.
    """
    return EngineDecoder("gzip", partial(_Inflater, _backend.MAX_WBITS + 16), limits, has_members=True)


def make_deflate_decoder(limits: Limits) -> EngineDecoder:
    """Return a decoder of deflate, wrapped in zlib's format or raw.

    The RFC asks for the wrapping; enough servers leave it out that all browsers take both. The two first octets tell:
    those of zlib's header would begin a raw stream only if the unused bits of a stored block were not 0.

    Source: RFC 9110 §8.4.1.2, RFC 1950 §2.2, RFC 1951 §3.2.4.
    """
    return EngineDecoder("deflate", _DeflateInflater, limits, has_members=False)


def make_gzip_encoder(level: int | None = None, strategy: int | None = None) -> "ZlibEncoder":
    """Return an encoder of gzip; the arguments are those of ``ZlibEncoder``.

    Raises:
        ValueError: The library does not know the level or strategy.
    """
    return ZlibEncoder(_backend.MAX_WBITS + 16, level, strategy)


def make_deflate_encoder(level: int | None = None, strategy: int | None = None) -> "ZlibEncoder":
    """Return an encoder of deflate in zlib's format; the arguments are those of ``ZlibEncoder``.

    Raises:
        ValueError: The library does not know the level or strategy.
    """
    return ZlibEncoder(_backend.MAX_WBITS, level, strategy)


class _Inflater:
    """Engine over a decompression object: one member."""

    def __init__(self, window_bits: int) -> None:
        self._error = _backend.error
        self._object = _backend.decompressobj(wbits=window_bits)
        self._tail = b""
        self.needs_input = True
        self.eof = False
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        inflater = self._object
        try:
            decoded: bytes = inflater.decompress(data or self._tail, max_length)
        except self._error as error:
            raise EngineError(str(error)) from error
        if inflater.eof:
            self.eof = True
            self.unused_data = inflater.unused_data
            self._tail = b""
            self.needs_input = False
        else:
            self._tail = inflater.unconsumed_tail
            # A full piece may have been cut short inside the library, with nothing left over on this side.
            self.needs_input = not self._tail and len(decoded) < max_length
        return decoded


class _DeflateInflater:
    """Engine that looks at the first two octets before it knows the format."""

    def __init__(self) -> None:
        self._inflater: _Inflater | None = None
        self._head = b""

    @property
    def needs_input(self) -> bool:
        return self._inflater is None or self._inflater.needs_input

    @property
    def eof(self) -> bool:
        return self._inflater is not None and self._inflater.eof

    @property
    def unused_data(self) -> bytes:
        return b"" if self._inflater is None else self._inflater.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._inflater is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return b""
            bits = _backend.MAX_WBITS
            self._inflater = _Inflater(bits if _has_zlib_header(data) else -bits)
        return self._inflater.decompress(data, max_length)


def _has_zlib_header(data: bytes) -> bool:
    """Say whether the first two octets are CMF and FLG of RFC 1950 §2.2: method 8, a window, a sum of 31 times n."""
    return data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0


class ZlibEncoder(BaseEncoder):
    """Encoder over a compression object.

    Args:
        window_bits: Window and format, as zlib has them.
        level: Effort; None leaves it to the library. zlib and zlib-ng know 0 to 9, isal 0 to 3.
        strategy: One of zlib's ``Z_*`` strategies; None leaves it to the library.

    Raises:
        ValueError: The library does not know the level or strategy.
    """

    def __init__(self, window_bits: int, level: int | None = None, strategy: int | None = None) -> None:
        super().__init__()
        self._modes = (_backend.Z_SYNC_FLUSH, _backend.Z_FINISH)
        # Only what was asked for is handed on: defaults differ, and isal warns of strategies.
        options = {name: value for name, value in (("level", level), ("strategy", strategy)) if value is not None}
        self._object = _backend.compressobj(wbits=window_bits, **options)

    def _encode(self, data: BytesLike) -> bytes:
        coded: bytes = self._object.compress(data)
        return coded

    def _flush(self) -> bytes:
        coded: bytes = self._object.flush(self._modes[0])
        return coded

    def _finish(self) -> bytes:
        coded: bytes = self._object.flush(self._modes[1])
        return coded
