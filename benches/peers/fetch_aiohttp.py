"""aiohttp's ClientSession as a client."""

import asyncio
from collections.abc import Callable

from aiohttp import ClientSession

from ..builds import build_of
from ..machine import version_of


class AiohttpClient:
    """One session, many fetches."""

    version = version_of("aiohttp")

    def build(self) -> str:
        """Say which build does the work."""
        return build_of("aiohttp._http_parser")

    async def fetch(self, url: str, body: bytes, concurrency: int, is_over: Callable[[], bool]) -> int:
        """Fetch until it is over.

        Raises:
            ValueError: Another answer came.

        Cancellation:
            The session is closed.
        """

        async def fetch_again() -> int:
            count = 0
            while not is_over():
                async with session.get(url) as response:
                    if await response.read() != body or response.status != 200:
                        raise ValueError(f"status {response.status}, or another body than expected")
                count += 1
            return count

        async with ClientSession() as session:
            return sum(await asyncio.gather(*[fetch_again() for _ in range(concurrency)]))


PEER = AiohttpClient()
