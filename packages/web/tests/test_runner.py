import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from skerry import web

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"


async def start(app: web.Application, **options: Any) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(app, **options)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


async def test_a_start_that_fails_is_cleaned_up() -> None:
    log: list[str] = []

    async def context(app: web.Application) -> AsyncIterator[None]:
        log.append("enter")
        yield
        log.append("leave")

    async def fail(app: web.Application) -> None:
        raise ZeroDivisionError

    app = web.Application()
    app.cleanup_ctx.append(context)
    app.on_startup.append(fail)
    runner = web.AppRunner(app)
    with pytest.raises(ZeroDivisionError):
        await runner.setup()
    assert log == ["enter", "leave"]
    assert runner.server is None


async def test_setup_happens_once_and_cleanup_can_be_repeated() -> None:
    app = web.Application()
    runner = web.AppRunner(app)
    await runner.cleanup()
    await runner.setup()
    assert runner.app is app
    with pytest.raises(RuntimeError, match="set up already"):
        await runner.setup()
    await runner.cleanup()
    await runner.cleanup()


async def test_the_graceful_stop_goes_in_order() -> None:
    log: list[str] = []
    running = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        running.set()
        await asyncio.sleep(0.1)
        log.append("handler")
        return web.Response(text="done")

    def noting(name: str) -> Any:
        async def receiver(app: web.Application) -> None:
            log.append(name)

        return receiver

    app = web.Application()
    app.add_routes([web.get("/", handler)])
    app.on_shutdown.append(noting("shutdown"))
    app.on_cleanup.append(noting("cleanup"))
    runner, port = await start(app)
    idle_reader, idle_writer = await asyncio.open_connection("127.0.0.1", port)
    busy_reader, busy_writer = await asyncio.open_connection("127.0.0.1", port)
    busy_writer.write(GET)
    await running.wait()
    stopping = asyncio.ensure_future(runner.cleanup())
    async with asyncio.timeout(5):
        assert await idle_reader.read() == b""
        log.append("idle closed")
        data = await busy_reader.read()
        await stopping
    assert b"Connection: close\r\n" in data
    assert data.endswith(b"\r\n\r\ndone")
    assert sorted(log[:2]) == ["idle closed", "shutdown"]
    assert log[2:] == ["handler", "cleanup"]
    for writer in (idle_writer, busy_writer):
        writer.close()
        await writer.wait_closed()


async def test_a_handler_that_is_late_is_cancelled_before_the_cleanup() -> None:
    log: list[str] = []
    running = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            log.append("cancelled")
        raise AssertionError

    async def receiver(app: web.Application) -> None:
        log.append("cleanup")

    app = web.Application()
    app.add_routes([web.get("/", handler)])
    app.on_cleanup.append(receiver)
    runner, port = await start(app, shutdown_timeout=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(GET)
    await running.wait()
    async with asyncio.timeout(5):
        await runner.cleanup()
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    assert log == ["cancelled", "cleanup"]
    writer.close()


async def test_cleanup_is_done_when_shutdown_fails() -> None:
    log: list[str] = []

    async def fail(app: web.Application) -> None:
        raise ZeroDivisionError

    async def receiver(app: web.Application) -> None:
        log.append("cleanup")

    app = web.Application()
    app.on_shutdown.append(fail)
    app.on_cleanup.append(receiver)
    runner, _ = await start(app)
    with pytest.raises(ZeroDivisionError):
        await runner.cleanup()
    assert log == ["cleanup"]


@pytest.mark.parametrize("name", ["keepalive_timeout", "shutdown_timeout"])
def test_a_negative_time_is_refused(name: str) -> None:
    options: dict[str, Any] = {name: -1}
    with pytest.raises(ValueError, match=name):
        web.AppRunner(web.Application(), **options)
