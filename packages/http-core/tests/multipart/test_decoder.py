"""The decoder: the grammar of RFC 2046 §5.1, in every split of the input, and every limit."""

import sys
from collections.abc import Iterable
from dataclasses import replace

import pytest

from skerry.http import CLOSED, DEFAULT_LIMITS, NEED_DATA, Data, Limits, Pause, RemoteProtocolError
from skerry.http.multipart import END_OF_MULTIPART, END_OF_PART, MultipartDecoder, PartCount, PartHead
from splits import each_split

PART = "end of part"
END = "end of multipart"
Outcome = tuple[list[object], str]


def read(
    pieces: Iterable[bytes], boundary: bytes = b"b", limits: Limits = DEFAULT_LIMITS, *, eof: bool = True
) -> Outcome:
    """Return heads as dicts, data joined, the names of ends; and the code of the error, or of the last pause."""
    decoder = MultipartDecoder(boundary, limits)
    found: list[object] = []

    def drain() -> Pause:
        while True:
            event = decoder.next_event()
            if isinstance(event, Pause):
                return event
            if isinstance(event, PartHead):
                found.append(dict(event.headers))
            elif isinstance(event, Data):
                assert event.data
                if found and isinstance(found[-1], bytes):
                    found[-1] += event.data
                else:
                    found.append(event.data)
            else:
                found.append({END_OF_PART: PART, END_OF_MULTIPART: END}[event])

    def feed() -> Pause:
        pause: Pause = NEED_DATA
        for piece in pieces:
            decoder.receive_data(piece)
            pause = drain()
        if eof:
            decoder.receive_eof()
            pause = drain()
        return pause

    code = ""
    try:
        return found, feed().value
    except RemoteProtocolError as error:
        code = error.code
    with pytest.raises(RemoteProtocolError) as again:
        decoder.next_event()
    assert again.value.code == code
    return found, code


def read_each(data: bytes, boundary: bytes = b"b", limits: Limits = DEFAULT_LIMITS) -> Outcome:
    """Return what is read, having seen that no split changes it, but for how much comes before an error."""
    whole = read((data,), boundary, limits)
    for pieces in each_split(data):
        found, code = read(pieces, boundary, limits)
        assert code == whole[1], pieces
        if code == CLOSED.value:
            assert found == whole[0], pieces
    return whole


