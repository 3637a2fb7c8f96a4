"""Octet primitives: each octet is on the right side of each table.

The C half is compiled into the parsers; their tests feed each octet to it.
"""

import pytest

from skerry.http import octets

TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
VALUE = frozenset(range(256)) - (frozenset(range(0x20)) - {0x09}) - {0x7F}
TARGET = frozenset(range(0x21, 0x100)) - {0x7F, ord("#")}


def test_each_octet_is_skipped_by_those_that_allow_it() -> None:
    for octet in range(256):
        data = b"a%ca" % octet
        assert octets.skip_token(data, 0, 3) == (3 if octet in TOKEN else 1)
        assert octets.skip_value(data, 0, 3) == (3 if octet in VALUE else 1)
        assert octets.skip_target(data, 0, 3) == (3 if octet in TARGET else 1)


@pytest.mark.parametrize("skip", [octets.skip_token, octets.skip_value, octets.skip_target])
def test_nothing_outside_of_the_range_is_looked_at(skip: object) -> None:
    assert callable(skip)
    assert skip(b"\x00aa\x00", 1, 3) == 3
    assert skip(b"\x00aa\x00", 1, 1) == 1
    assert skip(b"\x00aa\x00", 1, 4) == 3


@pytest.mark.parametrize(
    ("data", "count"),
    [
        pytest.param(b"", 0, id="nothing"),
        pytest.param(b"a\tb \xff", 0, id="no-line-end"),
        pytest.param(b"a\r\nb\r\n\r\n", 3, id="three"),
        pytest.param(b"a\nb\r\n", -1, id="bare-lf"),
        pytest.param(b"a\rb\r\n", -1, id="bare-cr"),
        pytest.param(b"a\r\r\n", -1, id="two-cr"),
        pytest.param(b"a\r\n\n", -1, id="two-lf"),
        pytest.param(b"a\n\r", -1, id="the-wrong-way-round"),
        pytest.param(b"a\r", -1, id="cr-at-the-end"),
        pytest.param(b"a\x00\r\n", -1, id="nul"),
        pytest.param(b"a\x7f\r\n", -1, id="del"),
    ],
)
def test_lines_are_counted_only_when_each_ends_with_crlf(data: bytes, count: int) -> None:
    assert octets.count_lines(data) == count


@pytest.mark.parametrize(
    ("data", "start", "index"),
    [
        (b"\r\n--b", 0, 0),
        (b"\r\n--b", 1, -1),
        (b"", 0, -1),
        (b"\r\n--", 0, -1),
        (b"x\r\n--b", 0, 1),
        (b"\r\r\r\r\n--b", 0, 3),
        (b"\r\n\r\n--b\r\n--b", 0, 2),
        (b"\r\n\r\n--b\r\n--b", 3, 7),
        (b"\r" * 100, 0, -1),
        (b"\r\n--" * 100, 50, -1),
    ],
)
def test_a_delimiter_is_found(data: bytes, start: int, index: int) -> None:
    assert octets.find_delimiter(data, b"\r\n--b", start) == index
