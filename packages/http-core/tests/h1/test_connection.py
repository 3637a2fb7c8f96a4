"""What a connection sends: framing that fits the peer, and refusals that leave everything as it was."""

from collections.abc import Callable

import pytest
from multidict import CIMultiDict

from skerry.http import LocalProtocolError, RequestHead, ResponseHead
from skerry.http.events import END, Data, EndOfMessage
from skerry.http.h1 import CLIENT, SERVER, Connection, State
from splits import asking, read

Fields = list[tuple[str, str]]
HOST = ("Host", "h")


def request(method: str = "GET", *fields: tuple[str, str], target: str = "/", chunked: bool = False) -> RequestHead:
    head = RequestHead(method, target, CIMultiDict([HOST, *fields]))
    head.chunked = chunked
    return head


def response(status: int = 200, *fields: tuple[str, str], reason: str | None = None) -> ResponseHead:
    return ResponseHead(status, CIMultiDict(fields), reason)


def asked(method: str = "GET", version: str = "1.1", fields: str = "") -> Connection:
    """Return a server that has read a whole request."""
    target = "h:1" if method == "CONNECT" else "/"
    connection = Connection(SERVER)
    outcome = read(connection, [f"{method} {target} HTTP/{version}\r\nHost: h\r\n{fields}\r\n".encode()])
    assert outcome.kinds == ["request", "end"]
    return connection


def facts(connection: Connection) -> tuple[object, ...]:
    return connection.request_state, connection.response_state, connection.must_close, connection.is_switched


@pytest.mark.parametrize(
    ("head", "raw"),
    [
        pytest.param(request(), b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", id="no-body"),
        pytest.param(
            request("POST", ("Content-Length", "3")),
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n",
            id="length",
        ),
        pytest.param(
            request("POST", chunked=True),
            b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
            id="chunked",
        ),
        pytest.param(
            request("POST", ("transfer-encoding", "chunked"), chunked=True),
            b"POST / HTTP/1.1\r\nHost: h\r\ntransfer-encoding: chunked\r\n\r\n",
            id="chunked-said-by-a-field",
        ),
        pytest.param(
            request("POST", ("Content-Length", "0"), chunked=True),
            b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
            id="length-wins-over-the-wish",
        ),
        pytest.param(request("CONNECT", target="h:1"), b"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", id="connect"),
        pytest.param(request("OPTIONS", target="*"), b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", id="asterisk"),
    ],
)
def test_a_request_is_framed_as_its_head_says(head: RequestHead, raw: bytes) -> None:
    connection = Connection(CLIENT)
    assert connection.send(head) == raw
    assert (connection.request_state, connection.response_state) == (State.BODY, State.AWAITED)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        pytest.param(RequestHead("GET", "/", CIMultiDict()), "missing-host", id="rfc9112-3.2-no-host"),
        pytest.param(request("GET", HOST), "duplicate-field", id="rfc9112-3.2-host-twice"),
        pytest.param(RequestHead("GET", "/", CIMultiDict({"Host": "a/b"})), "bad-host", id="rfc9112-3.2-bad-host"),
        pytest.param(request("G T"), "bad-method", id="splitting-method"),
        pytest.param(request(target="/ HTTP/1.1\r\nX: y"), "bad-target", id="splitting-target"),
        pytest.param(request("GET", ("X", "a\r\nb: c")), "bad-field-value", id="splitting-value"),
        pytest.param(request("GET", ("X\r\nY", "a")), "bad-field-name", id="splitting-name"),
        pytest.param(
            request("POST", ("Content-Length", "1"), ("Transfer-Encoding", "chunked")),
            "length-and-coding",
            id="smuggling-cl-te",
        ),
        pytest.param(
            request("CONNECT", ("Content-Length", "1"), target="h:1"), "body-not-allowed", id="connect-length"
        ),
        pytest.param(request("CONNECT", target="h:1", chunked=True), "body-not-allowed", id="connect-chunked"),
    ],
)
def test_a_refused_request_changes_nothing(head: RequestHead, code: str) -> None:
    connection = Connection(CLIENT)
    before = facts(connection)
    with pytest.raises(LocalProtocolError) as caught:
        connection.send(head)
    assert caught.value.code == code
    assert facts(connection) == before
    assert connection.send(request()) == b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    assert connection.send(END) == b""


