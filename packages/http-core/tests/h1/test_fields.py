"""Field lines of requests: the strict side of the block of fields (RFC 9112 §5, RFC 9110 §5)."""

import pytest
from multidict import istr

from skerry.http.grammar import is_token
from splits import read_requests, requests_of

HEAD = b"GET / HTTP/1.1\r\nHost: h\r\n%s\r\n"
CONTROLS = [*range(0x20), 0x7F]
NOT_IN_NAMES = [octet for octet in range(256) if not is_token(bytes([octet]))]


def refused(data: bytes) -> str:
    """Return the code with which ``data`` is refused before anything of it is handed out."""
    outcome = requests_of(data)
    assert outcome.events == ()
    return outcome.code


def fields_of(data: bytes) -> list[tuple[str, str]]:
    """Return the fields of one whole request without those of ``HEAD``."""
    outcome = requests_of(data)
    assert outcome.code == ""
    assert outcome.kinds == ["request", "end"]
    pairs = outcome.events[0][4]
    assert isinstance(pairs, tuple)
    return [pair for pair in pairs if pair[0].lower() != "host"]


def test_a_field_name_is_a_token() -> None:
    for octet in set(NOT_IN_NAMES) - {ord(":")}:
        for name in (b"X%cY" % octet, b"X%c" % octet):
            assert refused(HEAD % (name + b": v\r\n")) == "bad-field-name"


def test_every_tchar_may_stand_in_a_field_name() -> None:
    for octet in set(range(256)) - set(NOT_IN_NAMES):
        assert fields_of(HEAD % (b"X%c: v\r\n" % octet)) == [(f"X{octet:c}", "v")]


@pytest.mark.parametrize("octet", [octet for octet in CONTROLS if octet != 0x09])
def test_no_control_character_passes_in_a_field_value(octet: int) -> None:
    for value in (b"a%cb", b"%cb", b"a%c"):
        code = refused(HEAD % (b"X: " + value % octet + b"\r\n"))
        assert code == ("bad-line-end" if octet in b"\r\n" else "bad-field-value")


def test_everything_else_may_stand_in_a_field_value() -> None:
    for octet in [0x09, *range(0x20, 0x7F), *range(0x80, 0x100)]:
        raw = b"a%cb" % octet
        assert fields_of(HEAD % (b"X: " + raw + b"\r\n")) == [("X", raw.decode("utf-8", "surrogateescape"))]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param(b"X : v\r\n", "bad-field-name", id="rfc9112-5.1-space-before-colon"),
        pytest.param(b"X\t: v\r\n", "bad-field-name", id="rfc9112-5.1-tab-before-colon"),
        pytest.param(b": v\r\n", "bad-field-name", id="rfc9112-5-empty-name"),
        pytest.param(b"X\r\n", "bad-field-name", id="rfc9112-5-no-colon"),
        pytest.param(b" X: v\r\n", "obsolete-folding", id="rfc9112-5.2-fold"),
        pytest.param(b"X: a\r\n b\r\n", "obsolete-folding", id="rfc9112-5.2-fold-of-a-value"),
        pytest.param(b"X: a\r\n\tb\r\n", "obsolete-folding", id="rfc9112-5.2-fold-by-tab"),
        pytest.param(b"X: a\r\n \r\n", "obsolete-folding", id="rfc9112-5.2-fold-of-nothing"),
        pytest.param(b"X: v\n", "bad-line-end", id="rfc9112-2.2-bare-lf"),
        pytest.param(b"X: v\rY: w\r\n", "bad-line-end", id="rfc9112-2.2-bare-cr"),
        pytest.param(b"X: v\r\r\n", "bad-line-end", id="rfc9112-2.2-two-cr"),
        pytest.param(b"\n", "bad-line-end", id="rfc9112-2.2-bare-lf-ends-the-head"),
        pytest.param(b"\rX: v\r\n", "bad-line-end", id="rfc9112-2.2-bare-cr-before-a-name"),
        pytest.param("Näme: v\r\n".encode(), "bad-field-name", id="rfc9110-5.1-non-ascii-name"),
        pytest.param("Tran\u017ffer-Encoding: chunked\r\n".encode(), "bad-field-name", id="long-s-is-no-s"),
        pytest.param("Content-Length: \u0665\r\n".encode(), "bad-content-length", id="unicode-digit"),
        pytest.param("Content-Length: \uff15\r\n".encode(), "bad-content-length", id="full-width-digit"),
        pytest.param(
            "Transfer-Encoding: chun\u212aed\r\n".encode(), "unknown-transfer-coding", id="kelvin-sign-is-no-k"
        ),
        pytest.param(b"Transfer-Encoding: chunked\r\n" * 2, "bad-transfer-coding", id="smuggling-coding-twice"),
        pytest.param(
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n",
            "bad-transfer-coding",
            id="empty-coding-behind",
        ),
        pytest.param(
            b"Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n",
            "bad-transfer-coding",
            id="empty-coding-before",
        ),
        pytest.param(b"Transfer-Encoding: \x0bchunked\r\n", "bad-field-value", id="smuggling-vertical-tab"),
    ],
)
def test_a_broken_field_line_is_refused(line: bytes, code: str) -> None:
    assert refused(HEAD % line) == code


