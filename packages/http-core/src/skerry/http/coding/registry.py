"""Which content codings there are: found by the names that stand in Content-Encoding.

gzip, deflate, br, zstd and identity are registered; a program may add its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..grammar import is_token
from ..limits import Limits
from . import brotli, zlib, zstd
from .decoder import Decoder
from .encoder import Encoder
from .identity import IdentityDecoder, IdentityEncoder

IDENTITY = "identity"


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A content coding and what applies and undoes it.

    Raises:
        ValueError: A name is no token, or not in lower case.
    """

    name: str
    """As in Content-Encoding, in lower case."""
    make_decoder: Callable[[Limits], Decoder]
    """Makes a decoder for one body, with the limits that it keeps."""
    make_encoder: Callable[[int | None, int | None], Encoder]
    """Makes an encoder for one body, of a level and a strategy, None for what is usual; ValueError for unknown ones."""
    aliases: tuple[str, ...] = ()
    """Other names that mean the same, never used for what is sent."""
    is_available: Callable[[], bool] = _always
    """Says whether the library that it needs is installed. May import it."""
    install_hint: str = ""
    """What to do when it is not."""

    def __post_init__(self) -> None:
        for name in (self.name, *self.aliases):
            if not name.isascii() or name != name.lower() or not is_token(name.encode("ascii")):
                raise ValueError(f"name of a content coding is {name!r}, expected a token in lower case")


_codings: dict[str, Coding] = {}


def register(coding: Coding) -> None:
    """Add a coding, or put it in the place of those that have its names.

    What it replaces keeps working for bodies that are being read. The order of registration is that of ``available``.
    """
    for name in (coding.name, *coding.aliases):
        _codings[name] = coding


def find(name: str) -> Coding | None:
    """Return the coding of a name, whatever its case; None when there is none. It may lack its library.

    Source: RFC 9110 §8.4.1; ``x-gzip``: §8.4.1.3.
    """
    # A Kelvin sign in lower case is a k: not ASCII, not a name.
    return _codings.get(name.lower()) if name.isascii() else None


def available() -> tuple[str, ...]:
    """Return the names of the codings that can be undone here, in the order of registration, ``identity`` left out.

    Imports the libraries of those that have one.
    """
    return tuple(
        name for name, coding in _codings.items() if name == coding.name and name != IDENTITY and coding.is_available()
    )


def accept_encoding() -> str:
    """Return the value of Accept-Encoding that asks for what can be undone here: ``gzip, deflate, br, zstd``.

    Source: RFC 9110 §12.5.3.
    """
    return ", ".join(available())


register(
    Coding(
        name="gzip",
        make_decoder=zlib.make_gzip_decoder,
        make_encoder=zlib.make_gzip_encoder,
        aliases=("x-gzip",),
    )
)
register(Coding(name="deflate", make_decoder=zlib.make_deflate_decoder, make_encoder=zlib.make_deflate_encoder))
register(
    Coding(
        name="br",
        make_decoder=brotli.make_decoder,
        make_encoder=brotli.make_encoder,
        is_available=brotli.is_available,
        install_hint=brotli.INSTALL_HINT,
    )
)
register(
    Coding(
        name="zstd",
        make_decoder=zstd.make_decoder,
        make_encoder=zstd.make_encoder,
        is_available=zstd.is_available,
        install_hint=zstd.INSTALL_HINT,
    )
)
register(Coding(name=IDENTITY, make_decoder=IdentityDecoder, make_encoder=lambda _level, _strategy: IdentityEncoder()))
