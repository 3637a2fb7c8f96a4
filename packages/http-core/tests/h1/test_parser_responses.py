"""Heads of responses: what servers are forgiven, and what stays refused (RFC 9112 §2.2, §4, §5)."""

import pytest

from skerry.http.events import NEED_DATA, PAUSED
from splits import responses_of

OK = b"HTTP/1.1 200 OK\r\n%sContent-Length: 0\r\n\r\n"
CONTROLS = [*range(0x20), 0x7F]


def refused(data: bytes, *, eof: bool = False) -> str:
    """Return the code with which ``data`` is refused before anything of it is handed out."""
    outcome = responses_of(data, eof=eof)
    assert outcome.events == ()
    return outcome.code


@pytest.mark.parametrize(
    ("line", "status", "reason", "version"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n", 200, "OK", (1, 1), id="rfc9112-4"),
        pytest.param(b"HTTP/1.0 404 Not Found\r\n", 404, "Not Found", (1, 0), id="rfc9112-4-1.0"),
        pytest.param(b"HTTP/1.1 200 \r\n", 200, "", (1, 1), id="rfc9112-4-empty-reason"),
        pytest.param(b"HTTP/1.1 200\r\n", 200, "", (1, 1), id="lenient-no-space-after-status"),
        pytest.param(b"HTTP/1.1 200\n", 200, "", (1, 1), id="lenient-lf-after-status"),
        pytest.param(b"HTTP/1.1 200 OK\n", 200, "OK", (1, 1), id="lenient-lf"),
        pytest.param(b"HTTP/1.1 200 a\tb \xc3\xa4\r\n", 200, "a\tb \xe4", (1, 1), id="rfc9112-4-utf-8"),
        pytest.param(b"HTTP/1.1 200 \xe4\r\n", 200, "\udce4", (1, 1), id="other-octets-survive"),
        pytest.param(b"HTTP/1.1 999 Request denied\r\n", 999, "Request denied", (1, 1), id="rfc9110-15-unregistered"),
    ],
)
def test_a_status_line_is_read(line: bytes, status: int, reason: str, version: tuple[int, int]) -> None:
    outcome = responses_of(line + b"Content-Length: 0\r\n\r\n")
    assert outcome.kinds == ["response", "end"]
    assert outcome.events[0][1:4] == (status, reason, version)
    assert outcome.pause is PAUSED


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param(b"ICY 200 OK", "bad-version", id="other-protocol"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6", "bad-version", id="other-service"),
        pytest.param(b"<html>", "bad-version", id="http-0.9"),
        pytest.param(b"http/1.1 200 OK", "bad-version", id="rfc9112-2.3-name-has-case"),
        pytest.param(b" HTTP/1.1 200 OK", "bad-version", id="space-before"),
        pytest.param(b"HTTP/1,1 200 OK", "bad-version", id="rfc9112-2.3-comma"),
        pytest.param(b"HTTP/1.\xb9 200 OK", "bad-version", id="unicode-digit"),
        pytest.param(b"HTTP/2.0 200 OK", "unsupported-version", id="rfc9110-15.6.6-2.0"),
        pytest.param(b"HTTP/1.2 200 OK", "unsupported-version", id="rfc9110-15.6.6-1.2"),
        pytest.param(b"HTTP/1.1  200 OK", "bad-status", id="rfc9112-4-two-spaces"),
        pytest.param(b"HTTP/1.1\t200 OK", "bad-status", id="rfc9112-4-tab"),
        pytest.param(b"HTTP/1.1 20 OKAY", "bad-status", id="rfc9112-4-two-digits"),
        pytest.param(b"HTTP/1.1 2000 OK", "bad-status", id="rfc9112-4-four-digits"),
        pytest.param(b"HTTP/1.1 099 OK", "bad-status", id="rfc9110-15-below-100"),
        pytest.param(b"HTTP/1.1 +20 OK", "bad-status", id="sign"),
        pytest.param(b"HTTP/1.1 2_0 OK", "bad-status", id="underscore"),
        pytest.param(b"HTTP/1.1 2\xb2\xb2 OK", "bad-status", id="superscript"),
        pytest.param(b"HTTP/1.1 200\tOK", "bad-status", id="tab-after-status"),
        pytest.param(b"HTTP/1.1 200OK", "bad-status", id="no-space-after-status"),
        pytest.param(b"HTTP/1.1 200 a\rb", "bad-reason", id="response-splitting-cr"),
        pytest.param(b"HTTP/1.1 200 OK\r", "bad-reason", id="two-cr"),
    ],
)
def test_a_broken_status_line_is_refused(line: bytes, code: str) -> None:
    assert refused(line + b"\r\nContent-Length: 0\r\n\r\n") == code


