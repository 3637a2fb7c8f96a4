"""Heads: their defaults, what they show, and the octets of their fields."""

import pytest
from multidict import CIMultiDict

from skerry.http.heads import RequestHead, ResponseHead, raw_pairs
from skerry.http.versions import HttpVersion10, HttpVersion11


def test_a_request_made_here_speaks_http_1_1_and_has_no_body() -> None:
    head = RequestHead("GET", "/", CIMultiDict())
    assert head.version == HttpVersion11
    assert head.content_length == -1
    assert not head.has_body
    assert head.keep_alive
    assert (head.chunked, head.expect_continue, head.upgrade) == (False, False, False)


def test_a_head_keeps_the_fields_it_was_given() -> None:
    fields = CIMultiDict({"A": "1"})
    assert RequestHead("GET", "/", fields).headers is fields
    assert ResponseHead(200, fields).headers is fields


@pytest.mark.parametrize(
    ("length", "chunked", "has_body"), [(-1, False, False), (0, False, False), (1, False, True), (-1, True, True)]
)
def test_a_body_follows_when_it_is_announced(length: int, chunked: bool, has_body: bool) -> None:
    head = RequestHead("POST", "/", CIMultiDict())
    head.content_length = length
    head.chunked = chunked
    assert head.has_body is has_body


def test_a_request_shows_its_method_target_and_version() -> None:
    assert repr(RequestHead("GET", "/a b", CIMultiDict(), HttpVersion10)) == "<RequestHead GET '/a b' HTTP/1.0>"


def test_a_response_shows_its_status_and_version() -> None:
    assert repr(ResponseHead(404, CIMultiDict())) == "<ResponseHead 404 HTTP/1.1>"


def test_the_reason_of_a_response_is_the_registered_one_unless_given() -> None:
    assert ResponseHead(200, CIMultiDict()).reason is None
    assert ResponseHead(200, CIMultiDict(), "Fine").reason == "Fine"


@pytest.mark.parametrize(
    ("raw_fields", "pairs"),
    [
        pytest.param(b"A: 1\r\nB:2\r\n", ((b"A", b"1"), (b"B", b"2")), id="two-lines"),
        pytest.param(b"A:  x y \t\r\n", ((b"A", b"x y"),), id="rfc9112-5.1-ows"),
        pytest.param(b"A: b:c\r\n", ((b"A", b"b:c"),), id="colon-in-value"),
        pytest.param(b"A:\r\n", ((b"A", b""),), id="empty-value"),
        pytest.param(b"A: 1\r\n  2\r\n\t3\r\n", ((b"A", b"1 2 3"),), id="rfc9112-5.2-folding"),
        pytest.param(b"a: 1\r\nA: 2\r\n", ((b"a", b"1"), (b"A", b"2")), id="case-and-order-kept"),
    ],
)
def test_raw_pairs_are_the_octets_of_the_wire(raw_fields: bytes, pairs: tuple[tuple[bytes, bytes], ...]) -> None:
    assert raw_pairs(raw_fields, CIMultiDict()) == pairs


def test_raw_pairs_of_a_head_made_here_come_from_its_text() -> None:
    fields = CIMultiDict([("Name", "ä"), ("Name", "\udcff")])
    expected = ((b"Name", b"\xc3\xa4"), (b"Name", b"\xff"))
    assert RequestHead("GET", "/", fields).raw_headers == expected
    assert ResponseHead(200, fields).raw_headers == expected
