"""Any order of calls at both ends: a call is refused and changes nothing, or the other end can read what it gave."""

from collections.abc import Callable
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from skerry.http import LocalProtocolError, Pause, RequestHead, ResponseHead
from skerry.http.events import END, Data, EndOfMessage
from skerry.http.h1 import CLIENT, SERVER, Connection, State
from skerry.http.h1.states import REQUEST_STEPS, RESPONSE_STEPS

FIELDS = st.sampled_from(
    [
        {}, {"Content-Length": "3"}, {"Content-Length": "0"}, {"Transfer-Encoding": "chunked"}, {"Connection": "close"},
        {"Upgrade": "x", "Connection": "upgrade"}, {"Expect": "100-continue", "Content-Length": "3"}, {"X": "a\r\nb"},
    ]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "HEAD", "POST", "CONNECT"])
STATUSES = st.sampled_from([100, 101, 103, 200, 200, 204, 304, 404, 99])


def request(method: str, fields: dict[str, str], chunked: bool) -> RequestHead:
    head = RequestHead(method, "h:1" if method == "CONNECT" else "/", CIMultiDict({"Host": "h"} | fields))
    head.chunked = chunked
    return head


def response(status: int, fields: dict[str, str]) -> ResponseHead:
    return ResponseHead(status, CIMultiDict(fields))


PIECES = st.builds(Data, st.sampled_from([b"", b"a", b"abc"]))
ENDS = st.sampled_from([END, EndOfMessage(CIMultiDict({"T": "1"}))])
EVENTS = st.one_of(
    st.builds(request, METHODS, FIELDS, st.booleans()),
    st.builds(response, STATUSES, FIELDS),
    PIECES,
    PIECES,
    ENDS,
    ENDS,
)
CALLS = st.one_of(EVENTS, EVENTS, EVENTS, st.sampled_from(["deliver", "deliver", "next", "close_after"]))


class End:
    """One end, what it has sent and not yet delivered, and what of it must never change but by a step of the table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sent = b""

    def facts(self) -> tuple[State, State, bool]:
        return self.connection.request_state, self.connection.response_state, self.connection.must_close

    def attempt(self, call: Callable[[], object], may_close: bool) -> None:
        before = self.facts()
        try:
            given_back = call()
        except LocalProtocolError:
            after = self.facts()
            assert after[:2] == before[:2]
            assert after == before or may_close
            return
        if isinstance(given_back, bytes):
            self.sent += given_back
        self.check(before)

    def check(self, before: tuple[State, State, bool]) -> None:
        for now, was, steps in zip(self.facts(), before, (REQUEST_STEPS, RESPONSE_STEPS), strict=False):
            reached = {State(was)}
            for _ in range(4):  # a whole response is several steps at once
                reached |= {after for (state, _), after in steps.items() if state in reached}
            assert now in reached

    def take(self, data: bytes) -> None:
        before = self.facts()
        self.connection.receive_data(data)
        while not isinstance(self.connection.next_event(), Pause):
            pass
        self.check(before)

    @property
    def spoke_unasked(self) -> bool:
        """True for a server that gave up waiting: what a client makes of it is not part of the conversation."""
        connection = self.connection
        return connection.is_server and connection.request_state is State.IDLE is not connection.response_state


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), CALLS), max_size=40))
def test_no_order_of_calls_breaks_the_conversation(calls: list[tuple[bool, object]]) -> None:
    client, server = End(Connection(CLIENT)), End(Connection(SERVER))
    for is_client, call in calls:
        end, other = (client, server) if is_client else (server, client)
        connection = end.connection
        if call == "deliver":
            if not end.spoke_unasked:
                data, end.sent = end.sent, b""
                other.take(data)
        elif call == "next":
            end.attempt(connection.start_next_cycle, False)
        elif call == "close_after":
            connection.close_after()
        elif isinstance(call, RequestHead | ResponseHead | Data | EndOfMessage):
            end.attempt(partial(connection.send, call), isinstance(call, EndOfMessage))
