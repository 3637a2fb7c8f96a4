from typing import Any

import pytest

from skerry import web
from skerry.web.routing import UrlDispatcher


async def handler(request: Any) -> Any:
    raise NotImplementedError


@pytest.fixture
def router() -> UrlDispatcher[Any]:
    return UrlDispatcher()


def test_get_answers_head_too(router: UrlDispatcher[Any]) -> None:
    router.add_get("/", handler)
    assert [route.method for route in router.routes()] == ["HEAD", "GET"]


def test_get_leaves_head_alone_when_asked(router: UrlDispatcher[Any]) -> None:
    router.add_get("/", handler, allow_head=False)
    assert [route.method for route in router.routes()] == ["GET"]


def test_each_verb_has_its_method(router: UrlDispatcher[Any]) -> None:
    router.add_head("/", handler)
    router.add_post("/", handler)
    router.add_put("/", handler)
    router.add_patch("/", handler)
    router.add_delete("/", handler)
    router.add_options("/", handler)
    router.add_view("/view", handler)
    methods = [route.method for route in router.routes()]
    assert methods == ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "*"]


def test_the_same_path_in_a_row_is_one_resource(router: UrlDispatcher[Any]) -> None:
    router.add_post("/{x}", handler)
    router.add_put("/{x}", handler)
    router.add_delete("/{y}", handler)
    assert [resource.canonical for resource in router.resources()] == ["/{x}", "/{y}"]


def test_a_method_is_made_upper_case(router: UrlDispatcher[Any]) -> None:
    assert router.add_route("post", "/", handler).method == "POST"


def test_a_route_that_is_never_reached_is_refused(router: UrlDispatcher[Any]) -> None:
    router.add_route("*", "/", handler)
    with pytest.raises(RuntimeError, match="never be reached"):
        router.add_post("/", handler)


@pytest.mark.parametrize("method", ["", "A B", "GET\r\n", "GÉT"])
def test_a_method_that_is_no_token_is_refused(router: UrlDispatcher[Any], method: str) -> None:
    with pytest.raises(ValueError, match="is not a token"):
        router.add_route(method, "/", handler)


def test_a_handler_that_cannot_be_called_is_refused(router: UrlDispatcher[Any]) -> None:
    with pytest.raises(TypeError, match="expected a coroutine function"):
        router.add_get("/", 5)  # type: ignore[arg-type]


def test_names_find_resources(router: UrlDispatcher[Any]) -> None:
    route = router.add_post("/{x}", handler, name="ns:thing.one")
    assert router["ns:thing.one"] is route.resource
    assert route.name == "ns:thing.one"
    assert list(router) == ["ns:thing.one"]
    assert len(router) == 1
    assert "other" not in router
    assert dict(router.named_resources()) == {"ns:thing.one": route.resource}


@pytest.mark.parametrize("name", ["taken", "two words", "1", ""])
def test_a_name_that_is_taken_or_odd_is_refused(router: UrlDispatcher[Any], name: str) -> None:
    router.add_post("/a", handler, name="taken")
    with pytest.raises(ValueError, match="route name"):
        router.add_post("/b", handler, name=name)
    assert len(router.resources()) == 1


def test_a_frozen_router_takes_nothing(router: UrlDispatcher[Any]) -> None:
    router.freeze()
    assert router.frozen
    with pytest.raises(RuntimeError, match="frozen"):
        router.add_post("/", handler)


def test_the_lookup_follows_what_is_added(router: UrlDispatcher[Any]) -> None:
    router.add_post("/a", handler)
    assert "/b" not in router.tree.literals
    router.add_routes([web.post("/b", handler)])
    assert "/b" in router.tree.literals
