"""The order in which resources match is that of aiohttp 3.14.5, measured by running it."""

from typing import Any

import pytest

from skerry.web.routing import NoMatch, UrlDispatcher

TEMPLATES = [
    ("GET", "/{tail:.*}x"),
    ("GET", "/{name}"),
    ("GET", "/"),
    ("GET", "/a/{x}"),
    ("GET", "/a/b"),
    ("GET", "/a/b/{x:.*}"),
    ("GET", "/a/b/"),
    ("POST", "/only"),
    ("GET", "/n/{num:\\d+}"),
    ("GET", "/n/{any}"),
    ("*", "/star"),
    ("PUT", "/a/{y}"),
    ("GET", "/f%2Fg"),
    ("GET", "/deep/{a}/x/{b}"),
]


async def handler(request: Any) -> Any:
    raise NotImplementedError


@pytest.fixture
def router() -> UrlDispatcher[Any]:
    router: UrlDispatcher[Any] = UrlDispatcher()
    for method, template in TEMPLATES:
        router.add_route(method, template, handler)
    return router


@pytest.mark.parametrize(
    ("method", "path", "template", "values"),
    [
        pytest.param("GET", "/", "/", {}, id="literal-root"),
        pytest.param("GET", "/foo", "/{name}", {"name": "foo"}, id="pattern"),
        pytest.param("GET", "/foox", "/{tail:.*}x", {"tail": "foo"}, id="first-registered-in-one-entry"),
        pytest.param("GET", "/a/b", "/a/b", {}, id="literal-beats-an-earlier-pattern"),
        pytest.param("GET", "/a/b/", "/a/b/{x:.*}", {"x": ""}, id="trailing-slash-goes-by-order"),
        pytest.param("GET", "/a/b/c", "/a/b/{x:.*}", {"x": "c"}, id="longest-prefix"),
        pytest.param("GET", "/a", "/{name}", {"name": "a"}, id="prefix-alone"),
        pytest.param("GET", "/only", "/{name}", {"name": "only"}, id="goes-on-when-the-method-does-not-fit"),
        pytest.param("GET", "/n/12", "/n/{num:\\d+}", {"num": "12"}, id="regex-first"),
        pytest.param("GET", "/n/1a", "/n/{any}", {"any": "1a"}, id="regex-does-not-fit"),
        pytest.param("PURGE", "/star", "/star", {}, id="every-method"),
        pytest.param("PUT", "/a/q", "/a/{y}", {"y": "q"}, id="second-resource-for-another-method"),
        pytest.param("GET", "/f%2Fg", "/f%2Fg", {}, id="slash-that-is-data"),
        pytest.param("GET", "/deep/1/x/2", "/deep/{a}/x/{b}", {"a": "1", "b": "2"}, id="two-parts"),
    ],
)
def test_a_route_is_found(
    router: UrlDispatcher[Any], method: str, path: str, template: str, values: dict[str, str]
) -> None:
    found = router.tree.find(method, path)
    assert not isinstance(found, NoMatch)
    assert found[0].resource.pattern.template == template
    assert found[1] == values


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        pytest.param("GET", "/a/", set(), id="a-name-is-not-empty"),
        pytest.param("GET", "//", set(), id="two-slashes"),
        pytest.param("GET", "/no/such/path", set(), id="404"),
        pytest.param("GET", "*", set(), id="asterisk"),
        pytest.param("GET", "", set(), id="no-path"),
        pytest.param("PATCH", "/a/q", {"GET", "PUT"}, id="405-of-two-resources"),
        pytest.param("PUT", "/only", {"POST", "GET"}, id="405-over-two-entries"),
        pytest.param("get", "/a/b", {"GET", "PUT"}, id="methods-have-a-case"),
    ],
)
def test_no_route_is_found_and_the_allowed_methods_are_known(
    router: UrlDispatcher[Any], method: str, path: str, allowed: set[str]
) -> None:
    assert router.tree.find(method, path) == NoMatch(frozenset(allowed))


def test_the_short_cut_has_only_what_the_lookup_would_find(router: UrlDispatcher[Any]) -> None:
    router.add_route("GET", "/q?x", handler)
    literals = router.tree.literals
    assert sorted(literals) == ["/", "/a/b", "/f%2Fg", "/only"]
    for path, routes in literals.items():
        for method, route in routes.items():
            assert router.tree.find(method, path) == (route, {})


def test_a_literal_behind_an_earlier_pattern_is_not_in_the_short_cut() -> None:
    router: UrlDispatcher[Any] = UrlDispatcher()
    router.add_route("GET", "/{tail:.*}", handler)
    router.add_route("GET", "/", handler)
    assert router.tree.literals == {}


def test_a_path_of_many_slashes_costs_few_lookups(router: UrlDispatcher[Any]) -> None:
    class Counting(dict[str, Any]):
        gets = 0

        def get(self, key: str, default: Any = None) -> Any:
            self.gets += 1
            return super().get(key, default)

    tree = router.tree
    tree._index = index = Counting(tree._index)
    assert isinstance(tree.find("GET", "/y" * 4000), NoMatch)
    assert index.gets <= 4
