from typing import Any

import pytest

from skerry import web


async def handler(request: web.Request) -> web.Response:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("make", "methods"),
    [
        (web.get, ["HEAD", "GET"]),
        (web.head, ["HEAD"]),
        (web.post, ["POST"]),
        (web.put, ["PUT"]),
        (web.patch, ["PATCH"]),
        (web.delete, ["DELETE"]),
        (web.options, ["OPTIONS"]),
        (web.view, ["*"]),
    ],
)
def test_a_definition_registers_its_route(make: Any, methods: list[str]) -> None:
    app = web.Application()
    app.add_routes([make("/{x}", handler, name="n")])
    assert [route.method for route in app.router.routes()] == methods
    assert app.router["n"].canonical == "/{x}"


def test_a_definition_for_any_method_by_name() -> None:
    app = web.Application()
    app.add_routes([web.route("PURGE", "/", handler)])
    assert app.router.tree.literals["/"]["PURGE"].handler is handler


def test_the_head_of_a_get_can_be_left_out() -> None:
    app = web.Application()
    app.add_routes([web.get("/", handler, allow_head=False)])
    assert list(app.router.tree.literals["/"]) == ["GET"]


@pytest.mark.parametrize(
    ("verb", "methods"),
    [
        ("get", ["HEAD", "GET"]),
        ("head", ["HEAD"]),
        ("post", ["POST"]),
        ("put", ["PUT"]),
        ("patch", ["PATCH"]),
        ("delete", ["DELETE"]),
        ("options", ["OPTIONS"]),
        ("view", ["*"]),
    ],
)
def test_a_table_collects_what_is_decorated(verb: str, methods: list[str]) -> None:
    routes = web.RouteTableDef()
    assert getattr(routes, verb)("/x")(handler) is handler
    app = web.Application()
    app.add_routes(routes)
    assert [route.method for route in app.router.routes()] == methods


def test_a_table_is_a_sequence() -> None:
    routes = web.RouteTableDef()
    routes.route("PURGE", "/a")(handler)
    routes.get("/b")(handler)
    assert len(routes) == 2
    assert routes[0] in routes
    assert [each.path for each in routes] == ["/a", "/b"]
    assert [each.path for each in routes[1:]] == ["/b"]
    assert "handler" in repr(routes[0])
