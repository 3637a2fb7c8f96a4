"""python-multipart parsing multipart bodies."""

from collections.abc import Callable
from itertools import repeat

from python_multipart import MultipartParser

from ..machine import version_of
from ..multiparts import BOUNDARY


class _Collector:
    """What python-multipart calls."""

    def __init__(self) -> None:
        self.parts = 0
        self.octets = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Count octets."""
        self.octets += end - start

    def on_part_end(self) -> None:
        """Count a part."""
        self.parts += 1


class PythonMultipart:
    """The parser of python-multipart."""

    version = version_of("python-multipart")

    def build(self) -> str:
        """Say which build does the work: there is only one."""
        return "interpreted"

    def count(self, pieces: list[bytes]) -> tuple[int, int]:
        """Read one body and return its parts and their octets."""
        found = _Collector()
        parser = MultipartParser(BOUNDARY, {"on_part_data": found.on_part_data, "on_part_end": found.on_part_end})
        for piece in pieces:
            parser.write(piece)
        parser.finalize()
        return found.parts, found.octets

    def repeat(self, pieces: list[bytes]) -> Callable[[int], None]:
        """Return a loop over many bodies."""

        def read(count: int) -> None:
            for _ in repeat(None, count):
                self.count(pieces)

        return read


PEER = PythonMultipart()
