"""StreamReader: reading a body that comes in pieces, or slowly, or not to its end."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from multidict import CIMultiDict

from skerry.http import RemoteProtocolError
from skerry.http.aio.stream import StreamReader
from skerry.http.events import END, Data, EndOfMessage


class ScriptedFeed:
    """Gives what the test has put in; None stands for a wait of one turn of the loop."""

    def __init__(self, *script: bytes | EndOfMessage | Exception | None) -> None:
        self.script = list(script)

    def receive_nowait(self) -> Data | EndOfMessage | None:
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return Data(step) if isinstance(step, bytes) else step

    async def wait_readable(self) -> None:
        await asyncio.sleep(0)


class SilentFeed(ScriptedFeed):
    """Gives its script and then nothing, until ``more`` is set."""

    def __init__(self, *script: bytes) -> None:
        super().__init__(*script)
        self.more = asyncio.Event()

    def receive_nowait(self) -> Data | EndOfMessage | None:
        return super().receive_nowait() if self.script else None

    async def wait_readable(self) -> None:
        await self.more.wait()


async def test_an_absent_body_is_at_its_end() -> None:
    reader = StreamReader(None)
    assert reader.at_eof()
    assert await reader.read() == b""


async def test_pieces_come_as_they_arrived() -> None:
    reader = StreamReader(ScriptedFeed(b"ab", None, b"c", END))
    assert [await reader.readany() for _ in range(3)] == [b"ab", b"c", b""]
    assert reader.total_bytes == 3
    assert reader.at_eof()


async def test_read_gathers_the_whole_body() -> None:
    assert await StreamReader(ScriptedFeed(None, b"ab", None, b"c", None, END)).read() == b"abc"


async def test_read_gives_no_more_than_was_asked_for_and_loses_nothing() -> None:
    reader = StreamReader(ScriptedFeed(b"abcde", b"f", END))
    assert [await reader.read(n) for n in (2, 0, 2, 9, 9, 9)] == [b"ab", b"", b"cd", b"e", b"f", b""]


async def test_readexactly_crosses_pieces_and_keeps_the_rest() -> None:
    reader = StreamReader(ScriptedFeed(b"ab", b"cd", b"ef", END))
    assert await reader.readexactly(3) == b"abc"
    assert await reader.read() == b"def"


async def test_readexactly_tells_what_there_was_when_the_body_ends_early() -> None:
    with pytest.raises(asyncio.IncompleteReadError) as caught:
        await StreamReader(ScriptedFeed(b"ab", END)).readexactly(3)
    assert (caught.value.partial, caught.value.expected) == (b"ab", 3)


async def test_pieces_without_octets_are_no_end() -> None:
    assert await StreamReader(ScriptedFeed(b"", b"a", b"", END)).read() == b"a"


async def test_trailers_are_there_at_the_end() -> None:
    trailers = CIMultiDict({"Digest": "x"})
    reader = StreamReader(ScriptedFeed(b"a", EndOfMessage(trailers)))
    await reader.readany()
    assert reader.trailers is None
    await reader.readany()
    assert reader.trailers is trailers


async def test_the_end_of_the_body_is_not_the_end_of_reading() -> None:
    reader = StreamReader(ScriptedFeed(b"abc", END))
    assert await reader.readexactly(1) == b"a"
    assert reader.take_nowait() == b"bc"
    assert not reader.at_eof()
    assert reader.take_nowait() == b""
    assert reader.is_eof()
    assert reader.at_eof()


@pytest.mark.parametrize(
    "error",
    [RemoteProtocolError("bad-chunk-size", where="chunk size"), ConnectionResetError("gone")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("read", [StreamReader.readany, StreamReader.read], ids=["readany", "read"])
async def test_what_the_exchange_raises_reaches_the_reader(
    read: Callable[[StreamReader], Awaitable[bytes]], error: Exception
) -> None:
    with pytest.raises(type(error)):
        await read(StreamReader(ScriptedFeed(error)))


async def test_a_cancelled_read_loses_nothing() -> None:
    feed = SilentFeed(b"ab", b"cd")
    reader = StreamReader(feed)
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    feed.script = [b"ef", END]
    assert await reader.read() == b"abcdef"


async def test_iteration_over_pieces_and_over_bounded_pieces() -> None:
    assert [piece async for piece in StreamReader(ScriptedFeed(b"ab", b"c", END)).iter_any()] == [b"ab", b"c"]
    bounded = StreamReader(ScriptedFeed(b"abc", b"d", END)).iter_chunked(2)
    assert [piece async for piece in bounded] == [b"ab", b"c", b"d"]
