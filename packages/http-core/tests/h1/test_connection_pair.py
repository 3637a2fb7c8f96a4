"""A client and a server against each other, without a wire between them."""

import pytest
from multidict import CIMultiDict

from skerry.http import RequestHead, ResponseHead
from skerry.http.events import CLOSED, END, PAUSED, Data, EndOfMessage
from skerry.http.h1 import CLIENT, SERVER, Connection, State
from splits import read

BODIES = [
    pytest.param([], id="none"),
    pytest.param([b"x"], id="one-octet"),
    pytest.param([b"abc", b"", b"\r\n0\r\n\r\n", b"x" * 5000], id="pieces"),
]
WAYS = ["length", "chunked", "trailers"]


def head_fields(way: str, pieces: list[bytes]) -> CIMultiDict[str]:
    fields = CIMultiDict({"Host": "h"})
    if way == "length":
        fields["Content-Length"] = str(sum(map(len, pieces)))
    return fields


def send_body(sender: Connection, way: str, pieces: list[bytes]) -> bytes:
    raw = b"".join(sender.send(Data(piece)) for piece in pieces)
    return raw + sender.send(EndOfMessage(CIMultiDict({"T": "1"})) if way == "trailers" else END)


@pytest.mark.parametrize("pieces", BODIES)
@pytest.mark.parametrize("way", WAYS)
def test_what_one_end_writes_the_other_reads(way: str, pieces: list[bytes]) -> None:
    client, server = Connection(CLIENT), Connection(SERVER)
    for _ in range(3):
        request = RequestHead("POST", "/p?q", head_fields(way, pieces))
        request.chunked = way != "length"
        raw = client.send(request) + send_body(client, way, pieces)
        got = read(server, [raw])
        assert got.events[0][1:3] == ("POST", "/p?q")
        assert got.body == b"".join(pieces)
        assert got.events[-1] == ("end", (("T", "1"),) if way == "trailers" else None)
        answer = ResponseHead(201, head_fields(way, pieces))
        raw = server.send(ResponseHead(103, CIMultiDict())) + server.send(answer) + send_body(server, way, pieces)
        got = read(client, [raw])
        assert [event[1] for event in got.events[:2]] == [103, 201]
        assert got.body == b"".join(pieces)
        assert got.events[-1] == ("end", (("T", "1"),) if way == "trailers" else None)
        assert not client.must_close
        assert not server.must_close
        client.start_next_cycle()
        server.start_next_cycle()
    client.receive_eof()
    server.receive_eof()
    assert (client.next_event(), server.next_event()) == (CLOSED, CLOSED)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "CONNECT"])
@pytest.mark.parametrize("status", [200, 204, 205, 206, 301, 304, 400, 404, 500])
@pytest.mark.parametrize("close", [False, True])
def test_both_ends_agree_on_every_answer_to_every_method(method: str, status: int, close: bool) -> None:
    client, server = Connection(CLIENT), Connection(SERVER)
    target = "h:1" if method == "CONNECT" else "/"
    assert (
        read(server, [client.send(RequestHead(method, target, CIMultiDict({"Host": "h"}))) + client.send(END)]).code
        == ""
    )
    fields = CIMultiDict({"Connection": "close"}) if close else CIMultiDict[str]()
    is_tunnel = method == "CONNECT" and status < 300
    has_body = not (method == "HEAD" or status in (204, 304) or is_tunnel)
    if is_tunnel:
        got = read(client, [server.send(ResponseHead(status, fields))])
        assert got.kinds == ["response"]
        assert client.is_switched
        assert server.is_switched
        return
    got = read(client, [server.send_response(ResponseHead(status, fields), b"body" if has_body else b"")])
    assert got.body == (b"body" if has_body else b"")
    assert (got.kinds[-1], got.pause) == ("end", PAUSED)
    assert client.must_close is server.must_close is (close or method == "CONNECT")
    assert client.response_state is server.response_state is State.DONE
    if not close and method != "CONNECT":
        client.start_next_cycle()
        server.start_next_cycle()


def test_an_upgrade_is_agreed_on_and_the_rest_is_left_alone() -> None:
    client, server = Connection(CLIENT), Connection(SERVER)
    fields = CIMultiDict({"Host": "h", "Upgrade": "x", "Connection": "upgrade"})
    assert read(server, [client.send(RequestHead("GET", "/", fields)) + client.send(END)]).kinds == ["request", "end"]
    raw = server.send(ResponseHead(101, CIMultiDict({"Upgrade": "x", "Connection": "upgrade"})))
    assert read(client, [raw + b"\x00\xff"]).rest == b"\x00\xff"
    assert client.is_switched
    assert server.is_switched


def test_a_client_that_waits_for_100_continue_gets_it_before_its_body() -> None:
    client, server = Connection(CLIENT), Connection(SERVER)
    fields = CIMultiDict({"Host": "h", "Expect": "100-continue", "Content-Length": "2"})
    got = read(server, [client.send(RequestHead("PUT", "/", fields))])
    assert got.events[0][10] is True
    assert read(client, [server.send(ResponseHead(100, CIMultiDict()))]).events[0][1] == 100
    assert read(server, [client.send(Data(b"ok")) + client.send(END)]).body == b"ok"
    assert read(client, [server.send_response(ResponseHead(204, CIMultiDict()), None) + server.send(END)]).kinds == [
        "response",
        "end",
    ]


def test_an_answer_before_the_end_of_the_request_is_read() -> None:
    client, server = Connection(CLIENT), Connection(SERVER)
    fields = CIMultiDict({"Host": "h", "Content-Length": "9"})
    assert read(server, [client.send(RequestHead("PUT", "/", fields))]).kinds == ["request"]
    raw = server.send_response(ResponseHead(413, CIMultiDict({"Connection": "close"})), b"no")
    assert read(client, [raw]).body == b"no"
    assert client.must_close
    assert client.request_state is State.BODY
    assert client.send(Data(b"123456789")) == b"123456789"
    assert client.send(END) == b""