@pytest.mark.parametrize(
    ("line", "field"),
    [
        pytest.param(b"X: v", ("X", "v"), id="rfc9112-5"),
        pytest.param(b"X:v", ("X", "v"), id="rfc9112-5.1-no-space"),
        pytest.param(b"X: \t v w \t ", ("X", "v w"), id="rfc9112-5.1-ows"),
        pytest.param(b"X:", ("X", ""), id="rfc9110-5.5-empty"),
        pytest.param(b"X: \t ", ("X", ""), id="rfc9110-5.5-white-space-alone"),
        pytest.param(b"X: a:b: c", ("X", "a:b: c"), id="colons-in-a-value"),
        pytest.param(b"X: \xc3\xa4", ("X", "\xe4"), id="utf-8"),
        pytest.param(b"X: \xe4", ("X", "\udce4"), id="other-octets-survive"),
        pytest.param(b"aCCept: v", ("aCCept", "v"), id="spelling-is-kept"),
    ],
)
def test_a_field_line_is_read(line: bytes, field: tuple[str, str]) -> None:
    assert fields_of(HEAD % (line + b"\r\n")) == [field]


def test_fields_keep_their_order_and_their_octets() -> None:
    outcome = requests_of(HEAD % b"b: 1\r\nA:  2 \r\nB: 3\r\nx-new: \xff\r\n")
    assert outcome.events[0][4] == (("Host", "h"), ("b", "1"), ("A", "2"), ("B", "3"), ("x-new", "\udcff"))
    assert outcome.events[0][5] == ((b"Host", b"h"), (b"b", b"1"), (b"A", b"2"), (b"B", b"3"), (b"x-new", b"\xff"))


