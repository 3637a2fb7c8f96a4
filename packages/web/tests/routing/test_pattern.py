import pytest

from skerry.web.routing import PathPattern


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        pytest.param("/", "/", {}, id="root"),
        pytest.param("", "", {}, id="empty"),
        pytest.param("/a", "/a/", None, id="a-slash-more"),
        pytest.param("/{name}", "/foo", {"name": "foo"}, id="name"),
        pytest.param("/{name}", "/", None, id="name-is-not-empty"),
        pytest.param("/{name}", "/a/b", None, id="name-ends-at-slash"),
        pytest.param("/{a}-{b}.txt", "/1-2-3.txt", {"a": "1-2", "b": "3"}, id="greedy"),
        pytest.param("/{x:.*}", "/", {"x": ""}, id="regex-may-be-empty"),
        pytest.param("/{x:[a-c]{2}}", "/ab", {"x": "ab"}, id="braces-in-regex"),
        pytest.param("/{n:\\d+}", "/1a", None, id="regex-fits-whole"),
        pytest.param("/{x}", "/a%2Fb", {"x": "a/b"}, id="slash-that-is-data"),
        pytest.param("/z.z/{x}", "/zAz/1", None, id="literal-dot"),
        pytest.param("/é/{x}", "/é/1", {"x": "1"}, id="not-ascii"),
        pytest.param("/%C3%A9/{x}", "/é/1", {"x": "1"}, id="encoded-template"),
        pytest.param("/c%20d", "/c d", {}, id="encoded-literal"),
        pytest.param("/{_a}", "/x", {"_a": "x"}, id="underscore"),
        pytest.param("/{x:(?P<inner>a)?b}", "/b", {"x": "b", "inner": ""}, id="group-that-took-no-part"),
    ],
)
def test_a_pattern_matches_a_decoded_path(template: str, path: str, values: dict[str, str] | None) -> None:
    assert PathPattern(template).match(path) == values


@pytest.mark.parametrize(
    "template", ["a", "/{", "/{x", "/}", "/{x}{", "/{1a}", "/{a-b}", "/{a:}", "/{x:(}", "/{a}/{a}", "/{}", "/a}b"]
)
def test_a_template_that_makes_no_sense_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match=r"^path "):
        PathPattern(template)


@pytest.mark.parametrize(
    ("template", "key"),
    [("/", "/"), ("", "/"), ("/a/b", "/a/b"), ("/a/b/", "/a/b"), ("/a/{x}", "/a"), ("/a/b{x}/c", "/a"), ("/{x}", "/")],
)
def test_the_index_key_is_the_literal_start_in_whole_segments(template: str, key: str) -> None:
    assert PathPattern(template).index_key == key


def test_the_canonical_form_has_no_regular_expression() -> None:
    assert PathPattern("/a/{x:\\d+}/{y}").canonical == "/a/{x}/{y}"