@pytest.mark.parametrize(
    ("data", "events"),
    [
        pytest.param(b"--b\r\nA: c\r\n\r\nx\r\n--b--\r\n", [{"A": "c"}, b"x", PART, END], id="rfc2046-5.1.1-one-part"),
        pytest.param(b"--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--", [{}, b"x", PART, {}, b"y", PART, END], id="no-fields"),
        pytest.param(b"hello\r\n--b\r\n\r\nx\r\n--b--bye\r\n", [{}, b"x", PART, END], id="preamble-and-epilogue"),
        pytest.param(b"\r\n--b\r\n\r\nx\r\n--b--", [{}, b"x", PART, END], id="empty-preamble-line"),
        pytest.param(b"--b \t \r\n\r\nx\r\n--b-- \r\n", [{}, b"x", PART, END], id="transport-padding"),
        pytest.param(b"--b--", [END], id="no-parts"),
        pytest.param(b"--b\r\nA: c\r\n\r\n--b--", [{"A": "c"}, PART, END], id="no-body"),
        pytest.param(b"--b\r\nA: c\r\n\r\n\r\n--b--", [{"A": "c"}, PART, END], id="empty-body"),
        pytest.param(b"--b\r\n\r\n\r\n\r\n--b--", [{}, b"\r\n", PART, END], id="body-of-a-line-end"),
        pytest.param(b"--b\r\n\r\nx\r\n\r\n--b--", [{}, b"x\r\n", PART, END], id="line-end-before-delimiter"),
        pytest.param(b"--b\r\n\r\n\r\r\n--b--", [{}, b"\r", PART, END], id="cr-before-delimiter"),
        pytest.param(
            b"--b\r\n\r\nx\n--b\n--b\r\n--\r\n-b\r\n--b--", [{}, b"x\n--b\n--b\r\n--\r\n-b", PART, END], id="lf"
        ),
        pytest.param(b"--b\r\n\r\nx--b--\r\n--b--", [{}, b"x--b--", PART, END], id="not-at-the-start-of-a-line"),
        pytest.param(b"--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny", [{}, b"x", PART, END], id="parts-in-the-epilogue"),
        pytest.param("--b\r\nA: é\r\n\r\nx\r\n--b--".encode(), [{"A": "é"}, b"x", PART, END], id="rfc7578-5.1-utf-8"),
        pytest.param(
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--",
            [{"Content-Type": "multipart/mixed; boundary=c"}, b"--c\r\n\r\nx\r\n--c--", PART, END],
            id="rfc2046-5.1.2-nested",
        ),
    ],
)
def test_parts_are_read_in_every_split(data: bytes, events: list[object]) -> None:
    assert read_each(data) == (events, CLOSED.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "incomplete-multipart", id="nothing"),
        pytest.param(b"x", "incomplete-multipart", id="no-delimiter"),
        pytest.param(b"--b", "incomplete-multipart", id="delimiter-cut"),
        pytest.param(b"--b-", "incomplete-multipart", id="close-delimiter-cut"),
        pytest.param(b"--b \r", "incomplete-multipart", id="padding-cut"),
        pytest.param(b"--b\r\n", "incomplete-multipart", id="head-cut"),
        pytest.param(b"--b\r\nA: b", "incomplete-multipart", id="field-cut"),
        pytest.param(b"--b\r\n\r\n", "incomplete-multipart", id="body-cut"),
        pytest.param(b"--b\r\n\r\nx\r\n--", "incomplete-multipart", id="CVE-2024-30251-truncated-part"),
        pytest.param(b"--b\r\n\r\nx\r\n--b\r\n", "incomplete-multipart", id="no-close-delimiter"),
        pytest.param(b"--b\n\nx\n--b--\n", "bad-line-end", id="rfc2046-4.1.1-lf-alone"),
        pytest.param(b"--b\r\r\n", "bad-line-end", id="cr-alone"),
        pytest.param(b"--b\r\nA: b\n\r\n", "bad-line-end", id="lf-behind-a-field"),
        pytest.param(b"--bx\r\n", "bad-delimiter", id="boundary-goes-on"),
        pytest.param(b"--b-\r\n", "bad-delimiter", id="one-hyphen"),
        pytest.param(b"--b --\r\n", "bad-delimiter", id="hyphens-behind-padding"),
        pytest.param(b"--b" + b" " * 300 + b"\r\n", "bad-delimiter", id="endless-padding"),
        pytest.param(b"--b\r\nA b\r\n\r\n", "bad-field-name", id="no-colon"),
        pytest.param(b"--b\r\n--b--\r\n", "bad-field-name", id="delimiter-in-a-head"),
        pytest.param(b"--b\r\nA : b\r\n\r\n", "bad-field-name", id="space-before-colon"),
        pytest.param(b"--b\r\nA: b\x00\r\n\r\n", "bad-field-value", id="nul-in-a-value"),
        pytest.param(b"--b\r\nA: b\r\n c\r\n\r\n", "obsolete-folding", id="rfc9112-5.2-folding"),
        pytest.param(b"--b\r\nContent-Type: a/b\r\ncontent-type: c/d\r\n\r\n", "duplicate-field", id="two-types"),
    ],
)
def test_what_breaks_the_grammar_is_refused_in_every_split(data: bytes, code: str) -> None:
    assert read_each(data)[1] == code


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        pytest.param(b"--b\r\n\r\n\r\n--b\r\n\r\n\r\n--b--", {"max_parts": 1}, "too-many-parts", id="parts"),
        pytest.param(
            b"--b\r\nA: b\r\nA: b\r\n\r\n", {"max_part_headers": 1}, "too-many-fields", id="CVE-2026-34516-count"
        ),
        pytest.param(
            b"--b\r\nA: " + b"b" * 99, {"max_part_field_size": 64}, "field-too-long", id="CVE-2026-34516-line"
        ),
        pytest.param(b"--b\r\nA: bcd\r\nA: bcd\r\n\r\n", {"max_part_head_size": 10}, "head-too-long", id="head"),
        pytest.param(b"--b\r\n\r\n12345", {"max_part_size": 4}, "part-too-long", id="CVE-2026-34517-part"),
        pytest.param(
            b"--b\r\n\r\n123\r\n--b\r\n\r\n456",
            {"max_multipart_size": 5},
            "multipart-too-long",
            id="CVE-2025-69228-sum",
        ),
        pytest.param(b"--b\r\nA: b\r\n\r\n", {"max_multipart_size": 5}, "multipart-too-long", id="heads-count"),
        pytest.param(b"x" * 20, {"max_preamble_size": 16}, "preamble-too-long", id="preamble"),
        pytest.param(b"--b--" + b"x" * 20, {"max_preamble_size": 16}, "preamble-too-long", id="epilogue"),
    ],
)
def test_limits_hold_in_every_split(data: bytes, limits: dict[str, int], code: str) -> None:
    assert read_each(data, limits=Limits(**limits))[1] == code


def test_what_just_fits_the_limits_is_read() -> None:
    data = b"12345678\r\n--b\r\nA: b\r\n\r\n1234\r\n--b--12345678"
    limits = Limits(
        max_parts=1,
        max_part_headers=1,
        max_part_field_size=6,
        max_part_head_size=6,
        max_part_size=4,
        max_multipart_size=10,
        max_preamble_size=8,
    )
    assert read_each(data, limits=limits) == ([{"A": "b"}, b"1234", PART, END], CLOSED.value)


