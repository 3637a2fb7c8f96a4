from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from skerry.web.lifespan import CleanupContexts

Log = list[str]


async def first(log: Log) -> AsyncIterator[None]:
    log.append("first in")
    yield
    log.append("first out")


@asynccontextmanager
async def second(log: Log) -> AsyncIterator[None]:
    log.append("second in")
    yield
    log.append("second out")


async def broken_start(log: Log) -> AsyncIterator[None]:
    log.append("broken in")
    raise ZeroDivisionError
    yield


async def broken_end(log: Log) -> AsyncIterator[None]:
    yield
    log.append("broken out")
    raise ZeroDivisionError


def contexts_of(*contexts: object) -> CleanupContexts[Log]:
    made: CleanupContexts[Log] = CleanupContexts()
    made.extend(contexts)  # type: ignore[arg-type]
    made.freeze()
    return made


async def test_contexts_are_left_in_reverse() -> None:
    log: Log = []
    contexts = contexts_of(first, second)
    await contexts.enter(log)
    assert log == ["first in", "second in"]
    await contexts.leave()
    assert log[2:] == ["second out", "first out"]
    await contexts.leave()
    assert len(log) == 4


async def test_what_was_entered_before_a_failure_is_left() -> None:
    log: Log = []
    contexts = contexts_of(first, broken_start, second)
    with pytest.raises(ZeroDivisionError):
        await contexts.enter(log)
    await contexts.leave()
    assert log == ["first in", "broken in", "first out"]


async def test_a_failure_at_the_end_does_not_keep_the_others_open() -> None:
    log: Log = []
    contexts = contexts_of(first, broken_end)
    await contexts.enter(log)
    with pytest.raises(ZeroDivisionError):
        await contexts.leave()
    assert log == ["first in", "broken out", "first out"]


async def test_several_failures_come_together() -> None:
    log: Log = []
    contexts = contexts_of(broken_end, broken_end)
    await contexts.enter(log)
    with pytest.raises(ExceptionGroup) as caught:
        await contexts.leave()
    assert [type(error) for error in caught.value.exceptions] == [ZeroDivisionError, ZeroDivisionError]
