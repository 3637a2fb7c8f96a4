"""Range and Content-Range, and which octets they stand for."""

import pytest

from skerry.http import LocalProtocolError, RemoteProtocolError
from skerry.http.grammar import MAX_LENGTH
from skerry.http.ranges import (
    ContentRange,
    RangeError,
    RangeSpec,
    Span,
    coalesce_spans,
    format_content_range,
    format_range,
    parse_content_range,
    parse_range,
    range_slice,
    resolve_ranges,
    select_spans,
)


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        pytest.param("bytes=0-499", [(0, 499)], id="rfc9110-14.1.2-first-500"),
        pytest.param("bytes=9500-", [(9500, None)], id="rfc9110-14.1.2-to-the-end"),
        pytest.param("bytes=-500", [(None, 500)], id="rfc9110-14.1.2-last-500"),
        pytest.param("bytes=0-0,-1", [(0, 0), (None, 1)], id="rfc9110-14.1.2-first-and-last"),
        pytest.param("Bytes= 0-1 ,\t2-3,,", [(0, 1), (2, 3)], id="rfc9110-14.1-case-space-and-empty-members"),
        pytest.param("bytes=007-0009", [(7, 9)], id="leading-zeros"),
        pytest.param("bytes=0-" + "9" * 5000, [(0, MAX_LENGTH)], id="more-digits-than-python-takes"),
        pytest.param("bytes=9223372036854775808-", [(MAX_LENGTH, None)], id="above-the-greatest"),
    ],
)
def test_ranges_are_read(text: str, ranges: list[tuple[int | None, int | None]]) -> None:
    assert parse_range(text) == tuple(RangeSpec(first, last) for first, last in ranges)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=,",
        "bytes=-",
        "bytes=5",
        "bytes=5-3",
        "bytes=0-1,5-3",
        "bytes=0-1,x",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=1_0-20",
        "bytes=0-1-2",
        "bytes=--1",
        "bytes=0 - 1",
        "bytes = 0-1",
        "items=0-5",
        "bytes=\u0660-\u0665",
        "bytes=\xb2-3",
        "bytes=0-1\n",
    ],
)
def test_what_is_no_range_of_octets_is_ignored(text: str) -> None:
    assert parse_range(text) is None
    assert select_spans(text, 100) is None
    with pytest.raises(RangeError):
        range_slice(text)


def test_too_many_ranges_are_ignored() -> None:
    assert len(parse_range("bytes=" + ",".join(["0-"] * 64)) or ()) == 64
    assert parse_range("bytes=" + ",".join(["0-"] * 65)) is None
    assert len(parse_range("bytes=" + ",".join(["0-"] * 65), max_ranges=0) or ()) == 65


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        pytest.param(None, None, id="missing"),
        pytest.param("bytes=0-4", [(0, 5)], id="rfc9110-14.1.2-first"),
        pytest.param("bytes=5-", [(5, 1000)], id="to-the-end"),
        pytest.param("bytes=-5", [(995, 1000)], id="last"),
        pytest.param("bytes=-5000", [(0, 1000)], id="rfc9110-14.1.2-more-than-there-is"),
        pytest.param("bytes=990-5000", [(990, 1000)], id="rfc9110-14.1.2-end-beyond"),
        pytest.param("bytes=1000-", [], id="rfc9110-14.1.2-start-beyond"),
        pytest.param("bytes=-0", [], id="rfc9110-14.1.2-last-nothing"),
        pytest.param("bytes=1000-,0-0", [(0, 1)], id="rfc9110-14.1.2-one-is-enough"),
        pytest.param("bytes=0-9,5-14", [(0, 15)], id="rfc9110-15.3.7.2-overlap"),
        pytest.param("bytes=0-9,10-19", [(0, 20)], id="rfc9110-15.3.7.2-touch"),
        pytest.param("bytes=0-9,100-109", [(0, 110)], id="rfc9110-15.3.7.2-small-gap"),
        pytest.param("bytes=500-509,0-9", [(500, 510), (0, 10)], id="rfc9110-15.3.7.2-order-kept"),
        pytest.param("bytes=500-509,0-9,505-", [(500, 1000), (0, 10)], id="joined-stands-first"),
    ],
)
def test_spans_are_what_the_body_has(text: str | None, spans: list[tuple[int, int]] | None) -> None:
    expected = None if spans is None else tuple(Span(start, stop) for start, stop in spans)
    assert select_spans(text, 1000) == expected


