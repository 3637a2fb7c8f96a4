"""Cookie and Set-Cookie: what is read, what is ignored, what is refused in writing."""

from typing import Any

import pytest

from skerry.http.cookies import (
    MAX_AGE_BOUND,
    Cookie,
    SetCookie,
    decode_cookie_value,
    encode_cookie_value,
    format_cookies,
    format_set_cookie,
    parse_cookies,
    parse_max_age,
    parse_same_site,
    parse_set_cookie,
    parse_set_cookies,
    read_cookie_mapping,
    split_set_cookie,
)
from skerry.http.errors import LocalProtocolError
from skerry.http.limits import Limits


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("a=1", [("a", "1")], id="rfc6265bis-4.2.1-one"),
        pytest.param("a=1; b=2", [("a", "1"), ("b", "2")], id="rfc6265bis-4.2.1-two"),
        pytest.param(" a\t= 1 ;;\tb =2 ", [("a", "1"), ("b", "2")], id="white-space-and-empty-pairs"),
        pytest.param("a=1; a=2", [("a", "1"), ("a", "2")], id="the-same-name-twice"),
        pytest.param("a==b=", [("a", "=b=")], id="rfc6265bis-5.6-the-first-equals-sign-counts"),
        pytest.param("a", [("", "a")], id="rfc6265bis-5.6-no-equals-sign"),
        pytest.param("=a", [("", "a")], id="rfc6265bis-5.6-empty-name"),
        pytest.param("a=", [("a", "")], id="empty-value"),
        pytest.param("=; a=1", [("a", "1")], id="rfc6265bis-5.6-nothing-at-all"),
        pytest.param('a="1"', [("a", '"1"')], id="quotation-marks-stay"),
        pytest.param("a=1,b=2", [("a", "1,b=2")], id="a-comma-separates-nothing"),
        pytest.param("a=b c", [("a", "b c")], id="inner-space"),
        pytest.param("a[b]=1; \xe4=2; a:b=3", [("a[b]", "1"), ("\xe4", "2"), ("a:b", "3")], id="names-beyond-token"),
        pytest.param("a=\udcff", [("a", "\udcff")], id="octet-that-is-no-utf-8"),
        pytest.param("a=1; b=\x01; c\x7f=1; d=\x00; e=2", [("a", "1"), ("e", "2")], id="control-characters"),
        pytest.param("path=1; $Version=1", [("path", "1"), ("$Version", "1")], id="no-name-is-special"),
    ],
)
def test_a_cookie_field_is_cut_into_pairs(text: str, pairs: list[tuple[str, str]]) -> None:
    assert [(cookie.name, cookie.value) for cookie in parse_cookies(text)] == pairs


def test_a_quoted_string_does_not_swallow_the_cookies_behind_it() -> None:
    # the "cookie sandwich": a script sets the first and the last, and reads what stands between
    pairs = parse_cookies('$Version=1; a="x; session=secret; b=y"')
    assert Cookie("session", "secret") in pairs


def test_no_more_pairs_are_read_than_the_limit_allows() -> None:
    text = "; ".join(f"a{number}=1" for number in range(1000))
    assert len(parse_cookies(text)) == 150
    assert len(parse_cookies(text, Limits(max_cookies_per_request=3))) == 3
    assert parse_cookies(text, Limits(max_cookies_per_request=3))[-1] == Cookie("a2", "1")
    assert len(parse_cookies(text, Limits(max_cookies_per_request=0))) == 1000


def test_the_mapping_has_the_decoded_values_of_the_named_pairs() -> None:
    assert read_cookie_mapping('a=1; b="x\\054y"; c; a=2') == {"a": "2", "b": "x,y"}


