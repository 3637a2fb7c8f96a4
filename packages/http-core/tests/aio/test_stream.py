"""StreamReader: reading a body that comes in pieces, or slowly, or not to its end."""

import asyncio
import pickle
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from multidict import CIMultiDict

from skerry.http import RemoteProtocolError
from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.stream import EMPTY_PAYLOAD, JOIN_COUNT, StreamReader
from skerry.http.errors import LineTooLongError
from skerry.http.events import END, Data, EndOfMessage


class ScriptedFeed:
    """Gives what the test has put in; None stands for a wait of one turn of the loop."""

    def __init__(self, *script: Data | bytes | EndOfMessage | Exception | None) -> None:
        self.script = list(script)

    def receive_nowait(self) -> Data | EndOfMessage | None:
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return Data(step) if isinstance(step, bytes) else step

    async def wait_readable(self) -> None:
        await asyncio.sleep(0)


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
    assert [await reader.read(n) for n in (2, 0, 2, 9, 9)] == [b"ab", b"", b"cd", b"ef", b""]


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
    reader = StreamReader(ScriptedFeed(b"a", None, EndOfMessage(trailers)))
    assert await reader.readany() == b"a"
    assert reader.trailers is None
    assert await reader.readany() == b""
    assert reader.trailers is trailers


async def test_the_end_of_the_body_is_not_the_end_of_reading() -> None:
    reader = StreamReader(ScriptedFeed(b"abc", END))
    assert await reader.readexactly(1) == b"a"
    assert not reader.at_eof()
    assert reader.take_nowait() == b"bc"
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


async def test_iteration_over_pieces_and_over_bounded_pieces() -> None:
    feed = ScriptedFeed(b"ab", b"c", None, b"d", END)
    assert [piece async for piece in StreamReader(feed).iter_any()] == [b"abc", b"d"]
    bounded = StreamReader(ScriptedFeed(b"abc", None, b"d", None, b"efg", END)).iter_chunked(2)
    assert [piece async for piece in bounded] == [b"ab", b"c", b"d", b"ef", b"g"]


# Reading up to something.


async def test_lines_with_their_ends_whatever_the_pieces() -> None:
    reader = StreamReader(ScriptedFeed(b"ab\ncd\nx", None, b"y", b"z\n", b"\nend", END))
    assert [await reader.readline() for _ in range(6)] == [b"ab\n", b"cd\n", b"xyz\n", b"\n", b"end", b""]


async def test_iteration_over_the_reader_gives_lines() -> None:
    reader = StreamReader(ScriptedFeed(b"a\nb", None, b"c\n\nd", END))
    assert [line async for line in reader] == [b"a\n", b"bc\n", b"\n", b"d"]


@pytest.mark.parametrize("pieces", [[b"a||b|||c"], [b"a|", b"|b|", b"||c"], [b"a", b"|", b"|", b"b|||c"]], ids=repr)
async def test_a_separator_is_found_across_pieces(pieces: list[bytes]) -> None:
    reader = StreamReader(ScriptedFeed(*pieces, END))
    assert [await reader.readuntil(b"||") for _ in range(4)] == [b"a||", b"b||", b"|c", b""]


async def test_a_separator_has_at_least_one_octet() -> None:
    with pytest.raises(ValueError, match="separator is empty"):
        await StreamReader(ScriptedFeed(b"a", END)).readuntil(b"")


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        pytest.param([b"12345\nrest"], b"rest", id="in-one-piece"),
        pytest.param([b"123", b"45\nrest"], b"rest", id="in-two-pieces"),
        pytest.param([b"123456"], b"", id="without-an-end"),
        pytest.param([b"1234", b"56", b"7\nrest"], b"7\nrest", id="as-soon-as-it-is-too-long"),
    ],
)
@pytest.mark.parametrize("held", [False, True], ids=["from-the-feed", "from-the-rest"])
async def test_a_line_beyond_the_limit_is_an_error_and_dropped(pieces: list[bytes], left: bytes, held: bool) -> None:
    reader = StreamReader(ScriptedFeed(*pieces, END))
    if held:
        reader.at_eof()
    with pytest.raises(LineTooLongError, match="separator within 5 octets") as caught:
        await reader.readline(max_line_length=5)
    assert (caught.value.code, caught.value.status_hint) == ("body-line-too-long", 400)
    assert await reader.read() == left


async def test_a_line_as_long_as_the_limit_is_a_line() -> None:
    reader = StreamReader(ScriptedFeed(b"1234\n12345", END))
    assert [await reader.readline(max_line_length=5) for _ in range(2)] == [b"1234\n", b"12345"]


async def test_a_line_is_bounded_when_nobody_says_so() -> None:
    reader = StreamReader(ScriptedFeed(*[b"x" * 10] * 10, END), limit=8)
    with pytest.raises(LineTooLongError):
        await reader.readline()
    with pytest.raises(LineTooLongError):
        await anext(aiter(reader))


