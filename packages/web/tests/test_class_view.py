from collections.abc import Callable
from typing import Any

import pytest

from skerry import web

Ask = Callable[..., Any]


class Things(web.View):
    secret = "not for peers"

    async def get(self) -> web.Response:
        return web.Response(text=self.request.match_info["name"])

    async def post(self) -> web.Response:
        raise web.HTTPCreated(text=await self.request.text())


@pytest.fixture
def app() -> web.Application:
    app = web.Application()
    app.router.add_view("/{name}", Things)
    return app


async def test_a_method_answers_its_method(app: web.Application, ask: Ask) -> None:
    assert (await ask(app, "/a")).body == b"a"
    exchange = await ask(app, "/a", "POST", pieces=[b"body"])
    assert (exchange.head.status, exchange.body) == (201, b"body")


@pytest.mark.parametrize("method", ["PUT", "HEAD", "SECRET", "__INIT__", "REQUEST", "get"])
async def test_another_method_is_405_whatever_attribute_has_its_name(
    app: web.Application, ask: Ask, method: str
) -> None:
    exchange = await ask(app, "/a", method)
    assert exchange.head.status == 405
    assert exchange.head.headers["Allow"] == "GET,POST"