@pytest.mark.parametrize("octet", [octet for octet in CONTROLS if octet not in b"\t\n\r"])
def test_no_control_character_passes_in_a_reason(octet: int) -> None:
    assert refused(b"HTTP/1.1 200 a%cb\r\n\r\n" % octet) == "bad-reason"


@pytest.mark.parametrize("octet", [octet for octet in CONTROLS if octet not in b"\t\n"])
def test_no_control_character_passes_in_a_field_value(octet: int) -> None:
    for line in (b"X: a%cb\r\n", b"X: a\r\n b%cc\r\n"):
        code = refused(OK % (line % octet))
        assert code == ("bad-line-end" if octet == 0x0D else "bad-field-value")


@pytest.mark.parametrize("octet", [octet for octet in CONTROLS if octet not in b"\n\r"])
def test_no_control_character_passes_in_a_field_name(octet: int) -> None:
    assert refused(OK % (b"X%cY: v\r\n" % octet)) == "bad-field-name"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        pytest.param(b"X : v\r\n", "bad-field-name", id="rfc9112-5.1-space-before-colon"),
        pytest.param(b": v\r\n", "bad-field-name", id="rfc9112-5-empty-name"),
        pytest.param(b"X\r\n", "bad-field-name", id="rfc9112-5-no-colon"),
        pytest.param(b"X\n", "bad-field-name", id="rfc9112-5-no-colon-lf"),
        pytest.param(b" X: v\r\n", "obsolete-folding", id="rfc9112-2.2-space-before-the-first-field"),
        pytest.param(b"X: v\r\r\n", "bad-line-end", id="rfc9112-2.2-two-cr"),
        pytest.param(b"X: a\r\n b\r\r\n", "bad-line-end", id="rfc9112-2.2-two-cr-in-fold"),
        pytest.param(b"Content-Length: 1\r\n", "bad-content-length", id="rfc9112-6.3-5-lengths-differ"),
        pytest.param(b"Content-Length: 0, 1\r\n", "bad-content-length", id="rfc9112-6.3-5-list-differs"),
        pytest.param(b"Content-Length: \r\n", "bad-content-length", id="rfc9110-8.6-empty-length"),
        pytest.param(b"Content-Length: -0\r\n", "bad-content-length", id="rfc9110-8.6-sign"),
        pytest.param(b"Content-Length: 0x0\r\n", "bad-content-length", id="rfc9110-8.6-hexadecimal"),
        pytest.param(b"Content-Length: 0\r\n 0\r\n", "bad-content-length", id="rfc9112-5.2-folded-length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n", "length-and-coding", id="smuggling-rfc9112-11.2"),
        pytest.param(b"Transfer-Encoding:\r\n chunked\r\n", "length-and-coding", id="smuggling-folded-coding"),
        pytest.param(b"tRANSFER-eNCODING: chunked\n", "length-and-coding", id="smuggling-unusual-spelling"),
    ],
)
def test_what_no_server_is_forgiven(lines: bytes, code: str) -> None:
    assert refused(OK % lines) == code


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        pytest.param(b"X: v\n", [("X", "v")], id="rfc9112-2.2-bare-lf"),
        pytest.param(b"X: v \n", [("X", "v")], id="rfc9112-2.2-bare-lf-after-space"),
        pytest.param(b"X: a\r\n b\r\n", [("X", "a b")], id="rfc9112-5.2-fold"),
        pytest.param(b"X: a \r\n\t \tb \r\n", [("X", "a b")], id="rfc9112-5.2-white-space"),
        pytest.param(b"X: a\n b\n", [("X", "a b")], id="rfc9112-5.2-fold-with-lf"),
        pytest.param(b"X:\r\n a\r\n \r\n b\r\n", [("X", "a b")], id="rfc9112-5.2-several"),
        pytest.param(b"X: a\r\n \r\nY: b\r\n", [("X", "a"), ("Y", "b")], id="rfc9112-5.2-nothing"),
        pytest.param(b"X: a\r\n Y: b\r\n", [("X", "a Y: b")], id="rfc9112-5.2-looks-like-a-field"),
        pytest.param(b"X: \xe4\r\n \xff\r\n", [("X", "\udce4 \udcff")], id="other-octets-survive"),
        pytest.param(b"Server: a\r\nServer: b\r\n", [("Server", "a"), ("Server", "b")], id="singleton-twice"),
        pytest.param(b"Host: not a host/\r\n", [("Host", "not a host/")], id="host-means-nothing-here"),
        pytest.param(b"Content-Length: 0\r\n", [("Content-Length", "0")], id="rfc9112-6.3-5-same-length"),
        pytest.param(b"Content-Length: 0, 0\r\n", [("Content-Length", "0, 0")], id="rfc9112-6.3-5-list"),
        pytest.param(b"Content-Length:\r\n 0\r\n", [("Content-Length", "0")], id="rfc9112-5.2-folded-length"),
    ],
)
def test_what_servers_are_forgiven(lines: bytes, fields: list[tuple[str, str]]) -> None:
    outcome = responses_of(OK % lines)
    assert outcome.kinds == ["response", "end"]
    assert outcome.events[0][4] == (*fields, ("Content-Length", "0"))
    raw = outcome.events[0][5]
    assert isinstance(raw, tuple)
    assert [(name.decode(), value.decode("utf-8", "surrogateescape")) for name, value in raw][:-1] == fields


