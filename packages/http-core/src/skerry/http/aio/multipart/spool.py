"""A file of a form: held in memory while it is small, then on disk; the disk is written to by a thread."""

import asyncio
import io
import tempfile
from collections.abc import Callable
from typing import IO

WRITE_OCTETS = 262144
"""Octets that a thread is given to write at a time, when the file is on disk."""


class FileSpool:
    """Takes the octets of one file.

    Args:
        memory_size: Octets that are held in memory; 0 for any number.
    """

    def __init__(self, memory_size: int) -> None:
        self._memory_size = memory_size
        self._memory: io.BytesIO | None = io.BytesIO()
        self._file: IO[bytes] = self._memory
        self._on_disk = False
        self._waiting: list[bytes] = []
        self._waiting_size = 0
        self._work: asyncio.Future[object] | None = None

    async def write(self, data: bytes) -> None:
        """Take octets.

        Raises:
            OSError: The disk is full, or the like.

        Cancellation:
            The file cannot be used any more; ``discard`` it.
        """
        self._waiting_size += len(data)
        if not self._on_disk:
            if not self._memory_size or self._waiting_size <= self._memory_size:
                self._file.write(data)
                return
            self._on_disk = True
        self._waiting.append(data)
        if self._waiting_size >= WRITE_OCTETS:
            await self._write_waiting()

    async def finish(self) -> IO[bytes]:
        """Return the file, at its start; the caller closes it.

        Raises:
            OSError: The disk is full, or the like.

        Cancellation:
            The file cannot be used any more; ``discard`` it.
        """
        if self._on_disk:
            await self._write_waiting()
            await self._in_thread(lambda: self._file.seek(0))
        else:
            self._file.seek(0)
        return self._file

    def discard(self) -> None:
        """Close the file, when the thread is done with it; a file on disk is gone with it."""
        if self._work is None or self._work.done():
            self._file.close()
        else:
            self._work.add_done_callback(self._close_after)

    async def _write_waiting(self) -> None:
        data = b"".join(self._waiting)
        self._waiting.clear()
        self._waiting_size = 0
        await self._in_thread(lambda: self._write(data))

    def _write(self, data: bytes) -> None:
        if self._memory is not None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            self._file.write(self._memory.getvalue())
            self._memory = None
        self._file.write(data)

    async def _in_thread(self, work: Callable[[], object]) -> None:
        self._work = asyncio.get_running_loop().run_in_executor(None, work)
        # A thread cannot be cancelled: who waits may be, and the file is closed when the thread is done.
        await asyncio.shield(self._work)

    def _close_after(self, work: "asyncio.Future[object]") -> None:
        if not work.cancelled():
            work.exception()
        self._file.close()
