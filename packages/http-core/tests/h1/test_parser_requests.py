"""Heads of requests: what is taken, and what is refused with which code (RFC 9112 §2, §3, §5)."""

import pytest

from skerry.http.events import CLOSED, NEED_DATA, PAUSED
from splits import read_requests, requests_of

HEAD = b"GET / HTTP/1.1\r\nHost: h\r\n%s\r\n"
CONTROLS = [*range(0x20), 0x7F]


def refused(data: bytes) -> str:
    """Return the code with which ``data`` is refused before anything of it is handed out."""
    outcome = requests_of(data)
    assert outcome.events == ()
    return outcome.code


@pytest.mark.parametrize(
    ("line", "method", "target", "version"),
    [
        pytest.param(b"GET / HTTP/1.1", "GET", "/", (1, 1), id="rfc9112-3.2.1-origin-form"),
        pytest.param(b"get / HTTP/1.1", "get", "/", (1, 1), id="rfc9110-9.1-method-has-case"),
        pytest.param(b"X!#$%&'*+-.^_`|~9 / HTTP/1.1", "X!#$%&'*+-.^_`|~9", "/", (1, 1), id="rfc9110-5.6.2-every-tchar"),
        pytest.param(b"GET /a?b=c/d?e HTTP/1.0", "GET", "/a?b=c/d?e", (1, 0), id="rfc9112-3.2.1-query"),
        pytest.param(b"GET //evil.com/x HTTP/1.1", "GET", "//evil.com/x", (1, 1), id="rfc3986-3.3-empty-segment"),
        pytest.param(b"GET /../a/./b HTTP/1.1", "GET", "/../a/./b", (1, 1), id="dot-segments-are-kept"),
        pytest.param(b"GET /\xc3\xa4 HTTP/1.1", "GET", "/\xe4", (1, 1), id="utf-8"),
        pytest.param(b'GET /"<>\\^`{|} HTTP/1.1', "GET", '/"<>\\^`{|}', (1, 1), id="what-browsers-do-not-encode"),
        pytest.param(
            b"GET http://h:80/a?b HTTP/1.1", "GET", "http://h:80/a?b", (1, 1), id="rfc9112-3.2.2-absolute-form"
        ),
        pytest.param(b"GET http://[::1]:80?b HTTP/1.1", "GET", "http://[::1]:80?b", (1, 1), id="rfc9112-3.2.2-ipv6"),
        pytest.param(b"OPTIONS http://h HTTP/1.1", "OPTIONS", "http://h", (1, 1), id="rfc9112-3.2.4-absolute-options"),
        pytest.param(b"CONNECT h:443 HTTP/1.1", "CONNECT", "h:443", (1, 1), id="rfc9112-3.2.3-authority-form"),
        pytest.param(b"CONNECT [::1]:443 HTTP/1.1", "CONNECT", "[::1]:443", (1, 1), id="rfc9112-3.2.3-ipv6"),
        pytest.param(b"OPTIONS * HTTP/1.1", "OPTIONS", "*", (1, 1), id="rfc9112-3.2.4-asterisk-form"),
    ],
)
def test_a_request_line_is_read(line: bytes, method: str, target: str, version: tuple[int, int]) -> None:
    outcome = requests_of(line + b"\r\nHost: h\r\n\r\n")
    assert outcome.kinds == ["request", "end"]
    assert outcome.events[0][1:4] == (method, target, version)
    assert outcome.pause is PAUSED


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param(b" GET / HTTP/1.1", "bad-method", id="rfc9112-2.2-space-before"),
        pytest.param(b"G\xc3\x84T / HTTP/1.1", "bad-method", id="rfc9110-9.1-method-is-ascii"),
        pytest.param(b"GET\t/ HTTP/1.1", "bad-method", id="rfc9112-3-tab"),
        pytest.param(b"G(T / HTTP/1.1", "bad-method", id="rfc9110-5.6.2-delimiter"),
        pytest.param(b"GET", "bad-method", id="rfc9112-3-nothing-after-method"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "bad-method", id="tls-on-a-plain-port"),
        pytest.param(b"GET  / HTTP/1.1", "bad-target", id="rfc9112-3-two-spaces"),
        pytest.param(b"GET /\t HTTP/1.1", "bad-target", id="rfc9112-3-tab-in-target"),
        pytest.param(b"GET /#f HTTP/1.1", "bad-target", id="rfc9112-3.2-fragment"),
        pytest.param(b"GET a HTTP/1.1", "bad-target", id="rfc9112-3.2-no-form"),
        pytest.param(b"GET * HTTP/1.1", "bad-target", id="rfc9112-3.2.4-asterisk-without-options"),
        pytest.param(b"GET /\xff HTTP/1.1", "bad-target", id="no-utf-8"),
        pytest.param(b"GET http:/h/a HTTP/1.1", "bad-target", id="rfc9112-3.2.2-one-slash"),
        pytest.param(b"GET http:///a HTTP/1.1", "bad-target", id="rfc9110-4.2.1-no-host"),
        pytest.param(b"GET http://:80/a HTTP/1.1", "bad-target", id="rfc9110-4.2.1-empty-host"),
        pytest.param(b"GET http://u:p@h/ HTTP/1.1", "bad-target", id="rfc9110-4.2.4-userinfo"),
        pytest.param(b"GET http://[::1/ HTTP/1.1", "bad-target", id="rfc3986-3.2.2-open-bracket"),
        pytest.param(b"GET http://[::g]/ HTTP/1.1", "bad-target", id="rfc3986-3.2.2-no-address"),
        pytest.param(b"GET http://h:99999/ HTTP/1.1", "bad-target", id="port-beyond-65535"),
        pytest.param(b"GET ://h/ HTTP/1.1", "bad-target", id="rfc3986-3.1-no-scheme"),
        pytest.param(b"CONNECT / HTTP/1.1", "bad-target", id="rfc9112-3.2.3-path-to-connect"),
        pytest.param(b"CONNECT h HTTP/1.1", "bad-target", id="rfc9112-3.2.3-no-port"),
        pytest.param(b"CONNECT h: HTTP/1.1", "bad-target", id="rfc9112-3.2.3-empty-port"),
        pytest.param(b"CONNECT :443 HTTP/1.1", "bad-target", id="rfc9112-3.2.3-no-host"),
        pytest.param(b"CONNECT http://h:443 HTTP/1.1", "bad-target", id="rfc9112-3.2.3-absolute"),
        pytest.param(b"CONNECT u@h:443 HTTP/1.1", "bad-target", id="rfc9112-3.2.3-userinfo"),
        pytest.param(b"GET /", "bad-version", id="http-0.9"),
        pytest.param(b"GET / ", "bad-version", id="rfc9112-3-no-version"),
        pytest.param(b"GET / X HTTP/1.1", "bad-version", id="rfc9112-3-space-in-target"),
        pytest.param(b"GET / HTTP", "bad-version", id="rfc9112-2.3-name-alone"),
        pytest.param(b"GET / HTTP/", "bad-version", id="rfc9112-2.3-no-number"),
        pytest.param(b"GET / HTTP/1", "bad-version", id="rfc9112-2.3-no-minor"),
        pytest.param(b"GET / HTTP/1.", "bad-version", id="rfc9112-2.3-empty-minor"),
        pytest.param(b"GET / HTTP/.1", "bad-version", id="rfc9112-2.3-empty-major"),
        pytest.param(b"GET / http/1.1", "bad-version", id="rfc9112-2.3-name-has-case"),
        pytest.param(b"GET / HTTPS/1.1", "bad-version", id="rfc9112-2.3-other-name"),
        pytest.param(b"GET / HTTP/1,1", "bad-version", id="rfc9112-2.3-comma"),
        pytest.param(b"GET / HTTP/1.\xb9", "bad-version", id="unicode-digit-latin-1"),
        pytest.param("GET / HTTP/1.\u0661".encode(), "bad-version", id="unicode-digit-arabic"),
        pytest.param(b"GET / HTTP/ 1.1", "bad-version", id="rfc9112-2.3-space"),
        pytest.param(b"GET / HTTP/+1.1", "bad-version", id="rfc9112-2.3-sign"),
        pytest.param(b"GET / HTTP/0.9", "unsupported-version", id="rfc9110-15.6.6-0.9"),
        pytest.param(b"GET / HTTP/1.2", "unsupported-version", id="rfc9110-15.6.6-1.2"),
        pytest.param(b"GET / HTTP/2.0", "unsupported-version", id="rfc9110-15.6.6-2.0"),
        pytest.param(b"PRI * HTTP/2.0", "unsupported-version", id="rfc9113-3.4-preface"),
        pytest.param(b"GET / HTTP/1.10", "bad-line-end", id="rfc9112-2.3-two-digits"),
        pytest.param(b"GET / HTTP/1.1 ", "bad-line-end", id="rfc9112-3-space-at-the-end"),
        pytest.param(b"GET / HTTP/1.1\r", "bad-line-end", id="rfc9112-2.2-two-cr"),
    ],
)
def test_a_broken_request_line_is_refused(line: bytes, code: str) -> None:
    assert refused(line + b"\r\nHost: h\r\n\r\n") == code


