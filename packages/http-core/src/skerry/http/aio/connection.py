"""The asyncio shell of HTTP/1.1: what a server's and a client's connection have in common.

It moves octets between a transport and the sans-IO core, stops reading when too many wait in the core, makes writers
wait when the peer does not take what was sent, and knows when the connection is gone. Events are not pushed on: the
exchange that runs pulls them from the core.
"""

import asyncio
from typing import Any

from ..events import END, NEED_DATA, Data, EndOfMessage
from ..exchange import BytesLike
from ..h1.connection import Connection, Role
from ..limits import Limits

JOIN_LIMIT = 65536
"""Octets up to which pieces are copied together for one write."""


class H1Connection:
    """A protocol for an asyncio transport, over a core; the base of both roles.

    Args:
        role: ``CLIENT`` or ``SERVER``.
        limits: Bounds for the core and for the buffers on both sides.
    """

    def __init__(self, role: Role, limits: Limits) -> None:
        self.core = Connection(role, limits)
        self.limits = limits
        self.transport: Any = None
        self.is_alive = False
        self._read_limit = limits.read_buffer_size or 2**62
        self._reading_paused = False
        self._writing_paused = False
        self._eof = False
        self._lost: BaseException | None = None
        self._read_waiter: asyncio.Future[None] | None = None
        self._write_waiters: list[asyncio.Future[None]] | None = None
        self._unsent = b""
        self._loop: Any = None

    # What asyncio calls.

    def connection_made(self, transport: Any) -> None:
        """Take the transport."""
        self.transport = transport
        self.is_alive = True
        self._loop = asyncio.get_running_loop()
        if self.limits.write_buffer_size:
            transport.set_write_buffer_limits(high=self.limits.write_buffer_size)

    def pause_writing(self) -> None:
        """Let writers wait: the peer does not take what was sent."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """Let writers go on."""
        self._writing_paused = False
        self._wake_writers()

    def connection_lost(self, error: BaseException | None) -> None:
        """Note that the transport is gone, and wake whoever waits for it."""
        self.is_alive = False
        self._lost = error
        self._unsent = b""
        self._writing_paused = False
        self.wake_reader()
        self._wake_writers()

    # Facts about the connection.

    @property
    def is_open(self) -> bool:
        """True while the peer can be reached."""
        return self.is_alive

    @property
    def is_secure(self) -> bool:
        """True on TLS."""
        return self.get_extra_info("sslcontext") is not None

    @property
    def alpn_protocol(self) -> str | None:
        """Protocol that TLS agreed on, or None."""
        tls = self.get_extra_info("ssl_object")
        return None if tls is None else tls.selected_alpn_protocol()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what the transport knows under ``name``."""
        if self.transport is None:
            return default
        return self.transport.get_extra_info(name, default)

    # Reading: pulled by the exchange.

    def note_received(self) -> None:
        """Stop reading when too much waits in the core."""
        if not self._reading_paused and self.core.buffered > self._read_limit:
            self._reading_paused = True
            self.transport.pause_reading()

    def note_taken(self, is_short: bool) -> None:
        """Read again when little is left in the core, or not enough for what comes next."""
        if self._reading_paused and (is_short or self.core.buffered <= self._read_limit >> 1):
            self.resume_reading()

    def pull(self) -> Any:
        """Return the next event of a body, or None when it has not come.

        Raises:
            RemoteProtocolError: The peer broke the framing.
            ConnectionResetError: The connection is gone.
        """
        event = self.core.next_event()
        if self._reading_paused:
            self.note_taken(event is NEED_DATA)
        if isinstance(event, Data | EndOfMessage):
            return event
        if event is NEED_DATA:
            if not self.is_alive:
                raise self.reset_error()
            return None
        return END

    def resume_reading(self) -> None:
        """Read again, if reading was stopped here."""
        if self._reading_paused:
            self._reading_paused = False
            if self.is_alive:
                self.transport.resume_reading()

    async def wait_readable(self) -> None:
        """Wait until octets, the end or the loss of the connection have come.

        Raises:
            RuntimeError: Another task waits already.

        Cancellation:
            Nothing is lost.
        """
        if self._read_waiter is not None:
            raise RuntimeError("another task is already reading this body, expected one reader at a time")
        if not self.is_alive or self._eof:
            return
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._read_waiter = waiter
        try:
            await waiter
        finally:
            self._read_waiter = None

    def wake_reader(self) -> None:
        """Let the reader look again."""
        waiter = self._read_waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    # Writing.

    def hold(self, raw: bytes) -> None:
        """Keep a head until its body comes, but not past the next turn of the loop."""
        if not self._unsent:
            self._loop.call_soon(self.flush)
        self._unsent += raw

    def flush(self) -> None:
        """Let a head that is kept leave now."""
        if self._unsent:
            raw, self._unsent = self._unsent, b""
            self.transport.write(raw)

    def write(self, raw: bytes) -> None:
        """Write octets, after a head that is kept."""
        if self._unsent:
            raw, self._unsent = self._unsent + raw, b""
        if raw:
            self.transport.write(raw)

    async def write_data(self, data: BytesLike) -> None:
        """Write a piece of a body with its framing, and wait while the peer does not take it.

        Raises:
            LocalProtocolError: The piece does not fit the message.
            ConnectionResetError: The connection is gone.

        Cancellation:
            The octets were accepted and will leave.
        """
        if not isinstance(data, bytes):
            data = bytes(data)  # a buffer that its owner may change must not be kept
        if not self.is_alive:
            raise self.reset_error()
        before, after = self.core.frame_data(len(data))
        if len(data) <= JOIN_LIMIT:
            self.write(before + data + after)
        else:
            self.write(before)
            self.transport.write(data)
            if after:
                self.transport.write(after)
        if self._writing_paused:
            await self.drain()

    async def drain(self) -> None:
        """Wait while the peer does not take what was sent.

        Raises:
            ConnectionResetError: The connection is gone.

        Cancellation:
            What was written will leave.
        """
        while self._writing_paused:
            waiter: asyncio.Future[None] = self._loop.create_future()
            if self._write_waiters is None:
                self._write_waiters = []
            self._write_waiters.append(waiter)
            await waiter
        if not self.is_alive:
            raise self.reset_error()

    def _wake_writers(self) -> None:
        waiters, self._write_waiters = self._write_waiters, None
        for waiter in waiters or ():
            if not waiter.done():
                waiter.set_result(None)

    def reset_error(self) -> ConnectionResetError:
        """Return the error for an exchange whose connection is gone."""
        error = ConnectionResetError("the connection to the peer is gone")
        error.__cause__ = self._lost
        return error

    def detach(self) -> tuple[Any, bytes]:
        """Give the transport away, with the octets that no message owns."""
        self.flush()
        self.resume_reading()
        self.is_alive = False
        return self.transport, self.core.trailing_data
