"""View: a class whose methods answer the methods of HTTP."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any

from skerry.http import hdrs

from .app import Request
from .errors import HTTPMethodNotAllowed
from .stream_response import StreamResponse


class View(Awaitable[StreamResponse]):
    """A handler as a class: one object for each request, with a coroutine method ``get``, ``post`` … for each method.

    A method that is not there is answered with 405. HEAD is not answered by ``get``: define ``head`` too.

    Args:
        request: The request to answer.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    @property
    def request(self) -> Request:
        """The request to answer."""
        return self._request

    def __await__(self) -> Generator[Any, None, StreamResponse]:
        return self._answer().__await__()

    async def _answer(self) -> StreamResponse:
        method = self._request.method
        answer: Callable[[], Awaitable[StreamResponse]] | None = None
        # Only the methods of HTTP: a peer must not reach another attribute by its name.
        if method in hdrs.METH_ALL:
            answer = getattr(self, method.lower(), None)
        if answer is None:
            raise HTTPMethodNotAllowed(method, {name for name in hdrs.METH_ALL if hasattr(self, name.lower())})
        return await answer()
