"""Bodies to send that need a thread or an event loop: files, paths, streams; and the body of any value.

A file is read in a thread of the loop's default executor, ``READ_SIZE`` octets at a time; a file in memory is read at
once. Who opens a file closes it: ``FileBody`` leaves it open unless it is told otherwise, ``PathBody`` opens and closes
its own.
"""

import asyncio
import io
import mimetypes
import os
import stat
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from typing import IO, Any, TypeVar

from ..body import AsyncIterableBody, BodySource, BytesBody, TextBody
from ..errors import BodyConsumedError
from ..mediatypes import OCTET_STREAM
from ..typedefs import Byteish
from .stream import StreamReader

__all__ = ["FileBody", "PathBody", "StreamBody", "open_path", "to_body"]

T = TypeVar("T")

READ_SIZE = 262144
"""Octets that are read in one visit to a thread: the visit costs as much as reading some 100 KiB that are cached."""


class FileJobs:
    """Work on one file in threads, one job at a time, also when who waited for a job was cancelled."""

    def __init__(self) -> None:
        self._job: asyncio.Future[Any] | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """Run ``work`` in a thread and return what it returns.

        Cancellation:
            The work goes on; the next one waits for it.
        """
        while self._job is not None and not self._job.done():
            await asyncio.wait([self._job])
        job = asyncio.get_running_loop().run_in_executor(None, work)
        self._job = job
        return await asyncio.shield(job)


class FileBody:
    """An open file of octets, from where it stands to its end.

    Args:
        file: The file. It is read by nobody else while it is sent.
        size: Octets to send at the most; by default all that are there now. A file that grows is cut there.
        close: True to close the file with the body; False leaves it to who opened it.
        content_type: Value for Content-Type; by default guessed from the name of the file.

    Raises:
        TypeError: ``file`` is a text file.
        ValueError: ``size`` is negative, or the file is closed.
    """

    def __init__(
        self, file: IO[bytes], *, size: int | None = None, close: bool = False, content_type: str | None = None
    ) -> None:
        if isinstance(file, io.TextIOBase):
            raise TypeError("found a text file, expected one opened in binary mode")
        if size is not None and size < 0:
            raise ValueError(f"size is {size!r}, expected 0 or more, or None for all that is there")
        self.replayable = file.seekable()
        """True when the file can be read again."""
        self.consumed = False
        """True once a file that cannot be read again was read, or was closed."""
        self.content_type = content_type or guess_content_type(file_name(file))
        """Value for Content-Type."""
        self._file = file
        self._closes = close
        self._is_closed = False
        self._start = file.tell() if self.replayable else 0
        there = octets_left(file, self._start) if self.replayable else None
        self.size = there if size is None or (there is not None and there < size) else size
        """Octets that are sent, or None when unknown."""
        self._jobs = FileJobs()

    async def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Yield the octets of the file.

        Raises:
            BodyConsumedError: The file cannot be read again.
            OSError: Reading failed.
        """
        if self.consumed:
            raise BodyConsumedError
        self.consumed = not self.replayable
        left = self.size
        is_first = self.replayable
        while left is None or left > 0:
            count = READ_SIZE if left is None else min(left, READ_SIZE)
            piece = await self._read(count, is_first)
            is_first = False
            if not piece:
                return
            if left is not None:
                left -= len(piece)
            yield piece

    async def _read(self, count: int, from_start: bool) -> bytes:
        def work() -> bytes:
            if from_start:
                self._file.seek(self._start)
            return self._file.read(count)

        return work() if isinstance(self._file, io.BytesIO) else await self._jobs.run(work)

    async def aclose(self) -> None:
        """Close the file if the body was told to, once a read that is under way has ended.

        Cancellation:
            The file is closed all the same.
        """
        if self._closes and not self._is_closed:
            self._is_closed = self.consumed = True
            await asyncio.shield(asyncio.ensure_future(self._jobs.run(self._file.close)))


class PathBody:
    """A file that is opened when it is sent and closed afterwards.

    ``open_path`` makes one that knows its size.

    Args:
        path: Path of the file.
        start: First octet to send.
        size: Octets to send at the most; None sends all, and the size counts as unknown.
        content_type: Value for Content-Type.

    Raises:
        ValueError: ``start`` or ``size`` is negative.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        start: int = 0,
        size: int | None = None,
        content_type: str | None = OCTET_STREAM,
    ) -> None:
        if start < 0 or (size is not None and size < 0):
            raise ValueError(f"start is {start!r} and size {size!r}, expected 0 or more")
        self.path = path
        """Path of the file."""
        self.size = size
        """Octets that are sent, or None when unknown."""
        self.content_type = content_type
        """Value for Content-Type, or None."""
        self._start = start

    @property
    def replayable(self) -> bool:
        """True: the file is opened anew each time."""
        return True

    async def pieces(self) -> AsyncGenerator[Byteish, None]:
        """Yield the octets of the file.

        Raises:
            OSError: The file cannot be opened or read.
        """
        jobs = FileJobs()
        opened: list[IO[bytes]] = []
        left = self.size

        def work() -> bytes:
            if not opened:
                opened.append(open(self.path, "rb", buffering=0))  # noqa: SIM115 -- closed below, in a thread too
                opened[0].seek(self._start)
            return opened[0].read(READ_SIZE if left is None else min(left, READ_SIZE))

        def close() -> None:
            for file in opened:
                file.close()

        try:
            while left is None or left > 0:
                piece = await jobs.run(work)
                if not piece:
                    return
                if left is not None:
                    left -= len(piece)
                yield piece
        finally:
            await asyncio.shield(asyncio.ensure_future(jobs.run(close)))

    async def aclose(self) -> None:
        """Do nothing: nothing stays open."""


