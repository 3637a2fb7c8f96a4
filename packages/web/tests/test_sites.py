import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from skerry import web

Serving = Callable[..., Any]
Talk = Callable[..., Any]
CLOSE = b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


async def test_a_tcp_site_picks_a_port_and_names_itself() -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    assert site.port == 0
    await site.start()
    assert site.port > 0
    assert site.name == f"http://127.0.0.1:{site.port}"
    assert runner.addresses == [("127.0.0.1", site.port)]
    assert runner.sites == {site}
    assert "listening" in repr(site)
    with pytest.raises(RuntimeError, match="listens already"):
        await site.start()
    await site.stop()
    await site.stop()
    assert runner.sites == frozenset()
    await runner.cleanup()


@pytest.mark.parametrize(
    ("host", "name"),
    [(None, "http://0.0.0.0:8080"), ("::1", "http://[::1]:8080"), ("localhost", "http://localhost:8080")],
)
def test_the_name_is_a_url(host: str | None, name: str) -> None:
    assert web.TCPSite(web.AppRunner(web.Application()), host).name == name


async def test_a_port_in_use_is_an_error_that_names_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        runner = web.AppRunner(web.Application())
        await runner.setup()
        with pytest.raises(OSError, match=f"port {port} of 127.0.0.1: Address already in use") as caught:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        assert caught.value.errno is not None
        assert runner.addresses == []
        await runner.cleanup()


async def test_a_site_needs_a_runner_that_is_set_up() -> None:
    with pytest.raises(RuntimeError, match="setup"):
        await web.TCPSite(web.AppRunner(web.Application()), "127.0.0.1", 0).start()


async def test_a_socket_site_serves_a_socket_that_is_bound(talk: Talk) -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    port = sock.getsockname()[1]
    site = web.SockSite(runner, sock)
    assert site.name == f"http://127.0.0.1:{port}"
    await site.start()
    assert (await talk(port, CLOSE)).startswith(b"HTTP/1.1 404 ")
    await runner.cleanup()


async def test_what_was_accepted_is_served_after_the_site_has_stopped() -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n404: Not Found")
    port = site.port
    await site.stop()
    writer.write(CLOSE)
    assert b"404: Not Found" in await reader.read()
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()
