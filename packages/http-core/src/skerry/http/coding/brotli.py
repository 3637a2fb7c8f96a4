"""The coding ``br`` (RFC 7932), through the library Brotli, or brotlicffi where there is no CPython.

Neither is needed until a body is coded so, and neither is imported before. The library decodes until the window is
full, however little it is asked for: the window, chosen by the sender, is what a body costs in memory, 16 MiB at most.
"""

from functools import cache, partial
from importlib import import_module
from typing import Any

from ..limits import Limits
from .decoder import EngineDecoder, EngineError
from .encoder import BaseEncoder, BytesLike

INSTALL_HINT = "pip install 'skerry-http-core[brotli]'"
"""What to do when the coding is missing."""
DEFAULT_LEVEL = 5
"""Effort of the encoder: as fast as gzip's usual one, and smaller. The library's own, 11, is for files made once."""
MAX_LEVEL = 11
WINDOW_BITS = 19
"""Window of the encoder, 512 KiB: 4 MiB, the library's own, costs memory per body and gains little below that size."""
LEAST_STEP = 32768
"""Octets of the least step. Asked for fewer, brotlicffi hands out as few, and Brotli as many as this all the same."""
GREATEST_STEP = 131072
"""Brotli doubles its buffer until it has what it was asked for: asked for this, it stops short of 256 KiB."""


@cache
def _library() -> Any:
    """Return the library, or None: a version before 1.2 cannot bound its output, and counts as missing."""
    for name in ("brotli", "brotlicffi"):
        try:
            module = import_module(name)
        except ImportError:
            continue
        if hasattr(module.Decompressor, "can_accept_more_data"):
            return module
    return None


def is_available() -> bool:
    """Return True when a library that can bound its output is installed."""
    return _library() is not None


def make_decoder(limits: Limits) -> EngineDecoder:
    """Return a decoder of br. A body that claims a window beyond ``max_coding_window`` is an error.

    Raises:
        RuntimeError: The library is missing.

    Source: RFC 7932.
    """
    _needed_library()
    return EngineDecoder("br", partial(_Inflater, limits.max_coding_window), limits, has_members=False)


def make_encoder(level: int | None = None, strategy: int | None = None) -> "BrotliEncoder":
    """Return an encoder of br.

    Args:
        level: Effort, 0 to 11; None for ``DEFAULT_LEVEL``.
        strategy: Of zlib alone; ignored.

    Raises:
        RuntimeError: The library is missing.
        ValueError: There is no such level.
    """
    return BrotliEncoder(level)


def _needed_library() -> Any:
    library = _library()
    if library is None:
        raise RuntimeError(f"content coding br: no library is installed, {INSTALL_HINT}")
    return library


def window_bits_of(first: int) -> int:
    """Return the window that the first octet of a body claims, as a power of two; 0 when it is none (RFC 7932 §9.1)."""
    if not first & 1:
        return 16
    if upper := first >> 1 & 7:
        return 17 + upper
    lower = first >> 4 & 7
    return {0: 17, 1: 0}.get(lower, 8 + lower)


class _Inflater:
    """Engine over the library's decompressor."""

    def __init__(self, max_window: int) -> None:
        library = _needed_library()
        self._max_window = max_window
        self._error = library.error
        self._object = library.Decompressor()
        self.needs_input = True
        self.eof = False
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if self._max_window and data:
            self._check_window(data[0])
        limit = min(max(max_length, LEAST_STEP), GREATEST_STEP)
        try:
            decoded: bytes = self._object.process(data, output_buffer_limit=limit)
            self.eof = self._object.is_finished()
            # All input may have been taken while a long copy out of the window is still under way: a step that is not
            # full says that it is not. Brotli's blocks end some octets short of a round number.
            full = len(decoded) >= min(limit, LEAST_STEP - 64)
            self.needs_input = not self.eof and not full and self._object.can_accept_more_data()
        except self._error as error:
            raise EngineError(str(error)) from error
        return decoded

    def _check_window(self, first: int) -> None:
        """Look at the first octet of the body, once."""
        window = 1 << window_bits_of(first)
        if window > self._max_window:
            raise EngineError(f"a window of {window} octets, expected {self._max_window} or less (max_coding_window)")
        self._max_window = 0


class BrotliEncoder(BaseEncoder):
    """Encoder over the library's compressor.

    Args:
        level: Effort, 0 to 11; None for ``DEFAULT_LEVEL``.

    Raises:
        RuntimeError: The library is missing.
        ValueError: There is no such level.
    """

    def __init__(self, level: int | None = None) -> None:
        super().__init__()
        level = DEFAULT_LEVEL if level is None else level
        if not 0 <= level <= MAX_LEVEL:
            raise ValueError(f"level of br is {level!r}, expected 0 to {MAX_LEVEL}")
        self._object = _needed_library().Compressor(quality=level, lgwin=WINDOW_BITS)

    def _encode(self, data: BytesLike) -> bytes:
        coded: bytes = self._object.process(bytes(data))
        return coded

    def _flush(self) -> bytes:
        coded: bytes = self._object.flush()
        return coded

    def _finish(self) -> bytes:
        coded: bytes = self._object.finish()
        return coded