def test_a_registered_name_becomes_an_istr_that_is_found_whatever_the_case() -> None:
    outcome = read_requests([HEAD % b"content-type: text/plain\r\n"])
    names = dict(outcome.events[0][4])  # type: ignore[call-overload]
    assert "content-type" in names
    assert isinstance(next(name for name in names if name == "content-type"), istr)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"", id="rfc9112-3.2-empty"),
        pytest.param(b"example.org", id="name"),
        pytest.param(b"EXAMPLE.org.", id="case-and-dot"),
        pytest.param(b"h:80", id="port"),
        pytest.param(b"h:", id="rfc3986-3.2.3-empty-port"),
        pytest.param(b"h:65535", id="greatest-port"),
        pytest.param(b"127.0.0.1:8080", id="ipv4"),
        pytest.param(b"[::1]", id="ipv6"),
        pytest.param(b"[2001:db8::1]:443", id="ipv6-port"),
        pytest.param(b"[::ffff:1.2.3.4]", id="ipv6-with-ipv4"),
        pytest.param(b"a_b.example", id="underscore"),
        pytest.param(b"xn--4ca.example", id="a-label"),
        pytest.param(b"%41.example", id="rfc3986-3.2.2-percent"),
        pytest.param(b"a,b;c=(d)!$&'*+~", id="rfc3986-3.2.2-sub-delims"),
    ],
)
def test_a_host_is_taken(value: bytes) -> None:
    outcome = requests_of(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % value)
    assert outcome.code == ""
    assert outcome.events[0][4] == (("Host", value.decode()),)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"a b", id="space"),
        pytest.param(b"a/b", id="slash"),
        pytest.param(b"http://h", id="url"),
        pytest.param(b"u@h", id="userinfo"),
        pytest.param(b"h:80:80", id="two-ports"),
        pytest.param(b"h:65536", id="port-beyond-65535"),
        pytest.param(b"h:000080", id="port-of-six-digits"),
        pytest.param(b"h:+80", id="port-with-sign"),
        pytest.param(b"h:8O", id="port-with-a-letter"),
        pytest.param("h:\u0668".encode(), id="port-in-arabic-digits"),
        pytest.param("ä.example".encode(), id="non-ascii"),
        pytest.param(b"h?x", id="query"),
        pytest.param(b"h#x", id="fragment"),
        pytest.param(b"h\\x", id="backslash"),
        pytest.param(b"%4", id="rfc3986-2.1-cut-percent"),
        pytest.param(b"%zz", id="rfc3986-2.1-no-hex"),
        pytest.param(b"::1", id="ipv6-without-brackets"),
        pytest.param(b"[::1", id="open-bracket"),
        pytest.param(b"[::1]x", id="after-bracket"),
        pytest.param(b"[]", id="empty-brackets"),
        pytest.param(b"[1.2.3.4]", id="ipv4-in-brackets"),
        pytest.param(b"[::1::2]", id="no-address"),
        pytest.param(b"[12345::]", id="group-too-long"),
        pytest.param(b"[fe80::1%25eth0]", id="rfc6874-zone"),
        pytest.param(b"[fe80::1%eth0]", id="zone"),
        pytest.param(b"[v1.x]", id="rfc3986-3.2.2-future"),
        pytest.param(b"[::1]:99999", id="ipv6-port-beyond-65535"),
    ],
)
def test_a_broken_host_is_refused(value: bytes) -> None:
    assert refused(b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % value) == "bad-host"


@pytest.mark.parametrize("name", [b"Host", b"host", b"HOST", b"hOsT"])
def test_a_second_host_is_refused_in_any_spelling(name: bytes) -> None:
    assert refused(HEAD % (name + b": h\r\n")) == "duplicate-field"
    assert refused(HEAD % (name + b": other\r\n")) == "duplicate-field"


@pytest.mark.parametrize(
    "name",
    [
        b"Content-Type",
        b"content-type",
        b"cONTENT-tYPE",
        b"Content-Range",
        b"Content-Location",
        b"User-Agent",
        b"Max-Forwards",
        b"ETag",
        b"Server",
        b"Authorization",
        b"Content-Length",
        b"cOnTeNt-LeNgTh",
    ],
)
def test_a_field_that_may_stand_once_is_refused_the_second_time(name: bytes) -> None:
    assert refused(HEAD % (name + b": 0\r\n" + name.lower() + b": 0\r\n")) == "duplicate-field"


@pytest.mark.parametrize("name", [b"Accept", b"Cookie", b"X-Any", b"Via", b"Connection", b"Upgrade"])
def test_a_list_may_come_in_several_lines(name: bytes) -> None:
    text = name.decode()
    assert fields_of(HEAD % (name + b": a\r\n" + name + b": b\r\n")) == [(text, "a"), (text, "b")]


def test_http_1_1_without_host_is_refused() -> None:
    assert refused(b"GET / HTTP/1.1\r\nAccept: */*\r\n\r\n") == "missing-host"
    assert refused(b"GET http://h/ HTTP/1.1\r\n\r\n") == "missing-host"


def test_http_1_0_needs_no_host() -> None:
    assert requests_of(b"GET / HTTP/1.0\r\n\r\n").kinds == ["request", "end"]


def test_the_host_of_the_last_request_does_not_vouch_for_the_next() -> None:
    data = b"GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nAccept: */*\r\n\r\n"
    assert read_requests([data], answer=True).code == "missing-host"
