"""How long a request may take, and who notices that it took longer.

Most requests end long before their deadline, so a deadline has to be cheap to set and to forget. Deadlines further away
than ``ceil_threshold`` are rounded up to a whole second, and all that fall into the same second share one timer of the
event loop. Nobody is cancelled when a deadline passes: its owner is told, gives its exchange up, and whoever waits for
the exchange wakes with an error.
"""

import asyncio
import math
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ClientTimeout:
    """The times a request may take, in seconds. None and 0 switch a limit off.

    Raises:
        ValueError: A time is negative or not a number.
    """

    total: float | None = None
    """The whole: from the call to the last octet of the body, redirects included."""
    connect: float | None = None
    """Until there is a connection: waiting for a place in the pool, DNS, TCP and TLS."""
    sock_read: float | None = None
    """The longest silence of the server: while its head is awaited, once the request is sent, and between two reads."""
    sock_connect: float | None = None
    """DNS, TCP and TLS for a new connection."""
    ceil_threshold: float = 5
    """Times longer than this are rounded up to whole seconds of the clock."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ValueError(f"{name} is {value!r}, expected seconds, 0 (off) or more")


DEFAULT_TIMEOUT = ClientTimeout(total=300, sock_connect=30)
"""What a session applies when it is not told."""


class Expiring(Protocol):
    """What has a deadline."""

    def expire(self) -> None:
        """The deadline has passed. Must not raise."""


class Deadlines:
    """The deadlines of the requests of one session, on one event loop.

    Args:
        loop: The event loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._groups: dict[float, set[Expiring]] = {}
        self._timers: dict[float, asyncio.TimerHandle] = {}

    def at(self, seconds: float | None, ceil_threshold: float) -> float:
        """Return the loop time at which ``seconds`` from now are over, or 0.0 for never."""
        if not seconds:
            return 0.0
        when = self._loop.time() + seconds
        return float(math.ceil(when)) if seconds > ceil_threshold else when

    def add(self, item: Expiring, when: float) -> None:
        """Call ``item.expire()`` at the loop time ``when``, unless it is discarded before."""
        group = self._groups.get(when)
        if group is None:
            self._groups[when] = {item}
            self._timers[when] = self._loop.call_at(when, self._ring, when)
        else:
            group.add(item)

    def discard(self, item: Expiring, when: float) -> None:
        """Forget ``item``; nothing happens when it is not known."""
        group = self._groups.get(when)
        if group is not None:
            group.discard(item)
            if not group and not when.is_integer():  # nobody else will come for this odd moment
                del self._groups[when]
                self._timers.pop(when).cancel()

    def _ring(self, when: float) -> None:
        self._timers.pop(when, None)
        for item in self._groups.pop(when, ()):
            item.expire()

    def close(self) -> None:
        """Stop the timers that nobody waits for; responses that are still read keep their deadline."""
        for when in [when for when, group in self._groups.items() if not group]:
            del self._groups[when]
            self._timers.pop(when).cancel()
