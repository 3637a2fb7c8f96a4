"""Payloads of files: name, type, disposition, charset, and who closes what."""

import asyncio
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from bodies_sent import OCTETS, gather, written
from skerry.http.aio.payload import (
    BufferedReaderPayload,
    IOBasePayload,
    TextIOPayload,
    get_payload,
)
from skerry.http.errors import BodyConsumedError


@pytest.fixture
def open_file(tmp_path: Path) -> Iterator[Callable[..., IO[Any]]]:
    path = tmp_path / "fi le.txt"
    path.write_bytes("héllo world".encode())
    opened: list[IO[Any]] = []

    def open_it(*arguments: Any, skip: int = 0, **options: Any) -> IO[Any]:
        opened.append(path.open(*arguments, **options))
        opened[-1].read(skip)
        return opened[-1]

    yield open_it
    for file in opened:
        file.close()


async def test_an_open_file_has_a_name_a_type_and_a_disposition(open_file: Callable[..., IO[Any]]) -> None:
    payload = get_payload(open_file("rb", skip=2))
    assert type(payload) is BufferedReaderPayload
    assert (payload.size, payload.filename, payload.autoclose) == (10, "fi le.txt", False)
    assert payload.headers == {
        "Content-Type": "text/plain",
        "Content-Disposition": 'attachment; filename="fi%20le.txt"',
    }
    for _ in range(2):
        assert await written(payload) == "héllo world".encode()[2:]
        assert await gather(payload) == "héllo world".encode()[2:]


@pytest.mark.parametrize(
    ("options", "disposition"),
    [
        ({}, 'attachment; filename="fi%20le.txt"'),
        ({"disposition": "inline"}, 'inline; filename="fi%20le.txt"'),
        ({"disposition": None}, None),
        ({"filename": "o.png"}, 'attachment; filename="o.png"'),
        ({"headers": {"Content-Disposition": "own"}}, "own"),
    ],
    ids=["default", "inline", "none", "named", "own"],
)
async def test_the_disposition_of_a_file(
    open_file: Callable[..., IO[Any]], options: dict[str, Any], disposition: str | None
) -> None:
    payload = IOBasePayload(open_file("rb"), **options)
    assert payload.headers.get("Content-Disposition") == disposition
    assert payload.content_type == ("image/png" if "filename" in options else "text/plain")


@pytest.mark.parametrize(
    ("arguments", "options", "kind"),
    [
        pytest.param(["rb"], {}, BufferedReaderPayload, id="buffered"),
        pytest.param(["r+b"], {}, BufferedReaderPayload, id="read-and-write"),
        pytest.param(["rb"], {"buffering": 0}, IOBasePayload, id="raw"),
        pytest.param(["r"], {"encoding": "utf-8"}, TextIOPayload, id="text"),
    ],
)
async def test_a_file_is_closed_with_its_payload(
    open_file: Callable[..., IO[Any]], arguments: list[Any], options: dict[str, Any], kind: type
) -> None:
    file = open_file(*arguments, **options)
    payload = get_payload(file)
    assert type(payload) is kind
    assert await payload.as_bytes() == "héllo world".encode()
    assert await written(payload) == "héllo world".encode()
    assert not payload.consumed
    await payload.close()
    await payload.aclose()
    assert file.closed
    assert payload.consumed
    with pytest.raises(BodyConsumedError):
        await written(payload)


async def test_a_text_file_is_written_in_the_charset_of_the_payload(open_file: Callable[..., IO[Any]]) -> None:
    payload = TextIOPayload(open_file("r", encoding="utf-8"), encoding="utf-16")  # type: ignore[arg-type]
    assert (payload.content_type, payload.encoding, payload.size) == ("text/plain; charset=utf-16", "utf-16", None)
    for _ in range(2):
        assert await written(payload) == "héllo world".encode("utf-16")
    with pytest.raises(LookupError):
        TextIOPayload(open_file("r"), encoding="no-such")  # type: ignore[arg-type]


async def test_a_long_text_file_has_one_byte_order_mark() -> None:
    text = "é" * 600_000
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        await asyncio.to_thread(file.write, text)
        await asyncio.to_thread(file.seek, 0)
        payload = TextIOPayload(file, encoding="utf-16")
        assert await payload.as_bytes() == text.encode("utf-16")


def test_a_file_can_be_decoded(open_file: Callable[..., IO[Any]]) -> None:
    for payload in (get_payload(open_file("rb")), get_payload(open_file("r", encoding="utf-8"))):
        assert [payload.decode(), payload.decode()] == ["héllo world"] * 2
    with pytest.raises(UnicodeDecodeError):
        get_payload(open_file("rb")).decode("ascii")


async def test_a_file_in_memory_is_left_open() -> None:
    file = io.BytesIO(b"abcdef")
    file.read(2)
    payload = get_payload(file)
    assert (payload.size, payload.filename) == (4, None)
    assert await written(payload) == b"cdef"
    await payload.close()
    assert not file.closed
    assert await written(payload) == b"cdef"
    assert payload.decode() == "cdef"


@pytest.fixture
def pipe() -> Iterator[IO[bytes]]:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    with open(reading, "rb") as opened:
        yield opened


async def test_a_pipe_is_written_once(pipe: IO[bytes]) -> None:
    payload = get_payload(pipe)
    assert (payload.size, payload.replayable, payload.consumed, payload.filename) == (None, False, False, None)
    assert await written(payload) == b"abc"
    assert payload.consumed
    with pytest.raises(BodyConsumedError):
        await written(payload)
    with pytest.raises(BodyConsumedError):
        await payload.as_bytes()


def test_a_temporary_file_without_a_name_has_no_disposition() -> None:
    with tempfile.TemporaryFile() as file:
        assert get_payload(file).headers == {"Content-Type": OCTETS}