def test_pairs_are_written_as_they_were_read() -> None:
    text = 'a="1"; b=x y; c; d='
    assert format_cookies(parse_cookies(text)) == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("a", "1; b=2", id="semicolon"),
        pytest.param("a;b", "1", id="semicolon-in-the-name"),
        pytest.param("a", "1\r\nX: y", id="line-end"),
        pytest.param("a", "1\n", id="line-end-at-the-end"),
        pytest.param("a", "\x00", id="nul"),
        pytest.param("a", " 1", id="outer-space-would-be-lost"),
        pytest.param("a\r", "1", id="line-end-in-the-name"),
        pytest.param("a=b", "1", id="equals-sign-in-the-name"),
        pytest.param("", "a=b", id="a-value-that-would-become-a-name"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_nothing_breaks_out_of_a_pair(name: str, value: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_cookies([Cookie(name, value)])
    assert caught.value.code == "bad-cookie"
    with pytest.raises(LocalProtocolError):
        format_set_cookie(SetCookie(name=name, value=value))


def test_the_error_does_not_show_the_value() -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_cookies([Cookie("a", "secret\n")])
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(caught.value)


def test_a_set_cookie_field_says_all_it_can() -> None:
    text = (
        'a="b c"; Path=/x; Domain=.Example.COM; Expires=Thu, 01 Jan 1970 00:01:00 GMT; Max-Age=10; Secure; HttpOnly; '
        "SameSite=lax; Partitioned; Version=1"
    )
    assert parse_set_cookie(text) == SetCookie(
        name="a",
        value='"b c"',
        domain="example.com",
        path="/x",
        expires=60,
        max_age=10,
        secure=True,
        http_only=True,
        same_site="Lax",
        partitioned=True,
    )


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param("a", {"name": "", "value": "a"}, id="rfc6265bis-5.6-no-equals-sign"),
        pytest.param("=a", {"name": "", "value": "a"}, id="rfc6265bis-5.6-empty-name"),
        pytest.param("a=b, c=d", {"value": "b, c=d"}, id="rfc6265bis-3-a-comma-separates-nothing"),
        pytest.param(" a = b ;Secure", {"name": "a", "value": "b", "secure": True}, id="rfc6265bis-5.6-white-space"),
        pytest.param("a=b\tc", {"value": "b\tc"}, id="rfc6265bis-5.6-tab-is-no-control-character-here"),
        pytest.param("a=b; secure=false; HTTPONLY=", {"secure": True, "http_only": True}, id="flags-have-no-value"),
        pytest.param("a=b; \u017fecure", {"secure": False}, id="long-s-is-no-s"),
        pytest.param("a=b; Max-Age=1; Max-Age=2", {"max_age": 2}, id="rfc6265bis-5.7-the-last-counts"),
        pytest.param("a=b; Max-Age=1; Max-Age=x", {"max_age": 1}, id="rfc6265bis-5.6.2-unreadable-is-ignored"),
        pytest.param("a=b; Expires=never", {"expires": None}, id="rfc6265bis-5.6.1-unreadable-is-ignored"),
        pytest.param("a=b; Path=/x; Path=y", {"path": ""}, id="rfc6265bis-5.6.4-relative-path-is-the-default"),
        pytest.param("a=b; Path=", {"path": ""}, id="rfc6265bis-5.6.4-empty-path-is-the-default"),
        pytest.param("a=b; Domain=x; Domain=", {"domain": ""}, id="rfc6265bis-5.6.3-empty-domain"),
        pytest.param("a=b; Domain=..x", {"domain": ".x"}, id="rfc6265bis-5.6.3-one-dot-is-removed"),
        pytest.param("a=b; Domain=\u212aELVIN", {"domain": "\u212aelvin"}, id="kelvin-sign-is-no-k"),
        pytest.param("a=b; SameSite=Lax; SameSite=x", {"same_site": ""}, id="rfc6265bis-5.6.7-unknown-is-default"),
        pytest.param("a=b; samesite=NONE", {"same_site": "None"}, id="rfc6265bis-5.6.7-any-case"),
        pytest.param('a=b; Path="/x"', {"path": ""}, id="attributes-have-no-quotation-marks"),
        pytest.param("a=b;" + "x=y;" * 31 + "Secure", {"secure": True}, id="32-attributes"),
        pytest.param("a=b;" + "x=y;" * 32 + "Secure", {"secure": False}, id="33-attributes"),
        pytest.param("a=b; Path=/" + "x" * 1023, {"path": "/" + "x" * 1023}, id="rfc6265bis-5.6-1024-octets"),
        pytest.param("a=b; Path=/" + "x" * 1024, {"path": ""}, id="rfc6265bis-5.6-1025-octets"),
        pytest.param("a=" + "x" * 4095, {"value": "x" * 4095}, id="rfc6265bis-5.6-4096-octets"),
        pytest.param("a=" + "\xe9" * 2047, {"value": "\xe9" * 2047}, id="rfc6265bis-5.6-octets-and-not-characters"),
        pytest.param("a=" + "\udcff" * 4095, {"value": "\udcff" * 4095}, id="an-escaped-octet-is-one-octet"),
    ],
)
def test_a_set_cookie_field_is_read_as_browsers_do(text: str, facts: dict[str, Any]) -> None:
    cookie = parse_set_cookie(text)
    assert cookie is not None
    assert {name: getattr(cookie, name) for name in facts} == facts


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("=", id="rfc6265bis-5.6-neither-name-nor-value"),
        pytest.param("; Path=/", id="rfc6265bis-5.6-attributes-alone"),
        pytest.param("a=\x01", id="rfc6265bis-5.6-control-character"),
        pytest.param("a=b; Path=/\x7f", id="rfc6265bis-5.6-control-character-in-an-attribute"),
        pytest.param("a=b\r\nc", id="line-end"),
        pytest.param("a=" + "x" * 4096, id="rfc6265bis-5.6-4097-octets"),
        pytest.param("a=" + "\xe9" * 2048, id="rfc6265bis-5.6-4097-octets-of-utf-8"),
    ],
)
def test_what_browsers_ignore_is_none(text: str) -> None:
    assert parse_set_cookie(text) is None
    assert split_set_cookie(text) is None