async def test_a_long_line_can_be_told_from_other_faults() -> None:
    assert issubclass(LineTooLongError, RemoteProtocolError)
    assert issubclass(LineTooLongError, ValueError)
    with pytest.raises(LineTooLongError) as caught:
        await StreamReader(ScriptedFeed(b"x" * 1000, END)).readline(max_line_length=5)
    assert len(caught.value.seen) == 64
    assert type(pickle.loads(pickle.dumps(caught.value))) is LineTooLongError


@pytest.mark.parametrize("n", [0, -1])
async def test_readexactly_of_nothing_waits_for_nothing(n: int) -> None:
    assert await StreamReader(PushFeed()).readexactly(n) == b""


# HTTP chunks.


async def test_chunks_are_told_with_their_ends() -> None:
    feed = ScriptedFeed(Data(b"ab", True), Data(b"cd"), None, Data(b"e", True), Data(b"f"), Data(b"g", True), END)
    reader = StreamReader(feed)
    assert [found async for found in reader.iter_chunks()] == [
        (b"ab", True),
        (b"cd", False),
        (b"e", True),
        (b"fg", True),
    ]
    assert await reader.readchunk() == (b"", False)


async def test_the_rest_of_a_chunk_ends_it_too() -> None:
    reader = StreamReader(ScriptedFeed(Data(b"abcd", True), Data(b"ef", True), END))
    assert await reader.read(2) == b"ab"
    assert await reader.readchunk() == (b"cd", True)
    assert await reader.readexactly(1) == b"e"
    assert await reader.readchunk() == (b"f", True)


async def test_an_end_of_a_chunk_without_octets_is_told_by_readchunk_only() -> None:
    reader = StreamReader(ScriptedFeed(Data(b"a"), None, Data(b"", True), Data(b"b"), Data(b"", True), END))
    assert [found async for found in reader.iter_chunks()] == [(b"a", False), (b"", True), (b"b", True)]
    reader = StreamReader(ScriptedFeed(Data(b"a"), None, Data(b"", True), Data(b"b"), Data(b"", True), END))
    assert [piece async for piece in reader.iter_any()] == [b"a", b"b"]


async def test_a_body_that_is_not_chunked_never_ends_a_chunk() -> None:
    reader = StreamReader(ScriptedFeed(b"a", b"b", None, b"c", END))
    assert [found async for found in reader.iter_chunks()] == [(b"ab", False), (b"c", False)]


async def test_what_is_gathered_of_a_long_chunk_is_bounded() -> None:
    reader = StreamReader(ScriptedFeed(*[b"abc"] * 5, Data(b"", True), END), limit=6)
    assert [found async for found in reader.iter_chunks()] == [(b"abcabc", False), (b"abcabc", False), (b"abc", True)]


# Without waiting.


async def test_read_nowait_takes_what_has_arrived() -> None:
    reader = StreamReader(ScriptedFeed(b"ab", b"cd", None, None, b"ef", END))
    assert [reader.read_nowait(n) for n in (3, -1, -1, 0, 9, -1)] == [b"abc", b"d", b"", b"", b"ef", b""]


async def test_read_nowait_is_refused_while_a_task_waits() -> None:
    reader = StreamReader(PushFeed())
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="one reader at a time"):
        reader.read_nowait()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_what_has_arrived_is_gathered_up_to_the_limit() -> None:
    reader = StreamReader(ScriptedFeed(*[b"ab"] * 7, b"x" * 100, END), limit=5)
    assert [piece async for piece in reader.iter_any()] == [b"ababab", b"ababab", b"ab" + b"x" * 100]


# Errors and cancellation.


@pytest.mark.parametrize(
    ("read", "first"),
    [
        pytest.param(StreamReader.readany, b"ab\nc", id="readany"),
        pytest.param(StreamReader.readline, b"ab\n", id="readline"),
        pytest.param(lambda reader: reader.read(9), b"ab\nc", id="read-9"),
        pytest.param(lambda reader: reader.readexactly(3), b"ab\n", id="readexactly"),
    ],
)
async def test_octets_before_an_error_are_read_first(
    read: Callable[[StreamReader], Awaitable[bytes]], first: bytes
) -> None:
    reader = StreamReader(ScriptedFeed(b"ab\n", b"c", ConnectionResetError("gone")))
    assert await read(reader) == first
    with pytest.raises(ConnectionResetError):
        await reader.readexactly(4)
    left = reader.read_nowait() if len(first) < 4 else b""
    assert first + left == b"ab\nc"
    assert isinstance(reader.exception(), ConnectionResetError)
    with pytest.raises(ConnectionResetError):
        await read(reader)


