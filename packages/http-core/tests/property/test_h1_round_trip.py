"""What the writer lets out the parser of the other end reads as what was meant, and the rest is refused locally."""

from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from skerry.http import LocalProtocolError, RequestHead, ResponseHead
from skerry.http.events import END, Data
from skerry.http.h1 import CLIENT, SERVER, Connection
from skerry.http.names import SINGLETON, kind_of
from splits import Outcome, asking, read

TOKENS = st.text("!#$%&'*+-.^_`|~019AZaz", min_size=1, max_size=12)
SPECIAL = st.sampled_from(
    ["Host", "Content-Length", "transfer-encoding", "Connection", "Upgrade", "Expect", "X\r\nY", "", "X Y"]
)
NAMES = st.one_of(TOKENS, TOKENS, SPECIAL)
VALUES = st.one_of(
    st.text('ab \t:,;="\\\xe4\u212a\u20ac\udc80\udcff', max_size=20),
    st.text(max_size=8),
    st.sampled_from(["0", "3", "chunked", "close", "keep-alive, upgrade", "x\r\nEvil: 1", "x\n", "\r", "\x00", "h:80"]),
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=5)
METHODS = st.one_of(st.sampled_from(["GET", "HEAD", "POST", "CONNECT", "OPTIONS"]), TOKENS, st.text(max_size=5))
TARGETS = st.one_of(st.sampled_from(["/", "*", "h:1", "http://h/x", "/a?b=%20"]), st.text(max_size=8).map("/".__add__))
BODIES = st.lists(st.binary(max_size=20), max_size=4)


def stripped(fields: CIMultiDict[str]) -> list[tuple[str, str]]:
    """Return what a reader makes of the fields: octets are octets, and white space around a value is none of it."""
    return [
        (name, value.strip(" \t").encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))
        for name, value in fields.items()
    ]


def repeats_a_singleton(fields: CIMultiDict[str]) -> bool:
    kinds = [kind_of(name.encode("utf-8", "replace")) for name in fields]
    singletons = [kind for kind in kinds if kind >= SINGLETON]
    return len(singletons) != len(set(singletons))


def send_all(connection: Connection, body: list[bytes], announced: bool) -> bytes:
    pieces = [connection.send(Data(piece)) for piece in body] if announced else []
    return b"".join(pieces) + connection.send(END)


@settings(max_examples=200, deadline=None)
@given(METHODS, TARGETS, FIELDS, st.booleans(), BODIES)
def test_a_request_is_refused_here_or_read_there_as_it_was_meant(
    method: str, target: str, fields: list[tuple[str, str]], chunked: bool, body: list[bytes]
) -> None:
    client = Connection(CLIENT)
    headers = CIMultiDict([("Host", "h"), *fields])
    head = RequestHead(method, target, headers)
    head.chunked = chunked
    try:
        raw = client.send(head)
        framed = b"\r\nTransfer-Encoding: chunked\r\n\r\n" in raw or "transfer-encoding" in headers
        raw += send_all(client, body, framed)
    except LocalProtocolError:
        return
    got: Outcome = read(Connection(SERVER), [raw])
    if repeats_a_singleton(headers):
        assert got.code == "duplicate-field"
        return
    assert got.code == ""
    assert got.kinds.count("request") == got.kinds.count("end") == 1
    assert got.events[0][1:3] == (method, target)
    pairs = got.events[0][4]
    assert isinstance(pairs, tuple)
    assert list(pairs)[: len(headers)] == stripped(headers)
    assert got.body == (b"".join(body) if framed else b"")
    assert got.rest == b""


@settings(max_examples=200, deadline=None)
@given(
    st.integers(90, 1010),
    st.one_of(st.none(), st.text(max_size=6)),
    FIELDS,
    BODIES,
    st.booleans(),
    st.sampled_from(["GET", "HEAD", "CONNECT"]),
)
def test_a_response_is_refused_here_or_read_there_as_it_was_meant(
    status: int, reason: str | None, fields: list[tuple[str, str]], body: list[bytes], whole: bool, method: str
) -> None:
    client, server = asking(method), Connection(SERVER)
    target = "h:1" if method == "CONNECT" else "/"
    assert read(server, [f"{method} {target} HTTP/1.1\r\nHost: h\r\n\r\n".encode()]).code == ""
    headers = CIMultiDict(fields)
    head = ResponseHead(status, headers, reason)
    try:
        raw = server.send_response(head, b"".join(body) if whole else None)
        if status >= 200 and not whole and not server.is_switched:
            raw += send_all(server, body, b"chunked\r\n" in raw and method != "HEAD" and status != 304)
    except LocalProtocolError:
        return
    got: Outcome = read(client, [raw], eof=status >= 200)
    assert got.code == ""
    assert got.events[0][1] == status
    pairs = got.events[0][4]
    assert isinstance(pairs, tuple)
    assert list(pairs)[: len(headers)] == stripped(headers)
    assert got.kinds.count("response") == 1
    assert got.rest == b""
    assert client.must_close is server.must_close or status < 200 or client.is_switched
