"""The application that tests fetch from, served on the loopback interface."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from skerry import web
from skerry.client import ClientSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BIG_SIZE = 3_000_000


async def greet(request: web.Request) -> web.Response:
    return web.Response(text=f"Hello, {request.match_info.get('name', 'Anonymous')}!")


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read(), content_type="application/octet-stream")


async def echo_stream(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    async for piece in request.content.iter_chunked(65536):
        await response.write(piece)
    await response.write_eof()
    return response


async def describe(request: web.Request) -> web.Response:
    return web.json_response(
        {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "version": list(request.version),
            "fields": {name.lower(): value for name, value in request.headers.items()},
        }
    )


async def big(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(BIG_SIZE // 10_000):
        await response.write(b"0123456789" * 1000)
    await response.write_eof()
    return response


async def port_of_peer(request: web.Request) -> web.Response:
    return web.Response(text=str(request.get_extra_info("peername")[1]))


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(0.05)
    return web.Response(text="slow")


async def fail(request: web.Request) -> web.Response:
    raise ZeroDivisionError("secret of the handler")


def make_app() -> web.Application:
    app = web.Application(client_max_size=16 * 1024**2)
    app.add_routes(
        [
            web.get("/", greet),
            web.get("/describe", describe),
            web.get("/big", big),
            web.get("/port", port_of_peer),
            web.get("/slow", slow),
            web.get("/fail", fail),
            web.post("/echo", echo),
            web.put("/echo", echo),
            web.post("/echo-stream", echo_stream),
            web.get("/hello/{name}", greet),
        ]
    )
    return app


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Port on which the application is served."""
    runner = web.AppRunner(make_app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.fixture
def base(port: int) -> str:
    """Start of every URL of the application."""
    return f"http://127.0.0.1:{port}"


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """A session that is closed after the test."""
    async with ClientSession() as session:
        yield session
