"""The shapes of handlers and middlewares, for any kind of request; and how the one wraps the other."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from .stream_response import StreamResponse

RequestT = TypeVar("RequestT")
MiddlewareT = TypeVar("MiddlewareT", bound=Callable[..., Any])

Handler = Callable[[RequestT], Awaitable[StreamResponse]]
"""What answers a request."""

ExpectHandler = Callable[[RequestT], Awaitable[StreamResponse | None]]
"""What meets an Expect field before the handler runs; a response it returns is the answer, None goes on."""

Middleware = Callable[[RequestT, Handler[RequestT]], Awaitable[StreamResponse]]
"""What stands around a handler: it may answer itself, call the handler, and change what comes back."""


def wrap(handler: Handler[RequestT], middlewares: Sequence[Middleware[RequestT]]) -> Handler[RequestT]:
    """Return a handler with the middlewares around it, the first one outermost."""
    for middleware in reversed(middlewares):
        handler = _around(middleware, handler)
    return handler


def _around(middleware: Middleware[RequestT], handler: Handler[RequestT]) -> Handler[RequestT]:
    def call(request: RequestT) -> Awaitable[StreamResponse]:
        return middleware(request, handler)

    return call


def middleware(function: MiddlewareT) -> MiddlewareT:
    """Return the function: ``@web.middleware`` marks middlewares in programs written for aiohttp, and is not needed."""
    return function
