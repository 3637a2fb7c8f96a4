"""FileSpool: small files stay in memory, others are written to disk by a thread."""

import asyncio
import threading
from typing import Any

import pytest

from skerry.http.aio.multipart.spool import WRITE_OCTETS, FileSpool


def is_on_disk(file: Any) -> bool:
    """Return True when a spooled file has left memory."""
    return bool(file._rolled)


@pytest.mark.parametrize(
    ("memory_size", "size", "on_disk"), [(100, 0, False), (100, 100, False), (100, 101, True), (0, 1_000_000, False)]
)
async def test_a_file_leaves_memory_above_the_size(memory_size: int, size: int, on_disk: bool) -> None:
    spool = FileSpool(memory_size)
    data = bytes(at % 251 for at in range(size))
    for at in range(0, size, 33):
        await spool.write(data[at : at + 33])
    file = await spool.finish()
    assert is_on_disk(file) is on_disk
    try:
        assert await asyncio.to_thread(file.read) == data
    finally:
        file.close()


async def test_the_disk_is_written_to_in_large_steps_by_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    spool = FileSpool(10)
    file: Any = spool._file
    writes: list[tuple[int, bool]] = []
    write = file.write

    def note(data: bytes) -> int:
        writes.append((len(data), threading.current_thread() is threading.main_thread()))
        return int(write(data))

    monkeypatch.setattr(file, "write", note)
    for _ in range(9):
        await spool.write(b"x" * (WRITE_OCTETS // 4))
    await spool.finish()
    assert writes == [(WRITE_OCTETS, False)] * 2 + [(WRITE_OCTETS // 4, False)]
    spool.discard()
    assert file.closed


async def test_a_file_that_is_given_up_is_closed_when_the_thread_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    spool = FileSpool(10)
    file: Any = spool._file
    may_go_on = threading.Event()
    began = threading.Event()

    def wait(data: bytes) -> int:
        began.set()
        may_go_on.wait(5)
        assert not file.closed
        return len(data)

    monkeypatch.setattr(file, "write", wait)
    task = asyncio.ensure_future(spool.write(b"x" * WRITE_OCTETS))
    while not began.is_set():
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    spool.discard()
    assert not file.closed
    may_go_on.set()
    while not file.closed:
        await asyncio.sleep(0.001)


async def test_an_error_of_the_disk_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    spool = FileSpool(10)

    def fail(data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool._file, "write", fail)
    with pytest.raises(OSError, match="No space"):
        await spool.write(b"x" * WRITE_OCTETS)
    spool.discard()