async def test_what_a_failed_read_had_gathered_can_still_be_read() -> None:
    reader = StreamReader(ScriptedFeed(b"ab", b"cd", ConnectionResetError("gone")))
    with pytest.raises(ConnectionResetError):
        await reader.read()
    assert await reader.readany() == b"abcd"
    with pytest.raises(ConnectionResetError):
        await reader.readany()


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda reader: reader.read(), id="read"),
        pytest.param(lambda reader: reader.readexactly(9), id="readexactly"),
        pytest.param(lambda reader: reader.readline(), id="readline"),
        pytest.param(lambda reader: reader.readuntil(b"ef"), id="readuntil"),
    ],
)
async def test_a_cancelled_read_loses_nothing(read: Callable[[StreamReader], Awaitable[bytes]]) -> None:
    feed = PushFeed()
    reader = StreamReader(feed)
    for data in (b"ab", b"cd"):
        feed.feed_data(data)
        reading = asyncio.ensure_future(read(reader))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
    feed.feed_data(b"gh")
    feed.feed_eof()
    assert await reader.read() == b"abcdgh"


# Putting back, and the shared empty body.


async def test_unread_data_comes_first_and_warns() -> None:
    reader = StreamReader(ScriptedFeed(Data(b"abcd", True), Data(b"e", True), END))
    assert await reader.read(2) == b"ab"
    for data in (b"ab", b"", b"!"):
        with pytest.warns(DeprecationWarning, match="unread_data is deprecated"):
            reader.unread_data(data)
    assert [found async for found in reader.iter_chunks()] == [(b"!abcd", True), (b"e", True)]


async def test_the_empty_body_is_at_its_end_for_every_method() -> None:
    for _ in range(2):
        assert await EMPTY_PAYLOAD.read() == b""
        assert await EMPTY_PAYLOAD.readany() == b""
        assert await EMPTY_PAYLOAD.readline() == b""
        assert await EMPTY_PAYLOAD.readuntil(b"x") == b""
        assert await EMPTY_PAYLOAD.readchunk() == (b"", False)
        assert EMPTY_PAYLOAD.read_nowait() == b""
        with pytest.raises(asyncio.IncompleteReadError):
            await EMPTY_PAYLOAD.readexactly(1)
        await EMPTY_PAYLOAD.wait_eof()
        assert EMPTY_PAYLOAD.at_eof()
        assert EMPTY_PAYLOAD.is_eof()
        EMPTY_PAYLOAD.set_exception(ValueError("of another message"))
        assert EMPTY_PAYLOAD.exception() is None
        with pytest.raises(RuntimeError, match="shared"):
            EMPTY_PAYLOAD.unread_data(b"of another message")
    assert repr(EMPTY_PAYLOAD) == "<EmptyStreamReader 0 octets taken, at the end>"


@pytest.mark.parametrize("n", [0, -1])
def test_bounded_pieces_have_at_least_one_octet(n: int) -> None:
    with pytest.raises(ValueError, match=f"n is {n}"):
        StreamReader(None).iter_chunked(n)


async def test_the_state_is_part_of_the_repr() -> None:
    reader = StreamReader(ScriptedFeed(b"abc", ConnectionResetError("gone")))
    assert repr(reader) == "<StreamReader 0 octets taken, open>"
    await reader.readany()
    assert repr(reader) == "<StreamReader 3 octets taken, failed: ConnectionResetError('gone')>"


# Floods of small pieces.


async def count_calls(read: Callable[[StreamReader], Awaitable[Any]], size: int) -> int:
    """Return how many functions are called to read ``size`` chunks of one octet."""
    reader = StreamReader(ScriptedFeed(*[Data(b"\n", True)] * size, END))
    reader._feed.script.reverse()  # type: ignore[union-attr]
    reader._feed.receive_nowait = reader._feed.script.pop  # type: ignore[union-attr, method-assign]
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        await read(reader)
    finally:
        sys.setprofile(None)
    assert reader.total_bytes == size
    return calls


async def exhaust(iterator: Any) -> None:
    async for _ in iterator:
        pass


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda reader: reader.read(), id="read"),
        pytest.param(lambda reader: exhaust(reader.iter_any()), id="iter-any"),
        pytest.param(lambda reader: exhaust(reader.iter_chunked(3)), id="iter-chunked"),
        pytest.param(lambda reader: exhaust(reader.iter_chunks()), id="iter-chunks"),
        pytest.param(lambda reader: exhaust(reader), id="lines"),
        pytest.param(lambda reader: reader.readuntil(b"x", max_size=1 << 30), id="readuntil"),
    ],
)
async def test_chunks_of_one_octet_cost_as_much_as_there_are(read: Callable[[StreamReader], Awaitable[Any]]) -> None:
    once = await count_calls(read, 4096)
    twice = await count_calls(read, 8192)
    assert twice < 2.2 * once


async def test_a_body_of_one_octet_pieces_is_joined_as_it_grows() -> None:
    size = 3 * JOIN_COUNT + 5
    data = bytes(at & 255 for at in range(size))
    assert await StreamReader(ScriptedFeed(*[data[at : at + 1] for at in range(size)], END)).read() == data