async def open_path(path: str | os.PathLike[str], *, content_type: str | None = None) -> PathBody:
    """Return a body that knows the size of the file as it is now, and its type by its name.

    Args:
        path: Path of a regular file.
        content_type: Value for Content-Type; by default guessed from the name.

    Raises:
        OSError: There is no such file, or it cannot be looked at.
        ValueError: It is not a regular file.

    Cancellation:
        Nothing is open.
    """

    def look() -> tuple[os.stat_result, str]:
        return os.stat(path), content_type or guess_content_type(os.fspath(path))

    facts, found_type = await asyncio.get_running_loop().run_in_executor(None, look)
    if not stat.S_ISREG(facts.st_mode):
        raise ValueError(f"{os.fspath(path)!r} is not a regular file, its size cannot be known")
    return PathBody(path, size=facts.st_size, content_type=found_type)


class StreamBody(AsyncIterableBody):
    """What a ``StreamReader`` reads, passed on as it arrives.

    Args:
        reader: The reader; it stays the caller's.
        size: Octets in all, when the caller knows: Content-Length of the message that is passed on.
        content_type: Value for Content-Type.
    """

    def __init__(
        self, reader: StreamReader, *, size: int | None = None, content_type: str | None = OCTET_STREAM
    ) -> None:
        super().__init__(reader.iter_any(), size=size, content_type=content_type)


def to_body(value: Any) -> BodySource:
    """Return the body that a value stands for.

    A body is returned as it is. Octets, text, an open binary file, a ``StreamReader``, an asynchronous iterable and the
    path of a file (``os.PathLike``, not text) become one.

    Raises:
        TypeError: The value stands for no body.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return BytesBody(value)
    if isinstance(value, str):
        return TextBody(value)
    if isinstance(value, BodySource):
        return value
    if isinstance(value, io.IOBase):
        return FileBody(value)  # type: ignore[arg-type]  # a text file is refused there
    if isinstance(value, StreamReader):
        return StreamBody(value)
    if isinstance(value, AsyncIterable):
        return AsyncIterableBody(value)
    if isinstance(value, os.PathLike):
        return PathBody(value)
    raise TypeError(f"found {type(value).__name__}, expected octets, text, a file, a path or an asynchronous iterable")


def octets_left(file: IO[Any], start: int) -> int | None:
    """Return the octets between ``start`` and the end of a file that can seek, or None when it does not say."""
    try:
        # Not by fileno: a spooled file would move to disk for it.
        end = file.seek(0, os.SEEK_END)
        file.seek(start)
    except OSError:
        return None
    return max(0, end - start)


def file_name(file: object) -> str | None:
    """Return the name of a file without its folders; None for one that has no name, as pipes and files in memory."""
    name = getattr(file, "name", None)
    if not isinstance(name, str) or (name[:1] == "<" and name[-1:] == ">"):
        return None
    return os.path.basename(name) or None


def guess_content_type(name: str | None) -> str:
    """Return the media type that the ending of a file name stands for; octets when there is none.

    The tables of ``mimetypes`` are used as they are. ``mimetypes.guess_type`` would first read those of the system, and
    the event loop would stand still for it; a program that wants them calls ``mimetypes.init`` when it starts.
    """
    stem, ending = os.path.splitext((name or "").lower())
    ending = mimetypes.suffix_map.get(ending, ending)
    if "." in ending[1:]:
        ending = ending.rpartition(".")[0]
    elif ending in mimetypes.encodings_map:
        ending = os.path.splitext(stem)[1]
    return mimetypes.types_map.get(ending, OCTET_STREAM)
