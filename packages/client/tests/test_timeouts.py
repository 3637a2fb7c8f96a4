import asyncio
from typing import Any

import pytest

from skerry.client import ClientTimeout
from skerry.client.timeouts import DEFAULT_TIMEOUT, Deadlines


class Item:
    def __init__(self) -> None:
        self.expired = asyncio.Event()

    def expire(self) -> None:
        self.expired.set()


class CountingLoop:
    """An event loop that only counts how many timers it is asked for."""

    timers = 0

    def call_at(self, when: float, callback: Any, *args: Any) -> None:
        self.timers += 1


def test_a_timeout_is_frozen_and_off_by_default() -> None:
    timeout = ClientTimeout()
    assert (timeout.total, timeout.connect, timeout.sock_connect, timeout.sock_read) == (None, None, None, None)
    assert timeout.ceil_threshold == 5
    with pytest.raises(AttributeError):
        timeout.total = 1  # type: ignore[misc]


def test_a_session_waits_five_minutes_and_thirty_seconds_for_a_connection() -> None:
    assert ClientTimeout(total=300, sock_connect=30) == DEFAULT_TIMEOUT


@pytest.mark.parametrize("name", ["total", "connect", "sock_connect", "sock_read"])
@pytest.mark.parametrize("value", [-1, float("nan")])
def test_a_time_that_is_none_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        ClientTimeout(**{name: value})


async def test_long_times_are_rounded_up_to_whole_seconds_and_short_ones_are_not() -> None:
    loop = asyncio.get_running_loop()
    deadlines = Deadlines(loop)
    now = loop.time()
    far, near = deadlines.at(300, 5), deadlines.at(5, 5)
    assert far.is_integer()
    assert now + 300 <= far < now + 301.5
    assert now + 5 <= near < now + 5.5
    assert deadlines.at(None, 5) == deadlines.at(0, 5) == 0.0


async def test_who_is_not_discarded_is_told_and_only_he() -> None:
    deadlines = Deadlines(asyncio.get_running_loop())
    when = deadlines.at(0.01, 5)
    late, early, later = Item(), Item(), Item()
    deadlines.add(late, when)
    deadlines.add(early, when)
    deadlines.discard(early, when)
    deadlines.discard(early, when)
    deadlines.add(later, deadlines.at(300, 5))
    await late.expired.wait()
    assert not early.expired.is_set()
    assert not later.expired.is_set()
    deadlines.discard(late, when)


def test_deadlines_of_the_same_second_share_a_timer() -> None:
    loop: Any = CountingLoop()
    deadlines = Deadlines(loop)
    for _ in range(100):
        deadlines.add(Item(), 2.0**40)
    assert loop.timers == 1


async def test_closing_stops_the_timers_that_nobody_waits_for() -> None:
    loop = asyncio.get_running_loop()
    deadlines = Deadlines(loop)
    when = deadlines.at(300, 5)
    item, other = Item(), Item()
    deadlines.add(item, when)
    deadlines.discard(item, when)
    near = deadlines.at(0.01, 5)
    deadlines.add(other, near)
    deadlines.close()
    await other.expired.wait()
    assert not item.expired.is_set()
