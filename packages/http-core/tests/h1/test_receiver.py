"""What a connection makes of what comes in: the order of messages, switches of protocol, the end and errors."""

import pytest
from multidict import CIMultiDict

from skerry.http import DEFAULT_LIMITS, Limits, LocalProtocolError, RemoteProtocolError, RequestHead, ResponseHead
from skerry.http.events import CLOSED, END, NEED_DATA, PAUSED
from skerry.http.h1 import CLIENT, SERVER, Connection, State
from splits import NEXT_REQUEST, asking, each_split, read, read_requests, read_responses, responses_of

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
CHUNKED = b"PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"
UPGRADE = b"POST /u HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nConnection: upgrade\r\nContent-Length: 3\r\n\r\nabc"
CONNECT = b"CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ASKS_UPGRADE = (("Upgrade", "x"), ("Connection", "upgrade"))


def serving(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Connection:
    """Return a server that has read all of one request."""
    connection = Connection(SERVER, limits)
    assert read(connection, [data]).code == ""
    return connection


def plain(status: int, *fields: tuple[str, str]) -> ResponseHead:
    return ResponseHead(status, CIMultiDict(fields))


def test_pipelined_requests_are_read_one_after_the_other_in_every_split() -> None:
    data = GET + POST + b"\r\n" + CHUNKED + NEXT_REQUEST
    whole = read_requests([data], answer=True)
    assert whole.kinds == ["request", "end", "request", "data", "end", "request", "chunk", "end", "request", "end"]
    assert [event[2] for event in whole.events if event[0] == "request"] == ["/", "/p", "/c", "/next"]
    assert (whole.body, whole.pause) == (b"abcde", NEED_DATA)
    for pieces in each_split(data):
        assert read_requests(pieces, answer=True) == whole


def test_the_next_request_waits_until_the_exchange_is_over() -> None:
    connection = serving(GET + GET)
    assert connection.next_event() is PAUSED
    assert connection.buffered == len(GET)
    connection.send_response(plain(200), b"x")
    assert connection.next_event() is PAUSED
    connection.start_next_cycle()
    assert isinstance(connection.next_event(), RequestHead)
    assert connection.next_event() is END
    assert connection.buffered == 0


@pytest.mark.parametrize(
    ("head", "closes"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", False, id="1.1"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", True, id="1.1-close"),
        pytest.param(b"GET / HTTP/1.0\r\n\r\n", True, id="1.0"),
        pytest.param(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", False, id="1.0-keep-alive"),
    ],
)
def test_a_server_closes_after_the_exchange_when_the_client_wants_it(head: bytes, closes: bool) -> None:
    connection = serving(head + GET)
    raw = connection.send_response(plain(200), b"")
    assert connection.must_close is closes
    assert (b"Connection: close\r\n" in raw) is closes
    if closes:
        with pytest.raises(LocalProtocolError, match="after the last one"):
            connection.start_next_cycle()
        assert connection.next_event() is PAUSED
    else:
        connection.start_next_cycle()
        assert isinstance(connection.next_event(), RequestHead)


@pytest.mark.parametrize("at", range(len(GET + POST + CHUNKED) + 1))
def test_a_client_may_end_its_side_between_requests_only(at: int) -> None:
    outcome = read_requests([(GET + POST + CHUNKED)[:at]], eof=True, answer=True)
    boundaries = {0: 0, len(GET): 1, len(GET + POST): 2, len(GET + POST + CHUNKED): 3}
    if at in boundaries:
        assert (outcome.pause, outcome.code) == (CLOSED, "")
        assert outcome.kinds.count("end") == boundaries[at]
    else:
        in_body = len(GET + POST) - 3 <= at < len(GET + POST) or at >= len(GET + POST + CHUNKED) - len(
            "2rndern0rnT: 1rnrn"
        )
        assert outcome.code == ("incomplete-body" if in_body else "incomplete-head")


@pytest.mark.parametrize("at", range(len(OK) + 1))
def test_a_response_that_ends_early_is_never_complete(at: int) -> None:
    outcome = read_responses([OK[:at]], eof=True)
    expected = "" if at == len(OK) else "incomplete-body" if at >= len(OK) - 2 else "incomplete-head"
    assert outcome.code == expected


def test_a_server_answers_after_the_client_has_ended_its_side() -> None:
    connection = Connection(SERVER)
    assert read(connection, [GET], eof=True).pause is PAUSED
    assert connection.send_response(plain(200), b"x").endswith(b"\r\n\r\nx")
    connection.start_next_cycle()
    assert connection.next_event() is CLOSED
    assert connection.next_event() is CLOSED
    assert connection.request_state is State.CLOSED


def test_a_client_sees_the_end_of_an_idle_connection() -> None:
    connection = Connection(CLIENT)
    assert connection.next_event() is NEED_DATA
    connection.receive_eof()
    assert connection.next_event() is CLOSED
    assert connection.response_state is State.CLOSED


def test_a_switch_hands_over_what_comes_behind_the_request() -> None:
    for pieces in each_split(UPGRADE + b"\x81\x05hello"):
        connection = Connection(SERVER)
        outcome = read(connection, pieces)
        assert outcome.kinds == ["request", "data", "end"]
        assert (
            connection.send(plain(101, ("Upgrade", "x"))) == b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
        )
        assert connection.is_switched
        assert connection.trailing_data == b"\x81\x05hello"
        connection.receive_data(b"more")
        assert connection.next_event() is PAUSED
        assert connection.trailing_data == b"\x81\x05hellomore"


def test_no_switch_before_the_body_of_the_request_was_read() -> None:
    connection = Connection(SERVER)
    connection.receive_data(UPGRADE)
    assert isinstance(connection.next_event(), RequestHead)
    with pytest.raises(LocalProtocolError, match="its body read to the end"):
        connection.send(plain(101))
    assert read(connection, [b""]).body == b"abc"
    connection.send(plain(101))
    assert connection.is_switched


@pytest.mark.parametrize("data", [GET, CONNECT])
def test_no_switch_that_was_not_asked_for(data: bytes) -> None:
    connection = serving(data)
    with pytest.raises(LocalProtocolError) as caught:
        connection.send(plain(101))
    assert caught.value.code == "unexpected-event"
    assert not connection.is_switched


def test_the_request_after_a_refused_upgrade_is_read_behind_its_body() -> None:
    data = UPGRADE + GET
    for pieces in each_split(data):
        outcome = read_requests(pieces, answer=True)
        assert outcome.kinds == ["request", "data", "end", "request", "end"]
        assert (outcome.body, outcome.events[3][2]) == (b"abc", "/")


def test_a_tunnel_hands_over_what_comes_behind_the_request() -> None:
    connection = serving(CONNECT + b"\x16\x03\x01")
    assert connection.send(plain(200)) == b"HTTP/1.1 200 OK\r\n\r\n"
    assert (connection.is_switched, connection.trailing_data) == (True, b"\x16\x03\x01")
    assert (connection.request_state, connection.response_state) == (State.SWITCHED, State.SWITCHED)


def test_a_tunnel_waits_for_the_end_of_the_request() -> None:
    connection = Connection(SERVER)
    connection.receive_data(CONNECT)
    assert isinstance(connection.next_event(), RequestHead)
    with pytest.raises(LocalProtocolError):
        connection.send(plain(200, ("Connection", "close")))
    assert not connection.must_close
    assert connection.next_event() is END
    connection.send(plain(200))
    assert connection.is_switched


def test_after_a_refused_tunnel_nothing_is_read_as_a_request() -> None:
    connection = serving(CONNECT + GET)
    raw = connection.send_response(plain(403), b"no")
    assert b"Connection: close\r\n" in raw
    assert connection.must_close
    assert connection.next_event() is PAUSED


@pytest.mark.parametrize(
    ("method", "fields", "data", "rest"),
    [
        pytest.param("GET", ASKS_UPGRADE, b"HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n", b"\x81\x01a", id="rfc9110-7.8-101"),
        pytest.param("CONNECT", (), b"HTTP/1.1 200 OK\r\n\r\n", b"\x16\x03", id="rfc9110-9.3.6-connect"),
        pytest.param(
            "CONNECT", (), b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"HTTP/", id="rfc9112-6.3-2-length"
        ),
        pytest.param(
            "CONNECT",
            (),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"0\r\n\r\n",
            id="rfc9112-6.3-2-chunked",
        ),
        pytest.param("CONNECT", (), b"HTTP/1.0 299 OK\n\n", b"", id="rfc9110-9.3.6-any-2xx"),
    ],
)
def test_a_client_gets_what_comes_behind_the_switch(
    method: str, fields: tuple[tuple[str, str], ...], data: bytes, rest: bytes
) -> None:
    for pieces in each_split(data + rest):
        connection = asking(method, fields)
        outcome = read(connection, pieces)
        assert outcome.kinds == ["response"]
        assert outcome.events[0][9] is True
        assert (connection.is_switched, outcome.rest) == (True, rest)


def test_a_refused_tunnel_is_an_ordinary_response() -> None:
    outcome = responses_of(b"HTTP/1.1 407 x\r\nContent-Length: 2\r\n\r\nno", method="CONNECT")
    assert (outcome.kinds, outcome.body) == (["response", "data", "end"], b"no")


def test_a_refused_upgrade_is_an_ordinary_response() -> None:
    outcome = responses_of(OK, fields=ASKS_UPGRADE)
    assert (outcome.kinds, outcome.events[0][9]) == (["response", "data", "end"], False)


@pytest.mark.parametrize("fields", [(), (("Upgrade", "x"),), (("Connection", "upgrade"),)])
def test_a_switch_that_was_not_asked_for_is_refused(fields: tuple[tuple[str, str], ...]) -> None:
    assert responses_of(b"HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\n", fields=fields).code == "unexpected-event"


def test_a_switch_before_the_end_of_the_request_is_refused() -> None:
    connection = Connection(CLIENT)
    connection.send(RequestHead("POST", "/", CIMultiDict([("Host", "h"), ("Content-Length", "1"), *ASKS_UPGRADE])))
    assert read(connection, [b"HTTP/1.1 101 x\r\n\r\n"]).code == "unexpected-event"


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_informational_responses_come_before_the_final_one(status: int) -> None:
    data = b"HTTP/1.1 %d x\r\nA: 1\r\n\r\n" % status * 2 + OK
    outcome = responses_of(data)
    assert outcome.kinds == ["response", "response", "response", "data", "end"]
    assert [event[1] for event in outcome.events[:3]] == [status, status, 200]


def test_informational_responses_are_counted_for_each_exchange() -> None:
    informational = b"HTTP/1.1 103 x\r\n\r\n"
    limits = Limits(max_informational=3)
    assert responses_of(informational * 3 + OK, limits=limits).code == ""
    outcome = responses_of(informational * 4, limits=limits)
    assert (len(outcome.events), outcome.code) == (3, "too-many-informational")
    assert responses_of(informational * 30 + OK, limits=Limits(max_informational=0)).code == ""
    connection = asking(limits=limits)
    for _ in range(3):
        assert read(connection, [informational * 3 + OK]).code == ""
        connection.start_next_cycle()
        connection.send(RequestHead("GET", "/", CIMultiDict({"Host": "h"})))
        connection.send(END)


@pytest.mark.parametrize(
    ("method", "head"),
    [
        pytest.param("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", id="rfc9112-6.3-1-head"),
        pytest.param("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", id="rfc9112-6.3-1-head-chunked"),
        pytest.param("GET", b"HTTP/1.1 204 x\r\nContent-Length: 5\r\n\r\n", id="rfc9112-6.3-1-204"),
        pytest.param("GET", b"HTTP/1.1 304 x\r\nContent-Length: 5\r\n\r\n", id="rfc9112-6.3-1-304"),
        pytest.param("GET", b"HTTP/1.1 304 x\r\n\r\n", id="rfc9112-6.3-1-304-nothing"),
    ],
)
def test_a_response_without_a_body_ends_with_its_head(method: str, head: bytes) -> None:
    outcome = responses_of(head, method=method)
    assert (outcome.kinds, outcome.pause) == (["response", "end"], PAUSED)


def test_a_client_goes_on_after_a_response() -> None:
    connection = asking()
    assert read(connection, [OK]).body == b"ok"
    assert not connection.must_close
    connection.start_next_cycle()
    connection.send(RequestHead("HEAD", "/", CIMultiDict({"Host": "h"})))
    connection.send(END)
    assert read(connection, [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"]).kinds == ["response", "end"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", id="rfc9112-9.6-close"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", id="rfc9112-9.3-1.0"),
        pytest.param(OK + OK, id="response-nobody-asked-for"),
        pytest.param(OK + b"\r\n", id="octets-behind-the-response"),
    ],
)
def test_a_client_does_not_go_on_when_nothing_good_can_follow(data: bytes) -> None:
    connection = asking()
    assert read(connection, [data]).kinds[-1] == "end"
    assert connection.must_close
    with pytest.raises(LocalProtocolError, match="after the last one"):
        connection.start_next_cycle()


def test_what_comes_to_an_idle_client_is_no_answer_to_the_next_request() -> None:
    connection = asking()
    assert read(connection, [OK]).code == ""
    connection.start_next_cycle()
    connection.receive_data(OK)
    assert connection.must_close
    with pytest.raises(LocalProtocolError):
        connection.send(RequestHead("GET", "/", CIMultiDict({"Host": "h"})))
    with pytest.raises(RemoteProtocolError) as caught:
        connection.next_event()
    assert (caught.value.code, connection.response_state) == ("unexpected-data", State.ERROR)


def test_an_error_is_raised_again_and_does_not_grow() -> None:
    connection = Connection(SERVER)
    connection.receive_data(b"\x00")
    errors: list[RemoteProtocolError] = []
    depths = set()
    for _ in range(5):
        with pytest.raises(RemoteProtocolError) as caught:
            connection.next_event()
        errors.append(caught.value)
        depths.add(len(caught.traceback))
        connection.receive_data(GET)
    assert len({id(error) for error in errors}) == 1
    assert len(depths) <= 2
    assert connection.request_state is State.ERROR
    assert connection.must_close


@pytest.mark.parametrize(
    "data",
    [b"\x00", GET[:-2] + b"X\r\n", b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n"],
    ids=["line", "field", "size"],
)
def test_a_server_can_answer_what_it_could_not_read(data: bytes) -> None:
    connection = Connection(SERVER, Limits(max_body_size=5))
    assert read(connection, [data]).code
    raw = connection.send_response(plain(400), b"no")
    assert raw == b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    with pytest.raises(LocalProtocolError) as caught:
        connection.send_response(plain(400), b"again")
    assert caught.value.code == "connection-in-error"


def test_a_server_can_answer_when_the_body_breaks() -> None:
    connection = Connection(SERVER)
    outcome = read(connection, [b"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx"])
    assert (outcome.kinds, outcome.code) == (["request"], "bad-chunk-size")
    assert b"Connection: close" in connection.send_response(plain(400), b"")


def test_a_server_that_gives_up_waiting_can_say_so() -> None:
    connection = Connection(SERVER)
    connection.receive_data(b"GET")
    assert connection.next_event() is NEED_DATA
    with pytest.raises(LocalProtocolError):
        connection.send_response(plain(408), b"")
    connection.close_after()
    assert connection.send_response(plain(408), b"").startswith(b"HTTP/1.1 408 ")
    connection.receive_data(b" / HTTP/1.1\r\nHost: h\r\n\r\n")
    assert connection.next_event() is PAUSED
    assert (connection.request_state, connection.response_state) == (State.IDLE, State.DONE)


def test_a_connection_knows_what_it_holds() -> None:
    connection = Connection(SERVER)
    assert (connection.buffered, connection.has_partial_head) == (0, False)
    connection.receive_data(GET[:5])
    connection.receive_data(GET[5:9])
    assert (connection.buffered, connection.has_partial_head) == (9, True)
    assert connection.trailing_data == GET[:9]
    assert connection.next_event() is NEED_DATA
    connection.receive_data(GET[9:18])
    assert connection.next_event() is NEED_DATA
    assert connection.has_partial_head
    assert read(connection, [GET[18:]]).kinds == ["request", "end"]
    assert (connection.buffered, connection.has_partial_head) == (0, False)


def test_nothing_is_logged_or_shown_of_a_body() -> None:
    connection = Connection(SERVER)
    connection.receive_data(POST)
    connection.next_event()
    assert "abc" not in repr(connection.next_event())


def test_what_was_never_asked_gets_no_informational_response() -> None:
    connection = Connection(SERVER)
    assert read(connection, [b"\x00"]).code == "bad-method"
    with pytest.raises(LocalProtocolError):
        connection.send(plain(100))
    assert connection.send_response(plain(400), b"").startswith(b"HTTP/1.1 400 ")
