"""An exchange in memory, and an application on the loopback interface."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from multidict import CIMultiDict

from skerry import web
from skerry.http import (
    END,
    BytesLike,
    Data,
    EndOfMessage,
    HttpVersion,
    HttpVersion11,
    LocalProtocolError,
    RequestHead,
    ResponseHead,
)


class FakeConnection:
    """Facts about a connection that is not there."""

    def __init__(self) -> None:
        self.is_secure = False
        self.alpn_protocol: str | None = None
        self.is_open = True
        self.facts: dict[str, Any] = {"peername": ("192.0.2.7", 4711), "sockname": ("192.0.2.1", 80)}

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.facts.get(name, default)


class FakeExchange:
    """A server's exchange that writes down what is done with it."""

    def __init__(self, request: RequestHead, pieces: Iterable[bytes | Exception] = ()) -> None:
        self.request = request
        self.connection = FakeConnection()
        self.pieces = deque(pieces)
        self.head_sent = False
        self.is_ended = False
        self.is_aborted = False
        self.informational: list[ResponseHead] = []
        self.head = ResponseHead(0, CIMultiDict())
        self.body = b""
        self.writes = 0
        self.trailers: CIMultiDict[str] | None = None

    def receive_nowait(self) -> Data | EndOfMessage | None:
        if not self.pieces:
            return END
        piece = self.pieces[0]
        if isinstance(piece, Exception):
            raise piece
        return Data(self.pieces.popleft())  # type: ignore[arg-type]

    async def wait_readable(self) -> None:
        await asyncio.sleep(0)

    def _check(self) -> None:
        if not self.connection.is_open or self.is_aborted:
            raise ConnectionResetError("the peer has left")

    def send_informational(self, head: ResponseHead) -> None:
        self._check()
        self.informational.append(head)

    def send_head(self, head: ResponseHead) -> None:
        self._check()
        if self.head_sent:
            raise LocalProtocolError("unexpected-event", where="response", problem="a head was sent already")
        for name, value in head.headers.items():
            if "\n" in value:
                raise LocalProtocolError("bad-field-value", where=name, seen=value)
        self.head_sent = True
        self.head = head

    def send_response(self, head: ResponseHead, body: bytes) -> None:
        self.send_head(head)
        self.body = body if self.request.method != "HEAD" else b""
        self.writes += 1
        self.is_ended = True

    async def send_data(self, data: BytesLike) -> None:
        self._check()
        self.writes += 1
        self.body += bytes(data)
        await asyncio.sleep(0)

    async def end(self, trailers: CIMultiDict[str] | None = None) -> None:
        self._check()
        self.is_ended = True
        self.trailers = trailers

    def flush(self) -> None:
        pass

    def abort(self) -> None:
        self.is_aborted = True
        self.is_ended = True

    def take_over(self) -> tuple[Any, bytes]:
        raise NotImplementedError


def make_exchange(
    target: str = "/",
    method: str = "GET",
    *,
    headers: Any = (),
    pieces: Iterable[bytes | Exception] = (),
    content_length: int = -1,
    version: HttpVersion = HttpVersion11,
) -> FakeExchange:
    """Return an exchange with a request whose body, if there is one, comes in these pieces."""
    fields = CIMultiDict([("Host", "example.org"), *dict(headers).items()])
    head = RequestHead(method, target, fields, version)
    pieces = list(pieces)
    head.content_length = content_length
    head.chunked = bool(pieces) and content_length < 0
    head.expect_continue = fields.get("Expect", "").lower() == "100-continue"
    return FakeExchange(head, pieces)


@pytest.fixture(name="make_exchange")
def make_exchange_fixture() -> Callable[..., FakeExchange]:
    """The function that makes exchanges."""
    return make_exchange


@pytest.fixture
def make_request() -> Callable[..., web.Request]:
    """A function that makes a request of a bare application; its arguments are those of ``make_exchange``."""

    def make(*args: Any, client_max_size: int = 1024**2, **options: Any) -> web.Request:
        return web.Request(make_exchange(*args, **options), web.Application(client_max_size=client_max_size))

    return make


@pytest.fixture
def ask() -> Callable[..., Awaitable[FakeExchange]]:
    """A function that lets an application, or one handler, answer a request; returns the exchange."""

    async def answer(app: web.Application | web.Handler, *args: Any, **options: Any) -> FakeExchange:
        if not isinstance(app, web.Application):
            handler, app = app, web.Application()
            app.router.add_route("*", "/{path:.*}", handler)
        exchange = make_exchange(*args, **options)
        await web.Dispatcher(app).serve(exchange)
        return exchange

    return answer


@pytest.fixture
def serving() -> Callable[..., AbstractAsyncContextManager[int]]:
    """A context manager that serves an application; its value is the port."""

    @asynccontextmanager
    async def serve(app: web.Application, **options: Any) -> AsyncIterator[int]:
        runner = web.AppRunner(app, **options)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    return serve


@pytest.fixture
def talk() -> Callable[..., Awaitable[bytes]]:
    """A function that sends octets to a port and returns all that comes until the server closes."""

    async def send(port: int, data: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(data)
            async with asyncio.timeout(5):
                return await reader.read()
        finally:
            writer.close()
            await writer.wait_closed()

    return send
