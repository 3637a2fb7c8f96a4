import pytest

from skerry.web.mediatypes import format_media_type, parse_media_type


@pytest.mark.parametrize(
    ("value", "content_type", "parameters"),
    [
        pytest.param("text/html", "text/html", {}, id="bare"),
        pytest.param("Text/HTML; Charset=UTF-8", "text/html", {"charset": "UTF-8"}, id="case"),
        pytest.param('a/b;x="q\\"d; e"; y=2', "a/b", {"x": 'q"d; e', "y": "2"}, id="rfc9110-5.6.6-quoted"),
        pytest.param("a/b; x=1; X=2", "a/b", {"x": "1"}, id="first-counts"),
        pytest.param("a/b;; ;x=1", "a/b", {"x": "1"}, id="empty-parameters"),
        pytest.param(" a/b ", "a/b", {}, id="white-space"),
        pytest.param("a/b; x=1; what is this; y=2", "a/b", {"x": "1"}, id="stops-at-garbage"),
        pytest.param("nonsense", "application/octet-stream", {}, id="no-slash"),
        pytest.param("", "application/octet-stream", {}, id="empty"),
        pytest.param(None, "application/octet-stream", {}, id="missing"),
        pytest.param("\ud800/x", "application/octet-stream", {}, id="surrogate"),
    ],
)
def test_a_media_type_is_read(value: str | None, content_type: str, parameters: dict[str, str]) -> None:
    assert parse_media_type(value) == (content_type, parameters)


def test_many_parameters_take_linear_time() -> None:
    parsed = parse_media_type("a/b" + ";x" * 4000 + ";" * 4000)
    assert parsed.content_type == "a/b"


def test_a_media_type_is_written() -> None:
    assert format_media_type("text/html", {"charset": "utf-8", "x": "1"}) == "text/html; charset=utf-8; x=1"
