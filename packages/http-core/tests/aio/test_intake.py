"""Intake: the end of a body, waiting for it, errors from outside, and one reader at a time."""

import asyncio
import gc
import logging
import weakref
from collections.abc import Awaitable, Callable

import pytest

from skerry.http import RemoteProtocolError
from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.stream import StreamReader


def make(*pieces: bytes, ended: bool = False, limit: int = 65536) -> tuple[PushFeed, StreamReader]:
    feed = PushFeed()
    for piece in pieces:
        feed.feed_data(piece)
    if ended:
        feed.feed_eof()
    return feed, StreamReader(feed, limit=limit)


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


# The end.


async def test_the_end_is_known_when_the_last_octet_is_read() -> None:
    feed, reader = make(b"ab")
    assert (await reader.read(2), reader.at_eof(), reader.is_eof()) == (b"ab", False, False)
    feed.feed_eof()
    assert (reader.at_eof(), reader.is_eof()) == (True, True)


async def test_asking_for_the_end_takes_no_octets_away() -> None:
    _, reader = make(b"ab", b"cd", ended=True)
    assert not reader.at_eof()
    assert not reader.is_eof()
    assert reader.total_bytes == 2
    assert await reader.read() == b"abcd"


async def test_asking_for_the_end_leaves_an_error_to_the_reader() -> None:
    feed, reader = make()
    feed.set_exception(ConnectionResetError("gone"))
    assert not reader.at_eof()
    assert isinstance(reader.exception(), ConnectionResetError)
    with pytest.raises(ConnectionResetError):
        await reader.read()


async def test_the_exchange_is_let_go_at_the_end() -> None:
    feed, reader = make(b"a", ended=True)
    reference = weakref.ref(feed)
    await reader.read()
    del feed
    gc.collect()
    assert reference() is None


async def test_callbacks_are_called_at_the_end_or_at_once(caplog: pytest.LogCaptureFixture) -> None:
    called: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    feed, reader = make(b"a")
    reader.on_eof(lambda: called.append("first"))
    reader.on_eof(fail)
    reader.on_eof(lambda: called.append("last"))
    feed.feed_eof()
    assert called == []
    with caplog.at_level(logging.ERROR, "skerry.http"):
        assert await reader.read() == b"a"
    assert called == ["first", "last"]
    assert [record.exc_info is not None for record in caplog.records] == [True]
    reader.on_eof(lambda: called.append("late"))
    assert called == ["first", "last", "late"]


def test_the_limits_are_told() -> None:
    assert StreamReader(None).get_read_buffer_limits() == (65536, 131072)
    assert StreamReader(None, limit=10).get_read_buffer_limits() == (10, 20)
    with pytest.raises(ValueError, match="limit is 0"):
        StreamReader(None, limit=0)


async def test_octets_before_decompression_are_counted_by_the_feed() -> None:
    sizes = [7, 9]
    feed, plain = make(b"abc", ended=True)
    reader = StreamReader(feed, compressed=lambda: sizes.pop(0))
    assert (plain.total_compressed_bytes, plain.total_raw_bytes) == (None, 0)
    assert reader.total_raw_bytes == 7
    assert await reader.read() == b"abc"
    assert (reader.total_bytes, reader.total_raw_bytes, reader.total_compressed_bytes) == (3, 9, 9)


# Waiting for the end.


async def test_waiting_for_the_end_of_a_small_body_needs_no_reader() -> None:
    feed, reader = make(b"ab")
    waiting = asyncio.create_task(reader.wait_eof())
    await turns()
    feed.feed_data(b"cd", chunk_end=True)
    await turns()
    assert not waiting.done()
    feed.feed_eof()
    await waiting
    assert reader.is_eof()
    assert not reader.at_eof()
    assert await reader.readchunk() == (b"abcd", True)
    assert reader.at_eof()
    await reader.wait_eof()


