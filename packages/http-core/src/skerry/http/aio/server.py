"""The server's end of HTTP/1.1 on asyncio: requests come one after another, each as an exchange.

Between exchanges the connection is idle and costs no timer and no future. A request that breaks the rules is answered
here, with the status that the error suggests, and the connection is closed; nothing of it goes up.

Connection and exchange stand in one module, longer than others, because they are compiled as one: they call each other
on the way of every request, and do so without a detour through Python.
"""

import logging
from collections.abc import Callable
from typing import Any

from multidict import CIMultiDict

from .. import hdrs
from ..errors import LocalProtocolError, RemoteProtocolError
from ..events import END, NEED_DATA, Data, EndOfMessage
from ..exchange import BytesLike
from ..h1 import SERVER
from ..heads import RequestHead, ResponseHead
from ..limits import DEFAULT_LIMITS, Limits
from ..status import reason_of
from .connection import H1Connection
from .deadlines import CoarseClock

logger = logging.getLogger("skerry.server")


class H1ServerConnection(H1Connection):
    """A protocol for ``loop.create_server``.

    Args:
        on_exchange: Called with each exchange once its head is complete, one at a time. It must not
            wait: it starts a task.
        limits: Sizes and times.
        clock: Who tells the time for the deadlines; without one there are none.
        on_open: Called when the transport is there.
        on_close: Called when it is gone, or was given to another protocol.
    """

    def __init__(
        self,
        on_exchange: Callable[["H1ServerExchange"], None],
        *,
        limits: Limits = DEFAULT_LIMITS,
        clock: CoarseClock | None = None,
        on_open: Callable[["H1ServerConnection"], None] | None = None,
        on_close: Callable[["H1ServerConnection"], None] | None = None,
    ) -> None:
        super().__init__(SERVER, limits)
        self.exchange: H1ServerExchange | None = None
        self._on_exchange = on_exchange
        self._clock = clock
        self._on_open = on_open
        self._on_close = on_close
        self._deadline = 0.0
        self._write_deadline = 0.0
        self._in_head = True
        self._advancing = False
        self._shutting = False
        self._draining = False
        self._lingering = False
        self._drained = 0

    # What asyncio calls.

    def connection_made(self, transport: Any) -> None:
        """Take the transport and wait for the first request."""
        super().connection_made(transport)
        if self._clock is not None:
            self._clock.watch(self)
        self._set_deadline(self.limits.head_timeout_s)
        if self._on_open is not None:
            self._on_open(self)

    def data_received(self, data: bytes) -> None:
        """Take octets: start the next exchange, or let the running one know."""
        if self._lingering:
            self._drop(len(data))
            return
        self.core.receive_data(data)
        if self.exchange is None:
            if self._draining:
                self._drain_body()
            else:
                self._advance()
        else:
            self.wake_reader()
        self.note_received()

    def eof_received(self) -> bool:
        """Note that the client sends nothing more; what it asked for is still answered (RFC 9112 §9.6)."""
        self._eof = True
        self.core.receive_eof()
        if self._lingering:
            return False
        if self.exchange is None:
            if self._draining:
                self._drain_body()
            else:
                self._advance()
            return self.is_alive and not self.transport.is_closing() and not self.is_secure
        self.wake_reader()
        return not self.is_secure

    def connection_lost(self, error: BaseException | None) -> None:
        """Note that the client is gone; the running exchange learns it when it reads or writes."""
        super().connection_lost(error)
        self._leave()

    def pause_writing(self) -> None:
        """Let writers wait, but not for ever."""
        super().pause_writing()
        if self._clock is not None and self.limits.write_timeout_s:
            self._write_deadline = self._clock.now + self.limits.write_timeout_s

    def resume_writing(self) -> None:
        """Let writers go on, and a next request that waited for them."""
        super().resume_writing()
        self._write_deadline = 0.0
        if self.exchange is None and not self._draining and not self._lingering:
            self._advance()

    # Deadlines.

    def tick(self, now: float) -> None:
        """Close what is past its deadline."""
        if 0.0 < self._write_deadline < now:
            self._expire("the client does not take the response")
        elif 0.0 < self._deadline < now:
            if self.exchange is None and self._in_head and not self._lingering and self.core.has_partial_head:
                self._answer(408)
            else:
                self._expire("nothing came in time")

    def _expire(self, why: str) -> None:
        self._deadline = self._write_deadline = 0.0
        logger.debug("connection from %s closed: %s", self.get_extra_info("peername"), why)
        self.abort()

    def _set_deadline(self, seconds: float) -> None:
        self._deadline = self._clock.now + seconds if self._clock is not None and seconds else 0.0

    # Requests.

    def _advance(self) -> None:
        """Start the next exchange if its head is there."""
        self._advancing = False
        if self.exchange is not None or self._writing_paused or not self.is_alive or self._lingering or self._draining:
            return
        try:
            head = self.core.next_event()
            if isinstance(head, RequestHead):
                has_body = self.core.has_body
                if not has_body:
                    self.core.next_event()
                self._deadline = 0.0
                self._in_head = False
                if self._reading_paused:
                    self.note_taken(False)
                self.exchange = exchange = H1ServerExchange(self, head, not has_body)
                self._on_exchange(exchange)
                return
        except RemoteProtocolError as error:
            self._refuse(error)
            return
        self.note_taken(True)
        if head is not NEED_DATA:
            self.transport.close()
        elif not self._in_head and self.core.has_partial_head:
            self._in_head = True
            self._set_deadline(self.limits.head_timeout_s)

    def _refuse(self, error: RemoteProtocolError) -> None:
        if error.code == "incomplete-head":
            self.transport.close()
            return
        logger.debug("request from %s refused: %s", self.get_extra_info("peername"), error)
        self._answer(error.status_hint, error.code)

    def _answer(self, status: int, code: str = "") -> None:
        """Answer in place of the application, with a body that repeats nothing of the request, and close."""
        text = f"{status} {reason_of(status)}{': ' if code else ''}{code}\n"
        headers = CIMultiDict({hdrs.CONTENT_TYPE: "text/plain; charset=utf-8"})
        self.core.close_after()
        try:
            self.write(self.core.send_response(ResponseHead(status, headers), text.encode("ascii")))
        except LocalProtocolError:
            logger.debug("no answer to a broken request: one was begun already")
        self._close()

    def exchange_ended(self, exchange: "H1ServerExchange") -> None:
        """Go on after a complete response: next request, rest of the body, or the end."""
        core = self.core
        self.exchange = None
        if self._read_waiter is not None:
            self.wake_reader()
        if core.is_switched:
            return
        if core.must_close or self._shutting:
            self._close()
        elif core.is_request_done:
            self._next_cycle()
        else:
            self._draining = True
            self._drained = 0
            self._set_deadline(self.limits.linger_timeout_s)
            self._drain_body()

    def _next_cycle(self) -> None:
        self.core.start_next_cycle()
        if self._clock is not None:
            self._set_deadline(self.limits.keepalive_timeout_s)
        if self.core.buffered or self._eof:
            # Not from here: the task of the exchange before is still running.
            if not self._advancing:
                self._advancing = True
                self._loop.call_soon(self._advance)
        elif self._reading_paused:
            self.resume_reading()

    def _drain_body(self) -> None:
        """Throw away the rest of a body that the application did not read."""
        try:
            while True:
                event = self.pull()
                if event is None:
                    return
                if isinstance(event, EndOfMessage):
                    break
                self._drained += len(event.data)
                if self.limits.linger_size and self._drained > self.limits.linger_size:
                    self._draining = False
                    self._close()
                    return
        except (RemoteProtocolError, ConnectionResetError):
            self._draining = False
            self._close()
            return
        self._draining = False
        if self.core.must_close or self._shutting:
            self._close()
        else:
            self._next_cycle()

    # The end.

    def shutdown(self) -> None:
        """Close when idle, otherwise after the exchange that runs. Can be repeated."""
        self._shutting = True
        if self.exchange is None:
            if self.transport is not None and not self._lingering:
                self.transport.close()
        else:
            self.core.close_after()

    def abort(self) -> None:
        """Close now; what was not sent is lost. Can be repeated."""
        if self.transport is not None and self.is_alive:
            self.transport.abort()

    def _close(self) -> None:
        """Close so that the client gets the last response, even when it is still sending.

        Closing a socket with unread octets resets the connection, and the reset can overtake the response
        (RFC 9112 §9.6): so our side is ended, and what still comes is dropped for a while.
        """
        if not self.is_alive or self.transport.is_closing():
            return
        if self._eof or (self.core.is_request_done and not self.core.buffered) or not self.transport.can_write_eof():
            self.transport.close()
            return
        self._lingering = True
        self._drained = 0
        self.flush()
        self.transport.write_eof()
        self.resume_reading()
        self._set_deadline(self.limits.linger_timeout_s)
        if self._clock is None:
            self.transport.close()

    def _drop(self, size: int) -> None:
        self._drained += size
        if self.limits.linger_size and self._drained > self.limits.linger_size:
            self.transport.close()

    def _leave(self) -> None:
        if self._clock is not None:
            self._clock.forget(self)
        if self._on_close is not None:
            on_close, self._on_close = self._on_close, None
            on_close(self)

    def take_over(self) -> tuple[Any, bytes]:
        """Give the transport away after a switch."""
        taken = self.detach()
        self._leave()
        return taken