@pytest.mark.parametrize(
    ("server", "head", "body", "raw"),
    [
        pytest.param(asked, response(), b"hi", b"200 OK\r\nContent-Length: 2\r\n\r\nhi", id="whole"),
        pytest.param(asked, response(), b"", b"200 OK\r\nContent-Length: 0\r\n\r\n", id="whole-empty"),
        pytest.param(
            asked,
            response(200, ("Content-Length", "2")),
            b"hi",
            b"200 OK\r\nContent-Length: 2\r\n\r\nhi",
            id="whole-with-length",
        ),
        pytest.param(asked, response(), None, b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="chunked"),
        pytest.param(
            asked,
            response(200, ("Transfer-Encoding", "chunked")),
            None,
            b"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            id="chunked-said-by-a-field",
        ),
        pytest.param(
            asked,
            response(200, ("Content-Length", "2")),
            None,
            b"200 OK\r\nContent-Length: 2\r\n\r\n",
            id="length-first",
        ),
        pytest.param(asked, response(204), None, b"204 No Content\r\n\r\n", id="rfc9110-15.3.5-204"),
        pytest.param(asked, response(204), b"", b"204 No Content\r\n\r\n", id="rfc9110-15.3.5-204-whole"),
        pytest.param(asked, response(304), None, b"304 Not Modified\r\n\r\n", id="rfc9110-15.4.5-304"),
        pytest.param(asked, response(304), b"", b"304 Not Modified\r\n\r\n", id="rfc9110-15.4.5-304-whole"),
        pytest.param(
            asked,
            response(304, ("Content-Length", "9")),
            None,
            b"304 Not Modified\r\nContent-Length: 9\r\n\r\n",
            id="rfc9110-8.6-304-may-say-the-length",
        ),
        pytest.param(
            lambda: asked("HEAD"),
            response(),
            b"hi",
            b"200 OK\r\nContent-Length: 2\r\n\r\n",
            id="rfc9110-9.3.2-head-whole",
        ),
        pytest.param(
            lambda: asked("HEAD"),
            response(200, ("Content-Length", "9")),
            b"",
            b"200 OK\r\nContent-Length: 9\r\n\r\n",
            id="rfc9110-9.3.2-head-keeps-the-length",
        ),
        pytest.param(lambda: asked("HEAD"), response(), None, b"200 OK\r\n\r\n", id="rfc9110-9.3.2-head-says-nothing"),
        pytest.param(
            lambda: asked("GET", "1.0"),
            response(),
            None,
            b"200 OK\r\nConnection: close\r\n\r\n",
            id="rfc9112-6.3-8-1.0-until-close",
        ),
        pytest.param(
            lambda: asked("GET", "1.0", "Connection: keep-alive\r\n"),
            response(),
            None,
            b"200 OK\r\nConnection: close\r\n\r\n",
            id="rfc9112-6.3-8-1.0-keep-alive-until-close",
        ),
        pytest.param(
            lambda: asked("GET", "1.0", "Connection: keep-alive\r\n"),
            response(),
            b"x",
            b"200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx",
            id="rfc9112-9.3-1.0-keep-alive",
        ),
        pytest.param(
            asked,
            response(200, ("Connection", "close")),
            b"",
            b"200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            id="rfc9112-9.6-close",
        ),
        pytest.param(
            lambda: asked("CONNECT"),
            response(403),
            b"",
            b"403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            id="connect-refused",
        ),
        pytest.param(lambda: asked("CONNECT"), response(200), None, b"200 OK\r\n\r\n", id="rfc9110-9.3.6-connect"),
        pytest.param(asked, response(299, reason="Fine"), b"", b"299 Fine\r\nContent-Length: 0\r\n\r\n", id="reason"),
    ],
)
def test_a_response_is_framed_for_its_request(
    server: Callable[[], Connection], head: ResponseHead, body: bytes | None, raw: bytes
) -> None:
    connection = server()
    assert connection.send_response(head, body) == b"HTTP/1.1 " + raw
    assert connection.must_close is (b"Connection: close" in raw)