def test_a_head_may_end_with_lf_alone() -> None:
    assert responses_of(b"HTTP/1.1 204 No Content\nA: 1\n\n").kinds == ["response", "end"]


def test_a_response_without_fields_is_read() -> None:
    assert responses_of(b"HTTP/1.1 204 No Content\r\n\r\n").kinds == ["response", "end"]


def test_the_start_of_a_status_line_is_awaited() -> None:
    assert responses_of(b"HTTP/").pause is NEED_DATA
    assert responses_of(b"HTTP/1.1 20").pause is NEED_DATA


@pytest.mark.parametrize("data", [b"", b"H", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nA: 1\r\n"])
def test_a_response_that_ends_within_its_head_is_refused(data: bytes) -> None:
    assert responses_of(data, eof=True).code == "incomplete-head"


@pytest.mark.parametrize(
    ("version", "fields", "keep_alive"),
    [
        pytest.param(b"1.1", b"", True, id="rfc9112-9.3-persistent"),
        pytest.param(b"1.1", b"Connection: close\r\n", False, id="rfc9112-9.6-close"),
        pytest.param(b"1.1", b"Connection: a\r\nconnection: Close\r\n", False, id="rfc9112-9.6-second-line"),
        pytest.param(b"1.0", b"", False, id="rfc9112-9.3-1.0"),
        pytest.param(b"1.0", b"Connection: keep-alive\r\n", True, id="rfc9112-9.3-1.0-keep-alive"),
        pytest.param(b"1.0", b"Connection: close, keep-alive\r\n", False, id="rfc9112-9.3-close-wins"),
    ],
)
def test_keep_alive_is_what_version_and_connection_say(version: bytes, fields: bytes, keep_alive: bool) -> None:
    outcome = responses_of(b"HTTP/%s 200 OK\r\n%sContent-Length: 0\r\n\r\n" % (version, fields))
    assert outcome.events[0][8] is keep_alive