def test_the_limits_can_be_switched_off() -> None:
    off = Limits(max_cookie_size=0, max_cookie_attributes=0, max_cookie_attribute_size=0, max_cookies_per_response=0)
    cookie = parse_set_cookie("a=" + "x" * 10000 + ";x=y" * 1000 + ";Path=/" + "y" * 10000, off)
    assert cookie is not None
    assert len(cookie.value) == 10000
    assert len(cookie.path) == 10001
    assert len(parse_set_cookies(["a=b"] * 1000, off)) == 1000


def test_attributes_can_be_had_as_they_are() -> None:
    assert split_set_cookie("a=b; Path = /x ;; Foo=1=2") == ("a", "b", [("path", "/x"), ("", ""), ("foo", "1=2")])


def test_one_response_sets_no_more_cookies_than_the_limit_allows() -> None:
    texts = [f"a{number}=1" for number in range(100)]
    assert [cookie.name for cookie in parse_set_cookies(texts)] == [f"a{number}" for number in range(50)]


def test_bad_fields_count_against_the_limit_too() -> None:
    cookies = parse_set_cookies(["=", "a=1", "b=2"], Limits(max_cookies_per_response=2))
    assert [cookie.name for cookie in cookies] == ["a"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("0", 0, id="zero"),
        pytest.param("-1", -1, id="rfc6265bis-5.6.2-negative"),
        pytest.param("007", 7, id="leading-zeros"),
        pytest.param("9" * 1000, MAX_AGE_BOUND, id="rfc6265bis-5.6.2-huge"),
        pytest.param("-" + "9" * 1000, -MAX_AGE_BOUND, id="rfc6265bis-5.6.2-hugely-negative"),
        pytest.param("0" * 5000 + "1", 1, id="more-digits-than-int-takes"),
        pytest.param("", None, id="rfc6265bis-5.6.2-empty"),
        pytest.param("-", None, id="sign-alone"),
        pytest.param("+1", None, id="plus"),
        pytest.param("1_0", None, id="underscore"),
        pytest.param("1.5", None, id="fraction"),
        pytest.param("1\n", None, id="line-end"),
        pytest.param("\u0661", None, id="arabic-digit"),
        pytest.param("\xb2", None, id="superscript-two"),
    ],
)
def test_max_age_is_ascii_digits(text: str, seconds: int | None) -> None:
    assert parse_max_age(text) == seconds


