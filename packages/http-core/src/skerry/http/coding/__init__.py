"""Content codings (RFC 9110 §8.4.1), both ways, as streams: what Content-Encoding says, undone in bounded steps."""

from .decoder import STEP_OCTETS, Decoder, Engine, EngineDecoder, EngineError
from .encoder import BaseEncoder, Encoder
from .registry import Coding, accept_encoding, available, find, register
from .stack import StackedDecoder, StackedEncoder, make_decoder, make_encoder, parse_codings
from .zlib import ZlibBackend, set_zlib_backend, zlib_backend

__all__ = [
    "STEP_OCTETS",
    "BaseEncoder",
    "Coding",
    "Decoder",
    "Encoder",
    "Engine",
    "EngineDecoder",
    "EngineError",
    "StackedDecoder",
    "StackedEncoder",
    "ZlibBackend",
    "accept_encoding",
    "available",
    "find",
    "make_decoder",
    "make_encoder",
    "parse_codings",
    "register",
    "set_zlib_backend",
    "zlib_backend",
]