@pytest.mark.parametrize(
    "line",
    [
        b"GET / ",
        b"GET / H",
        b"GET / HTTP",
        b"GET / HTTP/",
        b"GET / HTTP/1",
        b"GET / HTTP/1.",
        b"GET / http/1.",
        b"GET / X",
    ],
)
def test_a_version_that_is_too_short_is_refused_without_waiting_for_more(line: bytes) -> None:
    assert refused(line + b"\r\n") == "bad-version"


@pytest.mark.parametrize("octet", CONTROLS)
def test_no_control_character_passes_in_a_method(octet: int) -> None:
    assert refused(b"G%cT / HTTP/1.1\r\nHost: h\r\n\r\n" % octet) == "bad-method"


@pytest.mark.parametrize("octet", [*CONTROLS, ord("#")])
def test_no_control_character_passes_in_a_target(octet: int) -> None:
    code = refused(b"GET /a%cb HTTP/1.1\r\nHost: h\r\n\r\n" % octet)
    assert code == ("bad-version" if octet in b"\r\n" else "bad-target")


def test_a_version_is_1_1_or_1_0_in_these_octets_alone() -> None:
    for octet in range(256):
        for at in range(8):
            version = b"HTTP/1.1"[:at] + bytes([octet]) + b"HTTP/1.1"[at + 1 :]
            outcome = read_requests([b"GET / %s\r\nHost: h\r\n\r\n" % version])
            assert (outcome.code == "") is (version in (b"HTTP/1.1", b"HTTP/1.0"))


