"""The two halves of an exchange, as a connection shows them while it goes round."""

import pytest
from multidict import CIMultiDict

from skerry.http import LocalProtocolError, ResponseHead
from skerry.http.h1 import SERVER, Connection, State

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n"


def states(connection: Connection) -> tuple[State, State]:
    return connection.request_state, connection.response_state


def test_both_halves_go_round_together() -> None:
    connection = Connection(SERVER)
    assert states(connection) == (State.IDLE, State.IDLE)
    for _ in range(2):
        connection.receive_data(GET)
        connection.next_event()
        assert states(connection) == (State.BODY, State.AWAITED)
        connection.next_event()
        assert states(connection) == (State.DONE, State.AWAITED)
        assert connection.is_request_done
        assert not connection.is_response_done
        connection.send_response(ResponseHead(200, CIMultiDict()), b"x")
        assert states(connection) == (State.DONE, State.DONE)
        assert connection.is_response_done
        connection.start_next_cycle()
        assert states(connection) == (State.IDLE, State.IDLE)


@pytest.mark.parametrize(("data", "answered"), [(b"", False), (GET, False), (POST, True)])
def test_the_next_cycle_waits_for_both_halves_and_says_where_they_stand(data: bytes, answered: bool) -> None:
    connection = Connection(SERVER)
    connection.receive_data(data)
    connection.next_event()
    if answered:
        connection.send_response(ResponseHead(200, CIMultiDict()), b"x")
    before = states(connection)
    with pytest.raises(LocalProtocolError) as caught:
        connection.start_next_cycle()
    assert caught.value.code == "unexpected-event"
    assert before[0].name in str(caught.value)
    assert before[1].name in str(caught.value)
    assert states(connection) == before


def test_the_last_cycle_is_the_last() -> None:
    connection = Connection(SERVER)
    connection.receive_data(GET)
    connection.next_event()
    connection.next_event()
    connection.close_after()
    assert b"Connection: close\r\n" in connection.send_response(ResponseHead(200, CIMultiDict()), b"x")
    assert connection.must_close
    with pytest.raises(LocalProtocolError, match="after the last one"):
        connection.start_next_cycle()
