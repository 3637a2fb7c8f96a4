import asyncio
import gc
import logging
import weakref
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from skerry import web
from skerry.http import RemoteProtocolError

Ask = Callable[..., Any]
BROKEN = RemoteProtocolError("bad-chunk-size", where="chunk size", seen=b"x", expected="hex digits")


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno > logging.INFO]


async def test_a_plain_handler_costs_one_call_of_the_exchange(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="Hello, Anonymous!")

    app = web.Application()
    app.add_routes([web.get("/", handler)])
    exchange = await ask(app)
    assert (exchange.head.status, exchange.body, exchange.writes) == (200, b"Hello, Anonymous!", 1)
    assert list(exchange.head.headers) == ["Content-Type", "Content-Length", "Date", "Server"]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/Ada", "Ada"),
        ("/Ada?x=/y", "Ada"),
        ("/A%20d%2Fa", "A d/a"),
        ("http://h/Ada", "Ada"),
        ("/é", "é"),
        ("/\udcff", "%FF"),
    ],
)
async def test_every_form_of_target_finds_its_route(ask: Ask, target: str, name: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=request.match_info["name"])

    app = web.Application()
    app.add_routes([web.get("/{name}", handler)])
    assert (await ask(app, target)).body.decode() == name


@pytest.mark.parametrize("target", ["/a?x", "/%61", "http://h/a", "/a?"])
async def test_a_literal_route_is_found_beside_the_short_cut(ask: Ask, target: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="found")

    app = web.Application()
    app.add_routes([web.get("/a", handler)])
    assert (await ask(app, target)).body == b"found"


