"""The coding ``zstd`` (RFC 8878, RFC 9659), through the standard library from Python 3.14, backports.zstd before.

Neither is imported before a body is coded so.
"""

from functools import cache, partial
from importlib import import_module
from typing import Any

from ..limits import Limits
from .decoder import EngineDecoder, EngineError
from .encoder import BaseEncoder, BytesLike

INSTALL_HINT = "pip install 'skerry-http-core[zstd]'"
"""What to do when the coding is missing."""
WINDOW_BITS = 23
"""Greatest window, 8 MiB, of what is sent and of what is taken (RFC 9659 §3)."""
LEAST_WINDOW_BITS = 10
"""Least window that the library can be limited to, 1 KiB (RFC 8878 §3.1.1.1.2)."""
MAX_LEVEL = 22
LAST_LEVEL_OF_SMALL_WINDOW = 19
"""Levels beyond it use windows that no receiver must take."""


@cache
def _library() -> Any:
    """Return the library, or None."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    return None


def is_available() -> bool:
    """Return True when a library is installed."""
    return _library() is not None


def make_decoder(limits: Limits) -> EngineDecoder:
    """Return a decoder of zstd, frames one after the other and skippable ones included.

    A frame that needs a window of more than 8 MiB, or of more than ``max_coding_window``, is an error.

    Raises:
        RuntimeError: The library is missing.

    Source: RFC 8878 §3.1, RFC 9659 §3.
    """
    _needed_library()
    bits = WINDOW_BITS
    if limits.max_coding_window:
        bits = max(min(bits, limits.max_coding_window.bit_length() - 1), LEAST_WINDOW_BITS)
    return EngineDecoder("zstd", partial(_Inflater, bits), limits, has_members=True)


def make_encoder(level: int | None = None, strategy: int | None = None) -> "ZstdEncoder":
    """Return an encoder of zstd.

    Args:
        level: Effort, 1 to 22; None for the library's default, 3.
        strategy: Of zlib alone; ignored.

    Raises:
        RuntimeError: The library is missing.
        ValueError: There is no such level.
    """
    return ZstdEncoder(level)


def _needed_library() -> Any:
    library = _library()
    if library is None:
        raise RuntimeError(f"content coding zstd: no library is installed, {INSTALL_HINT}")
    return library


class _Inflater:
    """Engine over the library's decompressor: one frame."""

    def __init__(self, window_bits: int) -> None:
        library = _needed_library()
        self._error = library.ZstdError
        self._object = library.ZstdDecompressor(options={library.DecompressionParameter.window_log_max: window_bits})
        self._is_full = False

    @property
    def needs_input(self) -> bool:
        return not self._is_full and bool(self._object.needs_input)

    @property
    def eof(self) -> bool:
        return bool(self._object.eof)

    @property
    def unused_data(self) -> bytes:
        data: bytes = self._object.unused_data
        return data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        try:
            decoded: bytes = self._object.decompress(data, max_length)
        except self._error as error:
            raise EngineError(str(error)) from error
        self._is_full = len(decoded) == max_length and not self._object.eof
        return decoded


class ZstdEncoder(BaseEncoder):
    """Encoder over the library's compressor; the window stays within 8 MiB at every level.

    Args:
        level: Effort, 1 to 22; None for the library's default, 3.

    Raises:
        RuntimeError: The library is missing.
        ValueError: There is no such level.
    """

    def __init__(self, level: int | None = None) -> None:
        super().__init__()
        library = _needed_library()
        level = int(library.COMPRESSION_LEVEL_DEFAULT) if level is None else level
        if not 1 <= level <= MAX_LEVEL:
            raise ValueError(f"level of zstd is {level!r}, expected 1 to {MAX_LEVEL}")
        names = library.CompressionParameter
        options = {names.compression_level: level}
        if level > LAST_LEVEL_OF_SMALL_WINDOW:
            options[names.window_log] = WINDOW_BITS
        self._object = library.ZstdCompressor(options=options)
        self._modes = (self._object.FLUSH_BLOCK, self._object.FLUSH_FRAME)

    def _encode(self, data: BytesLike) -> bytes:
        coded: bytes = self._object.compress(data)
        return coded

    def _flush(self) -> bytes:
        coded: bytes = self._object.flush(self._modes[0])
        return coded

    def _finish(self) -> bytes:
        coded: bytes = self._object.flush(self._modes[1])
        return coded
