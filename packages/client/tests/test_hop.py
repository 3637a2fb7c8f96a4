"""The hop over an exchange that says exactly what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from multidict import CIMultiDict
from yarl import URL

from skerry.client import (
    ClientConnectionError,
    ClientOSError,
    ClientPayloadError,
    ClientRequest,
    ClientResponseError,
    ClientTimeout,
    ServerDisconnectedError,
)
from skerry.client.hop import WHOLE_BODY_SIZE, Hop
from skerry.client.pool.key import ConnectionKey
from skerry.client.timeouts import Deadlines
from skerry.http import (
    END,
    BytesLike,
    ConnectionInfo,
    Data,
    EndOfMessage,
    HttpVersion,
    HttpVersion11,
    RemoteProtocolError,
    RequestHead,
    ResponseHead,
)


class FakeExchange:
    """An exchange that gives the events of a list, and remembers what was sent."""

    def __init__(self, *events: Data | EndOfMessage | Exception | None) -> None:
        self.events = list(events)
        self.sent: list[Any] = []
        self.aborted = False
        self.has_response_begun = False
        self.wakeup = asyncio.Event()

    @property
    def connection(self) -> ConnectionInfo:
        raise NotImplementedError

    @property
    def version(self) -> HttpVersion:
        return HttpVersion11

    @property
    def is_ended(self) -> bool:
        return self.aborted

    def receive_nowait(self) -> Data | EndOfMessage | None:
        if self.aborted:
            raise ConnectionResetError
        event = self.events.pop(0) if self.events else None
        if isinstance(event, Exception):
            raise event
        return event

    async def wait_readable(self) -> None:
        await self.wakeup.wait()

    async def send_data(self, data: BytesLike) -> None:
        if self.aborted:
            raise ConnectionResetError
        self.sent.append(bytes(data))
        await asyncio.sleep(0)

    async def end(self, trailers: CIMultiDict[str] | None = None) -> None:
        self.sent.append(END)

    def flush(self) -> None:
        raise NotImplementedError

    def abort(self) -> None:
        self.aborted = True
        self.wakeup.set()

    def send_head(self, head: RequestHead) -> None:
        self.sent.append(head)

    def send_request(self, head: RequestHead, body: bytes) -> None:
        self.sent += [head, body]

    async def receive_head(self, on_informational: Callable[[ResponseHead], None] | None = None) -> ResponseHead:
        raise NotImplementedError

    def take_over(self) -> tuple[Any, bytes]:
        raise NotImplementedError


def hop_on(
    exchange: FakeExchange, body: Any = None, *, timeout: ClientTimeout | None = None, deadline: float = 0.0
) -> Hop:
    key = ConnectionKey("a.test", 80, False)
    request = ClientRequest("POST", URL("http://a.test/"), CIMultiDict(), body, key)
    return Hop(request, exchange, timeout or ClientTimeout(), Deadlines(asyncio.get_running_loop()), deadline)


def send(hop: Hop) -> RequestHead:
    head = hop.request.make_head()
    hop.send(head)
    return head


async def test_a_short_body_leaves_with_the_head() -> None:
    for body in (None, b"", b"x" * WHOLE_BODY_SIZE):
        exchange = FakeExchange()
        head = send(hop_on(exchange, body))
        assert exchange.sent == [head, body or b""]


async def test_a_long_body_leaves_in_pieces() -> None:
    exchange = FakeExchange()
    hop = hop_on(exchange, b"x" * (WHOLE_BODY_SIZE + 1))
    head = send(hop)
    await hop.wait_sent()
    assert exchange.sent[0] is head
    assert b"".join(exchange.sent[1:-1]) == b"x" * (WHOLE_BODY_SIZE + 1)
    assert exchange.sent[-1] is END


async def test_what_came_with_the_head_ends_the_hop_at_once_and_is_kept() -> None:
    exchange = FakeExchange(Data(b"ab"), END)
    hop = hop_on(exchange)
    hop.begin_body(is_switched=False)
    assert hop.is_done
    assert not exchange.aborted
    first = hop.receive_nowait()
    assert isinstance(first, Data)
    assert first.data == b"ab"
    assert hop.receive_nowait() is END


async def test_a_hop_goes_on_until_the_end_comes() -> None:
    exchange = FakeExchange(Data(b"a"), None, Data(b"b"), END)
    hop = hop_on(exchange)
    hop.begin_body(is_switched=False)
    events = [hop.receive_nowait() for _ in range(2)]
    assert [event.data for event in events if isinstance(event, Data)] == [b"a", b"b"]
    assert not hop.is_done
    assert hop.receive_nowait() is END
    assert hop.is_done


@pytest.mark.parametrize("events", [(), (Data(b"a"),), (Data(b"a"), Data(b"b"), None, END)], ids=len)
async def test_releasing_what_has_not_come_whole_gives_the_exchange_up(events: tuple[Data, ...]) -> None:
    exchange = FakeExchange(*events)
    hop = hop_on(exchange)
    hop.begin_body(is_switched=False)
    hop.release()
    assert hop.is_done
    assert exchange.aborted


async def test_releasing_what_has_come_whole_keeps_the_connection() -> None:
    exchange = FakeExchange(Data(b"a"), Data(b"b"), Data(b"c"), END)
    hop = hop_on(exchange)
    hop.begin_body(is_switched=False)
    assert not hop.is_done
    hop.release()
    assert hop.is_done
    assert not exchange.aborted


async def test_after_a_switch_there_is_no_body_and_the_connection_stays_until_the_release() -> None:
    exchange = FakeExchange(Data(b"not http"))
    hop = hop_on(exchange)
    hop.begin_body(is_switched=True)
    assert hop.receive_nowait() is END
    assert not hop.is_done
    assert not exchange.aborted
    hop.release()
    assert exchange.aborted


async def test_a_deadline_gives_the_exchange_up_and_is_forgotten_with_the_hop() -> None:
    deadline = asyncio.get_running_loop().time() + 0.01
    late, early = FakeExchange(), FakeExchange(END)
    hop = hop_on(late, timeout=ClientTimeout(total=0.01), deadline=deadline)
    done = hop_on(early, timeout=ClientTimeout(total=0.01), deadline=deadline)
    hop.begin_body(is_switched=False)
    done.begin_body(is_switched=False)
    await hop.wait_readable()
    assert late.aborted
    assert not early.aborted
    with pytest.raises(TimeoutError, match="total"):
        hop.receive_nowait()


async def test_an_answer_that_ends_before_the_upload_gives_the_exchange_up() -> None:
    closed = []

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            closed.append(True)

    exchange = FakeExchange(None, END)
    hop = hop_on(exchange, endless())
    send(hop)
    hop.begin_body(is_switched=False)
    await asyncio.sleep(0.01)
    assert len(exchange.sent) > 1
    assert hop.receive_nowait() is END
    assert exchange.aborted
    await hop.wait_sent()
    assert closed == [True]


async def test_pieces_are_closed_when_the_server_takes_no_more() -> None:
    closed = []

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"x"
        finally:
            closed.append(True)

    exchange = FakeExchange()
    hop = hop_on(exchange, endless())
    send(hop)
    exchange.aborted = True
    await hop.wait_sent()
    assert closed == [True]
    assert hop.upload_error is None


def reset(cause: BaseException | None = None) -> ConnectionResetError:
    error = ConnectionResetError("gone")
    error.__cause__ = cause
    return error


BROKEN = RemoteProtocolError("bad-status", where="status line", seen=b"x", expected="digits")
INCOMPLETE = RemoteProtocolError("incomplete-head", where="head", expected="a whole head")


@pytest.mark.parametrize(
    ("exc", "is_body", "kind"),
    [
        pytest.param(reset(), False, ServerDisconnectedError, id="left"),
        pytest.param(INCOMPLETE, False, ServerDisconnectedError, id="left-within-the-head"),
        pytest.param(reset(OSError(104, "reset by peer")), False, ClientOSError, id="system"),
        pytest.param(BROKEN, False, ClientResponseError, id="broken-head"),
        pytest.param(BROKEN, True, ClientPayloadError, id="broken-body"),
        pytest.param(reset(), True, ClientPayloadError, id="lost-body"),
    ],
)
async def test_what_the_exchange_raises_is_explained(exc: Exception, is_body: bool, kind: type[Exception]) -> None:
    hop = hop_on(FakeExchange())
    if is_body:
        hop.begin_body(is_switched=False)
    error = hop.explain(exc)
    assert type(error) is kind
    if kind is not ClientResponseError:
        assert "a.test:80" in str(error)


async def test_an_upload_that_failed_explains_the_rest() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    exchange = FakeExchange()
    hop = hop_on(exchange, pieces())
    send(hop)
    await hop.wait_sent()
    assert exchange.aborted
    assert hop.was_stopped
    error = hop.explain(reset())
    assert type(error) is ClientConnectionError
    assert "ZeroDivisionError" in str(error)