@pytest.mark.parametrize(
    ("server", "head", "body", "code"),
    [
        pytest.param(asked, response(200, ("Content-Length", "3")), b"hi", "body-length-differs", id="whole-differs"),
        pytest.param(
            asked, response(200, ("Transfer-Encoding", "chunked")), b"hi", "body-not-allowed", id="whole-chunked"
        ),
        pytest.param(asked, response(204), b"hi", "body-not-allowed", id="rfc9110-15.3.5-204"),
        pytest.param(
            asked, response(204, ("Content-Length", "0")), None, "body-not-allowed", id="rfc9110-8.6-204-length"
        ),
        pytest.param(
            asked,
            response(204, ("Transfer-Encoding", "chunked")),
            None,
            "body-not-allowed",
            id="rfc9112-6.1-204-chunked",
        ),
        pytest.param(asked, response(304), b"hi", "body-not-allowed", id="rfc9110-15.4.5-304"),
        pytest.param(asked, response(103), b"hi", "body-not-allowed", id="rfc9110-15.2-103"),
        pytest.param(
            asked, response(103, ("Content-Length", "0")), None, "body-not-allowed", id="rfc9110-8.6-103-length"
        ),
        pytest.param(
            lambda: asked("CONNECT"),
            response(200, ("Content-Length", "0")),
            None,
            "body-not-allowed",
            id="rfc9110-8.6-connect",
        ),
        pytest.param(lambda: asked("CONNECT"), response(200), b"hi", "body-not-allowed", id="connect-whole"),
        pytest.param(
            lambda: asked("GET", "1.0"),
            response(200, ("Transfer-Encoding", "chunked")),
            None,
            "bad-transfer-coding",
            id="rfc9112-6.1-chunked-to-1.0",
        ),
        pytest.param(asked, response(101), None, "unexpected-event", id="switch-nobody-asked-for"),
        pytest.param(asked, response(200, reason="a\r\nX: y"), None, "bad-reason", id="splitting-reason"),
        pytest.param(asked, response(1000), None, "bad-status", id="status-above"),
        pytest.param(asked, response(99), None, "bad-status", id="status-below"),
        pytest.param(asked, response(200, ("X", "a\r\nb: c")), b"", "bad-field-value", id="splitting-value"),
        pytest.param(asked, response(200, ("X\nY", "a")), b"", "bad-field-name", id="splitting-name"),
        pytest.param(
            asked,
            response(200, ("Content-Length", "2"), ("Transfer-Encoding", "chunked")),
            None,
            "length-and-coding",
            id="smuggling-cl-te",
        ),
        pytest.param(
            asked,
            response(200, ("Connection", "close"), ("Content-Length", "x")),
            None,
            "bad-content-length",
            id="bad-length",
        ),
    ],
)
def test_a_refused_response_changes_nothing(
    server: Callable[[], Connection], head: ResponseHead, body: bytes | None, code: str
) -> None:
    connection = server()
    before = facts(connection)
    with pytest.raises(LocalProtocolError) as caught:
        connection.send_response(head, body)
    assert caught.value.code == code
    assert facts(connection) == before
    fresh = server()
    assert connection.send_response(response(404), b"no") == fresh.send_response(response(404), b"no")
    assert facts(connection) == facts(fresh)


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_informational_responses_leave_the_final_one_due(status: int) -> None:
    connection = asked()
    assert connection.send(response(status, ("A", "1"))).startswith(b"HTTP/1.1 %d " % status)
    assert connection.response_state is State.AWAITED
    assert connection.send_response(response(), b"").startswith(b"HTTP/1.1 200 ")


def test_http_1_0_gets_no_informational_response() -> None:
    connection = asked("GET", "1.0")
    assert connection.send(response(100)) == b""
    assert connection.send_response(response(), b"x").endswith(b"\r\n\r\nx")


def test_pieces_are_framed_in_chunks() -> None:
    connection = asked()
    connection.send(response())
    assert connection.send(Data(b"abc")) == b"3\r\nabc\r\n"
    assert connection.send(Data(b"")) == b""
    assert connection.frame_data(5000) == (b"1388\r\n", b"\r\n")
    assert connection.send(EndOfMessage(CIMultiDict({"T": "1"}))) == b"0\r\nT: 1\r\n\r\n"
    assert connection.response_state is State.DONE


def test_a_broken_trailer_leaves_the_end_due() -> None:
    connection = asked()
    connection.send(response())
    with pytest.raises(LocalProtocolError):
        connection.send(EndOfMessage(CIMultiDict({"T": "1\r\n\r\nHTTP/1.1 200 OK"})))
    assert connection.response_state is State.BODY
    assert connection.send(END) == b"0\r\n\r\n"


def test_trailers_are_dropped_where_the_framing_has_no_place_for_them() -> None:
    connection = asked()
    connection.send(response(200, ("Content-Length", "0")))
    assert connection.send(EndOfMessage(CIMultiDict({"T": "1"}))) == b""