def test_same_site_has_three_values() -> None:
    assert [parse_same_site(text) for text in ("STRICT", "lax", "None", "", "Stri\u0441t")] == [
        "Strict",
        "Lax",
        "None",
        "",
        "",
    ]


def test_a_set_cookie_field_is_written_with_its_attributes_in_order() -> None:
    cookie = SetCookie(
        name="a",
        value="b",
        domain="example.com",
        path="/",
        expires=60,
        max_age=0,
        secure=True,
        http_only=True,
        same_site="Strict",
        partitioned=True,
    )
    assert format_set_cookie(cookie) == (
        "a=b; Expires=Thu, 01 Jan 1970 00:01:00 GMT; Max-Age=0; Domain=example.com; Path=/; SameSite=Strict; "
        "Secure; HttpOnly; Partitioned"
    )
    assert format_set_cookie(SetCookie(name="a", value="")) == "a="


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"name": "a b"}, id="rfc6265bis-4.1.1-name-with-space"),
        pytest.param({"name": ""}, id="rfc6265bis-4.1.1-no-name"),
        pytest.param({"name": "\xe4"}, id="rfc6265bis-4.1.1-name-beyond-ascii"),
        pytest.param({"domain": "x; Secure"}, id="attribute-in-the-domain"),
        pytest.param({"path": "/; HttpOnly"}, id="attribute-in-the-path"),
        pytest.param({"path": "/\r\nX: y"}, id="line-end-in-the-path"),
        pytest.param({"same_site": "x\n"}, id="line-end-in-same-site"),
        pytest.param({"expires": 10**12}, id="rfc6265bis-5.1.1-year-beyond-9999"),
        pytest.param({"expires": -(10**12)}, id="rfc6265bis-5.1.1-year-before-1601"),
    ],
)
def test_a_set_cookie_field_that_means_something_else_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_set_cookie(SetCookie(**{"name": "a", "value": "b"} | facts))
    assert caught.value.code == "bad-cookie"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("a/b==", "a/b==", id="cookie-octets"),
        pytest.param("a b", '"a b"', id="space"),
        pytest.param("a,b;c", '"a\\054b\\073c"', id="comma-and-semicolon"),
        pytest.param('a"b\\c', '"a\\042b\\134c"', id="quotation-mark-and-backslash"),
        pytest.param("\r\n", '"\\015\\012"', id="line-end"),
        pytest.param("\xe9", '"\\351"', id="latin-1"),
        pytest.param("\u20ac", '"\u20ac"', id="beyond-latin-1"),
        pytest.param("\\101", '"\\134101"', id="what-looks-like-an-escape"),
    ],
)
def test_text_is_encoded_so_that_it_may_stand_in_a_cookie(text: str, value: str) -> None:
    assert encode_cookie_value(text) == value
    assert decode_cookie_value(value) == text
    assert format_cookies([Cookie("a", value)]) == f"a={value}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param('"', '"', id="one-quotation-mark"),
        pytest.param('"a', '"a', id="open"),
        pytest.param('"a"b', '"a"b', id="text-behind"),
        pytest.param('"a\\"b"', 'a"b', id="backslash"),
        pytest.param('"\\400"', "400", id="octal-above-377"),
        pytest.param('"a\\"', "a\\", id="backslash-at-the-end"),
        pytest.param("\\101", "\\101", id="no-quotation-marks"),
    ],
)
def test_a_value_is_decoded_only_in_quotation_marks(value: str, text: str) -> None:
    assert decode_cookie_value(value) == text
