"""DataQueue: messages from one who has them to one who waits for them, with an end and an error at the end."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from ..errors import SkerryError

__all__ = ["DataQueue", "EofStream"]

T = TypeVar("T")


class EofStream(SkerryError):
    """The queue has ended and everything in it was read."""


class DataQueue(Generic[T]):
    """A queue of messages that one task reads.

    It has no limit of its own: who fills it from a peer has counted already.

    Args:
        loop: Not used; the running loop is.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        self._items: deque[T] = deque()
        self._is_ended = False
        self._error: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def is_eof(self) -> bool:
        """Return True when nothing more will be added."""
        return self._is_ended

    def at_eof(self) -> bool:
        """Return True when nothing more will be read."""
        return self._is_ended and not self._items

    def exception(self) -> BaseException | None:
        """Return the error that the queue ends with, or None."""
        return self._error

    def feed_data(self, data: T, size: int = 0) -> None:
        """Add a message.

        Args:
            data: The message.
            size: Not used; what a queue that counts would count.
        """
        self._items.append(data)
        self._wake()

    def feed_eof(self) -> None:
        """Say that nothing more will be added."""
        self._is_ended = True
        self._wake()

    def set_exception(self, exc: BaseException, exc_cause: BaseException | None = None) -> None:
        """Let the queue end with an error, once what is in it was read.

        Args:
            exc: What ``read`` raises then.
            exc_cause: Why, if that is another error.
        """
        if exc_cause is not None:
            exc.__cause__ = exc_cause
        self._is_ended = True
        self._error = exc
        self._wake()

    async def read(self) -> T:
        """Return the next message; wait for it.

        Raises:
            EofStream: The queue has ended.
            RuntimeError: Another task waits already.
            BaseException: What ``set_exception`` was given.

        Cancellation:
            Nothing is lost.
        """
        if self._waiter is not None:
            raise RuntimeError("another task is already reading this queue, expected one reader at a time")
        while not self._items:
            if self._error is not None:
                raise self._error
            if self._is_ended:
                raise EofStream
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._items.popleft()

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield messages until the queue ends."""
        while True:
            try:
                item = await self.read()
            except EofStream:
                return
            yield item

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
