"""Payloads of asynchronous iterables, streams and bodies: written once, or gathered first."""

from collections.abc import AsyncIterator

import pytest

from bodies_sent import OCTETS, Sink, gather, written
from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.payload import (
    AsyncIterablePayload,
    BodyPayload,
    StreamReaderPayload,
    get_payload,
)
from skerry.http.aio.stream import StreamReader
from skerry.http.body import AsyncIterableBody, BytesBody
from skerry.http.errors import BodyConsumedError


async def _iterate() -> AsyncIterator[bytes]:
    yield b"ab"
    yield b""
    yield b"cd"


async def test_an_asynchronous_iterable_is_written_once() -> None:
    payload = get_payload(_iterate())
    assert type(payload) is AsyncIterablePayload
    assert (payload.size, payload.replayable, payload.autoclose, payload.content_type) == (None, False, True, OCTETS)
    with pytest.raises(TypeError, match="as_bytes first"):
        payload.decode()
    sink = Sink()
    await payload.write(sink)
    assert sink.chunks == [b"ab", b"cd"]
    assert payload.consumed
    for again in (written(payload), gather(payload), payload.as_bytes()):
        with pytest.raises(BodyConsumedError):
            await again


async def test_an_iterable_that_was_gathered_can_be_written_again() -> None:
    payload = get_payload(_iterate())
    for _ in range(2):
        assert await payload.as_bytes() == b"abcd"
        assert await written(payload) == b"abcd"
    assert (payload.decode(), payload.size, payload.replayable, payload.consumed) == ("abcd", 4, True, False)
    await payload.close()
    assert await written(payload) == b"abcd"


async def test_an_iterable_that_failed_in_the_middle_is_consumed() -> None:
    payload = get_payload(_iterate())
    with pytest.raises(ConnectionResetError):
        await payload.write(Sink(fail_after=1))
    assert payload.consumed


async def test_an_iterable_that_was_never_written_is_closed() -> None:
    generator = _iterate()
    payload = get_payload(generator)
    await payload.close()
    assert payload.consumed
    with pytest.raises(StopAsyncIteration):
        await anext(generator)


async def test_a_stream_is_passed_on() -> None:
    feed = PushFeed()
    feed.feed_data(b"abc")
    feed.feed_eof()
    payload = get_payload(StreamReader(feed))
    assert type(payload) is StreamReaderPayload
    assert await written(payload) == b"abc"


@pytest.mark.parametrize("size", [None, 4])
async def test_any_body_is_a_payload(size: int | None) -> None:
    generator = _iterate()
    payload = get_payload(AsyncIterableBody(generator, size=size, content_type="a/b"))
    assert type(payload) is BodyPayload
    assert (payload.size, payload.content_type, payload.replayable) == (size, "a/b", False)
    assert await written(payload) == b"abcd"
    assert payload.consumed
    replayable = get_payload(BytesBody(b"abc", content_type=None))
    assert (replayable.content_type, replayable.size) == (OCTETS, 3)
    assert [await written(replayable), await replayable.as_bytes()] == [b"abc", b"abc"]


async def test_a_body_is_closed_with_its_payload() -> None:
    generator = _iterate()
    await get_payload(AsyncIterableBody(generator)).close()
    with pytest.raises(StopAsyncIteration):
        await anext(generator)
