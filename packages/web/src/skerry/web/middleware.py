"""The mark of middlewares in programs written for aiohttp."""

from collections.abc import Callable
from typing import Any, TypeVar

MiddlewareT = TypeVar("MiddlewareT", bound=Callable[..., Any])


def middleware(function: MiddlewareT) -> MiddlewareT:
    """Return the function: every ``async def middleware(request, handler)`` is one, marked or not."""
    return function
