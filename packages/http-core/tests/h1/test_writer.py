"""The way out: what could split or smuggle a message is refused, and the rest leaves as it was given."""

import pytest
from multidict import CIMultiDict, istr

from skerry.http import LocalProtocolError
from skerry.http.h1 import writer
from skerry.http.h1.writer import (
    HeadWriter,
    chunk_head,
    is_value,
    join_head,
    last_chunk,
    request_line,
    status_line,
)

LINE = "GET / HTTP/1.1\r\n"
CONTROLS = [octet for octet in (*range(0x20), 0x7F) if octet != 0x09]


def write(*fields: tuple[str, str], extra: str = "") -> bytes:
    headers = CIMultiDict(fields)
    return join_head(LINE, HeadWriter().note_fields(headers), extra, headers)


def refused(*fields: tuple[str, object]) -> str:
    with pytest.raises(LocalProtocolError) as caught:
        write(*fields)  # type: ignore[arg-type]
    return caught.value.code


@pytest.mark.parametrize(
    ("fields", "raw"),
    [
        pytest.param([], b"", id="none"),
        pytest.param([("A", "1"), ("b", "2"), ("A", "3")], b"A: 1\r\nb: 2\r\nA: 3\r\n", id="order-and-case"),
        pytest.param([("A", "")], b"A: \r\n", id="rfc9110-5.5-empty"),
        pytest.param([("A", "a\tb \xe4 \udcff")], b"A: a\tb \xc3\xa4 \xff\r\n", id="rfc9110-5.5-octets"),
        pytest.param([(istr("content-type"), "t")], b"content-type: t\r\n", id="istr"),
    ],
)
def test_fields_are_written_in_order(fields: list[tuple[str, str]], raw: bytes) -> None:
    assert write(*fields) == b"GET / HTTP/1.1\r\n" + raw + b"\r\n"


def test_fields_of_the_connection_come_last() -> None:
    assert write(("A", "1"), extra="B: 2\r\nC: 3\r\n") == b"GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n"


@pytest.mark.parametrize("octet", CONTROLS)
def test_no_control_character_leaves_in_a_value(octet: int) -> None:
    for value in (f"a{octet:c}b", f"{octet:c}", f"a{octet:c}"):
        assert refused(("X", value)) == "bad-field-value"
        assert not is_value(value)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a\r\nX-Evil: 1", id="splitting-crlf"),
        pytest.param("a\nX-Evil: 1", id="splitting-lf"),
        pytest.param("a\r\n\r\nGET /evil HTTP/1.1\r\nHost: h", id="splitting-request"),
        pytest.param("a\r\n folded", id="rfc9112-5.2-folding"),
        pytest.param("\ud800", id="surrogate-that-stands-for-no-octet"),
        pytest.param(b"octets", id="bytes"),
        pytest.param(5, id="number"),
        pytest.param(None, id="nothing"),
    ],
)
@pytest.mark.parametrize("name", ["X", "Host", "Connection", "Content-Type"])
def test_a_value_that_is_not_one_line_of_text_is_refused(name: str, value: object) -> None:
    assert refused(("A", "1"), (name, value), ("B", "2")) == "bad-field-value"


@pytest.mark.parametrize("value", [5, None, b"5", "5\r\nX: 1"])
def test_a_length_that_is_no_text_of_digits_is_refused(value: object) -> None:
    assert refused(("Content-Length", value)) in ("bad-field-value", "bad-content-length")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="rfc9110-5.1-empty"),
        pytest.param("A B", id="space"),
        pytest.param("A:", id="colon"),
        pytest.param("A\r\nB", id="splitting"),
        pytest.param("A\x00", id="nul"),
        pytest.param("\xe4", id="non-ascii"),
        pytest.param("\u212a", id="kelvin-sign"),
        pytest.param("\ud800", id="surrogate"),
        pytest.param("\udcff", id="escaped-octet"),
        pytest.param("A\n", id="line-end"),
    ],
)
def test_a_name_that_is_no_token_is_refused_each_time(name: str) -> None:
    for _ in range(2):
        assert refused((name, "v")) == "bad-field-name"


