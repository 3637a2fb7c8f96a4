from collections.abc import Callable
from typing import Any

import pytest

from skerry import web
from skerry.http import HttpVersion10

Ask = Callable[..., Any]


async def echo(request: web.Request) -> web.Response:
    assert [head.status for head in request.exchange.informational] == [100]  # type: ignore[attr-defined]
    return web.Response(body=await request.read())


async def quiet(request: web.Request) -> web.Response:
    assert not request.exchange.informational  # type: ignore[attr-defined]
    return web.Response(body=await request.read())


@pytest.mark.parametrize("value", ["100-continue", "100-Continue"])
async def test_100_continue_is_sent_before_the_handler_runs(ask: Ask, value: str) -> None:
    exchange = await ask(echo, "/", "POST", headers={"Expect": value}, pieces=[b"x"])
    assert (exchange.head.status, exchange.body) == (200, b"x")


async def test_no_body_needs_no_100(ask: Ask) -> None:
    assert (await ask(quiet, "/", "POST", headers={"Expect": "100-continue"})).head.status == 200


async def test_another_expectation_is_417_and_no_handler_runs(ask: Ask) -> None:
    async def never(request: web.Request) -> web.Response:
        raise AssertionError("the handler ran")

    exchange = await ask(never, "/", "POST", headers={"Expect": "tea"}, pieces=[b"x"])
    assert exchange.head.status == 417
    assert not exchange.informational


async def test_what_http_1_0_expects_is_ignored(ask: Ask) -> None:
    exchange = await ask(quiet, "/", "POST", headers={"Expect": "100-continue"}, pieces=[b"x"], version=HttpVersion10)
    assert (exchange.head.status, exchange.body) == (200, b"x")


async def test_nobody_is_told_to_go_on_when_there_is_no_route(ask: Ask) -> None:
    exchange = await ask(web.Application(), "/", "POST", headers={"Expect": "100-continue"}, pieces=[b"x"])
    assert exchange.head.status == 404
    assert not exchange.informational


async def test_a_route_has_a_handler_of_its_own_for_it(ask: Ask) -> None:
    async def refuse(request: web.Request) -> web.StreamResponse | None:
        return web.Response(status=403) if request.headers["Expect"] == "tea" else None

    app = web.Application()
    app.add_routes([web.post("/", quiet, expect_handler=refuse)])
    assert (await ask(app, "/", "POST", headers={"Expect": "tea"}, pieces=[b"x"])).head.status == 403
    assert (await ask(app, "/", "POST", headers={"Expect": "coffee"}, pieces=[b"x"])).body == b"x"
