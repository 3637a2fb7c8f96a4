"""The client's end of HTTP/1.1 on asyncio: one exchange at a time, and in between a connection that a pool can keep."""

from collections.abc import Callable
from typing import Any

from multidict import CIMultiDict

from .. import hdrs
from ..errors import LocalProtocolError
from ..events import END, NEED_DATA, Data, EndOfMessage
from ..exchange import BytesLike, ClientConnection
from ..h1 import CLIENT
from ..heads import RequestHead, ResponseHead
from ..limits import DEFAULT_LIMITS, Limits
from ..versions import HttpVersion, HttpVersion11
from .connection import H1Connection


class H1ClientConnection(H1Connection):
    """A protocol for ``loop.create_connection``, and a ``ClientConnection`` for the pool.

    Args:
        limits: Sizes; times are the client's matter.
    """

    def __init__(self, *, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(CLIENT, limits)
        self.exchange: H1ClientExchange | None = None
        self._listener: Callable[[ClientConnection], None] | None = None
        self._closed_waiters: list[Any] = []
        self._lost_already = False

    # What asyncio calls.

    def data_received(self, data: bytes) -> None:
        """Take octets for the running exchange; between two exchanges a server has nothing to say."""
        exchange = self.exchange
        if exchange is None:
            self.close()
            return
        exchange.has_response_begun = True
        self.core.receive_data(data)
        self.wake_reader()
        self.note_received()

    def eof_received(self) -> bool:
        """Note that the server sends nothing more. An answer that is complete without it can still be read."""
        self._eof = True
        self.core.receive_eof()
        self.wake_reader()
        self._changed()
        return False

    def connection_lost(self, error: BaseException | None) -> None:
        """Note that the connection is gone."""
        self._lost_already = True
        super().connection_lost(error)
        for waiter in self._closed_waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._changed()

    # What a pool asks.

    @property
    def capacity(self) -> int:
        """1 when an exchange can be opened, otherwise 0."""
        return 1 if self.exchange is None and self.is_open else 0

    @property
    def is_open(self) -> bool:
        """True while another exchange may come, now or after the one that runs."""
        return self.is_alive and not self._eof and not self.core.must_close and not self.transport.is_closing()

    @property
    def active(self) -> int:
        """1 while an exchange runs, otherwise 0."""
        return 0 if self.exchange is None else 1

    def open_exchange(self) -> "H1ClientExchange":
        """Start an exchange; see ``ClientConnection``."""
        if self.exchange is not None or not self.is_open:
            raise RuntimeError("the connection carries an exchange or is closed, expected capacity 1")
        self.exchange = exchange = H1ClientExchange(self)
        return exchange

    def set_listener(self, on_change: Callable[[ClientConnection], None]) -> None:
        """Have ``on_change`` called when an exchange ended or the connection closed."""
        self._listener = on_change

    def close(self) -> None:
        """Close now; an exchange that runs is broken off. Can be repeated."""
        exchange = self.exchange
        if exchange is not None:
            exchange.abort()
        elif self.transport is not None:
            self.transport.close()
            self._changed()

    async def wait_closed(self) -> None:
        """Wait until the transport is gone.

        Cancellation:
            The connection closes all the same.
        """
        if self.transport is not None and not self._lost_already:
            waiter = self._loop.create_future()
            self._closed_waiters.append(waiter)
            await waiter

    def exchange_ended(self) -> None:
        """Make ready for the next exchange, or close."""
        self.exchange = None
        core = self.core
        if self.is_open and core.is_request_done and core.is_response_done and not core.buffered:
            core.start_next_cycle()
        elif not core.is_switched:
            core.close_after()
            self.transport.close()
        self.resume_reading()
        self._changed()

    def _changed(self) -> None:
        if self._listener is not None:
            self._listener(self)


class H1ClientExchange:
    """A ``ClientExchange`` on an HTTP/1.1 connection.

    Args:
        connection: The connection that carries it.
    """

    def __init__(self, connection: H1ClientConnection) -> None:
        self.connection = connection
        self.has_response_begun = False
        self.is_ended = False
        self._body_ended = False

    @property
    def version(self) -> HttpVersion:
        """HTTP/1.1."""
        return HttpVersion11

    def _check(self) -> H1ClientConnection:
        connection = self.connection
        if connection.exchange is not self or not connection.is_alive:
            if self.is_ended and connection.is_alive:
                raise LocalProtocolError("unexpected-event", where="request to send", problem="the exchange has ended")
            raise connection.reset_error()
        return connection

    # The request.

    def send_head(self, head: RequestHead) -> None:
        """Give the head of a request with a body; see ``ClientExchange``."""
        connection = self._check()
        if hdrs.CONTENT_LENGTH not in head.headers:
            head.chunked = True
        connection.hold(connection.core.send_request(head))

    def send_request(self, head: RequestHead, body: bytes) -> None:
        """Send a whole request in one write; see ``ClientExchange``."""
        connection = self._check()
        core = connection.core
        if body and hdrs.CONTENT_LENGTH not in head.headers:
            head.headers[hdrs.CONTENT_LENGTH] = str(len(body))
        raw = core.send_request(head)
        if body:
            try:
                core.frame_data(len(body))
            except LocalProtocolError:
                self.abort()
                raise
            raw += body
        try:
            core.send_end(END)
        except LocalProtocolError:
            self.abort()
            raise
        connection.write(raw)

    async def send_data(self, data: BytesLike) -> None:
        """Send a piece of the body; see ``SendingHalf``.

        Cancellation:
            The octets were accepted and will leave.
        """
        await self._check().write_data(data)

    async def end(self, trailers: CIMultiDict[str] | None = None) -> None:
        """End the request; see ``SendingHalf``.

        Cancellation:
            The end was accepted and will leave.
        """
        if self.is_ended or (self.connection.exchange is self and self.connection.core.is_request_done):
            return
        connection = self._check()
        try:
            raw = connection.core.send_end(EndOfMessage(trailers))
        except LocalProtocolError:
            self.abort()
            raise
        connection.write(raw)
        if self._body_ended:
            self._end()

    def flush(self) -> None:
        """Let a head that waits for its body leave now."""
        self.connection.flush()

    # The response.

    async def receive_head(self, on_informational: Callable[[ResponseHead], None] | None = None) -> ResponseHead:
        """Wait for the final head of the response; see ``ClientExchange``.

        Cancellation:
            The exchange goes on; call ``abort`` to end it.
        """
        connection = self.connection
        while True:
            if connection.exchange is not self:
                raise connection.reset_error()
            if connection._eof and not self.has_response_begun:
                raise connection.reset_error()
            event = connection.core.next_event()
            if isinstance(event, ResponseHead):
                if event.status >= 200 or event.upgrade:
                    if not event.upgrade and not connection.core.has_body:
                        self.receive_nowait()
                    return event
                if on_informational is not None:
                    on_informational(event)
                continue
            if event is not NEED_DATA or not connection.is_alive:
                raise connection.reset_error()
            await connection.wait_readable()

    def receive_nowait(self) -> Data | EndOfMessage | None:
        """Take the next piece of the body; see ``BodyFeed``."""
        if self._body_ended:
            return END
        connection = self.connection
        if connection.exchange is not self:
            raise connection.reset_error()
        event: Data | EndOfMessage | None = connection.pull()
        if isinstance(event, EndOfMessage):
            self._body_ended = True
            if connection.core.is_request_done:
                self._end()
        return event

    async def wait_readable(self) -> None:
        """Wait for a piece of the body; see ``BodyFeed``.

        Cancellation:
            Nothing is lost.
        """
        if self.connection.exchange is self:
            await self.connection.wait_readable()

    def _end(self) -> None:
        self.is_ended = True
        self.connection.exchange_ended()

    def abort(self) -> None:
        """Give the exchange up: the connection is closed. Can be repeated."""
        if not self.is_ended:
            self.is_ended = True
            connection = self.connection
            if connection.exchange is self:
                connection.exchange = None
                connection.core.close_after()
                if connection.transport is not None:
                    connection.transport.abort()
                connection.wake_reader()
                connection._changed()

    def take_over(self) -> tuple[Any, bytes]:
        """Hand the connection to another protocol; see ``ClientExchange``."""
        connection = self._check()
        if not connection.core.is_switched:
            raise LocalProtocolError("unexpected-event", where="connection", problem="no switch was agreed on")
        self.is_ended = True
        connection.exchange = None
        taken = connection.detach()
        connection._changed()
        return taken
