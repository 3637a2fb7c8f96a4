"""The client fetches from nginx, started for the test on the loopback interface with a configuration of its own."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from skerry.client import ClientResponseError, ClientSession, TCPConnector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
LARGE_SIZE = 5_000_000

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian package nginx-light)")

CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    types {{ text/plain txt; application/json json; }}
    default_type application/octet-stream;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    keepalive_timeout 30s;
    keepalive_requests 50;
    ssi_types text/plain;
    server {{
        listen 127.0.0.1:{port};
        root {root}/files;
        location = /none {{ return 204; }}
        location = /refused {{ return 403 "no"; }}
        location = /here {{ return 302 /greeting.txt; }}
        location = /there {{ return 308 http://localhost:{port}/port; }}
        location = /port {{ default_type text/plain; return 200 "$remote_port"; }}
        location = /agent {{ default_type text/plain; return 200 "$http_user_agent"; }}
        location = /close {{ keepalive_timeout 0; default_type text/plain; return 200 "bye"; }}
        location = /chunked.txt {{ ssi on; }}
        location /slow/ {{ limit_rate 1m; alias {root}/files/; }}
    }}
}}
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start of every URL of the server."""
    root = tmp_path_factory.mktemp("nginx")
    make_files(root / "files")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    (root / "nginx.conf").write_text(CONFIGURATION.format(root=root, port=port))
    command = [str(NGINX), "-p", str(root), "-c", str(root / "nginx.conf"), "-e", str(root / "error.log")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        wait_until_listening(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def make_files(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "greeting.txt").write_text("Hello from nginx")
    (folder / "value.json").write_text('{"name": "nginx"}')
    (folder / "chunked.txt").write_text("a<!--# echo var='x' default='b' -->c\n" * 1000)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "large").write_bytes(bytes(range(250)) * (LARGE_SIZE // 250))


def wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        assert process.poll() is None, "nginx has stopped"
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx does not listen")


async def test_a_file(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/greeting.txt") as response:
        assert (response.status, response.reason) == (200, "OK")
        assert response.content_type == "text/plain"
        assert response.content_length == 16
        assert response.headers["Server"].startswith("nginx")
        assert await response.text() == "Hello from nginx"


async def test_json(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/value.json") as response:
        assert await response.json() == {"name": "nginx"}


async def test_requests_after_one_another_share_a_connection_while_the_server_allows(
    base: str, session: ClientSession
) -> None:
    ports = []
    for _ in range(120):
        async with session.get(f"{base}/port") as response:
            ports.append(await response.text())
    assert len(set(ports)) == 3, "nginx closes after fifty requests"


async def test_one_hundred_gets_gathered_over_one_session(base: str, session: ClientSession) -> None:
    async def fetch() -> str:
        async with session.get(f"{base}/greeting.txt") as response:
            return await response.text()

    assert await asyncio.gather(*(fetch() for _ in range(100))) == ["Hello from nginx"] * 100


async def test_a_connection_that_the_server_closes_is_not_used_again(base: str, session: ClientSession) -> None:
    for _ in range(5):
        async with session.post(f"{base}/close", allow_redirects=False) as response:
            assert response.headers["Connection"] == "close"
            assert await response.text() == "bye"


async def test_a_chunked_answer(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/chunked.txt") as response:
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert response.content_length is None
        assert await response.text() == "abc\n" * 1000


@pytest.mark.parametrize("path", ["/large", "/slow/large"])
async def test_a_large_file_is_streamed(base: str, session: ClientSession, path: str) -> None:
    at = 0
    async with session.get(base + path) as response:
        assert response.content_length == LARGE_SIZE
        async for piece in response.content.iter_chunked(65_536):
            assert piece[0] == at % 250
            at += len(piece)
            if path == "/slow/large" and at > 1_000_000:
                break
    assert path != "/large" or at == LARGE_SIZE


async def test_a_large_file_is_read_whole(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/large") as response:
        assert await response.read() == bytes(range(250)) * (LARGE_SIZE // 250)


async def test_head_has_the_length_and_no_body(base: str) -> None:
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        for _ in range(2):
            async with session.head(f"{base}/large") as response:
                assert response.content_length == LARGE_SIZE
                assert await response.read() == b""
            async with session.get(f"{base}/greeting.txt") as response:
                assert await response.text() == "Hello from nginx"


async def test_answers_without_a_body(base: str) -> None:
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        async with session.get(f"{base}/none") as response:
            assert (response.status, await response.read()) == (204, b"")
        async with session.get(f"{base}/empty.txt") as response:
            assert (response.status, await response.read()) == (200, b"")
        async with session.get(f"{base}/greeting.txt") as response:
            tag = response.headers["ETag"]
        async with session.get(f"{base}/greeting.txt", headers={"If-None-Match": tag}) as response:
            assert (response.status, await response.read()) == (304, b"")
        async with session.get(f"{base}/port") as response:
            assert response.status == 200


async def test_a_range(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/greeting.txt", headers={"Range": "bytes=6-9"}) as response:
        assert response.status == 206
        assert await response.text() == "from"


async def test_redirects(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/here") as response:
        assert await response.text() == "Hello from nginx"
        assert [one.status for one in response.history] == [302]
    async with session.get(f"{base}/there") as response:
        assert response.host == "localhost"
        assert (await response.text()).isdigit()


async def test_errors_are_answers_unless_they_are_to_raise(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/refused") as response:
        assert (response.status, await response.text()) == (403, "no")
    with pytest.raises(ClientResponseError, match="404"):
        await session.get(f"{base}/nowhere", raise_for_status=True)
    async with session.post(f"{base}/greeting.txt", data=b"x" * 100_000) as response:
        assert response.status == 405


async def test_the_client_says_who_it_is(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/agent") as response:
        assert "skerry-client/" in await response.text()
