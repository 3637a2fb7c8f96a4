"""The multipart bodies that readers are measured with."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

PIECE_OCTETS = 65536
"""Octets that arrive at a time."""
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
"""A boundary as browsers make them."""
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
"""Content-Type of all bodies."""

_MIB = 2**20


@dataclass(frozen=True)
class MultipartCase:
    """One body."""

    title: str
    """What stands above the table."""
    parts: int
    """How many parts it has."""
    block: bytes
    """Octets of a part, repeated."""
    blocks: int
    """How often they are repeated in each part."""

    @property
    def octets(self) -> int:
        """Octets of all parts, without their heads."""
        return self.parts * self.blocks * len(self.block)

    @cached_property
    def pieces(self) -> list[bytes]:
        """What arrives.

        A large part is made of few objects that come again and again: what a socket has just given is in the cache of
        the processor, and the memory of the machine is not what is measured.
        """
        return list(self._pieces())

    def _pieces(self) -> Iterator[bytes]:
        """Yield small parts joined, and the blocks of large ones as they are."""
        small: list[bytes] = []
        for number in range(self.parts):
            small.append(
                f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="field{number}"; filename="x"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n".encode()
            )
            if len(self.block) * self.blocks < PIECE_OCTETS:
                small.append(self.block * self.blocks)
            else:
                yield b"".join(small)
                small.clear()
                block = [self.block[at : at + PIECE_OCTETS] for at in range(0, len(self.block), PIECE_OCTETS)]
                for _ in range(self.blocks):
                    yield from block
            small.append(b"\r\n")
        small.append(f"--{BOUNDARY}--\r\n".encode())
        rest = b"".join(small)
        for at in range(0, len(rest), PIECE_OCTETS):
            yield rest[at : at + PIECE_OCTETS]


CASES = {
    "file": MultipartCase("read a file of 64 MiB from a form", 1, Random(1).randbytes(_MIB), 64),
    "lines": MultipartCase(
        "read a file of 64 MiB from a form, lines of 33 octets", 1, b"the quick brown fox jumped over\r\n" * 31775, 64
    ),
    "fields": MultipartCase("read 10 000 fields of a form", 10_000, b"value", 1),
    "fields_1000": MultipartCase("read 1 000 fields of a form", 1_000, b"value", 1),
}
"""What is measured."""