def test_the_names_that_were_checked_are_not_kept_without_end() -> None:
    # The compiled module does not show its table; there the test sees that names are still checked when it is full.
    for number in range(3000):
        write((f"X-{number}", "v"))
    assert len(getattr(writer, "_CHECKED", ())) <= 1024
    assert refused(("X bad", "v")) == "bad-field-name"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        pytest.param(
            [("Content-Length", "5"), ("Transfer-Encoding", "chunked")], "length-and-coding", id="smuggling-cl-te"
        ),
        pytest.param([("cOnTeNt-LeNgTh", "5"), ("TRANSFER-encoding", "chunked")], "length-and-coding", id="spelling"),
        pytest.param([("Content-Length", "5"), ("content-length", "5")], "bad-content-length", id="length-twice"),
        pytest.param([("Content-Length", "5, 5")], "bad-content-length", id="length-list"),
        pytest.param([("Content-Length", "+5")], "bad-content-length", id="length-sign"),
        pytest.param([("Content-Length", " 5")], "bad-content-length", id="length-space"),
        pytest.param([("Content-Length", "\u0665")], "bad-content-length", id="length-arabic-digit"),
        pytest.param([("Content-Length", "")], "bad-content-length", id="length-empty"),
        pytest.param([("Content-Length", "9223372036854775808")], "bad-content-length", id="length-too-great"),
        pytest.param([("Transfer-Encoding", "gzip, chunked")], "unknown-transfer-coding", id="two-codings"),
        pytest.param([("Transfer-Encoding", "identity")], "unknown-transfer-coding", id="identity"),
        pytest.param([("Transfer-Encoding", "")], "unknown-transfer-coding", id="empty-coding"),
        pytest.param([("Transfer-Encoding", "chun\u212aed")], "unknown-transfer-coding", id="kelvin-sign-is-no-k"),
        pytest.param([("Transfer-Encoding", "chunked")] * 2, "unknown-transfer-coding", id="coding-twice"),
        pytest.param([("Host", "a"), ("host", "a")], "duplicate-field", id="host-twice"),
    ],
)
def test_fields_that_frame_or_route_in_two_ways_are_refused(fields: list[tuple[str, str]], code: str) -> None:
    assert refused(*fields) == code


def test_what_the_fields_say_of_framing_is_noted_and_forgotten_at_the_next_head() -> None:
    head = HeadWriter()
    head.note_fields(
        CIMultiDict([("HOST", "h"), ("content-length", "5"), ("uPGRADE", "x"), ("Connection", "close, upgrade")])
    )
    assert (head.content_length, head.is_chunked, head.has_host, head.has_upgrade) == (5, False, True, True)
    assert head.asks_close()
    assert head.asks_upgrade()
    head.note_fields(CIMultiDict([("Transfer-Encoding", "Chunked")]))
    assert (head.content_length, head.is_chunked, head.has_host, head.has_upgrade) == (-1, True, False, False)
    assert not head.asks_close()
    assert not head.asks_upgrade()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ([], "missing-host"),
        ([("Host", "a/b")], "bad-host"),
        ([("Host", "a b")], "bad-host"),
        ([("Host", "\xe4")], "bad-host"),
        ([("Host", "h:99999")], "bad-host"),
        ([("Host", "u@h")], "bad-host"),
    ],
)
def test_a_request_needs_one_good_host(fields: list[tuple[str, str]], code: str) -> None:
    head = HeadWriter()
    for _ in range(2):
        head.note_fields(CIMultiDict(fields))
        with pytest.raises(LocalProtocolError) as caught:
            head.check_host()
        assert caught.value.code == code
        head.note_fields(CIMultiDict({"Host": "h:80"}))
        head.check_host()


@pytest.mark.parametrize(
    ("method", "target", "line"),
    [
        ("GET", "/", "GET / HTTP/1.1\r\n"),
        ("get", "/?a=%20", "get /?a=%20 HTTP/1.1\r\n"),
        ("OPTIONS", "*", "OPTIONS * HTTP/1.1\r\n"),
        ("CONNECT", "h:443", "CONNECT h:443 HTTP/1.1\r\n"),
        ("GET", "http://h/", "GET http://h/ HTTP/1.1\r\n"),
        ("M-SEARCH", "/", "M-SEARCH / HTTP/1.1\r\n"),
    ],
)
def test_a_request_line_is_written(method: str, target: str, line: str) -> None:
    assert request_line(method, target) == line


