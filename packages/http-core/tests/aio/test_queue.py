"""DataQueue: order, the end, errors, one reader."""

import asyncio

import pytest

from skerry.http.aio.queue import DataQueue, EofStream


async def test_messages_are_read_in_order_and_then_the_end() -> None:
    queue: DataQueue[int] = DataQueue()
    queue.feed_data(1)
    queue.feed_data(2, 10)
    assert (len(queue), queue.is_eof(), queue.at_eof()) == (2, False, False)
    queue.feed_eof()
    assert (queue.is_eof(), queue.at_eof()) == (True, False)
    assert [await queue.read(), await queue.read()] == [1, 2]
    assert queue.at_eof()
    with pytest.raises(EofStream):
        await queue.read()


async def test_a_reader_waits_for_the_next_message() -> None:
    queue: DataQueue[str] = DataQueue(asyncio.get_running_loop())
    reading = asyncio.ensure_future(queue.read())
    await asyncio.sleep(0)
    assert not reading.done()
    queue.feed_data("a")
    assert await reading == "a"


async def test_iteration_ends_with_the_queue() -> None:
    queue: DataQueue[int] = DataQueue()
    for number in range(3):
        queue.feed_data(number)
    queue.feed_eof()
    assert [number async for number in queue] == [0, 1, 2]


async def test_an_error_comes_after_what_was_there() -> None:
    queue: DataQueue[int] = DataQueue()
    queue.feed_data(1)
    error, cause = ValueError("x"), OSError("y")
    queue.set_exception(error, cause)
    assert queue.exception() is error
    assert await queue.read() == 1
    with pytest.raises(ValueError, match="x") as caught:
        await queue.read()
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("end", ["feed_eof", "set_exception"])
async def test_a_waiting_reader_learns_of_the_end(end: str) -> None:
    queue: DataQueue[int] = DataQueue()
    reading = asyncio.ensure_future(queue.read())
    await asyncio.sleep(0)
    if end == "feed_eof":
        queue.feed_eof()
    else:
        queue.set_exception(EofStream())
    with pytest.raises(EofStream):
        await reading


async def test_a_second_reader_is_refused_and_a_cancelled_one_loses_nothing() -> None:
    queue: DataQueue[int] = DataQueue()
    reading = asyncio.ensure_future(queue.read())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="one reader at a time"):
        await queue.read()
    reading.cancel()
    await asyncio.sleep(0)
    queue.feed_data(1)
    assert await queue.read() == 1
