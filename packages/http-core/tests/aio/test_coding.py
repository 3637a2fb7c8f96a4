"""Codings beside a loop: what is done at once and what in a thread, flow control, cancellation, one step at a time."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from multidict import CIMultiDict

from codings import NAMES, TEXT, coded, decoded, pieces_of
from skerry.http import Limits, RemoteProtocolError
from skerry.http.aio.coding import DECODE_INLINE_OCTETS, DECODE_INLINE_STEP, AsyncEncoder, DecodedFeed
from skerry.http.aio.stream import StreamReader
from skerry.http.coding import STEP_OCTETS, make_decoder, make_encoder
from skerry.http.events import END, Data, EndOfMessage

each_coding = pytest.mark.parametrize("name", NAMES)
ZEROS = bytes(2**20)


class ScriptedFeed:
    """Gives what the test has put in; None stands for a wait of one turn of the loop."""

    def __init__(self, *script: bytes | Data | EndOfMessage | Exception | None) -> None:
        self.script = list(script)
        self.waits = 0

    def receive_nowait(self) -> Data | EndOfMessage | None:
        step = self.script.pop(0) if self.script else None
        if isinstance(step, Exception):
            raise step
        return Data(step) if isinstance(step, bytes) else step

    async def wait_readable(self) -> None:
        self.waits += 1
        await asyncio.sleep(0)


class Recorder:
    """A decoder or encoder that says what it hands out does not matter, but who called it and when."""

    def __init__(self, gate: threading.Event | None = None) -> None:
        self.gate = gate
        self.entered = threading.Event()
        self.threads: list[int] = []
        self.running = 0
        self.fed: list[bytes] = []

    def work(self, result: bytes) -> bytes:
        self.running += 1
        assert self.running == 1, "two steps at once"
        self.threads.append(threading.get_ident())
        self.entered.set()
        if self.gate is not None:
            assert self.gate.wait(10)
        self.running -= 1
        return result


class SlowDecoder(Recorder):
    """Hands out what it was fed, when the gate is open."""

    is_finished = True

    @property
    def needs_input(self) -> bool:
        return not self.fed

    @property
    def pending_octets(self) -> int:
        return sum(map(len, self.fed))

    def feed(self, data: bytes) -> None:
        self.fed.append(data)

    def read(self, max_octets: int = STEP_OCTETS) -> bytes:
        return self.work(self.fed.pop(0))

    def finish(self) -> None: ...


class SlowEncoder(Recorder):
    """Hands out what it was given, when the gate is open."""

    def encode(self, data: bytes | bytearray | memoryview) -> bytes:
        return self.work(bytes(data))

    def flush(self) -> bytes:
        return self.work(b"|")

    def finish(self) -> bytes:
        return self.work(b".")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def executor() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 10)


@each_coding
@pytest.mark.parametrize("inline_octets", [0, 100, DECODE_INLINE_OCTETS, 10**9])
@pytest.mark.parametrize("size", [999, 10**9])
async def test_a_reader_reads_the_decoded_body(name: str, inline_octets: int, size: int) -> None:
    body = coded(name, TEXT)
    feed = ScriptedFeed(*pieces_of(body, size), None, END)
    decoded_feed = DecodedFeed(feed, make_decoder(name), inline_octets=inline_octets)
    reader = StreamReader(decoded_feed)
    assert await reader.read() == TEXT
    assert reader.total_bytes == len(TEXT)
    assert decoded_feed.total_raw_bytes == len(body)
    assert reader.at_eof()


@each_coding
async def test_a_small_body_is_decoded_without_a_wait(name: str) -> None:
    feed = DecodedFeed(ScriptedFeed(coded(name, b"hello"), END), make_decoder(name))
    event = feed.receive_nowait()
    assert isinstance(event, Data)
    assert event.data == b"hello"
    assert feed.receive_nowait() is END


async def test_a_large_piece_is_decoded_in_a_thread(executor: Executor) -> None:
    decoder = SlowDecoder()
    feed = DecodedFeed(ScriptedFeed(bytes(DECODE_INLINE_OCTETS + 1), b"x", END), decoder, executor=executor)
    assert feed.receive_nowait() is None
    assert await StreamReader(feed).read() == bytes(DECODE_INLINE_OCTETS + 1) + b"x"
    assert decoder.threads[0] != decoder.threads[1] == threading.get_ident()


@each_coding
async def test_a_small_piece_that_grows_is_bounded_at_once_and_then_left_to_a_thread(name: str) -> None:
    feed = DecodedFeed(ScriptedFeed(coded(name, ZEROS), END), make_decoder(name, Limits(max_coding_ratio=0)))
    event = feed.receive_nowait()
    assert isinstance(event, Data)
    assert 0 < len(event.data) <= DECODE_INLINE_STEP
    assert feed.receive_nowait() is None
    pieces = [event.data]
    async for piece in StreamReader(feed).iter_any():
        pieces.append(piece)  # noqa: PERF401
    assert b"".join(pieces) == ZEROS
    assert max(map(len, pieces)) <= STEP_OCTETS


async def test_nothing_is_pulled_while_there_is_something_to_give() -> None:
    script = ScriptedFeed(coded("gzip", ZEROS), b"never asked for")
    feed = DecodedFeed(script, make_decoder("gzip", Limits(max_coding_ratio=0)))
    reader = StreamReader(feed)
    given = 0
    while given < len(ZEROS):
        given += len(await reader.readany())
        assert script.script == [b"never asked for"]


async def test_a_wait_ends_only_when_there_is_something() -> None:
    body = coded("gzip", b"hello")
    script = ScriptedFeed(None, body[:4], None, body[4:8], None, body[8:], END)
    feed = DecodedFeed(script, make_decoder("gzip"))
    await feed.wait_readable()
    await feed.wait_readable()
    event = feed.receive_nowait()
    assert isinstance(event, Data)
    assert event.data == b"hello"
    assert script.waits == 3


async def test_trailers_come_at_the_end() -> None:
    end = EndOfMessage(CIMultiDict({"Digest": "x"}))
    reader = StreamReader(DecodedFeed(ScriptedFeed(coded("gzip", b"hello"), end), make_decoder("gzip")))
    assert await reader.read() == b"hello"
    assert reader.trailers is end.trailers


async def chunks_of(feed: DecodedFeed) -> list[tuple[bytes, bool]]:
    found: list[tuple[bytes, bool]] = []
    while True:
        event = feed.receive_nowait()
        if isinstance(event, EndOfMessage):
            return found
        if event is None:
            await feed.wait_readable()
        else:
            found.append((event.data, event.chunk_end))


@pytest.mark.parametrize("inline_octets", [0, DECODE_INLINE_OCTETS])
async def test_the_end_of_a_chunk_stands_behind_what_its_octets_have_made(inline_octets: int) -> None:
    encoder = make_encoder("gzip")
    first = encoder.encode(b"one") + encoder.flush()
    last = encoder.encode(b"two") + encoder.finish()
    script = ScriptedFeed(
        Data(first[:3], True), Data(first[3:]), Data(b"", True), Data(last[:-1]), Data(last[-1:], True), END
    )
    feed = DecodedFeed(script, make_decoder("gzip"), inline_octets=inline_octets)
    found = await chunks_of(feed)
    assert [data for data, _ in found if data] == [b"one", b"two"]
    assert [end for _, end in found].count(True) == 3
    assert found == [(b"", True), (b"one", False), (b"", True), (b"two", False), (b"", True)]


async def test_the_end_of_a_chunk_comes_with_its_last_octets_when_they_are_known_to_be() -> None:
    encoder = make_encoder("gzip")
    parts = [encoder.encode(text) + encoder.flush() for text in (b"one", b"two")]
    feed = DecodedFeed(ScriptedFeed(*(Data(part, True) for part in parts)), make_decoder("gzip"))
    assert [(e.data, e.chunk_end) for e in (feed.receive_nowait(), feed.receive_nowait()) if isinstance(e, Data)] == [
        (b"one", True),
        (b"two", True),
    ]


@pytest.mark.parametrize("inline_octets", [0, DECODE_INLINE_OCTETS])
async def test_a_chunk_that_grows_ends_once(inline_octets: int) -> None:
    script = ScriptedFeed(Data(coded("zstd", ZEROS), True), END)
    feed = DecodedFeed(script, make_decoder("zstd", Limits(max_coding_ratio=0)), inline_octets=inline_octets)
    found = await chunks_of(feed)
    assert b"".join(data for data, _ in found) == ZEROS
    assert [end for _, end in found].count(True) == 1
    assert found[-1][1]


@pytest.mark.parametrize("inline_octets", [0, DECODE_INLINE_OCTETS])
@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param([b"this is not gzip", END], "bad-content-coding", id="broken"),
        pytest.param([coded("gzip", b"hello")[:-1], END], "incomplete-content-coding", id="truncated"),
        pytest.param([coded("gzip", ZEROS), END], "coding-ratio", id="bomb"),
        pytest.param([RemoteProtocolError("bad-chunk-size", where="chunk size")], "bad-chunk-size", id="framing"),
    ],
)
async def test_errors_reach_the_reader(
    script: list[bytes | EndOfMessage | Exception], code: str, inline_octets: int
) -> None:
    limits = Limits(coding_ratio_floor=2**18)
    feed = DecodedFeed(ScriptedFeed(*script), make_decoder("gzip", limits), inline_octets=inline_octets)
    with pytest.raises(RemoteProtocolError) as caught:
        await StreamReader(feed).read()
    assert caught.value.code == code


async def test_a_peer_that_leaves_is_reported_as_such() -> None:
    feed = DecodedFeed(ScriptedFeed(None, ConnectionResetError("gone")), make_decoder("gzip"))
    await feed.wait_readable()
    with pytest.raises(ConnectionResetError):
        feed.receive_nowait()


async def test_a_cancelled_read_loses_nothing_and_starts_no_second_step(gate: threading.Event) -> None:
    decoder = SlowDecoder(gate)
    feed = DecodedFeed(ScriptedFeed(b"ab", b"cd", END), decoder, inline_octets=0)
    reader = StreamReader(feed)
    for _ in range(3):
        reading = asyncio.ensure_future(reader.read())
        await until(decoder.entered)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert feed.receive_nowait() is None
    gate.set()
    assert await reader.read() == b"abcd"
    assert len(decoder.threads) == 2


async def test_the_error_of_a_step_that_nobody_waits_for_is_kept_for_the_next_read(gate: threading.Event) -> None:
    class FailingDecoder(SlowDecoder):
        def read(self, max_octets: int = STEP_OCTETS) -> bytes:
            super().read()
            raise RemoteProtocolError("bad-content-coding", where="content coding x")

    decoder = FailingDecoder(gate)
    reader = StreamReader(DecodedFeed(ScriptedFeed(b"ab"), decoder, inline_octets=0))
    reading = asyncio.ensure_future(reader.readany())
    await until(decoder.entered)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    gate.set()
    with pytest.raises(RemoteProtocolError):
        await reader.readany()


async def test_the_loop_goes_on_while_a_thread_works(gate: threading.Event) -> None:
    decoder = SlowDecoder(gate)
    reading = asyncio.ensure_future(
        StreamReader(DecodedFeed(ScriptedFeed(b"ab", END), decoder, inline_octets=0)).read()
    )
    await until(decoder.entered)
    gate.set()
    assert await reading == b"ab"
    assert threading.get_ident() not in decoder.threads


async def test_only_one_task_may_wait(gate: threading.Event) -> None:
    decoder = SlowDecoder(gate)
    feed = DecodedFeed(ScriptedFeed(b"ab"), decoder, inline_octets=0)
    waiting = asyncio.ensure_future(feed.wait_readable())
    await until(decoder.entered)
    with pytest.raises(RuntimeError, match="another task"):
        await feed.wait_readable()
    gate.set()
    await waiting


@each_coding
@pytest.mark.parametrize("inline_octets", [0, 10**9])
async def test_what_was_encoded_decodes_again(name: str, inline_octets: int) -> None:
    encoder = AsyncEncoder(make_encoder(name), inline_octets=inline_octets)
    body = [await encoder.encode(piece) for piece in pieces_of(TEXT, 10_000)]
    body += [await encoder.flush(), await encoder.encode(b"!"), await encoder.finish()]
    assert decoded(make_decoder(name), body) == TEXT + b"!"


async def test_large_pieces_are_encoded_in_a_thread_and_small_ones_at_once(executor: Executor) -> None:
    slow = SlowEncoder()
    encoder = AsyncEncoder(slow, executor=executor, inline_octets=10)
    for data in (b"0123456789", b"0123456789+", memoryview(b"01234567").cast("I")):
        assert await encoder.encode(data) == bytes(data)
    assert await encoder.flush() == b"|"
    assert await encoder.finish() == b"."
    here = threading.get_ident()
    assert [thread == here for thread in slow.threads] == [True, False, True, False, True]


async def test_a_cancelled_encode_has_taken_its_octets(gate: threading.Event) -> None:
    slow = SlowEncoder(gate)
    encoder = AsyncEncoder(slow, inline_octets=0)
    buffer = bytearray(b"ab")
    for data in (buffer, b"cd"):
        encoding = asyncio.ensure_future(encoder.encode(data))
        await until(slow.entered)
        await asyncio.sleep(0)
        encoding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await encoding
    buffer[:] = b"??"
    gate.set()
    assert await encoder.encode(b"ef") == b"abcdef"
    assert await encoder.finish() == b"."


async def test_only_one_task_may_encode(gate: threading.Event) -> None:
    slow = SlowEncoder(gate)
    encoder = AsyncEncoder(slow, inline_octets=0)
    encoding = asyncio.ensure_future(encoder.encode(b"ab"))
    await until(slow.entered)
    with pytest.raises(RuntimeError, match="another task"):
        await encoder.encode(b"cd")
    gate.set()
    assert await encoding == b"ab"


@pytest.mark.parametrize("inline_octets", [0, 10**9])
async def test_the_error_of_an_encoder_reaches_the_caller(inline_octets: int) -> None:
    encoder = AsyncEncoder(make_encoder("gzip"), inline_octets=inline_octets)
    await encoder.finish()
    with pytest.raises(RuntimeError, match="finished"):
        await encoder.encode(b"x")