@pytest.mark.parametrize(
    ("method", "target", "code"),
    [
        pytest.param("", "/", "bad-method", id="rfc9110-9.1-empty"),
        pytest.param("GET /evil HTTP/1.1\r\nX:", "/", "bad-method", id="splitting-method"),
        pytest.param("G T", "/", "bad-method", id="space-in-method"),
        pytest.param("GET\n", "/", "bad-method", id="line-end-after-method"),
        pytest.param("G\xcbT", "/", "bad-method", id="non-ascii-method"),
        pytest.param("\ud800", "/", "bad-method", id="surrogate-in-method"),
        pytest.param("GET", "", "bad-target", id="rfc9112-3.2-empty"),
        pytest.param("GET", "/ HTTP/1.1\r\nX: y", "bad-target", id="splitting-target"),
        pytest.param("GET", "/\r\n", "bad-target", id="line-end-after-target"),
        pytest.param("GET", "/a b", "bad-target", id="space-in-target"),
        pytest.param("GET", "/\x00", "bad-target", id="nul"),
        pytest.param("GET", "/#f", "bad-target", id="fragment"),
        pytest.param("GET", "/\xe4", "bad-target", id="non-ascii-target"),
        pytest.param("GET", "/\ud800", "bad-target", id="surrogate-in-target"),
        pytest.param("GET", "a", "bad-target", id="no-form"),
        pytest.param("GET", "*", "bad-target", id="asterisk-without-options"),
        pytest.param("CONNECT", "/", "bad-target", id="path-to-connect"),
        pytest.param("CONNECT", "h", "bad-target", id="connect-without-port"),
    ],
)
def test_a_request_line_that_could_be_read_in_two_ways_is_refused(method: str, target: str, code: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        request_line(method, target)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "reason", "line"),
    [
        (200, None, "HTTP/1.1 200 OK\r\n"),
        (200, "", "HTTP/1.1 200 \r\n"),
        (200, "Fine\t\xe4", "HTTP/1.1 200 Fine\t\xe4\r\n"),
        (299, None, "HTTP/1.1 299 \r\n"),
        (999, "x", "HTTP/1.1 999 x\r\n"),
    ],
)
def test_a_status_line_is_written(status: int, reason: str | None, line: str) -> None:
    assert status_line(status, reason) == line


@pytest.mark.parametrize("status", [-200, 0, 99, 1000, 2000, "200", 200.5, None])
def test_a_status_that_is_not_100_to_999_is_refused(status: object) -> None:
    for reason in (None, "OK"):
        with pytest.raises(LocalProtocolError) as caught:
            status_line(status, reason)  # type: ignore[arg-type]
        assert caught.value.code == "bad-status"


@pytest.mark.parametrize("reason", [*(f"a{octet:c}b" for octet in CONTROLS), "OK\r\nX: 1", "OK\r", "\ud800", 5, b"OK"])
def test_a_reason_that_breaks_the_line_is_refused(reason: object) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        status_line(200, reason)  # type: ignore[arg-type]
    assert caught.value.code == "bad-reason"


def test_a_start_line_that_is_broken_all_the_same_is_seen_when_the_head_is_joined() -> None:
    headers: CIMultiDict[str] = CIMultiDict({"A": "1"})
    with pytest.raises(LocalProtocolError) as caught:
        join_head("GET /\r\nX: 1\r\n", HeadWriter().note_fields(headers), "", headers)
    assert caught.value.code == "bad-reason"


@pytest.mark.parametrize("size", [1, 9, 10, 255, 4095, 4096, 65536, 2**40])
def test_a_chunk_begins_with_its_size(size: int) -> None:
    assert chunk_head(size) == f"{size:x}\r\n".encode()


def test_the_last_chunk_carries_the_trailers() -> None:
    assert last_chunk(None) == last_chunk(CIMultiDict()) == b"0\r\n\r\n"
    assert last_chunk(CIMultiDict([("A", "1"), ("B", "2")])) == b"0\r\nA: 1\r\nB: 2\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        pytest.param("Content-Length", "5", "bad-field-name", id="rfc9110-6.5.1-length"),
        pytest.param("transfer-ENCODING", "chunked", "bad-field-name", id="rfc9110-6.5.1-coding"),
        pytest.param("Host", "h", "bad-field-name", id="rfc9110-6.5.1-host"),
        pytest.param("Connection", "close", "bad-field-name", id="rfc9110-6.5.1-connection"),
        pytest.param("A\r\n", "1", "bad-field-name", id="splitting-name"),
        pytest.param("A", "1\r\n\r\nGET / HTTP/1.1", "bad-field-value", id="splitting-value"),
        pytest.param("A", "1\n", "bad-field-value", id="line-end"),
    ],
)
def test_trailers_that_break_or_frame_the_message_are_refused(name: str, value: str, code: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        last_chunk(CIMultiDict({name: value}))
    assert caught.value.code == code


def test_an_error_shows_no_more_than_a_part_of_what_was_given() -> None:
    with pytest.raises(LocalProtocolError) as caught:
        write(("X" * 5000, "v\x00" * 5000))
    assert len(str(caught.value)) < 400
