"""The whole stack in one process: serve the example application, fetch from it concurrently, show the answers.

`hatch run demo` runs it. It listens on a free port of the loopback interface and ends by itself.
"""

import asyncio
import time
from collections import Counter

from hello import make_app

from skerry import web
from skerry.client import ClientSession
from skerry.http import is_compiled

NAMES = ("Ada", "Grace", "Hedy", "Katherine", "Radia")
REQUESTS = 100


async def fetch(session: ClientSession, url: str) -> tuple[int, str]:
    """Return the status and the text at ``url``."""
    async with session.get(url) as response:
        return response.status, await response.text()


async def fetch_all(base: str) -> Counter[tuple[int, str]]:
    """Fetch ``REQUESTS`` greetings concurrently and count the answers."""
    paths = [f"{base}/{NAMES[number % len(NAMES)]}" for number in range(REQUESTS - 1)]
    async with ClientSession() as session:
        return Counter(await asyncio.gather(*(fetch(session, path) for path in [base + "/", *paths])))


async def main() -> None:
    """Serve, fetch, print, stop."""
    runner = web.AppRunner(make_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print("the core is", "compiled" if is_compiled else "pure Python: no C compiler was found when it was built")
    print(f"serving on http://{host}:{port}")
    try:
        started = time.perf_counter()
        answers = await fetch_all(f"http://{host}:{port}")
        took = time.perf_counter() - started
    finally:
        await runner.cleanup()
    for (status, text), count in sorted(answers.items()):
        print(f"{count:4} times {status} {text}")
    print(f"{answers.total()} requests over one session in {took * 1000:.0f} ms; the server has stopped")


if __name__ == "__main__":
    asyncio.run(main())
