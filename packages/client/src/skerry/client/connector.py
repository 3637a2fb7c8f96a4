"""TCPConnector: carries out what the pool decides."""

import asyncio
import warnings
from ssl import SSLContext
from types import TracebackType

from skerry.http import DEFAULT_LIMITS, ClientConnection, ClientExchange, Limits
from skerry.http.aio import H1ClientConnection

from .errors import ClientConnectionError, ConnectionTimeoutError, ServerDisconnectedError
from .pool.dial import DialOptions, dial
from .pool.key import ConnectionKey
from .pool.pool import Dial, Outcome, Pool, Reuse, Wait


class TCPConnector:
    """Makes connections over TCP and TLS, and keeps those that can be used again.

    Args:
        limit: Connections in all, idle ones included; 0 is no limit.
        limit_per_host: Connections of one key (host, port and how TLS is checked); 0 is no limit.
        keepalive_timeout: Seconds that an idle connection is kept; None keeps it as long as the server does.
        force_close: Close each connection after one exchange.
        ssl: How certificates are checked: True the default way, False not at all, or a context.
        family: Address family; 0 is any.
        happy_eyeballs_delay: Seconds of head start of one address over the next; None tries one after the other.
        interleave: How many addresses of the first family come before one of the other.
        limits: Sizes that bound what a server can make the client hold.

    Raises:
        RuntimeError: No event loop runs.
        ValueError: A limit is negative.
    """

    def __init__(
        self,
        *,
        limit: int = 100,
        limit_per_host: int = 0,
        keepalive_timeout: float | None = 15.0,
        force_close: bool = False,
        ssl: SSLContext | bool = True,
        family: int = 0,
        happy_eyeballs_delay: float | None = 0.25,
        interleave: int | None = None,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        if min(limit, limit_per_host, keepalive_timeout or 0) < 0:
            raise ValueError("limit, limit_per_host and keepalive_timeout are 0 or more")
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._limit_per_host = limit_per_host
        self._keepalive_timeout = keepalive_timeout
        self._force_close = force_close
        self._ssl = ssl
        self._limits = limits
        self._dial_options = DialOptions(
            family=family, happy_eyeballs_delay_s=happy_eyeballs_delay, interleave=interleave
        )
        self._pool = Pool(
            limit=limit,
            limit_per_host=limit_per_host,
            keepalive_timeout_s=keepalive_timeout,
            force_close=force_close,
        )
        self._waiters: dict[Wait, asyncio.Future[Reuse | Dial]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def limit(self) -> int:
        """Connections in all; 0 is no limit."""
        return self._limit

    @property
    def limit_per_host(self) -> int:
        """Connections of one key; 0 is no limit."""
        return self._limit_per_host

    @property
    def force_close(self) -> bool:
        """True when each connection is closed after one exchange."""
        return self._force_close

    @property
    def ssl(self) -> SSLContext | bool:
        """How certificates are checked."""
        return self._ssl

    @property
    def closed(self) -> bool:
        """True once the connector is closed."""
        return self._closed

    def take(self, key: ConnectionKey) -> ClientExchange | None:
        """Open an exchange on a connection that is free; None when there is none."""
        connection = self._pool.take(key)
        return connection.open_exchange() if connection is not None else None

    async def open(
        self, key: ConnectionKey, *, sock_connect: float | None = None, fresh: bool = False
    ) -> tuple[ClientExchange, bool]:
        """Open an exchange: on a connection that is free, on a new one, or when one becomes free.

        Args:
            key: What the connection is for.
            sock_connect: Seconds that a new connection may take; None is no limit.
            fresh: Make a new connection if the limits allow it, even if another one is free.

        Returns:
            The exchange, and whether its connection was used before.

        Raises:
            ClientConnectorError: No connection can be made.
            ConnectionTimeoutError: It takes too long.
            ClientConnectionError: The connector is closed.

        Cancellation:
            Nothing stays open or reserved.
        """
        while True:
            if self._closed:
                raise ClientConnectionError("the connector is closed")
            decision = self._pool.acquire(key, fresh=fresh)
            is_granted = isinstance(decision, Wait)
            if isinstance(decision, Wait):
                decision = await self._wait(decision)
            if isinstance(decision, Dial):
                return await self._dial(decision, sock_connect), False
            member = decision.member
            connection = self._pool.redeem(member) if is_granted else member.connection
            if connection is not None:
                return connection.open_exchange(), True

    async def _wait(self, ticket: Wait) -> Reuse | Dial:
        waiter: asyncio.Future[Reuse | Dial] = self._loop.create_future()
        self._waiters[ticket] = waiter
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._return(waiter.result())
            raise
        finally:
            if self._waiters.pop(ticket, None) is not None:
                self._pool.withdraw(ticket)

    def _return(self, decision: Reuse | Dial) -> None:
        """Give back what was granted to somebody who no longer wants it."""
        if isinstance(decision, Dial):
            self._close(decision.evicted)
            self._carry_out(self._pool.failed(decision.member))
        else:
            self._carry_out(self._pool.give_back(decision.member, self._loop.time()))

    async def _dial(self, decision: Dial, sock_connect: float | None) -> ClientExchange:
        member = decision.member
        self._close(decision.evicted)
        try:
            connection = await self._connect(member.key, sock_connect)
            if self._closed or connection.capacity < 1:
                connection.close()
                host = f"{member.key.host}:{member.key.port}"
                raise ServerDisconnectedError(f"the connection to {host} was closed before it was used")
            exchange = connection.open_exchange()
        except BaseException:
            self._carry_out(self._pool.failed(member))
            raise
        connection.set_listener(self._on_change)
        self._carry_out(self._pool.connected(member, connection, self._loop.time()))
        return exchange

    async def _connect(self, key: ConnectionKey, seconds: float | None) -> ClientConnection:
        if not seconds:
            return await dial(key, self._make_connection, self._dial_options, self._loop)
        try:
            async with asyncio.timeout(seconds) as scope:
                return await dial(key, self._make_connection, self._dial_options, self._loop)
        except TimeoutError as exc:
            if scope.expired():
                where = f"{key.host}:{key.port}"
                raise ConnectionTimeoutError(f"no connection to {where} within {seconds:g} s (sock_connect)") from exc
            raise

    def _make_connection(self) -> H1ClientConnection:
        return H1ClientConnection(limits=self._limits)

    def _on_change(self, connection: ClientConnection) -> None:
        """A connection of the pool has other capacity than before, or is closed."""
        outcome = self._pool.changed(connection, self._loop.time())
        if outcome.grants or outcome.close:
            self._carry_out(outcome)
        if self._timer is None and self._keepalive_timeout is not None and connection.is_open and not connection.active:
            self._timer = self._loop.call_later(self._keepalive_timeout, self._expire)

    def _carry_out(self, outcome: Outcome) -> None:
        for connection in outcome.close:
            self._close(connection)
        for ticket, decision in outcome.grants:
            waiter = self._waiters.pop(ticket, None)
            if waiter is not None and not waiter.done():
                waiter.set_result(decision)
            else:
                self._return(decision)

    def _expire(self) -> None:
        """Close what has been idle for too long, and come back when the next one will have been."""
        self._timer = None
        expired, again_at = self._pool.expire(self._loop.time())
        for connection in expired:
            self._close(connection)
        if again_at is not None:
            self._timer = self._loop.call_at(again_at, self._expire)

    def _close(self, connection: ClientConnection | None) -> None:
        if connection is not None:
            connection.set_listener(_ignore)
            connection.close()

    def close_now(self) -> list[ClientConnection]:
        """Close everything without waiting.

        Returns:
            The connections that were closed now.
        """
        if self._closed:
            return []
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        connections, tickets = self._pool.close()
        for ticket in tickets:
            waiter = self._waiters.pop(ticket, None)
            if waiter is not None and not waiter.done():
                waiter.set_exception(ClientConnectionError("the connector is closed"))
        for connection in connections:
            self._close(connection)
        return connections

    async def close(self) -> None:
        """Close all connections, those in use included. Can be repeated.

        Cancellation:
            The connections close all the same.
        """
        for connection in self.close_now():
            await connection.wait_closed()

    async def __aenter__(self) -> "TCPConnector":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", True) and self._pool.count:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=1)
            if not self._loop.is_closed():
                self.close_now()


def _ignore(connection: ClientConnection) -> None:
    """Listen to a connection that has left the pool."""
