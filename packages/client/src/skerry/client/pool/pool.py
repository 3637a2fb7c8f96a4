"""The pool decides; it does not act.

It knows every connection of a connector and everybody who waits for one, and answers each event with what is to be
done: take this connection, dial a new one, wait, close that one. It opens, closes and awaits nothing and has no clock:
whoever owns it carries the decisions out at once, before the event loop turns.

The rules:

- A connection belongs to one key, and carries as many exchanges as its ``capacity`` says: one for HTTP/1.1.
- ``limit`` bounds all connections, idle ones and those being dialled included; ``limit_per_host`` those of one key.
- Who waits is served in the order of coming. One exception: a connection that becomes free goes to the first who waits
  for its own key, even if somebody with another key came earlier; who was passed over ``MAX_PASSED`` times is served
  by closing a connection for him.
- When the limit is reached and somebody needs a new connection, the connection that is idle for the longest is closed.
- The connection used last is used first, so those that are not needed grow old and are closed.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Final

from skerry.http import ClientConnection

from .key import ConnectionKey

MAX_PASSED = 16
"""Times that somebody may be passed over in favour of the key of a connection that became free."""


class Member:
    """A connection in the pool, or the place of one that is being dialled.

    Args:
        key: What it is for.
    """

    __slots__ = ("connection", "idle_since", "is_ready", "key", "reserved", "reuse")

    def __init__(self, key: ConnectionKey) -> None:
        self.key = key
        """What the connection is for."""
        self.connection: ClientConnection | None = None
        """The connection; None while it is being dialled, and after it has left the pool."""
        self.reserved = 0
        """Exchanges promised to those who waited and have not come for them yet."""
        self.is_ready = False
        """True while it is in the list of those that can be taken."""
        self.idle_since = 0.0
        """When the last exchange ended, in the time of the caller."""
        self.reuse = Reuse(self)
        """The decision to use it, made once."""

    @property
    def is_idle(self) -> bool:
        """True when nothing runs on it and nothing is promised."""
        return self.connection is not None and not self.reserved and not self.connection.active


class Reuse:
    """Open an exchange on the connection of ``member`` now."""

    __slots__ = ("member",)

    def __init__(self, member: Member) -> None:
        self.member = member
        """Where."""


@dataclass(slots=True)
class Dial:
    """Make a connection and tell ``connected`` or ``failed``."""

    member: Member
    """The place that is kept for it."""
    evicted: ClientConnection | None = None
    """A connection to close first; it has left the pool."""


class Wait:
    """Wait until the pool grants something to this ticket. Compares by identity.

    Args:
        key: What the ticket is for.
        number: Place in the order of coming.
    """

    __slots__ = ("key", "number", "passed")

    def __init__(self, key: ConnectionKey, number: int) -> None:
        self.key = key
        """What it waits for."""
        self.number = number
        """Place in the order of coming."""
        self.passed = 0
        """How often somebody who came later was served."""


@dataclass(slots=True)
class Outcome:
    """What is to be done after an event."""

    grants: list[tuple[Wait, Reuse | Dial]] = field(default_factory=list)
    """Who waits no longer. A granted ``Reuse`` is to be redeemed or returned."""
    close: list[ClientConnection] = field(default_factory=list)
    """Connections to close; they have left the pool."""


NOTHING: Final = Outcome()
"""Nothing is to be done."""


class _Origin:
    """The connections and the waiting of one key."""

    __slots__ = ("members", "ready", "waiting")

    def __init__(self) -> None:
        self.members = 0
        self.ready: list[Member] = []
        self.waiting: dict[Wait, None] = {}


class Pool:
    """The connections of a connector.

    Args:
        limit: Connections in all; 0 is no limit.
        limit_per_host: Connections of one key; 0 is no limit.
        keepalive_timeout_s: Seconds that an idle connection is kept; None keeps it as long as the server does.
        force_close: Close each connection after one exchange.
    """

    def __init__(
        self,
        *,
        limit: int = 0,
        limit_per_host: int = 0,
        keepalive_timeout_s: float | None = None,
        force_close: bool = False,
    ) -> None:
        self._limit = limit
        self._limit_per_host = limit_per_host
        self._keepalive_timeout_s = keepalive_timeout_s
        self._force_close = force_close
        self._origins: dict[ConnectionKey, _Origin] = {}
        self._members: dict[ClientConnection, Member] = {}
        self._waiting = 0
        self._numbers = count(1)
        self._count = 0

    @property
    def count(self) -> int:
        """Connections, those being dialled included."""
        return self._count

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting

    def take(self, key: ConnectionKey) -> ClientConnection | None:
        """Return a connection on which an exchange can be opened now, or None: then ``acquire`` decides.

        The caller opens the exchange before anything else is asked of the pool.
        """
        origin = self._origins.get(key)
        if origin is None:
            return None
        ready = origin.ready
        while ready:
            member = ready[-1]
            connection = member.connection
            free = connection.capacity - member.reserved if connection is not None else 0
            if free <= 1:
                ready.pop()
                member.is_ready = False
            if free > 0:
                return connection
        return None

    def acquire(self, key: ConnectionKey, *, fresh: bool = False) -> Reuse | Dial | Wait:
        """Decide where a request goes.

        Args:
            key: What it needs.
            fresh: Dial if the limits allow it, even if a connection that was used before is free.

        Returns:
            ``Reuse``: open the exchange before anything else is asked of the pool. ``Dial``: a place is kept.
            ``Wait``: the ticket is in the queue until it is granted something or withdrawn.
        """
        connection = None if fresh else self.take(key)
        if connection is None:
            dial = self._decide_dial(key)
            if dial is not None:
                return dial
            connection = self.take(key) if fresh else None
        if connection is not None:
            return self._members[connection].reuse
        ticket = Wait(key, next(self._numbers))
        self._waiting += 1
        self._origin(key).waiting[ticket] = None
        return ticket

    def withdraw(self, ticket: Wait) -> None:
        """Forget somebody who no longer waits; nothing happens when the ticket was granted something."""
        origin = self._origins.get(ticket.key)
        if origin is not None and origin.waiting.pop(ticket, ticket) is None:
            self._waiting -= 1
            self._forget_empty(ticket.key)

    def redeem(self, member: Member) -> ClientConnection | None:
        """End the promise of a granted ``Reuse``: the exchange is opened now.

        Returns:
            The connection, or None when it was lost in the meantime.
        """
        member.reserved -= 1
        connection = member.connection
        return connection if connection is not None and connection.capacity > 0 else None

    def give_back(self, member: Member, now: float) -> Outcome:
        """Take back a granted ``Reuse`` that nobody came for."""
        member.reserved -= 1
        return self.changed(member.connection, now) if member.connection is not None else NOTHING

    def connected(self, member: Member, connection: ClientConnection, now: float) -> Outcome:
        """A place that was kept is filled. The dialler opens its own exchange before it says so."""
        member.connection = connection
        self._members[connection] = member
        return self.changed(connection, now)

    def failed(self, member: Member) -> Outcome:
        """A place that was kept stays empty."""
        outcome = Outcome()
        self._remove(member)
        self._serve_places(outcome)
        return outcome

    def changed(self, connection: ClientConnection, now: float) -> Outcome:
        """A connection has other capacity than before, or is closed.

        Args:
            connection: One that may have left the pool already.
            now: Time in seconds, of the same clock as in ``expire``.
        """
        member = self._members.get(connection)
        if member is None:
            return NOTHING
        if not connection.is_open:
            self._remove(member)
            return self._served() if self._waiting else NOTHING
        if connection.capacity <= member.reserved:
            return NOTHING
        if self._force_close and member.is_idle:
            self._remove(member)
            outcome = Outcome(close=[connection])
            self._serve_places(outcome)
            return outcome
        if self._waiting:
            outcome = self._serve_member(member)
            if member.connection is None or connection.capacity <= member.reserved:
                return outcome
        else:
            outcome = NOTHING
        member.idle_since = now
        if not member.is_ready:
            member.is_ready = True
            self._origins[member.key].ready.append(member)
        return outcome

    def expire(self, now: float) -> tuple[list[ClientConnection], float | None]:
        """Remove the connections that have been idle for too long.

        Returns:
            The connections to close, and when to ask again; None while nothing is idle.
        """
        if self._keepalive_timeout_s is None:
            return [], None
        idle = [member for member in self._members.values() if member.is_idle]
        border = now - self._keepalive_timeout_s
        expired = [member for member in idle if member.idle_since <= border]
        left = [member.idle_since for member in idle if member.idle_since > border]
        close = [member.connection for member in expired if member.connection is not None]
        for member in expired:
            self._remove(member)
        return close, min(left) + self._keepalive_timeout_s if left else None

    def close(self) -> tuple[list[ClientConnection], list[Wait]]:
        """Empty the pool; return the connections to close and the tickets that nothing will be granted to."""
        connections = list(self._members)
        tickets = [ticket for origin in self._origins.values() for ticket in origin.waiting]
        for member in self._members.values():
            member.connection = None
        self._members.clear()
        self._waiting = 0
        self._origins.clear()
        self._count = 0
        return connections, tickets

    # What follows keeps the books.

    def _origin(self, key: ConnectionKey) -> _Origin:
        origin = self._origins.get(key)
        if origin is None:
            origin = self._origins[key] = _Origin()
        return origin

    def _forget_empty(self, key: ConnectionKey) -> None:
        origin = self._origins[key]
        if not origin.members and not origin.waiting:
            del self._origins[key]

    def _may_grow(self, key: ConnectionKey) -> bool:
        origin = self._origins.get(key)
        return not self._limit_per_host or origin is None or origin.members < self._limit_per_host

    def _decide_dial(self, key: ConnectionKey) -> Dial | None:
        """Keep a place for a new connection, if need be in exchange for an idle one."""
        evicted = None
        if not self._may_grow(key):
            evicted = self._evict([member for member in self._origins[key].ready if member.is_idle])
        elif self._limit and self._count >= self._limit:
            evicted = self._evict([member for member in self._members.values() if member.is_idle])
        else:
            return Dial(self._place(key))
        return Dial(self._place(key), evicted) if evicted is not None else None

    def _evict(self, idle: list[Member]) -> ClientConnection | None:
        if not idle:
            return None
        member = min(idle, key=lambda member: member.idle_since)
        connection = member.connection
        self._remove(member)
        return connection

    def _place(self, key: ConnectionKey) -> Member:
        member = Member(key)
        self._origin(key).members += 1
        self._count += 1
        return member

    def _remove(self, member: Member) -> None:
        if member.connection is not None:
            del self._members[member.connection]
            member.connection = None
        origin = self._origins.get(member.key)
        if origin is None:  # the pool was closed
            return
        if member.is_ready:
            member.is_ready = False
            origin.ready.remove(member)
        origin.members -= 1
        self._count -= 1
        self._forget_empty(member.key)

    def _grant(self, outcome: Outcome, ticket: Wait, decision: Reuse | Dial) -> None:
        self._waiting -= 1
        del self._origins[ticket.key].waiting[ticket]
        outcome.grants.append((ticket, decision))

    def _served(self) -> Outcome:
        outcome = Outcome()
        self._serve_places(outcome)
        return outcome

    def _serve_places(self, outcome: Outcome) -> None:
        """Have those dial who wait for a place, as far as the limits allow."""
        while not self._limit or self._count < self._limit:
            ticket = self._first_to_dial()
            if ticket is None:
                return
            self._grant(outcome, ticket, Dial(self._place(ticket.key)))

    def _first_to_dial(self) -> Wait | None:
        """Return who waits for the longest of those whose key may have another connection."""
        if not self._waiting:
            return None
        origins = self._origins.items()
        first = (next(iter(origin.waiting)) for key, origin in origins if origin.waiting and self._may_grow(key))
        return min(first, key=lambda ticket: ticket.number, default=None)

    def _serve_member(self, member: Member) -> Outcome:
        """Promise what ``member`` can carry to those who wait for its key, or give its place to somebody else."""
        outcome = Outcome()
        connection = member.connection
        waiting = self._origins[member.key].waiting
        while connection is not None and connection.capacity > member.reserved:
            oldest = self._first_to_dial()
            ticket = next(iter(waiting), None)
            is_fair = oldest is None or oldest.key == member.key or oldest.passed < MAX_PASSED
            if ticket is not None and (is_fair or not member.is_idle):
                member.reserved += 1
                self._grant(outcome, ticket, member.reuse)
                if oldest is not None and oldest is not ticket:
                    oldest.passed += 1
            elif oldest is not None and member.is_idle:
                outcome.close.append(connection)
                self._remove(member)
                self._serve_places(outcome)
                connection = None
            else:
                break
        return outcome
