from collections.abc import Callable
from typing import Any

from skerry import web

Ask = Callable[..., Any]


async def test_the_parts_of_the_path_and_the_route(ask: Ask) -> None:
    seen: list[web.MatchInfo[web.Request]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.match_info)
        assert request.match_info is seen[0]
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/{a}/{b:\\d+}", handler, name="two")])
    await ask(app, "/x%20y/7")
    info = seen[0]
    assert dict(info) == {"a": "x y", "b": "7"}
    assert info.handler is handler
    assert info.http_exception is None
    assert info.route is not None
    assert info.route.name == "two"
    assert info.get_info() == {"formatter": "/{a}/{b}"}


async def test_a_literal_route_has_no_parts(ask: Ask) -> None:
    seen: list[web.MatchInfo[web.Request]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.match_info)
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/a", handler)])
    await ask(app, "/a")
    assert seen[0] == {}
    assert seen[0].get_info() == {"path": "/a"}


async def test_a_middleware_sees_why_there_is_no_route(ask: Ask) -> None:
    seen: list[web.MatchInfo[web.Request]] = []

    async def look(request: web.Request, handler: web.Handler) -> web.StreamResponse:
        seen.append(request.match_info)
        return await handler(request)

    app = web.Application(middlewares=[look])
    exchange = await ask(app, "/a")
    assert exchange.head.status == 404
    assert isinstance(seen[0].http_exception, web.HTTPNotFound)
    assert seen[0].route is None
    assert seen[0].get_info() == {"http_exception": seen[0].http_exception}
