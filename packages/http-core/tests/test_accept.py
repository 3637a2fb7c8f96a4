"""Accept and its kin: weights, and the choice among what there is."""

import pytest

from skerry.http import LocalProtocolError
from skerry.http.accept import (
    Weighted,
    choose_charset,
    choose_encoding,
    choose_language,
    choose_media_type,
    format_accept,
    format_weighted,
    parse_accept,
    parse_weighted,
)
from skerry.http.mediatypes import MediaType


@pytest.mark.parametrize(
    ("text", "members"),
    [
        pytest.param(None, [], id="missing"),
        pytest.param("", [], id="empty"),
        pytest.param("gzip", [("gzip", 1.0)], id="rfc9110-12.4.2-no-weight"),
        pytest.param("GZIP;Q=0.5 , *;q=0", [("gzip", 0.5), ("*", 0.0)], id="case-and-star"),
        pytest.param("a ; q=0.123", [("a", 0.123)], id="rfc9110-12.4.2-space-and-three-digits"),
        pytest.param("a;q=1.000,b;q=0.,c;q=1.", [("a", 1.0), ("b", 0.0), ("c", 1.0)], id="rfc9110-12.4.2-edges"),
        pytest.param("a;q=1.1,b;q=0.1234,c;q=,d;q=-0,e;q=.5,f", [("f", 1.0)], id="rfc9110-12.4.2-bad-weights"),
        pytest.param("a;q=\u0661,b;q=1e0,c", [("c", 1.0)], id="no-ascii-digits"),
        pytest.param("a;x=1,b;q=1;q=0,c d,e", [("e", 1.0)], id="bad-members"),
        pytest.param("en-GB, a, a;q=0.1", [("en-gb", 1.0), ("a", 1.0), ("a", 0.1)], id="order-and-two-alike"),
    ],
)
def test_members_are_read_with_their_weights(text: str | None, members: list[tuple[str, float]]) -> None:
    assert parse_weighted(text) == tuple(Weighted(*member) for member in members)


def test_members_beyond_the_limit_are_left_out() -> None:
    assert len(parse_weighted("a," * 300)) == 256
    assert len(parse_weighted("a," * 300, max_members=0)) == 300
    assert len(parse_accept("a/b," * 300)) == 256
    assert len(parse_accept("a/b," * 300, max_members=0)) == 300


def test_members_are_written_with_the_weights_that_say_something() -> None:
    assert format_weighted([("gzip", 1), ("br", 0.5), ("*", 0)]) == "gzip, br;q=0.5, *;q=0"
    assert format_weighted([("a", 0.12345)]) == "a;q=0.123"
    accept = format_accept([(MediaType("text", "*"), 0.25), (MediaType("a", "b", (("x", "y z"),)), 1.0)])
    assert accept == 'text/*;q=0.25, a/b; x="y z"'


@pytest.mark.parametrize(
    "member", [("a b", 1.0), ("", 1.0), ("a", 1.1), ("a", -0.1), ("a", float("nan")), ("a\r\n", 1.0)]
)
def test_a_member_that_cannot_be_is_not_written(member: tuple[str, float]) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_weighted([member])
    assert caught.value.code == "bad-field-value"


@pytest.mark.parametrize(
    "media_range", [MediaType("*", "b"), MediaType("a", ""), MediaType("a", "b", (("q", "1"),)), MediaType("a b", "c")]
)
def test_a_range_that_cannot_be_is_not_written(media_range: MediaType) -> None:
    with pytest.raises(LocalProtocolError, match="Accept"):
        format_accept([(media_range, 1.0)])


def test_media_ranges_are_read_without_their_weights() -> None:
    read = parse_accept('text/*;q=0.3, a/b;x="1,2";q=0.7;y=z, broken, a/b;q=2, *')
    assert [(str(media_range), quality) for media_range, quality in read] == [
        ("text/*", 0.3),
        ('a/b; x="1,2"; y=z', 0.7),
        ("*/*", 1.0),
    ]


@pytest.mark.parametrize(
    ("media_type", "quality"),
    [
        ("text/plain;format=flowed", "1"),
        ("text/plain", "0.7"),
        ("text/html", "0.3"),
        ("image/jpeg", "0.5"),
        ("text/plain;format=fixed", "0.4"),
        ("text/html;level=3", "0.7"),
    ],
)
def test_the_most_specific_range_gives_the_weight(media_type: str, quality: str) -> None:
    # RFC 9110 §12.5.1 has this table; each type is shown to stand between a bit less and a bit more.
    accept = (
        "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5, "
        "text/html;level=3;q=0.7"
    )
    below, above = float(quality) - 0.01, min(1.0, float(quality) + 0.01)
    assert choose_media_type(f"{accept}, x/y;q={below:.2f}", ["x/y", media_type]) == media_type
    assert choose_media_type(f"{accept}, x/y;q={above:.2f}", ["x/y", media_type]) == "x/y"