def test_an_empty_body_has_no_range() -> None:
    assert select_spans("bytes=0-", 0) == ()
    assert select_spans("bytes=-5", 0) == ()


def test_many_ranges_over_the_same_octets_are_sent_once() -> None:
    text = "bytes=" + ",".join(f"{start}-" for start in range(64))
    assert select_spans(text, 1000) == (Span(0, 1000),)


def test_no_gap_can_be_bridged() -> None:
    spans = (Span(0, 1), Span(2, 3), Span(3, 4))
    assert coalesce_spans(spans, gap=0) == (Span(0, 1), Span(2, 4))
    assert coalesce_spans((), gap=0) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(None, slice(None, None, 1), id="missing"),
        pytest.param("bytes=0-5", slice(0, 6, 1), id="both"),
        pytest.param("bytes=5-5", slice(5, 6, 1), id="one-octet"),
        pytest.param("bytes=5-", slice(5, None, 1), id="to-the-end"),
        pytest.param("bytes=-5", slice(-5, None, 1), id="last"),
        pytest.param("BYTES=0-", slice(0, None, 1), id="case"),
    ],
)
def test_one_range_is_a_slice(text: str | None, expected: slice) -> None:
    assert range_slice(text) == expected


@pytest.mark.parametrize("text", ["bytes=0-1,3-4", "bytes=-0", "x"])
def test_what_is_not_one_range_is_an_error_of_the_peer_and_a_value_error(text: str) -> None:
    with pytest.raises(RangeError) as caught:
        range_slice(text)
    assert isinstance(caught.value, RemoteProtocolError)
    assert isinstance(caught.value, ValueError)
    assert (caught.value.code, caught.value.status_hint) == ("bad-range", 416)


def test_ranges_are_written() -> None:
    assert format_range([RangeSpec(0, 1), RangeSpec(5, None), RangeSpec(None, 3)]) == "bytes=0-1, 5-, -3"


@pytest.mark.parametrize(
    "ranges",
    [[], [RangeSpec(None, None)], [RangeSpec(5, 3)], [RangeSpec(-1, 3)], [RangeSpec(None, -3)], [RangeSpec(0, 2**63)]],
)
def test_a_range_that_cannot_be_is_not_written(ranges: list[RangeSpec]) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_range(ranges)
    assert caught.value.code == "bad-range"


@pytest.mark.parametrize(
    ("text", "span", "size"),
    [
        pytest.param("bytes 42-1233/1234", (42, 1234), 1234, id="rfc9110-14.4-size-known"),
        pytest.param("bytes 42-1233/*", (42, 1234), None, id="rfc9110-14.4-size-unknown"),
        pytest.param("bytes */1234", None, 1234, id="rfc9110-14.4-unsatisfied"),
        pytest.param("bytes */0", None, 0, id="rfc9110-14.4-empty"),
    ],
)
def test_a_content_range_is_read_and_written(text: str, span: tuple[int, int] | None, size: int | None) -> None:
    expected = ContentRange(None if span is None else Span(*span), size)
    assert parse_content_range(text) == expected
    assert parse_content_range(f" {text.upper()} ") == expected
    assert format_content_range(*expected) == text


@pytest.mark.parametrize(
    "text",
    ["", "bytes */*", "bytes 5-3/10", "bytes 0-10/10", "items 0-1/2", "bytes 0-1", "bytes=0-1/2", "bytes 0-1/\u0665"],
)
def test_a_content_range_that_cannot_be_is_none(text: str) -> None:
    assert parse_content_range(text) is None


@pytest.mark.parametrize(
    ("span", "size"), [(None, None), (Span(5, 5), 10), (Span(0, 11), 10), (Span(-1, 5), 10), (Span(0, 1), -1)]
)
def test_a_content_range_that_cannot_be_is_not_written(span: Span | None, size: int | None) -> None:
    with pytest.raises(LocalProtocolError, match="Content-Range"):
        format_content_range(span, size)


def test_ranges_are_resolved_without_being_joined() -> None:
    assert resolve_ranges([RangeSpec(0, 5), RangeSpec(3, 3), RangeSpec(50, None)], 10) == (Span(0, 6), Span(3, 4))
