"""FileSpool: small files stay in memory, others are written to disk by a thread."""

import asyncio
import io
import tempfile
import threading
from typing import Any

import pytest

from skerry.http.aio.multipart.spool import WRITE_OCTETS, FileSpool


@pytest.mark.parametrize(
    ("memory_size", "size", "on_disk"), [(100, 0, False), (100, 100, False), (100, 101, True), (0, 1_000_000, False)]
)
async def test_a_file_leaves_memory_above_the_size(memory_size: int, size: int, on_disk: bool) -> None:
    spool = FileSpool(memory_size)
    data = bytes(at % 251 for at in range(size))
    for at in range(0, size, 33):
        await spool.write(data[at : at + 33])
    file = await spool.finish()
    assert isinstance(file, io.BytesIO) is not on_disk
    try:
        assert await asyncio.to_thread(file.read) == data
    finally:
        file.close()


class Disk(io.BytesIO):
    """Takes the place of a temporary file; notes the writes, and the threads that they come from."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[tuple[int, bool]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.error: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Note; fail when told to."""
        self.may_go_on.wait(5)
        assert not self.closed
        self.writes.append((len(data), threading.current_thread() is threading.main_thread()))
        if self.error is not None:
            raise self.error
        return super().write(data)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """What the next file is written to when it leaves memory."""
    disk = Disk()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: disk)
    return disk


async def test_the_disk_is_written_to_in_large_steps_by_a_thread(disk: Disk) -> None:
    spool = FileSpool(10)
    await spool.write(b"x" * 10)
    for _ in range(9):
        await spool.write(b"x" * (WRITE_OCTETS // 4))
    assert await spool.finish() is disk
    assert [is_main for _, is_main in disk.writes] == [False] * len(disk.writes)
    assert len(disk.writes) == 4
    assert len(disk.getvalue()) == 10 + WRITE_OCTETS // 4 * 9
    spool.discard()
    assert disk.closed


async def test_a_file_that_is_given_up_is_closed_when_the_thread_is_done(disk: Disk) -> None:
    disk.may_go_on.clear()
    spool = FileSpool(10)
    task = asyncio.ensure_future(spool.write(b"x" * WRITE_OCTETS))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    work = spool._work
    assert work is not None
    spool.discard()
    assert not disk.closed
    disk.may_go_on.set()
    await asyncio.wait([work])
    await asyncio.sleep(0)
    assert disk.closed
    assert disk.writes


async def test_an_error_of_the_disk_reaches_the_caller(disk: Disk) -> None:
    disk.error = OSError(28, "No space left on device")
    spool = FileSpool(10)
    with pytest.raises(OSError, match="No space"):
        await spool.write(b"x" * WRITE_OCTETS)
    spool.discard()
    assert disk.closed