@pytest.mark.parametrize("piece", [b"x" * 10, b"x"], ids=["octets", "pieces"])
async def test_waiting_for_the_end_takes_a_bounded_part_ahead(piece: bytes) -> None:
    feed, reader = make(limit=32)
    waiting = asyncio.create_task(reader.wait_eof())
    for _ in range(100):
        feed.feed_data(piece)
        await asyncio.sleep(0)
    assert reader.total_bytes <= 2 * 32 + len(piece)
    feed.feed_eof()
    assert await reader.read() == piece * 100
    await waiting


async def test_a_reader_can_come_while_a_task_waits_for_the_end() -> None:
    feed, reader = make()
    waiting = [asyncio.create_task(reader.wait_eof()) for _ in range(2)]
    await turns()
    reading = asyncio.create_task(reader.readexactly(4))
    await turns()
    feed.feed_data(b"ab")
    await turns()
    feed.feed_data(b"cd")
    assert await reading == b"abcd"
    await turns()
    feed.feed_data(b"ef")
    await turns()
    reading = asyncio.create_task(reader.read())
    await turns()
    assert [task.done() for task in waiting] == [False, False]
    feed.feed_eof()
    assert await reading == b"ef"
    await asyncio.gather(*waiting)


async def test_a_wait_for_the_end_goes_on_after_a_reader_was_cancelled() -> None:
    feed, reader = make()
    reading = asyncio.create_task(reader.read())
    await turns()
    waiting = asyncio.create_task(reader.wait_eof())
    await turns()
    reading.cancel()
    await turns()
    feed.feed_data(b"a")
    feed.feed_eof()
    await waiting
    assert await reader.read() == b"a"


async def test_a_cancelled_wait_for_the_end_loses_nothing() -> None:
    feed, reader = make(b"a")
    waiting = asyncio.create_task(reader.wait_eof())
    await turns()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    feed.feed_data(b"b")
    feed.feed_eof()
    assert await reader.read() == b"ab"


async def test_an_error_ends_the_wait_for_the_end() -> None:
    feed, reader = make(b"a")
    waiting = [asyncio.create_task(reader.wait_eof()) for _ in range(2)]
    await turns()
    feed.set_exception(RemoteProtocolError("bad-chunk-size", where="chunk size"))
    for task in waiting:
        with pytest.raises(RemoteProtocolError):
            await task
    assert await reader.readany() == b"a"
    with pytest.raises(RemoteProtocolError):
        await reader.readany()


# Errors from outside.


@pytest.mark.parametrize(
    "read", [StreamReader.read, StreamReader.readany, StreamReader.wait_eof], ids=lambda f: f.__name__
)
async def test_an_error_from_outside_ends_a_wait_at_once(read: Callable[[StreamReader], Awaitable[object]]) -> None:
    _, reader = make()
    waiting = asyncio.ensure_future(read(reader))
    await turns()
    error, cause = ValueError("outside"), OSError("cause")
    reader.set_exception(error, cause)
    with pytest.raises(ValueError, match="outside") as caught:
        await waiting
    assert caught.value.__cause__ is cause
    assert reader.exception() is error


async def test_an_error_from_outside_is_raised_by_every_later_read_and_drops_octets() -> None:
    _, reader = make(b"ab", b"cd", ended=True)
    assert await reader.read(1) == b"a"
    reader.set_exception(ValueError("outside"))
    for read in (reader.read, reader.readany, reader.readline, reader.readchunk, reader.wait_eof):
        with pytest.raises(ValueError, match="outside"):
            await read()
    with pytest.raises(ValueError, match="outside"):
        await reader.readexactly(1)
    with pytest.raises(ValueError, match="outside"):
        reader.read_nowait()


# One reader at a time.


@pytest.mark.parametrize("name", ["read", "readany", "readline", "readchunk"])
async def test_a_second_reader_is_refused_and_the_first_goes_on(name: str) -> None:
    feed, reader = make()
    reading = asyncio.create_task(reader.read())
    await turns()
    with pytest.raises(RuntimeError, match="one reader at a time"):
        await getattr(reader, name)()
    feed.feed_data(b"a")
    feed.feed_eof()
    assert await reading == b"a"
