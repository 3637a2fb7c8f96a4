"""Urlencoded forms: what browsers send is what is read, and the number of fields is bounded."""

import pytest
from multidict import MultiDict

from skerry.http import RemoteProtocolError
from skerry.http.body import FormBody, format_form, parse_form
from skerry.http.body.form import FormFields


@pytest.mark.parametrize(
    ("fields", "raw"),
    [
        pytest.param({}, b"", id="no-fields"),
        pytest.param({"a": "b", "c": ""}, b"a=b&c=", id="mapping-and-empty-value"),
        pytest.param([("a", "1"), ("a", "2")], b"a=1&a=2", id="repeated-name"),
        pytest.param(MultiDict([("a", "1"), ("a", "2")]), b"a=1&a=2", id="multidict"),
        pytest.param({"a b": "c+d&e=f%"}, b"a+b=c%2Bd%26e%3Df%25", id="whatwg-5.2-escapes"),
        pytest.param({"é": "日本"}, b"%C3%A9=%E6%97%A5%E6%9C%AC", id="utf-8"),
        pytest.param({"n": 1, "t": True, "x": None}, b"n=1&t=True&x=None", id="other-values"),
        pytest.param({"b": b"\xff\x00", "m": memoryview(b"a b")}, b"b=%FF%00&m=a+b", id="octets"),
        pytest.param({"crlf": "a\r\nb"}, b"crlf=a%0D%0Ab", id="line-end"),
    ],
)
def test_fields_are_written_in_their_order(fields: FormFields, raw: bytes) -> None:
    assert format_form(fields) == raw


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b"&&", [], id="empty-fields"),
        pytest.param(b"a=b&c=&d", [("a", "b"), ("c", ""), ("d", "")], id="empty-and-missing-value"),
        pytest.param(b"a=1&a=2", [("a", "1"), ("a", "2")], id="repeated-name"),
        pytest.param(b"=v", [("", "v")], id="empty-name"),
        pytest.param(b"a=b=c", [("a", "b=c")], id="second-equals-sign"),
        pytest.param(b"a+b=c%2Bd", [("a b", "c+d")], id="plus-is-a-space"),
        pytest.param(b"a=%zz%4", [("a", "%zz%4")], id="whatwg-1.3-broken-percent"),
        pytest.param(b"a=%ff", [("a", "\ufffd")], id="not-utf-8"),
        pytest.param(b"%C3%A9=%e6%97%a5", [("é", "日")], id="utf-8-in-both-cases"),
        pytest.param(b"a=b;c=d", [("a", "b;c=d")], id="semicolon-is-no-separator"),
        pytest.param("é=\u0661".encode(), [("é", "\u0661")], id="raw-octets"),
    ],
)
def test_fields_are_read_as_browsers_mean_them(raw: bytes, fields: list[tuple[str, str]]) -> None:
    assert parse_form(raw) == fields
    assert parse_form(bytearray(raw)) == fields
    assert parse_form(memoryview(raw)) == fields


def test_another_charset_is_read_and_written() -> None:
    assert format_form({"a": "é"}, encoding="latin-1") == b"a=%E9"
    assert parse_form(b"a=%E9", encoding="latin-1") == [("a", "é")]
    assert parse_form(b"a=%E9", encoding="ISO-8859-1") == [("a", "é")]


@pytest.mark.parametrize("raw", [b"&" * 3, b"a=1&b=2&c=3&d=4", b"a&b&c&d"], ids=["empty", "whole", "names"])
def test_more_fields_than_the_limit_are_refused_before_any_is_read(raw: bytes) -> None:
    with pytest.raises(RemoteProtocolError, match="at most 3") as caught:
        parse_form(raw, max_fields=3)
    assert (caught.value.code, caught.value.status_hint) == ("too-many-form-fields", 413)


def test_the_limit_itself_is_allowed_and_zero_is_none() -> None:
    assert len(parse_form(b"a&b&c", max_fields=3)) == 3
    assert len(parse_form(b"&".join([b"a=b"] * 10_000), max_fields=0)) == 10_000


def test_the_default_limit_is_the_documented_one() -> None:
    assert len(parse_form(b"&".join([b"a"] * 1000))) == 1000
    with pytest.raises(RemoteProtocolError):
        parse_form(b"&".join([b"a"] * 1001))


NO_CHARSETS = [
    *("", "no-such", "é" * 200, "a\0b", "rot13", "zlib", "hex", "undefined"),
    *("punycode", "idna", "utf_7", "utf-7", "unicode_escape", "raw_unicode_escape"),
]


@pytest.mark.parametrize("name", NO_CHARSETS)
def test_what_is_no_charset_of_text_is_refused(name: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_form(b"a=b", encoding=name)
    assert (caught.value.code, caught.value.status_hint) == ("bad-charset", 415)


def test_text_that_does_not_fit_the_encoding_cannot_be_written() -> None:
    with pytest.raises(UnicodeEncodeError):
        format_form({"a": "日"}, encoding="latin-1")
    with pytest.raises(UnicodeEncodeError):
        FormBody({"a": "\ud800"})


def test_an_unknown_encoding_of_ones_own_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        FormBody({"a": "b"}, encoding="no-such")
