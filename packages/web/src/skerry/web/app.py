"""Application and Request: routes, state, middlewares and signals; and a request that knows its application.

The two stand in one module because each names the other.
"""

import logging
from collections.abc import Awaitable, Iterable
from typing import Any, Final

from aiosignal import Signal
from frozenlist import FrozenList

from skerry.http import ServerExchange

from .base_request import BaseRequest
from .errors import HTTPException, HTTPMethodNotAllowed
from .handlers import Handler as GenericHandler
from .handlers import Middleware as GenericMiddleware
from .handlers import wrap
from .http_exceptions import HTTPNotFound
from .lifespan import CleanupContexts
from .match import MatchInfo
from .routing import AbstractRouteDef, NoMatch, Route, UrlDispatcher
from .storage import Storage
from .stream_response import StreamResponse

LOGGER: Final = logging.getLogger("skerry.web")

_NO_VALUES: Final[dict[str, str]] = {}


class Request(BaseRequest):
    """A request that an application answers.

    Args:
        exchange: What carries the request and takes the response.
        app: The application.
    """

    __slots__ = ("_match_info", "app", "found", "values_of_path")

    def __init__(self, exchange: ServerExchange, app: "Application") -> None:
        super().__init__(exchange, app.client_max_size)
        self.app = app
        """The application that answers."""
        self.found: Route[Request] | NoMatch | None = None
        """What the routing found: a route, or which methods would have one."""
        self.values_of_path = _NO_VALUES
        """Parts of the path that vary, by name; ``match_info`` is made of it."""
        self._match_info: MatchInfo[Request] | None = None

    @property
    def match_info(self) -> MatchInfo["Request"]:
        """The parts of the path that vary, decoded, by name; and the route."""
        if self._match_info is None:
            found = self.found
            if isinstance(found, Route):
                self._match_info = MatchInfo(found, self.values_of_path, found.handler)
            else:
                error = self._explain(found)
                self._match_info = MatchInfo(None, _NO_VALUES, raise_unmatched, error)
        return self._match_info

    def _explain(self, found: NoMatch | None) -> HTTPException:
        if found is not None and found.allowed_methods:
            return HTTPMethodNotAllowed(self.method, found.allowed_methods)
        return HTTPNotFound()

    def before_response(self, response: StreamResponse, /) -> Awaitable[None] | None:
        """Return the call of the ``on_response_prepare`` signal, or None when nobody listens."""
        signal = self.app.on_response_prepare
        return signal.send(self, response) if signal else None


Handler = GenericHandler[Request]
"""What answers a request: a coroutine function of it, or a ``View`` class."""

Middleware = GenericMiddleware[Request]
"""``async def middleware(request, handler)``; it awaits ``handler(request)`` or answers itself."""


async def raise_unmatched(request: Request) -> StreamResponse:
    """Answer a request that no route was found for.

    Raises:
        HTTPException: 404 or 405.

    Cancellation:
        It never waits.
    """
    error = request.match_info.http_exception
    raise HTTPNotFound() if error is None else error


class Application(Storage):
    """What answers requests: routes, middlewares, signals, and a mapping for the program's own state.

    Args:
        logger: Where failures of handlers are written.
        middlewares: What stands around every handler, the outermost first.
        client_max_size: Octets that ``Request.read`` takes at the most; 0 for no limit.

    Raises:
        ValueError: ``client_max_size`` is negative.
    """

    def __init__(
        self,
        *,
        logger: logging.Logger = LOGGER,
        middlewares: Iterable[Middleware] = (),
        client_max_size: int = 1024**2,
    ) -> None:
        if client_max_size < 0:
            raise ValueError(f"client_max_size is {client_max_size}, expected 0 (no limit) or more octets")
        self.logger = logger
        """Where failures of handlers are written."""
        self.client_max_size = client_max_size
        """Octets that ``Request.read`` takes at the most; 0 for no limit."""
        self.router: UrlDispatcher[Request] = UrlDispatcher()
        """The routes."""
        self.middlewares: FrozenList[Middleware] = FrozenList(middlewares)
        """What stands around every handler, the outermost first; frozen at the start."""
        self.on_response_prepare: Signal[Request, StreamResponse] = Signal(self)
        """Awaited with request and response before the head of a response leaves."""
        self.on_startup: Signal[Application] = Signal(self)
        """Awaited with the application before it takes requests, after the contexts were entered."""
        self.on_shutdown: Signal[Application] = Signal(self)
        """Awaited with the application when it takes no new connections any more, and handlers may still run."""
        self.on_cleanup: Signal[Application] = Signal(self)
        """Awaited with the application when no handler runs any more, after the contexts were left."""
        self.cleanup_ctx: CleanupContexts[Application] = CleanupContexts()
        """Contexts that are entered at the start, and left at the end in reverse."""
        self.unmatched: Handler = raise_unmatched
        """What answers when there is no route, middlewares around it."""
        self._state: dict[str, Any] | None = None
        self._frozen = False
        self._started = False

    def add_routes(self, routes: Iterable[AbstractRouteDef[Request]]) -> None:
        """Add routes in order.

        Raises:
            ValueError: A path, method or name is not valid.
            RuntimeError: A resource has the method already, or the application has started.
        """
        self.router.add_routes(routes)

    @property
    def frozen(self) -> bool:
        """True when routes, middlewares and signals cannot change any more."""
        return self._frozen

    def freeze(self) -> None:
        """Let routes, middlewares and signals change no more, and build what answers each route. Can be repeated."""
        if self._frozen:
            return
        self._frozen = True
        self.router.freeze()
        self.middlewares.freeze()
        for signal in (self.on_startup, self.on_shutdown, self.on_cleanup, self.on_response_prepare, self.cleanup_ctx):
            signal.freeze()
        middlewares = tuple(self.middlewares)
        for route in self.router.routes():
            route.chain = wrap(route.handler, middlewares)
        self.unmatched = wrap(raise_unmatched, middlewares)

    async def startup(self) -> None:
        """Freeze the application, enter the contexts, then send ``on_startup``. State cannot change afterwards.

        Raises:
            Exception: What a context or a receiver raised; ``cleanup`` is still to be called.

        Cancellation:
            As a failure.
        """
        self.freeze()
        await self.cleanup_ctx.enter(self)
        await self.on_startup.send(self)
        self._started = True

    async def shutdown(self) -> None:
        """Send ``on_shutdown``: no new connection is taken, handlers may still run.

        Cancellation:
            Receivers that were not reached are not called.
        """
        self.freeze()
        await self.on_shutdown.send(self)

    async def cleanup(self) -> None:
        """Leave the contexts, then send ``on_cleanup``, even when a context fails.

        Raises:
            Exception: What a context or a receiver raised.

        Cancellation:
            Receivers that were not reached are not called.
        """
        self.freeze()
        try:
            await self.cleanup_ctx.leave()
        finally:
            await self.on_cleanup.send(self)

    def __setitem__(self, key: str, value: Any) -> None:
        self._check_changeable(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self._check_changeable(key)
        super().__delitem__(key)

    def _check_changeable(self, key: str) -> None:
        if self._started:
            raise RuntimeError(f"cannot change {key!r}: the application has started; store an object and change that")

    def __repr__(self) -> str:
        return f"<Application {len(self.router.routes())} routes{', frozen' if self._frozen else ''}>"