async def test_no_route_is_404_and_another_method_405(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise AssertionError("the handler ran")

    app = web.Application()
    app.add_routes([web.get("/a", handler)])
    assert (await ask(app, "/b")).head.status == 404
    exchange = await ask(app, "/a", "POST")
    assert exchange.head.status == 405
    assert exchange.head.headers["Allow"] == "GET,HEAD"


async def test_an_exception_that_is_a_response_is_sent(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/raise":
            raise web.HTTPFound("/x")
        return web.HTTPFound("/x")

    for target in ("/raise", "/return"):
        exchange = await ask(handler, target)
        assert (exchange.head.status, exchange.head.headers["Location"]) == (302, "/x")
    assert not caplog.records


async def test_a_stream_that_the_handler_began_is_ended(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"a")
        return response

    exchange = await ask(handler)
    assert exchange.body == b"a"
    assert exchange.is_ended
    assert not exchange.is_aborted


async def test_a_stream_that_the_handler_did_not_begin_is_sent(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.StreamResponse(status=202)

    exchange = await ask(handler)
    assert exchange.head.status == 202
    assert exchange.is_ended


async def test_a_subclass_of_response_is_sent(ask: Ask) -> None:
    class Special(web.Response):
        pass

    async def handler(request: web.Request) -> web.StreamResponse:
        return Special(text="x")

    assert (await ask(handler)).body == b"x"


async def test_the_signal_sees_every_response(ask: Ask) -> None:
    async def mark(request: web.Request, response: web.StreamResponse) -> None:
        response.headers["X-Seen"] = "yes"

    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="x")

    app = web.Application()
    app.on_response_prepare.append(mark)
    app.add_routes([web.get("/", handler)])
    for target in ("/", "/no"):
        exchange = await ask(app, target)
        assert exchange.head.headers["X-Seen"] == "yes"
        assert exchange.writes == 1


async def test_a_handler_that_fails_is_500_and_logged_with_its_traceback(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise ZeroDivisionError("secret")

    exchange = await ask(handler, "/path")
    assert (exchange.head.status, exchange.body) == (500, b"500: Internal Server Error")
    record = caplog.records[-1]
    assert (record.name, record.levelno) == ("skerry.web", logging.ERROR)
    assert "GET '/path'" in record.getMessage()
    assert "handler" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


async def test_the_log_holds_a_bounded_part_of_the_target(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise ZeroDivisionError

    await ask(handler, "/" + "x" * 8000)
    message = caplog.records[-1].getMessage()
    assert len(message) < 400


@pytest.mark.parametrize("result", [None, "text", 5, web.Response], ids=repr)
async def test_what_is_no_response_is_500_and_logged_with_the_handlers_name(
    ask: Ask, caplog: pytest.LogCaptureFixture, result: Any
) -> None:
    async def forgetful(request: web.Request) -> Any:
        return result

    assert (await ask(forgetful)).head.status == 500
    record = caplog.records[-1]
    assert "forgetful" in record.getMessage()
    assert "expected a response" in str(record.exc_info and record.exc_info[1])


async def test_a_handler_without_async_is_500_and_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    def plain(request: web.Request) -> Any:
        return web.Response()

    assert (await ask(plain)).head.status == 500
    assert "plain" in caplog.text


async def test_a_response_that_would_split_the_head_is_500_and_logged(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(headers={"X-A": "a\r\nX-B: c"})

    exchange = await ask(handler)
    assert exchange.head.status == 500
    assert "X-B" not in exchange.head.headers
    assert len(errors_in(caplog)) == 1


async def test_a_failure_after_the_head_breaks_the_message(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"a")
        raise ZeroDivisionError

    exchange = await ask(handler)
    assert exchange.is_aborted
    assert exchange.body == b"a"
    assert len(errors_in(caplog)) == 1


async def test_an_iterable_that_fails_breaks_the_message(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=pieces())

    assert (await ask(handler)).is_aborted
    assert len(errors_in(caplog)) == 1


async def test_another_response_than_the_one_begun_breaks_the_message(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"a")
        return web.Response(text="another")

    exchange = await ask(handler)
    assert exchange.is_aborted
    assert b"another" not in exchange.body
    assert len(errors_in(caplog)) == 1


async def test_an_exception_response_after_the_head_breaks_the_message(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        await web.StreamResponse().prepare(request)
        raise web.HTTPNotFound

    assert (await ask(handler)).is_aborted


async def test_a_body_too_large_is_413_and_not_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    app = web.Application(client_max_size=3)
    app.add_routes([web.post("/", handler)])
    assert (await ask(app, "/", "POST", pieces=[b"ab", b"cd"])).head.status == 413
    assert not errors_in(caplog)


async def test_a_body_that_breaks_the_framing_is_the_peers_mistake(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    exchange = await ask(handler, "/", "POST", pieces=[b"a", BROKEN])
    assert (exchange.head.status, exchange.body) == (400, b"400: Bad Request")
    assert exchange.head.headers["Connection"] == "close"
    assert not errors_in(caplog)


async def test_the_mistake_of_another_peer_is_a_failure_of_the_handler(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: web.Request) -> web.Response:
        raise BROKEN if request.path == "/protocol" else ConnectionResetError("the database has left")

    for target in ("/protocol", "/reset"):
        assert (await ask(handler, target, "POST", pieces=[b"a"])).head.status == 500
    assert len(errors_in(caplog)) == 2


async def test_a_peer_that_has_left_is_no_error(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.Response:
        request.exchange.connection.is_open = False  # type: ignore[misc]
        return web.Response()

    exchange = await ask(handler)
    assert exchange.is_aborted
    assert not errors_in(caplog)


async def test_a_peer_that_leaves_before_the_error_is_no_second_error(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(request: web.Request) -> web.Response:
        request.exchange.connection.is_open = False  # type: ignore[misc]
        raise ZeroDivisionError

    assert (await ask(handler)).is_aborted
    assert len(errors_in(caplog)) == 1


async def test_a_cancelled_handler_gives_its_exchange_up(make_exchange: Callable[..., Any]) -> None:
    started = asyncio.Event()

    async def handler(request: web.Request) -> web.Response:
        started.set()
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    app.add_routes([web.get("/", handler)])
    exchange = make_exchange()
    task = asyncio.ensure_future(web.Dispatcher(app).serve(exchange))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert exchange.is_aborted
    assert not exchange.head_sent


async def test_a_middleware_that_fails_is_500(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    async def around(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        raise ZeroDivisionError

    assert (await ask(web.Application(middlewares=[around]))).head.status == 500
    assert len(errors_in(caplog)) == 1


async def test_head_has_the_length_and_no_body(ask: Ask) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text="abc")

    exchange = await ask(handler, "/", "HEAD")
    assert exchange.head.headers["Content-Length"] == "3"
    assert exchange.body == b""


@pytest.mark.loop_kinds("eager", "uvloop")  # in debug mode asyncio keeps frames
@pytest.mark.parametrize("target", ["/plain", "/raise", "/return", "/nowhere", "/stream"])
async def test_a_request_is_gone_with_its_answer_and_leaves_nothing_to_collect(
    make_exchange: Callable[..., Any], target: str
) -> None:
    requests: list[weakref.ref[web.Request]] = []

    async def around(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        requests.append(weakref.ref(request))
        return await handler(request)

    async def plain(request: web.Request) -> web.StreamResponse:
        return web.Response(text="x")

    async def throw(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound("/x")

    async def give(request: web.Request) -> web.StreamResponse:
        return web.HTTPFound("/x")

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(await request.read())
        return response

    app = web.Application(middlewares=[around])
    app.add_routes([web.get("/plain", plain), web.get("/raise", throw), web.get("/return", give)])
    app.add_routes([web.get("/stream", stream)])
    serve = web.Dispatcher(app).serve
    gc.disable()
    try:
        await serve(make_exchange(target))
        assert [request() for request in requests] == [None]
    finally:
        gc.enable()
