"""The client fetches from the server of the standard library, in a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from skerry.client import ClientSession, HttpVersion10

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = """
import http.server, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = sys.argv[1]
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(params=["HTTP/1.0", "HTTP/1.1"], scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Version that the server speaks, and the start of every URL."""
    root = tmp_path_factory.mktemp("files")
    (root / "greeting.txt").write_text("Hello from Python")
    (root / "large.bin").write_bytes(b"0123456789" * 300_000)
    command = [sys.executable, "-c", PROGRAM, request.param]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, encoding="ascii") as process:
        assert process.stdout is not None
        yield request.param, f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


async def test_a_file(server: tuple[str, str], session: ClientSession) -> None:
    version, base = server
    for _ in range(3):
        async with session.get(f"{base}/greeting.txt") as response:
            assert response.status == 200
            assert response.content_type == "text/plain"
            assert await response.text() == "Hello from Python"
            assert (response.version == HttpVersion10) is (version == "HTTP/1.0")


async def test_a_large_file(server: tuple[str, str], session: ClientSession) -> None:
    async with session.get(f"{server[1]}/large.bin") as response:
        assert await response.read() == b"0123456789" * 300_000


async def test_head_and_a_missing_file(server: tuple[str, str], session: ClientSession) -> None:
    async with session.head(f"{server[1]}/large.bin") as response:
        assert response.content_length == 3_000_000
        assert await response.read() == b""
    async with session.get(f"{server[1]}/missing") as response:
        assert response.status == 404
        assert "404" in await response.text()


async def test_a_listing_has_its_charset(server: tuple[str, str], session: ClientSession) -> None:
    async with session.get(f"{server[1]}/") as response:
        assert response.charset == "utf-8"
        assert "greeting.txt" in await response.text()


async def test_a_post(server: tuple[str, str], session: ClientSession) -> None:
    async with session.post(f"{server[1]}/x", data="Ada") as response:
        assert await response.text() == "Ada"


async def test_many_at_once(server: tuple[str, str], session: ClientSession) -> None:
    async def fetch() -> str:
        async with session.get(f"{server[1]}/greeting.txt") as response:
            return await response.text()

    # Its queue of connections is five long: a sixth has to try again, which takes seconds.
    for _ in range(5):
        assert await asyncio.gather(*(fetch() for _ in range(5))) == ["Hello from Python"] * 5
