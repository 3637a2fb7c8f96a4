"""Limits of heads and trailers: at the limit all is well, one above it is not, and nothing is gathered beyond it."""

from dataclasses import replace

import pytest

from skerry.http import Limits, Pause, RemoteProtocolError
from skerry.http.h1 import SERVER, Connection
from splits import Outcome, asking, requests_of, responses_of

GET = b"GET / HTTP/1.1\r\nHost: h\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = GET.replace(b"GET", b"PUT") + b"Transfer-Encoding: chunked\r\n\r\n"
ANSWERED_CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
OFF = Limits(max_line_size=0, max_field_size=0, max_headers=0, max_head_size=0, max_empty_lines=0)


def line(size: int) -> bytes:
    """Return a request line of ``size`` octets without its CRLF."""
    return b"GET /%s HTTP/1.1" % (b"a" * (size - len("GET / HTTP/1.1")))


def field(size: int, name: bytes = b"X") -> bytes:
    """Return a field line of ``size`` octets without its CRLF."""
    return name + b": " + b"v" * (size - len(name) - 2)


REQUESTS = [
    pytest.param(
        {"max_line_size": 40},
        line(40) + b"\r\nHost: h\r\n\r\n",
        line(41) + b"\r\nHost: h\r\n\r\n",
        "target-too-long",
        id="line",
    ),
    pytest.param(
        {"max_line_size": 40},
        b"M" * 29 + b" / HTTP/1.1\r\nHost: h\r\n\r\n",
        b"M" * 41 + b" / HTTP/1.1\r\nHost: h\r\n\r\n",
        "line-too-long",
        id="method",
    ),
    pytest.param(
        {"max_empty_lines": 3}, b"\r\n" * 3 + GET + b"\r\n", b"\r\n" * 4 + GET + b"\r\n", "bad-method", id="empty"
    ),
    pytest.param(
        {"max_field_size": 30},
        GET + field(30) + b"\r\n\r\n",
        GET + field(31) + b"\r\n\r\n",
        "field-too-long",
        id="value",
    ),
    pytest.param(
        {"max_field_size": 30},
        GET + b"N" * 29 + b":\r\n\r\n",
        GET + b"N" * 30 + b":\r\n\r\n",
        "field-too-long",
        id="name",
    ),
    pytest.param(
        {"max_field_size": 30},
        GET + b"N:" + b" " * 28 + b"\r\n\r\n",
        GET + b"N:" + b" " * 29 + b"\r\n\r\n",
        "field-too-long",
        id="white-space",
    ),
    pytest.param(
        {"max_headers": 3},
        GET + b"A: 1\r\n" * 2 + b"\r\n",
        GET + b"A: 1\r\n" * 3 + b"\r\n",
        "too-many-fields",
        id="count",
    ),
    pytest.param(
        {"max_head_size": 40},
        GET + field(29) + b"\r\n\r\n",
        GET + field(30) + b"\r\n\r\n",
        "head-too-long",
        id="total",
    ),
]


@pytest.mark.parametrize(("limits", "good", "bad", "code"), REQUESTS)
def test_the_head_of_a_request_is_bounded(limits: dict[str, int], good: bytes, bad: bytes, code: str) -> None:
    assert requests_of(good, limits=Limits(**limits)).kinds == ["request", "end"]
    outcome = requests_of(bad, limits=Limits(**limits))
    assert (outcome.events, outcome.code) == ((), code)


@pytest.mark.parametrize(("limits", "good", "bad", "code"), REQUESTS)
def test_a_limit_of_a_request_that_is_off_does_not_bound(
    limits: dict[str, int], good: bytes, bad: bytes, code: str
) -> None:
    assert requests_of(bad, limits=replace(Limits(), **dict.fromkeys(limits, 0))).kinds == ["request", "end"], code


@pytest.mark.parametrize(
    ("limits", "good", "bad", "code"),
    [
        pytest.param(
            {"max_line_size": 20},
            b"HTTP/1.1 200 AAAAAAA\r\n\r\n",
            b"HTTP/1.1 200 AAAAAAAA\r\n\r\n",
            "line-too-long",
            id="line",
        ),
        pytest.param(
            {"max_line_size": 20},
            b"HTTP/1.1 200 AAAAAAA\n\n",
            b"HTTP/1.1 200 AAAAAAAA\n\n",
            "line-too-long",
            id="line-lf",
        ),
        pytest.param(
            {"max_field_size": 30},
            OK + field(30) + b"\r\n\r\n",
            OK + field(31) + b"\r\n\r\n",
            "field-too-long",
            id="value",
        ),
        pytest.param(
            {"max_field_size": 30},
            OK + field(20) + b"\r\n" + b" " * 8 + b"\r\n\r\n",
            OK + field(20) + b"\r\n" + b" " * 9 + b"\r\n\r\n",
            "field-too-long",
            id="folded",
        ),
        pytest.param(
            {"max_field_size": 30},
            OK + b"X:\r\n" + b" a\r\n" * 7 + b"\r\n",
            OK + b"X:\r\n" + b" a\r\n" * 8 + b"\r\n",
            "field-too-long",
            id="folded-often",
        ),
        pytest.param(
            {"max_headers": 3},
            OK + b"A: 1\r\n" * 3 + b"\r\n",
            OK + b"A: 1\r\n" * 4 + b"\r\n",
            "too-many-fields",
            id="count",
        ),
        pytest.param(
            {"max_headers": 2},
            OK + b"A: 1\r\n 2\r\n" * 2 + b"\r\n",
            OK + b"A: 1\r\n 2\r\n" * 3 + b"\r\n",
            "too-many-fields",
            id="count-folded",
        ),
        pytest.param(
            {"max_head_size": 40},
            OK + field(38) + b"\r\n\r\n",
            OK + field(39) + b"\r\n\r\n",
            "head-too-long",
            id="total",
        ),
    ],
)
def test_the_head_of_a_response_is_bounded(limits: dict[str, int], good: bytes, bad: bytes, code: str) -> None:
    assert responses_of(good, method="HEAD", limits=Limits(**limits)).kinds == ["response", "end"]
    outcome = responses_of(bad, method="HEAD", limits=Limits(**limits))
    assert (outcome.events, outcome.code) == ((), code)
    assert responses_of(bad, method="HEAD", limits=OFF).kinds == ["response", "end"]