def test_0_switches_every_limit_off() -> None:
    names = [name for name in Limits.__slots__ if name.startswith(("max_part", "max_multipart", "max_preamble"))]
    field = b"A: " + b"b" * 10_000 + b"\r\n"
    data = b"x" * 100_000 + b"\r\n" + (b"--b\r\n" + field * 10 + b"\r\nx\r\n") * 1200 + b"--b--"
    found, code = read((data,), limits=replace(DEFAULT_LIMITS, **dict.fromkeys(names, 0)))
    assert code == CLOSED.value
    assert found.count(PART) == 1200


def test_parts_are_counted_together_with_those_of_the_body_around() -> None:
    count = PartCount()
    limits = Limits(max_parts=3)
    for number in (1, 2, 3):
        decoder = MultipartDecoder(b"b", limits, count=count)
        decoder.receive_data(b"--b\r\n\r\n")
        assert isinstance(decoder.next_event(), PartHead)
        assert count.parts == number
    decoder = MultipartDecoder(b"b", limits, count=count)
    decoder.receive_data(b"--b\r\n\r\n")
    with pytest.raises(RemoteProtocolError, match="max_parts"):
        decoder.next_event()


def test_data_are_handed_out_as_they_come() -> None:
    decoder = MultipartDecoder(b"b")
    decoder.receive_data(b"--b\r\n\r\nabc\r")
    assert isinstance(decoder.next_event(), PartHead)
    event = decoder.next_event()
    assert isinstance(event, Data)
    assert event.data == b"abc"
    assert decoder.next_event() is NEED_DATA
    decoder.receive_data(b"\n--c")
    event = decoder.next_event()
    assert isinstance(event, Data)
    assert event.data == b"\r\n--c"
    assert not decoder.is_ended


def test_a_piece_that_is_all_data_is_not_copied() -> None:
    decoder = MultipartDecoder(b"b")
    decoder.receive_data(b"--b\r\n\r\nx")
    while decoder.next_event() is not NEED_DATA:
        pass
    piece = b"y" * 65536
    decoder.receive_data(piece)
    event = decoder.next_event()
    assert isinstance(event, Data)
    assert event.data is piece


def test_after_the_close_delimiter_it_waits_for_the_end_of_the_input() -> None:
    decoder = MultipartDecoder(b"b")
    decoder.receive_data(b"--b--")
    assert decoder.next_event() is END_OF_MULTIPART
    assert decoder.is_ended
    assert decoder.next_event() is NEED_DATA
    decoder.receive_eof()
    assert [decoder.next_event(), decoder.next_event()] == [CLOSED, CLOSED]


def test_octets_behind_an_error_are_not_kept() -> None:
    decoder = MultipartDecoder(b"b")
    decoder.receive_data(b"--bx")
    for _ in range(2):
        with pytest.raises(RemoteProtocolError, match="boundary is followed by b'x'"):
            decoder.next_event()
        piece = bytes(1000)
        before = sys.getrefcount(piece)
        decoder.receive_data(piece)
        assert sys.getrefcount(piece) == before


@pytest.mark.parametrize("boundary", [b"", b"x" * 71])
def test_a_boundary_has_1_to_70_octets(boundary: bytes) -> None:
    with pytest.raises(ValueError, match=r"expected 1 \.\. 70"):
        MultipartDecoder(boundary)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\r\n--bound" * 2000, id="starts-of-delimiters"),
        pytest.param(b"\r" * 20_000, id="cr"),
        pytest.param(b"--" * 10_000, id="hyphens"),
        pytest.param(b"a line of text\r\n" * 2000, id="lines"),
        pytest.param(b"\r\n" * 10_000, id="empty-lines"),
        pytest.param(b"\r\n--boundary0123456789boundary012345678\r\n" * 500, id="all-but-the-last"),
        pytest.param(b"\r\n-xboundary0123456789boundary0123456789\r\n" * 500, id="all-but-the-fourth"),
    ],
)
@pytest.mark.parametrize("boundary", [b"b1", b"boundary", b"boundary0123456789boundary0123456789", b"-" * 70])
def test_data_that_look_like_delimiters_are_data(data: bytes, boundary: bytes) -> None:
    body = b"--%s\r\n\r\n%s\r\n--%s--" % (boundary, data, boundary)
    if b"\r\n--" + boundary in b"\r\n" + data:
        return  # they are delimiters
    for size in (1, 7, 4096, 100_000):
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        assert read(pieces, boundary) == ([{}, data, PART, END], CLOSED.value)


@pytest.mark.parametrize("boundary", [b"b", b"boundary" * 8])
@pytest.mark.parametrize("filling", [b"x", b"\r", b"\r\n--", b"\r--"])
def test_a_delimiter_is_found_wherever_it_stands(boundary: bytes, filling: bytes) -> None:
    for size in (*range(20), *range(240, 300), *range(500, 530)):
        data = (filling * size)[:size]
        body = b"--%s\r\n\r\n%s\r\n--%s--" % (boundary, data, boundary)
        expected = [{}, data, PART, END] if data else [{}, PART, END]
        assert read((body,), boundary) == (expected, CLOSED.value), size
