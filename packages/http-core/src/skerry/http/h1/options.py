"""What a Connection field says that matters to framing, as bits (RFC 9110 §7.6.1)."""

from typing import Final

from ..grammar import split_list

CLOSE: Final = 1
"""The sender closes after this exchange."""
KEEP_ALIVE: Final = 2
"""The sender of HTTP/1.0 would go on."""
UPGRADES: Final = 4
"""The Upgrade field is meant for this connection."""

_BITS = {b"close": CLOSE, b"keep-alive": KEEP_ALIVE, b"upgrade": UPGRADES}
_WHOLE = {b"keep-alive": KEEP_ALIVE, b"Keep-Alive": KEEP_ALIVE, b"close": CLOSE, b"Close": CLOSE}


def read_options(value: bytes) -> int:
    """Return the bits of one Connection value; options that do not matter here have none."""
    bits = _WHOLE.get(value)
    if bits is None:
        bits = 0
        for member in split_list(value):
            bits |= _BITS.get(member, 0)
    return bits
