"""The bodies that content codings are measured with."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from random import Random

PIECE_OCTETS = 65536
"""Octets that arrive, or are given, at a time."""
LEVEL = 6
"""Effort of all encoders: the usual one of zlib."""


@dataclass(frozen=True, slots=True)
class StreamCase:
    """One way through a coding."""

    title: str
    """What stands above the table."""
    kind: str
    """``decode`` or ``encode``."""

    @property
    def pieces(self) -> list[bytes]:
        """What goes in."""
        data = plain() if self.kind == "encode" else gzip.compress(plain(), LEVEL)
        return [data[at : at + PIECE_OCTETS] for at in range(0, len(data), PIECE_OCTETS)]

    def is_right(self, result: bytes) -> bool:
        """Say whether what came out is what it should be."""
        return (gzip.decompress(result) if self.kind == "encode" else result) == plain()


CASES = {
    "decode": StreamCase("decode 4 MiB of JSON from gzip, in pieces of 64 KiB", "decode"),
    "encode": StreamCase("encode 4 MiB of JSON as gzip, in pieces of 64 KiB", "encode"),
}
"""What is measured."""


@cache
def plain() -> bytes:
    """Return 4 MiB of JSON that gzip makes five times smaller; always the same."""
    random = Random(1)
    rows = [
        {"id": number, "name": random.choice(["alpha", "beta", "gamma"]), "value": random.random(), "tags": ["new"]}
        for number in range(60_000)
    ]
    return json.dumps(rows).encode()[: 4 * 2**20]
