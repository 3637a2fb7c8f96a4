"""aiohttp reading multipart bodies with its MultipartReader."""

import asyncio
from collections.abc import Callable
from itertools import repeat

from aiohttp import MultipartReader, StreamReader
from aiohttp.base_protocol import BaseProtocol

from ..builds import build_of
from ..machine import version_of
from ..multiparts import CONTENT_TYPE


class AiohttpMultiparts:
    """The reader of aiohttp."""

    version = version_of("aiohttp")

    def build(self) -> str:
        """Say which build aiohttp is; its reader of multipart bodies is Python in any."""
        return build_of("aiohttp._http_parser")

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
    """Read one body from a stream on which everything has arrived."""
    loop = asyncio.get_running_loop()
    stream = StreamReader(BaseProtocol(loop), 2**30, loop=loop)
    for piece in pieces:
        stream.feed_data(piece)
    stream.feed_eof()
    parts = octets = 0
    async for part in MultipartReader({"Content-Type": CONTENT_TYPE}, stream):
        parts += 1
        while chunk := await part.read_chunk():
            octets += len(chunk)
    return parts, octets


PEER = AiohttpMultiparts()