@pytest.mark.parametrize(
    ("limits", "good", "bad", "code"),
    [
        pytest.param({"max_field_size": 30}, field(30) + b"\r\n", field(31) + b"\r\n", "field-too-long", id="line"),
        pytest.param({"max_headers": 3}, b"A: 1\r\n" * 3, b"A: 1\r\n" * 4, "too-many-fields", id="count"),
        pytest.param({"max_head_size": 50}, b"A: 1\r\n" * 8 + b"\r\n", b"A: 1\r\n" * 9, "head-too-long", id="total"),
    ],
)
def test_trailers_are_bounded_as_heads_are(limits: dict[str, int], good: bytes, bad: bytes, code: str) -> None:
    for outcome_of, head in ((requests_of, CHUNKED), (responses_of, ANSWERED_CHUNKED)):
        outcome: Outcome = outcome_of(head + b"0\r\n" + good + b"\r\n", limits=Limits(**limits), trailing=b"")
        assert outcome.kinds[1:] == ["end"]
        outcome = outcome_of(head + b"0\r\n" + bad + b"\r\n", limits=Limits(**limits))
        assert (outcome.kinds[1:], outcome.code) == ([], code)


@pytest.mark.parametrize("size", [1, 5, 12, 13])
def test_a_limit_below_the_shortest_line_refuses_every_message_alike(size: int) -> None:
    limits = Limits(max_line_size=size)
    assert responses_of(b"HTTP/1.1 200 OK\r\n\r\n", method="HEAD", limits=limits).code == "line-too-long"
    assert requests_of(GET + b"\r\n", limits=limits).code in ("line-too-long", "target-too-long")


@pytest.mark.parametrize(
    ("begin", "filler", "is_server"),
    [
        pytest.param(b"", b"M", True, id="method"),
        pytest.param(b"GET /", b"a", True, id="target"),
        pytest.param(b"", b"\r\n", True, id="empty-lines"),
        pytest.param(GET, b"N", True, id="name"),
        pytest.param(GET + b"X:", b" ", True, id="white-space"),
        pytest.param(GET + b"X: ", b"v", True, id="value"),
        pytest.param(GET, b"A: 1\r\n", True, id="fields"),
        pytest.param(CHUNKED + b"0\r\n", b"A: 1\r\n", True, id="trailers"),
        pytest.param(CHUNKED, b"0", True, id="chunk-size"),
        pytest.param(CHUNKED + b"1;", b"x", True, id="chunk-extension"),
        pytest.param(CHUNKED, b"1;x\r\na\r\n", True, id="chunk-extensions"),
        pytest.param(b"HTTP/1.1 200 ", b"a", False, id="reason"),
        pytest.param(OK + b"X: 1", b"\r\n 2", False, id="folding"),
        pytest.param(OK, b"A: 1\n", False, id="response-fields"),
        pytest.param(b"", b"HTTP/1.1 100 a\r\n\r\n", False, id="informational"),
        pytest.param(ANSWERED_CHUNKED + b"1", b" ", False, id="space-after-chunk-size"),
    ],
)
def test_what_never_ends_is_refused_as_soon_as_it_passes_a_limit(begin: bytes, filler: bytes, is_server: bool) -> None:
    limits = Limits(
        max_line_size=100,
        max_field_size=100,
        max_headers=10,
        max_head_size=200,
        max_chunk_line_size=50,
        max_chunk_extensions_size=60,
    )
    connection = Connection(SERVER, limits) if is_server else asking(limits=limits)
    connection.receive_data(begin)
    for at in range(400):
        connection.receive_data(filler[at % len(filler) :][:1])
        try:
            while not isinstance(connection.next_event(), Pause):
                pass
        except RemoteProtocolError:
            assert connection.buffered <= 104
            return
    pytest.fail("nothing was refused")


def test_the_error_names_the_line_that_is_too_many() -> None:
    connection = Connection(SERVER, Limits(max_headers=2))
    connection.receive_data(GET + b"A: 1\r\nB: 2\r\n\r\n")
    with pytest.raises(RemoteProtocolError, match=r"^header line 3: "):
        connection.next_event()