@pytest.mark.parametrize(
    ("accept", "offered", "chosen"),
    [
        pytest.param(None, ["a/b", "c/d"], "a/b", id="missing"),
        pytest.param("", ["a/b"], "a/b", id="empty"),
        pytest.param("broken", ["a/b"], "a/b", id="nothing-readable"),
        pytest.param("c/d, a/b", ["a/b", "c/d"], "a/b", id="the-offer-decides"),
        pytest.param("a/b;q=0.5, c/d", ["a/b", "c/d"], "c/d", id="the-weight-decides"),
        pytest.param("a/b;q=0, */*", ["a/b", "c/d"], "c/d", id="rfc9110-12.4.2-not-acceptable"),
        pytest.param("a/*", ["c/d"], None, id="none"),
        pytest.param("*/*", ["broken", "c/d"], "c/d", id="offer-not-readable"),
        pytest.param("*/*", [], None, id="no-offer"),
    ],
)
def test_a_media_type_is_chosen(accept: str | None, offered: list[str], chosen: str | None) -> None:
    assert choose_media_type(accept, offered) == chosen


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        pytest.param(None, "identity", id="missing"),
        pytest.param("", "identity", id="rfc9110-12.5.3-empty"),
        pytest.param("gzip", "gzip", id="one"),
        pytest.param("gzip, br", "br", id="the-offer-decides"),
        pytest.param("br;q=0.5, gzip;q=0.8", "gzip", id="the-weight-decides"),
        pytest.param("X-GZIP", "gzip", id="rfc9110-8.4.1.3-alias"),
        pytest.param("*", "br", id="star"),
        pytest.param("*;q=0.5, br;q=0", "gzip", id="star-for-the-others"),
        pytest.param("gzip;q=0", "identity", id="rfc9110-12.5.3-identity-is-acceptable"),
        pytest.param("zstd", "identity", id="not-offered"),
        pytest.param("identity;q=0", None, id="rfc9110-12.5.3-identity-refused"),
        pytest.param("*;q=0", None, id="rfc9110-12.5.3-all-refused"),
        pytest.param("*;q=0, identity;q=0.1", "identity", id="identity-named"),
        pytest.param("identity, gzip;q=0.5", "identity", id="identity-wanted-more"),
        pytest.param("identity, gzip", "gzip", id="identity-comes-last"),
        pytest.param("gzip, gzip;q=0", "gzip", id="first-of-two-alike"),
    ],
)
def test_a_content_coding_is_chosen(field: str | None, chosen: str | None) -> None:
    assert choose_encoding(field, ["br", "gzip"]) == chosen


def test_identity_can_be_offered_first() -> None:
    assert choose_encoding("identity, gzip", ["identity", "gzip"]) == "identity"
    assert choose_encoding("gzip", ["identity", "gzip"]) == "gzip"


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        pytest.param(None, "UTF-8", id="missing"),
        pytest.param("iso-8859-1", "iso-8859-1", id="one"),
        pytest.param("iso-8859-1;q=0.5, utf-8", "UTF-8", id="case"),
        pytest.param("utf-8;q=0.1, *", "iso-8859-1", id="star"),
        pytest.param("koi8-r", None, id="none"),
    ],
)
def test_a_charset_is_chosen(field: str | None, chosen: str | None) -> None:
    assert choose_charset(field, ["UTF-8", "iso-8859-1"]) == chosen


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        pytest.param(None, "de", id="missing"),
        pytest.param("EN-gb", "en-GB", id="case"),
        pytest.param("en", "en-GB", id="rfc4647-3.3.1-prefix"),
        pytest.param("e", None, id="rfc4647-3.3.1-whole-subtags"),
        pytest.param("de-CH-1996, en;q=0.5", "de", id="rfc4647-3.4-shortened"),
        pytest.param("de-CH, *;q=0.5", "de", id="part-before-star"),
        pytest.param("fr, *;q=0.5", "de", id="star"),
        pytest.param("de;q=0, *", "en-GB", id="refused"),
        pytest.param("de-AT;q=0, en;q=0.1", "en-GB", id="part-refused"),
        pytest.param("en;q=0.9, en-GB;q=0.1, de;q=0.5", "de", id="longest-range-gives-the-weight"),
        pytest.param("fr", None, id="none"),
        pytest.param("*;q=0", None, id="all-refused"),
    ],
)
def test_a_language_is_chosen(field: str | None, chosen: str | None) -> None:
    assert choose_language(field, ["de", "en-GB", "zh"]) == chosen


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose_language(None, []) is None
    assert choose_charset("*", []) is None
