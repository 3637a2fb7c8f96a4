"""PushFeed: filled from one side, read from the other, full in octets or in pieces."""

import asyncio

import pytest
from multidict import CIMultiDict

from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.stream import StreamReader
from skerry.http.events import Data


async def test_what_is_pushed_is_read_in_its_order() -> None:
    trailers = CIMultiDict({"a": "b"})
    feed = PushFeed()
    reader = StreamReader(feed)
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    feed.feed_data(b"ab")
    await asyncio.sleep(0)
    feed.feed_data(b"")
    feed.feed_data(b"c", chunk_end=True)
    feed.feed_eof(trailers)
    assert await reading == b"abc"
    assert reader.trailers is trailers


async def test_a_buffer_may_change_once_it_was_pushed() -> None:
    feed = PushFeed()
    buffer = bytearray(b"ab")
    feed.feed_data(buffer)
    feed.feed_data(memoryview(buffer))
    buffer[:] = b"##"
    feed.feed_eof()
    assert await StreamReader(feed).read() == b"abab"


async def test_an_error_comes_after_the_pieces_before_it() -> None:
    feed = PushFeed()
    feed.feed_data(b"ab")
    feed.set_exception(ConnectionResetError("gone"))
    feed.set_exception(ValueError("later"))
    feed.feed_eof()
    reader = StreamReader(feed)
    assert await reader.readany() == b"ab"
    with pytest.raises(ConnectionResetError):
        await reader.readany()


@pytest.mark.parametrize(
    "end", [PushFeed.feed_eof, lambda feed: feed.set_exception(ValueError())], ids=["end", "error"]
)
def test_nothing_comes_after_the_end(end: object) -> None:
    feed = PushFeed()
    end(feed)  # type: ignore[operator]
    with pytest.raises(RuntimeError, match="has ended"):
        feed.feed_data(b"a")


@pytest.mark.parametrize(
    ("piece", "until_full", "until_low"),
    [
        pytest.param(b"x" * 100, 6, 4, id="octets"),
        pytest.param(b"x", 17, 9, id="pieces-of-one-octet"),
        pytest.param(b"", 17, 9, id="ends-of-chunks"),
    ],
)
def test_it_is_full_above_its_bounds_and_says_when_it_is_low(piece: bytes, until_full: int, until_low: int) -> None:
    lows: list[bool] = []
    feed = PushFeed(limit=256, on_low=lambda: lows.append(feed.is_full))
    states = [feed.feed_data(piece, chunk_end=True) for _ in range(until_full)]
    assert states == [False] * (until_full - 1) + [True]
    for taken in range(until_full):
        assert isinstance(feed.receive_nowait(), Data)
        assert feed.is_full == (taken + 1 < until_low)
    assert lows == [False]
    assert feed.receive_nowait() is None


async def test_two_tasks_cannot_wait() -> None:
    feed = PushFeed()
    waiting = asyncio.create_task(feed.wait_readable())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="one reader at a time"):
        await feed.wait_readable()
    feed.feed_eof()
    await waiting
    await feed.wait_readable()