@pytest.mark.parametrize("count", [1, 2, 8])
def test_empty_lines_before_a_request_are_skipped(count: int) -> None:
    assert requests_of(b"\r\n" * count + HEAD % b"").kinds == ["request", "end"]


@pytest.mark.parametrize("lines", [b"\n", b"\r", b"\r\n\n", b"\r\n\r", b"\r\n "])
def test_other_empty_lines_are_not(lines: bytes) -> None:
    assert refused(lines + HEAD % b"") == "bad-method"


def test_empty_lines_alone_are_no_request() -> None:
    assert requests_of(b"\r\n\r\n").pause is NEED_DATA
    assert requests_of(b"\r\n\r\n", eof=True).pause is CLOSED
    assert requests_of(b"\r\n\r", eof=True).pause is CLOSED


@pytest.mark.parametrize(
    ("version", "fields", "keep_alive"),
    [
        pytest.param(b"1.1", b"", True, id="rfc9112-9.3-persistent"),
        pytest.param(b"1.1", b"Connection: close\r\n", False, id="rfc9112-9.6-close"),
        pytest.param(b"1.1", b"connection: x ,\tCLOSE\r\n", False, id="rfc9110-7.6.1-list"),
        pytest.param(b"1.1", b"cOnNeCtIoN: close\r\n", False, id="unusual-spelling"),
        pytest.param(b"1.1", b"Connection: x\r\nConnection: close\r\n", False, id="rfc9110-5.3-lines-are-a-list"),
        pytest.param(b"1.1", b"Connection: keep-alive, close\r\n", False, id="rfc9112-9.3-close-wins"),
        pytest.param(b"1.1", b"Connection: closed\r\n", True, id="another-option"),
        pytest.param(b"1.1", "Connection: clo\u017fe\r\n".encode(), True, id="long-s-is-no-s"),
        pytest.param(b"1.0", b"", False, id="rfc9112-9.3-1.0"),
        pytest.param(b"1.0", b"Connection: Keep-Alive\r\n", True, id="rfc9112-9.3-1.0-keep-alive"),
        pytest.param(b"1.0", "Connection: \u212aeep-alive\r\n".encode(), False, id="kelvin-sign-is-no-k"),
        pytest.param(b"1.0", b"Connection: keep-alive, close\r\n", False, id="rfc9112-9.3-1.0-close-wins"),
    ],
)
def test_keep_alive_is_what_version_and_connection_say(version: bytes, fields: bytes, keep_alive: bool) -> None:
    outcome = requests_of(b"GET / HTTP/%s\r\nHost: h\r\n%s\r\n" % (version, fields))
    assert outcome.events[0][8] is keep_alive


