"""skerry's ClientSession as a client."""

import asyncio
from collections.abc import Callable

from skerry.client import ClientSession

from ..builds import skerry_build
from ..machine import version_of


class SkerryClient:
    """One session, many fetches."""

    version = version_of("skerry-client")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()

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


PEER = SkerryClient()
