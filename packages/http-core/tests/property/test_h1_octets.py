"""Any octets at all: a documented error or events, and the same ones however the octets are cut."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from skerry.http import Limits
from skerry.http.errors import STATUS_HINTS
from splits import Outcome, read_requests, read_responses

LIMITS = Limits(
    max_line_size=60, max_field_size=40, max_headers=6, max_head_size=150, max_chunk_line_size=20, max_body_size=50
)
REQUEST_PARTS = st.sampled_from(
    [
        b"GET ", b"POST ", b"CONNECT ", b"HEAD ", b"/ ", b"* ", b"http://h/ ", b"h:1 ", b"HTTP/1.1", b"HTTP/1.0",
        b"\r\n", b"\r\n\r\n", b"\n", b"\r", b" ", b"\t", b":", b"Host: h", b"Host:", b"Content-Length: ",
        b"Transfer-Encoding: ", b"chunked", b"Connection: ", b"close", b"keep-alive", b"upgrade", b"Upgrade: x",
        b"Expect: 100-continue", b"5", b"0", b"a", b";x=y", b"hello", b",", b"\x00", b"\xff",
        b"GET / HTTP/1.1\r\nHost: h\r\n", b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"5\r\nhello\r\n", b"0\r\n\r\n", b"0\r\nT: 1\r\n\r\n",
        b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n",
    ]
)  # fmt: skip
RESPONSE_PARTS = st.sampled_from(
    [
        b"HTTP/1.1 ", b"HTTP/1.0 ", b"200", b"101 ", b"100 ", b"204 ", b"304 ", b" OK", b"\r\n", b"\r\n\r\n", b"\n",
        b"\n\n", b"\r", b" ", b"\t", b":", b"A: b", b"Content-Length: ", b"Transfer-Encoding: ", b"chunked",
        b"Connection: ", b"close", b"5", b"0", b"hello", b";x", b"5\r\nhello\r\n", b"0\r\n\r\n", b"\x00", b"\xff",
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"\r\n folded",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    ]
)  # fmt: skip
REQUESTS = st.one_of(st.lists(REQUEST_PARTS, max_size=16).map(b"".join), st.binary(max_size=120))
RESPONSES = st.one_of(st.lists(RESPONSE_PARTS, max_size=16).map(b"".join), st.binary(max_size=120))
CUTS = st.lists(st.integers(0, 200), max_size=6)
FIELDS = st.sampled_from([(), (("Upgrade", "x"), ("Connection", "upgrade"))])


def cut(data: bytes, places: list[int]) -> list[bytes]:
    bounds = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:stop] for start, stop in itertools.pairwise(bounds)] or [data]


def check(whole: Outcome, pieces: Outcome, octets: Outcome) -> None:
    assert whole == pieces == octets
    assert not whole.code or whole.code in STATUS_HINTS


@settings(max_examples=200, deadline=None)
@given(REQUESTS, CUTS, st.booleans(), st.booleans())
def test_a_server_reads_any_octets_the_same_in_any_split(
    data: bytes, places: list[int], eof: bool, answer: bool
) -> None:
    def outcome(pieces: list[bytes]) -> Outcome:
        return read_requests(pieces, eof=eof, answer=answer, limits=LIMITS)

    check(outcome([data]), outcome(cut(data, places)), outcome([data[at : at + 1] for at in range(len(data))] or [b""]))


@settings(max_examples=200, deadline=None)
@given(RESPONSES, CUTS, st.booleans(), st.sampled_from(["GET", "HEAD", "CONNECT"]), FIELDS)
def test_a_client_reads_any_octets_the_same_in_any_split(
    data: bytes, places: list[int], eof: bool, method: str, fields: tuple[tuple[str, str], ...]
) -> None:
    def outcome(pieces: list[bytes]) -> Outcome:
        return read_responses(pieces, method=method, fields=fields, eof=eof, limits=LIMITS)

    check(outcome([data]), outcome(cut(data, places)), outcome([data[at : at + 1] for at in range(len(data))] or [b""]))
