"""Files, paths and streams as bodies: size, replay, who closes what, and reads in threads."""

import asyncio
import io
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from skerry.http.aio import bodies
from skerry.http.aio.bodies import READ_SIZE, FileBody, PathBody, StreamBody, guess_content_type, open_path, to_body
from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.stream import StreamReader
from skerry.http.body import AsyncIterableBody, BodySource, BytesBody, TextBody
from skerry.http.errors import BodyConsumedError

CONTENT = bytes(range(256)) * 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "ä.png"
    found.write_bytes(CONTENT)
    return found


@pytest.fixture
def file(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as opened:
        yield opened


async def gather(body: BodySource) -> bytes:
    return b"".join([bytes(piece) async for piece in body.pieces()])


async def test_an_open_file_is_sent_from_where_it_stands_and_stays_open(file: IO[bytes]) -> None:
    file.seek(10)
    body = FileBody(file)
    assert isinstance(body, BodySource)
    assert (body.size, body.replayable, body.content_type) == (len(CONTENT) - 10, True, "image/png")
    for _ in range(2):
        assert await gather(body) == CONTENT[10:]
    await body.aclose()
    assert not file.closed
    assert await gather(body) == CONTENT[10:]


async def test_a_file_that_is_given_away_is_closed_with_the_body(file: IO[bytes]) -> None:
    body = FileBody(file, close=True)
    assert await gather(body) == CONTENT
    await body.aclose()
    await body.aclose()
    assert file.closed
    with pytest.raises(BodyConsumedError):
        await gather(body)


@pytest.mark.parametrize(("size", "sent"), [(0, 0), (5, 5), (len(CONTENT), len(CONTENT)), (10**6, len(CONTENT))])
async def test_no_more_of_a_file_is_sent_than_its_size(file: IO[bytes], size: int, sent: int) -> None:
    body = FileBody(file, size=size)
    assert body.size == sent
    assert await gather(body) == CONTENT[:sent]


async def test_a_file_that_grows_is_cut_at_the_size_that_was_told(path: Path, file: IO[bytes]) -> None:
    body = FileBody(file)
    await asyncio.to_thread(path.write_bytes, CONTENT + b"more")
    assert await gather(body) == CONTENT


@pytest.fixture
def pipe() -> Iterator[IO[bytes]]:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    with open(reading, "rb") as opened:
        yield opened


async def test_a_pipe_has_no_size_and_is_sent_once(pipe: IO[bytes]) -> None:
    body = FileBody(pipe, close=True)
    assert (body.size, body.replayable, body.content_type) == (None, False, "application/octet-stream")
    assert await gather(body) == b"abc"
    with pytest.raises(BodyConsumedError):
        await gather(body)
    await body.aclose()
    assert pipe.closed


async def test_a_spooled_file_stays_in_memory() -> None:
    with tempfile.SpooledTemporaryFile(max_size=100) as spooled:
        spooled.write(b"abc")
        spooled.seek(0)
        body = FileBody(spooled)
        assert (body.size, await gather(body)) == (3, b"abc")
        assert spooled._rolled is False  # type: ignore[attr-defined]


async def test_a_long_file_is_read_in_pieces() -> None:
    content = b"x" * (2 * READ_SIZE + 1)
    for file in (io.BytesIO(content), io.BufferedReader(_Raw(content))):
        assert [len(piece) async for piece in FileBody(file).pieces()] == [READ_SIZE, READ_SIZE, 1]


class _Raw(io.RawIOBase):
    """A raw file that remembers the threads that read it, and can be held up."""

    def __init__(self, content: bytes) -> None:
        self.inner = io.BytesIO(content)
        self.threads: set[int] = set()
        self.go_on = threading.Event()
        self.go_on.set()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.inner.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        self.threads.add(threading.get_ident())
        assert self.go_on.wait(5)
        assert not self.closed
        return self.inner.readinto(buffer)


async def test_a_file_is_read_in_a_thread() -> None:
    raw = _Raw(b"abc")
    assert await gather(FileBody(raw)) == b"abc"  # type: ignore[arg-type]
    assert threading.get_ident() not in raw.threads
    assert len(raw.threads) >= 1


async def test_a_cancelled_read_is_waited_for_before_the_next_and_before_closing() -> None:
    raw = _Raw(b"abcdef")
    body = FileBody(raw, close=True)  # type: ignore[arg-type]
    raw.go_on.clear()
    reading = asyncio.create_task(gather(body))
    await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    again = asyncio.create_task(gather(body))
    await asyncio.sleep(0.01)
    assert not again.done()
    raw.go_on.set()
    assert await again == b"abcdef"
    raw.go_on.clear()
    reading = asyncio.create_task(gather(body))
    await asyncio.sleep(0.01)
    reading.cancel()
    closing = asyncio.create_task(body.aclose())
    await asyncio.sleep(0.01)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not raw.closed
    raw.go_on.set()
    for _ in range(200):
        if raw.closed:
            break
        await asyncio.sleep(0.005)
    assert raw.closed


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.txt", "text/plain"),
        ("A.PNG", "image/png"),
        ("a.tar.gz", "application/x-tar"),
        ("a.tgz", "application/x-tar"),
        ("a.gz", "application/octet-stream"),
        ("a.no-such", "application/octet-stream"),
        ("png", "application/octet-stream"),
        ("", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_the_type_of_a_file_is_guessed_by_its_ending(name: str | None, content_type: str) -> None:
    assert guess_content_type(name) == content_type


def test_a_file_that_cannot_be_sent_is_refused(path: Path) -> None:
    with path.open(encoding="latin-1") as text, pytest.raises(TypeError, match="binary mode"):
        FileBody(text)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="size is -1"):
        FileBody(io.BytesIO(), size=-1)
    closed = path.open("rb")
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        FileBody(closed)


async def test_a_path_is_opened_when_it_is_sent_and_closed_afterwards(path: Path) -> None:
    body = PathBody(path)
    assert isinstance(body, BodySource)
    assert (body.size, body.replayable, body.content_type) == (None, True, "application/octet-stream")
    await asyncio.to_thread(path.write_bytes, b"later")
    for _ in range(2):
        assert await gather(body) == b"later"
    await body.aclose()


@pytest.mark.parametrize(("start", "size"), [(0, 5), (700, None), (700, 10), (700, 10**6), (10**6, None), (5, 0)])
async def test_a_part_of_a_path(path: Path, start: int, size: int | None) -> None:
    expected = CONTENT[start:] if size is None else CONTENT[start : start + size]
    assert await gather(PathBody(path, start=start, size=size)) == expected


async def test_a_path_that_was_looked_at_knows_its_size_and_type(path: Path) -> None:
    body = await open_path(path)
    assert (body.size, body.content_type) == (len(CONTENT), "image/png")
    assert (await open_path(str(path), content_type="a/b")).content_type == "a/b"
    await asyncio.to_thread(path.write_bytes, CONTENT + b"more")
    assert await gather(body) == CONTENT


async def test_a_sending_that_is_given_up_closes_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await asyncio.to_thread(path.write_bytes, b"x" * (READ_SIZE + 1))
    opened: list[IO[bytes]] = []

    def note(*arguments: Any, **options: Any) -> IO[bytes]:
        opened.append(open(*arguments, **options))  # noqa: SIM115 -- the body closes it
        return opened[-1]

    monkeypatch.setattr(bodies, "open", note, raising=False)
    pieces = PathBody(path).pieces()
    assert opened == []
    assert len(await anext(pieces)) == READ_SIZE
    assert [file.closed for file in opened] == [False]
    await pieces.aclose()
    assert [file.closed for file in opened] == [True]


async def test_a_path_that_cannot_be_sent_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await gather(PathBody(tmp_path / "none"))
    with pytest.raises(FileNotFoundError):
        await open_path(tmp_path / "none")
    with pytest.raises(ValueError, match="not a regular file"):
        await open_path(tmp_path)
    with pytest.raises(ValueError, match="start is -1"):
        PathBody(tmp_path, start=-1)
    with pytest.raises(ValueError, match="size -1"):
        PathBody(tmp_path, size=-1)


async def test_a_stream_is_passed_on_as_it_arrives() -> None:
    feed = PushFeed()
    feed.feed_data(b"ab")
    feed.feed_eof()
    body = StreamBody(StreamReader(feed), size=2)
    assert (body.size, body.replayable) == (2, False)
    assert await gather(body) == b"ab"


async def _iterate() -> AsyncIterator[bytes]:
    yield b"ab"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param(b"ab", BytesBody, id="bytes"),
        pytest.param(bytearray(b"ab"), BytesBody, id="bytearray"),
        pytest.param(memoryview(b"ab"), BytesBody, id="memoryview"),
        pytest.param("ab", TextBody, id="text"),
        pytest.param(lambda: io.BytesIO(b"ab"), FileBody, id="file"),
        pytest.param(BytesBody(b"ab"), BytesBody, id="body"),
        pytest.param(_iterate, AsyncIterableBody, id="asynchronous-iterable"),
    ],
)
async def test_values_stand_for_bodies(value: Any, kind: type) -> None:
    body = to_body(value() if callable(value) else value)
    assert type(body) is kind
    assert await gather(body) == b"ab"


async def test_paths_and_streams_stand_for_bodies(path: Path) -> None:
    assert await gather(to_body(path)) == CONTENT
    assert type(to_body(StreamReader(None))) is StreamBody
    body = PathBody(path)
    assert to_body(body) is body


@pytest.mark.parametrize("value", [None, 1, [b"a"], {"a": "b"}, io.StringIO("text")], ids=repr)
def test_other_values_stand_for_no_body(value: object) -> None:
    with pytest.raises(TypeError, match=r"expected|binary mode"):
        to_body(value)
