"""skerry reading multipart bodies with its MultipartReader."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import repeat

from skerry.http import END, Data, EndOfMessage, Limits
from skerry.http.aio import StreamReader
from skerry.http.aio.multipart import BodyPartReader, MultipartReader

from ..builds import skerry_build
from ..machine import version_of
from ..multiparts import CONTENT_TYPE

_LIMITS = Limits(max_parts=0)


class _Arrived:
    """An exchange whose body has arrived."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)

    def receive_nowait(self) -> Data | EndOfMessage | None:
        """Return the next piece, or the end."""
        piece = next(self._pieces, None)
        return END if piece is None else Data(piece)

    async def wait_readable(self) -> None:
        """Return at once."""


class SkerryMultiparts:
    """The reader of skerry-http-core."""

    version = version_of("skerry-http-core")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()

    def count(self, pieces: list[bytes]) -> tuple[int, int]:
        """Read one body and return its parts and their octets."""
        return asyncio.run(_read(pieces))

    def repeat(self, pieces: list[bytes]) -> Callable[[int], None]:
        """Return a loop over many bodies."""

        async def read(count: int) -> None:
            for _ in repeat(None, count):
                await _read(pieces)

        return lambda count: asyncio.run(read(count))


async def _read(pieces: list[bytes]) -> tuple[int, int]:
    """Read one body."""
    parts = octets = 0
    async for part in MultipartReader({"Content-Type": CONTENT_TYPE}, StreamReader(_Arrived(pieces)), limits=_LIMITS):
        assert isinstance(part, BodyPartReader)
        parts += 1
        while chunk := await part.read_chunk():
            octets += len(chunk)
    return parts, octets


PEER = SkerryMultiparts()
