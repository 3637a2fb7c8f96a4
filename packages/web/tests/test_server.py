"""The server with real connections; requests are raw octets."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest

from skerry import web
from skerry.http import Limits

Serving = Callable[..., Any]
Talk = Callable[..., Any]
GET = b"GET %s HTTP/1.1\r\nHost: h\r\n\r\n"
CLOSE = b"GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


def app_of(handler: web.Handler, **options: Any) -> web.Application:
    app = web.Application(**options)
    app.router.add_route("*", "/{path:.*}", handler)
    return app


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what no event tells."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def name(request: web.Request) -> web.Response:
    return web.Response(text=f"{request.path};")


async def test_requests_on_one_connection_are_answered_in_order(serving: Serving, talk: Talk) -> None:
    async def sometimes_slow(request: web.Request) -> web.Response:
        if request.path.endswith("slow"):
            await asyncio.sleep(0.01)
        return web.Response(text=f"{request.path};")

    async with serving(app_of(sometimes_slow)) as port:
        data = await talk(port, GET % b"/1slow" + GET % b"/2" + GET % b"/3slow" + CLOSE % b"/4")
    assert re.findall(rb"\r\n\r\n(/\d\w*);", data) == [b"/1slow", b"/2", b"/3slow", b"/4"]
    assert data.count(b"HTTP/1.1 200 OK\r\n") == 4


async def test_a_chunked_body_arrives_whole(serving: Serving, talk: Talk) -> None:
    async with serving(app_of(echo)) as port:
        data = await talk(
            port,
            b"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nA: b\r\n\r\n",
        )
    assert data.endswith(b"\r\n\r\nabcdefg")


async def test_a_stream_is_chunked_for_1_1_and_ends_with_the_connection_for_1_0(serving: Serving, talk: Talk) -> None:
    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"abc")
        await response.write(b"de")
        return response

    async with serving(app_of(stream)) as port:
        chunked = await talk(port, CLOSE % b"/")
        plain = await talk(port, b"GET / HTTP/1.0\r\n\r\n")
        head = await talk(port, b"HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in chunked
    assert chunked.endswith(b"\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    assert b"Transfer-Encoding" not in plain
    assert plain.endswith(b"\r\n\r\nabcde")
    assert head.endswith(b"\r\n\r\n")


async def test_a_writer_waits_for_a_peer_that_does_not_read(serving: Serving) -> None:
    written = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 65536)
            written += 65536
        return response

    async with serving(app_of(flood), shutdown_timeout=0) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(GET % b"/")
        last = -1
        while written != last:
            last = written
            await asyncio.sleep(0.1)
        assert 0 < written < 30 * 1024**2
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_body_that_nobody_reads_does_not_become_a_request(serving: Serving, talk: Talk) -> None:
    async with serving(app_of(name)) as port:
        smuggled = GET % b"/smuggled"
        data = await talk(
            port,
            b"POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(smuggled) + smuggled + CLOSE % b"/2",
        )
    assert re.findall(rb"\r\n\r\n(/\w+);", data) == [b"/1", b"/2"]


async def test_a_body_too_large_is_413(serving: Serving, talk: Talk) -> None:
    async with serving(app_of(echo, client_max_size=10)) as port:
        data = await talk(
            port, b"POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 11\r\n\r\n" + b"x" * 11
        )
    assert data.startswith(b"HTTP/1.1 413 Content Too Large\r\n")


async def test_a_broken_body_is_400_and_the_connection_is_closed(
    serving: Serving, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(app_of(echo)) as port:
        data = await talk(
            port,
            b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnope\r\n" + GET % b"/next",
        )
    assert data.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert data.count(b"HTTP/1.1 ") == 1
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


async def test_a_broken_request_reaches_no_handler(serving: Serving, talk: Talk) -> None:
    async def never(request: web.Request) -> web.Response:
        raise AssertionError("the handler ran")

    async with serving(app_of(never)) as port:
        assert (await talk(port, b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
        assert (await talk(port, b"GET / HTTP/9.9\r\nHost: h\r\n\r\n")).startswith(b"HTTP/1.1 505 ")


async def test_a_peer_that_leaves_in_the_middle_is_no_error(serving: Serving, caplog: pytest.LogCaptureFixture) -> None:
    ended = asyncio.Event()

    async def patient(request: web.Request) -> web.Response:
        try:
            return web.Response(body=await request.read())
        finally:
            ended.set()

    async with serving(app_of(patient)) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc")
        await asyncio.sleep(0.05)
        writer.transport.abort()
        async with asyncio.timeout(5):
            await ended.wait()
    assert not [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]


async def test_a_failure_in_the_middle_of_a_stream_is_seen_by_the_peer(serving: Serving) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"abc")
        await asyncio.sleep(0.05)
        raise ZeroDivisionError

    async with serving(app_of(broken)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET % b"/")
        data = b""
        with contextlib.suppress(ConnectionResetError):
            async with asyncio.timeout(5):
                while piece := await reader.read(1000):
                    data += piece
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    assert not data.endswith(b"0\r\n\r\n")


async def test_each_request_has_a_context_of_its_own(serving: Serving, talk: Talk) -> None:
    variable: ContextVar[str] = ContextVar("variable", default="unset")

    async def handler(request: web.Request) -> web.Response:
        before = variable.get()
        variable.set(request.path)
        return web.Response(text=before)

    async with serving(app_of(handler)) as port:
        data = await talk(port, GET % b"/1" + GET % b"/2" + CLOSE % b"/3")
    assert data.count(b"\r\n\r\nunset") == 3


async def test_100_continue_is_sent_on_the_wire(serving: Serving) -> None:
    async with serving(app_of(echo)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        async with asyncio.timeout(5):
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"abc")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
            assert await reader.readexactly(3) == b"abc"
        writer.close()
        await writer.wait_closed()


async def test_an_idle_connection_is_closed_after_its_time(serving: Serving) -> None:
    async with serving(app_of(name), limits=Limits(), keepalive_timeout=0.05) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET % b"/")
        async with asyncio.timeout(8):
            data = await reader.read()
        assert data.endswith(b"\r\n\r\n/;")
        writer.close()
        await writer.wait_closed()


async def test_the_server_knows_its_connections_and_handlers() -> None:
    gate = asyncio.Event()

    async def wait(request: web.Request) -> web.Response:
        await gate.wait()
        return web.Response()

    runner = web.AppRunner(app_of(wait))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server = runner.server
    assert server is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    writer.write(GET % b"/")
    await until(lambda: server.running == 1)
    assert len(server.connections) == 1
    gate.set()
    await reader.readuntil(b"\r\n\r\n")
    assert server.running == 0
    writer.close()
    await writer.wait_closed()
    await until(lambda: not server.connections)
    await runner.cleanup()


async def test_a_connection_that_comes_while_the_server_stops_is_closed() -> None:
    runner = web.AppRunner(app_of(name))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server = runner.server
    assert server is not None
    server.begin_stop()
    reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    await runner.cleanup()


async def test_a_stop_that_is_cancelled_still_ends_handlers_and_connections() -> None:
    ended = asyncio.Event()

    async def stubborn(request: web.Request) -> web.Response:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        raise AssertionError

    runner = web.AppRunner(app_of(stubborn))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server = runner.server
    assert server is not None
    _, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
    writer.write(GET % b"/")
    await until(lambda: server.running == 1)
    stopping = asyncio.ensure_future(runner.cleanup())
    await asyncio.sleep(0.01)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    async with asyncio.timeout(5):
        await ended.wait()
    await until(lambda: not server.connections)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
