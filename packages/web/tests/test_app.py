from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from skerry import web

Ask = Callable[..., Any]


async def answer(request: web.Request) -> web.Response:
    return web.Response(text=str(request.app["greeting"]))


async def test_a_handler_reaches_its_application(ask: Ask) -> None:
    app = web.Application()
    app["greeting"] = "hello"
    app.add_routes([web.get("/", answer)])
    assert (await ask(app)).body == b"hello"


async def test_life_goes_in_order() -> None:
    log: list[str] = []

    async def context(app: web.Application) -> AsyncIterator[None]:
        log.append("enter")
        yield
        log.append("leave")

    def noting(name: str) -> Any:
        async def receiver(app: web.Application) -> None:
            log.append(name)

        return receiver

    app = web.Application()
    app.cleanup_ctx.append(context)
    app.on_startup.append(noting("startup"))
    app.on_shutdown.append(noting("shutdown"))
    app.on_cleanup.append(noting("cleanup"))
    await app.startup()
    await app.shutdown()
    await app.cleanup()
    assert log == ["enter", "startup", "shutdown", "leave", "cleanup"]


async def test_cleanup_goes_on_when_a_context_fails() -> None:
    log: list[str] = []

    async def context(app: web.Application) -> AsyncIterator[None]:
        yield
        raise ZeroDivisionError

    async def receiver(app: web.Application) -> None:
        log.append("cleanup")

    app = web.Application()
    app.cleanup_ctx.append(context)
    app.on_cleanup.append(receiver)
    await app.startup()
    with pytest.raises(ZeroDivisionError):
        await app.cleanup()
    assert log == ["cleanup"]


async def test_state_can_be_stored_until_the_application_has_started() -> None:
    async def store(app: web.Application) -> None:
        app["late"] = 1

    app = web.Application()
    app.on_startup.append(store)
    await app.startup()
    assert app["late"] == 1
    with pytest.raises(RuntimeError, match="has started"):
        app["more"] = 2
    with pytest.raises(RuntimeError, match="has started"):
        del app["late"]


def test_a_frozen_application_takes_no_routes_middlewares_or_receivers() -> None:
    app = web.Application()
    app.freeze()
    app.freeze()
    assert app.frozen
    with pytest.raises(RuntimeError):
        app.add_routes([web.get("/", answer)])
    with pytest.raises(RuntimeError):
        app.middlewares.append(answer)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        app.on_startup.append(answer)  # type: ignore[arg-type]


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="client_max_size"):
        web.Application(client_max_size=-1)


async def test_middlewares_stand_around_found_and_unfound_routes(ask: Ask) -> None:
    async def outer(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = error
        response.headers["X-Outer"] = str(response.status)
        return response

    async def inner(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        request["seen"] = True
        return await handler(request)

    async def see(request: web.Request) -> web.Response:
        return web.Response(text=str(request["seen"]))

    app = web.Application(middlewares=[outer, inner])
    app.add_routes([web.get("/", see)])
    assert (await ask(app)).body == b"True"
    for target, method, status in (("/", "GET", "200"), ("/no", "GET", "404"), ("/", "PUT", "405")):
        assert (await ask(app, target, method)).head.headers["X-Outer"] == status


async def test_nothing_is_built_for_requests_that_find_no_route(ask: Ask) -> None:
    handlers = set()

    async def around(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        handlers.add(handler)
        return await handler(request)

    app = web.Application(middlewares=[around])
    app.add_routes([web.post("/a", answer)])
    for number in range(50):
        assert (await ask(app, f"/no/{number}")).head.status == 404
        assert (await ask(app, "/a")).head.status == 405
    assert len(handlers) == 1


def test_a_representation_tells_the_routes() -> None:
    app = web.Application()
    app.add_routes([web.get("/", answer)])
    assert repr(app) == "<Application 2 routes>"