class H1ServerExchange:
    """A ``ServerExchange`` on an HTTP/1.1 connection.

    Args:
        connection: The connection that carries it.
        request: Head of the request.
        body_ended: True when the request has no body.
    """

    def __init__(self, connection: H1ServerConnection, request: RequestHead, body_ended: bool) -> None:
        self.connection = connection
        self.request = request
        self.head_sent = False
        self.is_ended = False
        self._body_ended = body_ended
        self._continued = False

    # The request.

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
        return event

    async def wait_readable(self) -> None:
        """Wait for a piece of the body; see ``BodyFeed``.

        Cancellation:
            Nothing is lost.
        """
        connection = self.connection
        if connection.exchange is not self:
            return
        connection._set_deadline(connection.limits.body_timeout_s)
        try:
            await connection.wait_readable()
        finally:
            if connection.exchange is self:
                connection._deadline = 0.0

    # The response.

    def _check(self) -> H1ServerConnection:
        connection = self.connection
        if connection.exchange is not self or not connection.is_alive:
            if self.is_ended and connection.is_alive:
                raise LocalProtocolError("unexpected-event", where="response to send", problem="the exchange has ended")
            raise connection.reset_error()
        return connection

    def _settle_body(self) -> None:
        """Before a final head: will the rest of the request be read?"""
        if self.request.expect_continue and not self._continued and not self._body_ended:
            # The client may send the body now or never: only a new connection is sure to be in step.
            self.connection.core.close_after()

    def send_informational(self, head: ResponseHead) -> None:
        """Send a 1xx response now; see ``ServerExchange``."""
        connection = self._check()
        if not 100 <= head.status <= 199 or head.status == 101:
            raise LocalProtocolError(
                "unexpected-event",
                where="response to send",
                problem="status is",
                seen=str(head.status),
                expected="1xx but 101",
            )
        raw = connection.core.send_response(head, None)
        if head.status == 100:
            self._continued = True
        connection.write(raw)

    def send_head(self, head: ResponseHead) -> None:
        """Give the final head; see ``ServerExchange``."""
        connection = self._check()
        if not self._body_ended:
            self._settle_body()
        raw = connection.core.send_response(head, None)
        self.head_sent = True
        connection.hold(raw)

    def send_response(self, head: ResponseHead, body: bytes) -> None:
        """Send a whole response in one write; see ``ServerExchange``."""
        connection = self._check()
        if not self._body_ended:
            self._settle_body()
        connection.write(connection.core.send_response(head, body))
        self.head_sent = True
        self.is_ended = True
        connection.exchange_ended(self)

    async def send_data(self, data: BytesLike) -> None:
        """Send a piece of the body; see ``SendingHalf``.

        Cancellation:
            The octets were accepted and will leave.
        """
        await self._check().write_data(data)

    async def end(self, trailers: CIMultiDict[str] | None = None) -> None:
        """End the response; see ``SendingHalf``.

        Cancellation:
            The end was accepted and will leave.
        """
        if self.is_ended:
            return
        connection = self._check()
        try:
            raw = connection.core.send_end(EndOfMessage(trailers))
        except LocalProtocolError:
            if self.head_sent:
                self.abort()
            raise
        self.is_ended = True
        connection.write(raw)
        connection.exchange_ended(self)

    def flush(self) -> None:
        """Let a head that waits for its body leave now."""
        self.connection.flush()

    def abort(self) -> None:
        """Give the response up: the connection is closed without its end."""
        if not self.is_ended:
            self.is_ended = True
            if self.connection.exchange is self:
                self.connection.exchange = None
                self.connection.abort()

    def take_over(self) -> tuple[Any, bytes]:
        """Hand the connection to another protocol; see ``ServerExchange``."""
        connection = self._check()
        if not connection.core.is_switched:
            raise LocalProtocolError("unexpected-event", where="connection", problem="no switch was agreed on")
        self.is_ended = True
        connection.exchange = None
        return connection.take_over()
