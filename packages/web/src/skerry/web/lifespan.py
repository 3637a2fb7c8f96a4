"""What runs around the life of an application: contexts that are entered at its start and left at its end."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Generic, TypeVar

from frozenlist import FrozenList

OwnerT = TypeVar("OwnerT")

CleanupContext = Callable[[OwnerT], AsyncIterator[None] | AbstractAsyncContextManager[Any]]
"""An asynchronous generator function with one ``yield``, or a function that returns a context manager."""


class CleanupContexts(FrozenList[CleanupContext[OwnerT]], Generic[OwnerT]):
    """Contexts in the order in which they are entered; they are left in the reverse order."""

    def __init__(self) -> None:
        super().__init__()
        self._entered: list[AbstractAsyncContextManager[Any]] = []

    async def enter(self, owner: OwnerT) -> None:
        """Enter every context in order; the first that fails ends it, what was entered stays so until ``leave``.

        Cancellation:
            As a failure of the context that is being entered.
        """
        for context in self:
            opened = context(owner)
            if not isinstance(opened, AbstractAsyncContextManager):
                opened = asynccontextmanager(_same)(opened)
            await opened.__aenter__()
            self._entered.append(opened)

    async def leave(self) -> None:
        """Leave every context that was entered, the last one first, even when some fail.

        Raises:
            Exception: What the one that failed raised.
            ExceptionGroup: What several raised.

        Cancellation:
            The contexts that are left are those of the next call.
        """
        errors: list[Exception] = []
        while self._entered:
            try:
                await self._entered.pop().__aexit__(None, None, None)
            except Exception as error:
                errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("contexts failed while they were left", errors)


def _same(generator: AsyncIterator[None]) -> AsyncIterator[None]:
    return generator
