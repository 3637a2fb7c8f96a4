"""Wait: a task waits for something, and another can end the wait early without cancelling the task."""

import asyncio
from collections.abc import Awaitable


class Wait:
    """One wait of one task; made, run and thrown away."""

    __slots__ = ("_is_ended", "_task")

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._is_ended = False

    async def run(self, awaitable: Awaitable[object]) -> None:
        """Wait for ``awaitable``, or until ``end`` is called.

        Cancellation:
            Reaches the awaitable and the caller, also when ``end`` was called in the same turn of the loop.
        """
        task = asyncio.current_task()
        before = 0 if task is None else task.cancelling()
        self._task = task
        try:
            await awaitable
        except asyncio.CancelledError:
            if task is None or not self._is_ended or task.uncancel() > before:
                raise
        finally:
            self._task = None

    def end(self) -> None:
        """Let the task go on in the next turn of the loop. Does nothing when it does not wait."""
        if self._task is not None and not self._is_ended:
            self._is_ended = True
            self._task.cancel()