@pytest.mark.parametrize(
    ("version", "fields", "upgrade"),
    [
        pytest.param(b"1.1", b"Upgrade: websocket\r\nConnection: Upgrade\r\n", True, id="rfc9110-7.8"),
        pytest.param(b"1.1", b"uPGRADE: a\r\nConnection: keep-alive, UPGRADE\r\n", True, id="rfc9110-7.6.1-list"),
        pytest.param(b"1.1", b"Upgrade: websocket\r\n", False, id="rfc9110-7.8-not-named-by-connection"),
        pytest.param(b"1.1", b"Connection: upgrade\r\n", False, id="nothing-to-upgrade-to"),
        pytest.param(b"1.1", b"Upgrade: a\r\nConnection: notupgrade\r\n", False, id="part-of-another-option"),
        pytest.param(b"1.0", b"Upgrade: a\r\nConnection: upgrade\r\n", False, id="rfc9110-7.8-ignored-in-1.0"),
    ],
)
def test_an_upgrade_needs_both_fields(version: bytes, fields: bytes, upgrade: bool) -> None:
    outcome = requests_of(b"GET / HTTP/%s\r\nHost: h\r\n%s\r\n" % (version, fields))
    assert outcome.events[0][9] is upgrade


@pytest.mark.parametrize(
    ("version", "value", "expected"),
    [
        pytest.param(b"1.1", b"100-continue", True, id="rfc9110-10.1.1"),
        pytest.param(b"1.1", b"100-Continue", True, id="rfc9110-10.1.1-without-case"),
        pytest.param(b"1.1", b"100-continued", False, id="another"),
        pytest.param(b"1.0", b"100-continue", False, id="rfc9110-10.1.1-ignored-in-1.0"),
    ],
)
def test_the_wish_for_100_continue_is_noted(version: bytes, value: bytes, expected: bool) -> None:
    outcome = requests_of(b"PUT / HTTP/%s\r\nHost: h\r\nExpect: %s\r\n\r\n" % (version, value))
    assert outcome.events[0][10] is expected
