"""Media types: read patiently, written strictly, compared with ranges."""

import pytest

from skerry.http import LocalProtocolError
from skerry.http.mediatypes import MediaType, format_media_type, parse_media_range, parse_media_type


def read(text: str) -> MediaType:
    media_type = parse_media_type(text)
    assert media_type is not None
    return media_type


@pytest.mark.parametrize(
    ("text", "content_type", "parameters"),
    [
        pytest.param("text/html", "text/html", (), id="rfc9110-8.3.1-plain"),
        pytest.param(" TEXT/HTML ", "text/html", (), id="rfc9110-8.3.1-case-and-space"),
        pytest.param("text/html;charset=UTF-8", "text/html", (("charset", "UTF-8"),), id="rfc9110-8.3.1-parameter"),
        pytest.param('a/b ; Charset="utf-8"', "a/b", (("charset", "utf-8"),), id="rfc9110-8.3.1-quoted"),
        pytest.param('a/b; x="c;d\\""; y=2', "a/b", (("x", 'c;d"'), ("y", "2")), id="semicolon-in-quotes"),
        pytest.param("a/b; x=1; x=2", "a/b", (("x", "1"), ("x", "2")), id="two-alike"),
        pytest.param("a/b;;x=1;", "a/b", (("x", "1"),), id="rfc9110-5.6.6-empty-parameters"),
        pytest.param("a/b; x; y=1", "a/b", (("y", "1"),), id="no-value-passed-over"),
        pytest.param("a/b; =x; y=1", "a/b", (("y", "1"),), id="no-name-passed-over"),
        pytest.param("a/b; x=1 2; y=1", "a/b", (("x", "1"), ("y", "1")), id="word-passed-over"),
        pytest.param('a/b; y=1; x="2', "a/b", (("y", "1"),), id="quotes-without-end"),
        pytest.param("*/*;q=0.5", "*/*", (("q", "0.5"),), id="range"),
    ],
)
def test_a_type_is_read_with_what_can_be_read_of_its_parameters(
    text: str, content_type: str, parameters: tuple[tuple[str, str], ...]
) -> None:
    media_type = read(text)
    assert media_type.content_type == content_type
    assert media_type.parameters == parameters


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "text",
        "text/",
        "/html",
        "text /html",
        "text/ html",
        "text/html, a/b",
        "text/html x",
        "\u212a/b",
        "a/b/c",
    ],
)
def test_what_does_not_begin_with_a_type_is_not_read(text: str | None) -> None:
    assert parse_media_type(text) is None


def test_no_more_parameters_are_kept_than_the_limit() -> None:
    text = "a/b" + ";broken" * 10 + "".join(f";p{number}=1" for number in range(100))
    assert len(read(text).parameters) == 64
    found = parse_media_type(text, max_parameters=0)
    assert found is not None
    assert len(found.parameters) == 100


@pytest.mark.parametrize(
    ("text", "suffix", "is_json"),
    [
        pytest.param("application/json", "", True, id="rfc8259-11"),
        pytest.param("application/problem+json", "json", True, id="rfc6839-3.1"),
        pytest.param("model/gltf+json", "json", True, id="rfc6839-3.1-any-type"),
        pytest.param("text/json", "", False, id="another-type"),
        pytest.param("a/b+c+xml", "xml", False, id="rfc6838-4.2.8-the-last-plus"),
        pytest.param("a/b+", "", False, id="nothing-behind-the-plus"),
    ],
)
def test_a_suffix_says_what_a_type_is_made_of(text: str, suffix: str, is_json: bool) -> None:
    assert (read(text).suffix, read(text).is_json) == (suffix, is_json)


def test_the_charset_is_told_as_sent_and_as_python_calls_it() -> None:
    media_type = read("text/plain; charset=Latin1; charset=utf-8")
    assert (media_type.charset, media_type.codec) == ("Latin1", "latin_1")
    assert (read("text/plain").charset, read("text/plain").codec) == (None, None)
    assert (read("a/b;charset=idna").charset, read("a/b;charset=idna").codec) == ("idna", None)
    assert media_type.get("x", "y") == "y"


@pytest.mark.parametrize(
    ("text", "media_range", "within"),
    [
        pytest.param("text/html", "*/*", True, id="rfc9110-12.5.1-all"),
        pytest.param("text/html", "text/*", True, id="rfc9110-12.5.1-all-of-a-type"),
        pytest.param("text/html", "image/*", False, id="rfc9110-12.5.1-another-type"),
        pytest.param("text/html", "TEXT/HTML", True, id="rfc9110-8.3.1-case"),
        pytest.param("text/html", "text/plain", False, id="another-subtype"),
        pytest.param("a/b;x=1;y=2", "a/b;y=2", True, id="rfc9110-12.5.1-parameter"),
        pytest.param("a/b", "a/b;y=2", False, id="parameter-missing"),
        pytest.param("a/b;x=A", "a/b;x=a", False, id="value-with-case"),
        pytest.param("a/b;charset=UTF-8", "a/b;charset=utf-8", True, id="rfc9110-8.3.2-charset-without-case"),
    ],
)
def test_a_type_is_within_a_range(text: str, media_range: str, within: bool) -> None:
    assert read(text).is_within(read(media_range)) is within


@pytest.mark.parametrize("text", ["a/b c", "a/b;x", "*/b", "a", "", "a/b,", "a/b;x=1;x", "/", "a/b" + ";x=1" * 65])
def test_a_range_with_a_broken_grammar_is_none(text: str) -> None:
    assert parse_media_range(text) is None


def test_a_star_alone_is_every_type() -> None:
    assert parse_media_range("*;q=0.1") == MediaType("*", "*", (("q", "0.1"),))
    assert parse_media_range(" a/*") == MediaType("a", "*")


def test_a_type_is_written_with_quotes_where_needed() -> None:
    assert format_media_type("text/html") == "text/html"
    assert format_media_type("a/b", [("x", "1"), ("y", "a b")]) == 'a/b; x=1; y="a b"'
    assert str(MediaType("a", "b", (("x", "1"),))) == "a/b; x=1"


@pytest.mark.parametrize(
    ("content_type", "parameters"),
    [
        pytest.param("text", [], id="no-subtype"),
        pytest.param("text/", [], id="empty-subtype"),
        pytest.param("a/b\r\nX: y", [], id="line-end"),
        pytest.param("a/b; x=1", [], id="parameter-in-the-type"),
        pytest.param("a/b", [("x y", "1")], id="name"),
        pytest.param("a/b", [("x", "1\r\n")], id="line-end-in-value"),
    ],
)
def test_what_cannot_be_written_is_refused(content_type: str, parameters: list[tuple[str, str]]) -> None:
    with pytest.raises(LocalProtocolError):
        format_media_type(content_type, parameters)
