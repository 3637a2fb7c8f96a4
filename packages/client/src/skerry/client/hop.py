"""One request on one exchange: its upload, its deadlines, and the body of its response.

A hop ends when the response is complete, or when it is given up. It is given up by ``exchange.abort()``: every wait for
the exchange then ends with an error, and ``explain`` says what that error means for the caller.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Final

from skerry.http import END, BytesLike, ClientExchange, Data, EndOfMessage, RemoteProtocolError, RequestHead

from .errors import (
    ClientConnectionError,
    ClientOSError,
    ClientPayloadError,
    ClientResponseError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from .request import Body, ClientRequest
from .request_info import Answer
from .timeouts import ClientTimeout, Deadlines

WHOLE_BODY_SIZE: Final = 1048576
"""Octets up to which a body that is known as a whole is handed over in one go."""
PIECE_SIZE: Final = 65536
"""Octets of a piece of a longer one."""

_PEER_ERRORS = (RemoteProtocolError, ConnectionResetError)


class Hop:
    """One request on one exchange. It feeds the ``StreamReader`` of the response.

    Args:
        request: The request.
        exchange: Where it goes; nothing was sent on it yet.
        timeout: The times it may take.
        deadlines: Deadlines of the session.
        deadline: Loop time at which ``timeout.total`` is over; 0.0 is never.
    """

    __slots__ = (
        "_deadline",
        "_deadlines",
        "_early",
        "_is_body",
        "_is_switched",
        "_sender",
        "_silence",
        "_timed_out",
        "exchange",
        "is_done",
        "request",
        "timeout",
        "upload_error",
    )

    def __init__(
        self,
        request: ClientRequest,
        exchange: ClientExchange,
        timeout: ClientTimeout,
        deadlines: Deadlines,
        deadline: float,
    ) -> None:
        self.request = request
        """The request."""
        self.exchange = exchange
        """Where it goes."""
        self.timeout = timeout
        """The times it may take."""
        self.is_done = False
        """True once the response is complete or given up."""
        self.upload_error: Exception | None = None
        """What went wrong while the pieces of the body were made, or None."""
        self._deadlines = deadlines
        self._deadline = deadline
        self._early: list[Data | EndOfMessage | Exception] = []
        self._is_body = False
        self._is_switched = False
        self._sender: asyncio.Task[None] | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._timed_out = ""
        if deadline:
            deadlines.add(self, deadline)

    def send(self, head: RequestHead) -> None:
        """Send the request: at once when the body is known and not too long, else from a task of its own.

        Raises:
            LocalProtocolError: The head breaks a rule; nothing was sent.
            ConnectionResetError: The connection is gone.
        """
        body = self.request.body
        if body is None:
            self.exchange.send_request(head, b"")
        elif isinstance(body, bytes) and len(body) <= WHOLE_BODY_SIZE:
            self.exchange.send_request(head, body)
        else:
            self.exchange.send_head(head)
            self._sender = asyncio.get_running_loop().create_task(self._send_body(body))

    async def _send_body(self, body: Body) -> None:
        try:
            if isinstance(body, bytes):
                await self._send_pieces(_split(body))
                return
            pieces = aiter(body)
            try:
                await self._send_pieces(pieces)
            finally:
                close = getattr(pieces, "aclose", None)
                if close is not None:
                    await close()
        except Exception as exc:
            self.upload_error = exc
            self.exchange.abort()

    async def _send_pieces(self, pieces: AsyncIterator[BytesLike]) -> None:
        """Send pieces until there are no more, or until the server takes none: who reads the response is told then."""
        async for piece in pieces:
            try:
                await self.exchange.send_data(piece)
            except ConnectionResetError:
                return
        with contextlib.suppress(ConnectionResetError):
            await self.exchange.end()

    @property
    def was_stopped(self) -> bool:
        """True when the exchange was given up here: a deadline passed, or the pieces of the body failed."""
        return bool(self._timed_out) or self.upload_error is not None

    def begin_body(self, is_switched: bool) -> None:
        """Take the body as far as it came together with the head.

        A response that is complete frees its connection here, read or not; what came is kept for the reader.

        Args:
            is_switched: The connection speaks another protocol from here on: there is no body, and it stays with the
                response until that is released.
        """
        self._is_body = True
        self._is_switched = is_switched
        if is_switched:
            return
        early = self._early
        try:
            while len(early) < 2:
                event = self.exchange.receive_nowait()
                if event is None:
                    return
                early.append(event)
                if isinstance(event, EndOfMessage):
                    self._finish()
                    return
        except _PEER_ERRORS as exc:
            early.append(exc)

    def receive_nowait(self) -> Data | EndOfMessage | None:
        """Take the next piece of the body, the end of the message, or None when nothing has arrived.

        Raises:
            ClientPayloadError: The body is broken or incomplete.
            TimeoutError: It took too long.
        """
        if self._is_switched:
            return END
        if self._early:
            early = self._early.pop(0)
            if isinstance(early, Exception):
                raise self._give_up(early)
            return early
        try:
            event = self.exchange.receive_nowait()
        except _PEER_ERRORS as exc:
            raise self._give_up(exc) from (self.upload_error or exc)
        if isinstance(event, EndOfMessage):
            self._finish()
        return event

    def wait_readable(self) -> Coroutine[Any, Any, None]:
        """Wait until ``receive_nowait`` has something to give or to raise.

        Raises:
            RuntimeError: Another task waits already.

        Cancellation:
            Nothing is lost; the next call waits again.
        """
        return self._wait_watched() if self.timeout.sock_read else self.exchange.wait_readable()

    async def _wait_watched(self) -> None:
        self.watch_silence()
        try:
            await self.exchange.wait_readable()
        finally:
            self.unwatch_silence()

    def watch_silence(self) -> None:
        """Give the exchange up after ``sock_read`` seconds, unless ``unwatch_silence`` is first."""
        if self.timeout.sock_read:
            loop = asyncio.get_running_loop()
            self._silence = loop.call_later(self.timeout.sock_read, self._on_silence)

    def unwatch_silence(self) -> None:
        """The server has spoken."""
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _on_silence(self) -> None:
        if self._sender is not None and not self._sender.done():
            self.watch_silence()  # the server may wait for the rest of the body
            return
        self._timed_out = "sock_read"
        self.exchange.abort()

    def expire(self) -> None:
        """The deadline of the request has passed."""
        self._timed_out = "total"
        self.exchange.abort()

    def _finish(self) -> None:
        self.is_done = True
        if self._deadline:
            self._deadlines.discard(self, self._deadline)
        if self._sender is not None and not self._sender.done():
            self._sender.cancel()  # the answer is complete before the question: nobody reads the rest of it
            self.exchange.abort()

    def abort(self) -> None:
        """Give the exchange up; nothing happens when it is done."""
        if not self.is_done:
            self.unwatch_silence()
            self.exchange.abort()
            self._finish()

    def release(self) -> None:
        """End the hop: the connection can be used again if the rest of the body is there already."""
        if self._is_switched:
            self.abort()
        try:
            while not self.is_done:
                if self.receive_nowait() is None:
                    self.abort()
        except (ClientPayloadError, TimeoutError, ClientConnectionError):
            self.abort()
        self._early.clear()

    async def wait_sent(self) -> None:
        """Wait until the task that sends the body is over.

        Cancellation:
            The upload goes on.
        """
        if self._sender is not None:
            await asyncio.wait((self._sender,))

    def _give_up(self, exc: Exception) -> Exception:
        error = self.explain(exc)
        self.abort()
        if error.__cause__ is None:
            error.__cause__ = self.upload_error or exc
        return error

    def explain(self, exc: Exception, history: tuple[Answer, ...] = ()) -> Exception:
        """Return the error for the caller that stands for ``exc``, which the exchange raised."""
        where = f"{self.request.key.host}:{self.request.key.port}"
        part = "the body of its answer is not complete" if self._is_body else "there is no answer"
        if self._timed_out == "total":
            return TimeoutError(f"{where}: {part} within {self.timeout.total:g} s (total)")
        if self._timed_out:
            return SocketTimeoutError(f"{where}: silent for {self.timeout.sock_read:g} s (sock_read), {part}")
        if self.upload_error is not None:
            error = f"{where}: the body of the request failed: {self.upload_error!r}"
            return ClientConnectionError(error)
        if self._is_body:
            return ClientPayloadError(f"{where}: the body of the response is broken or incomplete: {exc}")
        if isinstance(exc, RemoteProtocolError) and exc.code != "incomplete-head":
            return ClientResponseError(self.request.request_info, history, status=400, message=str(exc))
        cause = exc.__cause__
        if isinstance(cause, OSError):
            return ClientOSError(cause.errno, f"{where}: {cause.strerror or cause}")
        if self.exchange.has_response_begun:
            return ServerDisconnectedError(f"{where} left in the middle of the head of its answer")
        return ServerDisconnectedError(f"{where} left without an answer")


async def _split(body: bytes) -> AsyncIterator[BytesLike]:
    view = memoryview(body)
    for start in range(0, len(body), PIECE_SIZE):
        yield view[start : start + PIECE_SIZE]
