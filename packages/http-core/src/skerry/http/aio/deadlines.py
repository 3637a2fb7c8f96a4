"""One coarse clock for all connections of a server, in place of a timer for each.

The clock turns once an interval and lets each connection look at its own deadlines. An idle connection costs one entry
in a set and no timer, and a deadline is set by storing a number.
"""

from asyncio import AbstractEventLoop, TimerHandle
from typing import Protocol


class Watched(Protocol):
    """What a clock calls."""

    def tick(self, now: float) -> None:
        """Look at the deadlines; ``now`` is the time of the loop in seconds."""


class CoarseClock:
    """A time that is right to one interval, and a tick for whoever asks.

    Args:
        loop: The loop whose time it tells.
        interval_s: Seconds between two ticks; deadlines are late by up to as much.
    """

    def __init__(self, loop: AbstractEventLoop, interval_s: float = 1.0) -> None:
        self._loop = loop
        self._interval_s = interval_s
        self._watched: set[Watched] = set()
        self._handle: TimerHandle | None = None
        self.now = loop.time()
        """Time of the loop at the last tick, in seconds."""

    def start(self) -> None:
        """Begin to tick. Can be repeated."""
        if self._handle is None:
            self.now = self._loop.time()
            self._handle = self._loop.call_later(self._interval_s, self._tick)

    def stop(self) -> None:
        """Tick no more. Can be repeated."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def watch(self, item: Watched) -> None:
        """Call ``item.tick(now)`` from now on."""
        self._watched.add(item)

    def forget(self, item: Watched) -> None:
        """Call it no more; nothing happens when it was not watched."""
        self._watched.discard(item)

    def _tick(self) -> None:
        self.now = now = self._loop.time()
        self._handle = self._loop.call_later(self._interval_s, self._tick)
        for item in tuple(self._watched):
            item.tick(now)