def test_no_more_octets_leave_than_were_announced() -> None:
    connection = asked()
    connection.send(response(200, ("Content-Length", "3")))
    assert connection.send(Data(b"ab")) == b"ab"
    with pytest.raises(LocalProtocolError, match="at most 1 more") as caught:
        connection.send(Data(b"cd"))
    assert caught.value.code == "body-length-differs"
    assert connection.send(Data(b"c")) == b"c"
    assert connection.send(END) == b""
    assert not connection.must_close


def test_fewer_octets_than_announced_make_the_connection_close() -> None:
    connection = asked()
    connection.send(response(200, ("Content-Length", "3")))
    connection.send(Data(b"ab"))
    with pytest.raises(LocalProtocolError) as caught:
        connection.send(END)
    assert caught.value.code == "body-length-differs"
    assert connection.must_close


@pytest.mark.parametrize(
    ("server", "head"),
    [
        pytest.param(lambda: asked("HEAD"), response(200, ("Content-Length", "3")), id="head"),
        pytest.param(lambda: asked("HEAD"), response(200, ("Transfer-Encoding", "chunked")), id="head-chunked"),
        pytest.param(asked, response(204), id="204"),
        pytest.param(asked, response(304, ("Content-Length", "3")), id="304"),
    ],
)
def test_a_message_without_a_body_gets_none(server: Callable[[], Connection], head: ResponseHead) -> None:
    connection = server()
    connection.send(head)
    with pytest.raises(LocalProtocolError) as caught:
        connection.send(Data(b"abc"))
    assert caught.value.code == "body-not-allowed"
    assert connection.send(END) == b""
    connection.start_next_cycle()


def test_a_request_without_a_body_gets_none() -> None:
    connection = Connection(CLIENT)
    connection.send(request())
    with pytest.raises(LocalProtocolError, match="at most 0 more"):
        connection.send(Data(b"x"))
    assert connection.send(END) == b""


def broken() -> Connection:
    connection = asking()
    assert read(connection, [b"no HTTP\r\n"]).code == "bad-version"
    return connection


@pytest.mark.parametrize(
    ("make", "act", "text"),
    [
        (lambda: Connection(SERVER), lambda one: one.send(response()), "request is IDLE and the response IDLE"),
        (lambda: Connection(SERVER), lambda one: one.send(request()), "request is IDLE and the response IDLE"),
        (lambda: Connection(CLIENT), lambda one: one.send(response()), "request is IDLE and the response IDLE"),
        (lambda: Connection(CLIENT), lambda one: one.send(Data(b"x")), "request is IDLE and the response IDLE"),
        (lambda: Connection(CLIENT), lambda one: one.send(END), "request is IDLE and the response IDLE"),
        (lambda: Connection(CLIENT), lambda one: one.start_next_cycle(), "request is IDLE and the response IDLE"),
        (asked, lambda one: one.send(Data(b"x")), "request is DONE and the response AWAITED"),
        (asked, lambda one: one.send(END), "request is DONE and the response AWAITED"),
        (asked, lambda one: one.start_next_cycle(), "request is DONE and the response AWAITED"),
        (asking, lambda one: one.send(request()), "request is DONE and the response AWAITED"),
        (asking, lambda one: one.send(END), "request is DONE and the response AWAITED"),
        (broken, lambda one: one.send(request()), "request is DONE and the response ERROR"),
        (broken, lambda one: one.start_next_cycle(), "request is DONE and the response ERROR"),
    ],
)
def test_misuse_is_refused_by_the_names_of_both_states(
    make: Callable[[], Connection], act: Callable[[Connection], object], text: str
) -> None:
    connection = make()
    before = facts(connection)
    with pytest.raises(LocalProtocolError, match=text) as caught:
        act(connection)
    assert caught.value.code == ("connection-in-error" if "ERROR" in text else "unexpected-event")
    assert facts(connection) == before


def test_a_second_response_is_refused() -> None:
    connection = asked()
    connection.send_response(response(), b"")
    for head in (response(), response(100)):
        with pytest.raises(LocalProtocolError, match="request is DONE and the response DONE"):
            connection.send(head)


def test_a_client_that_says_close_goes_no_further() -> None:
    connection = Connection(CLIENT)
    connection.send(request("GET", ("Connection", "close")))
    connection.send(END)
    assert read(connection, [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]).kinds == ["response", "end"]
    assert connection.must_close


def test_pieces_for_http_1_0_leave_bare_until_the_close() -> None:
    connection = asked("GET", "1.0")
    connection.send(response())
    assert connection.send(Data(b"abc")) + connection.send(Data(b"de")) + connection.send(END) == b"abcde"
    assert connection.must_close
