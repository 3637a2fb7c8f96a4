"""From an exchange to its response: route, middlewares, handler, answer. Every request passes here."""

from asyncio import CancelledError
from typing import Any, Final

from skerry.http import Data, RemoteProtocolError, ServerExchange, hdrs, reason_of

from .app import Application, Handler, Request
from .errors import HTTPException
from .expectations import meet_expectation
from .response import Response
from .routing import NoMatch, Route
from .stream_response import StreamResponse
from .target import decode_path, path_of

EXPECT: Final = hdrs.EXPECT
SHOWN_LIMIT: Final = 128
"""Characters of a peer's target that a log line holds at the most."""


class Dispatcher:
    """Answers exchanges with an application.

    Args:
        app: The application; it is frozen.
    """

    def __init__(self, app: Application) -> None:
        app.freeze()
        self._app = app
        self._tree = app.router.tree
        self._literals = self._tree.literals
        self._is_hooked = bool(app.on_response_prepare)

    async def serve(self, exchange: ServerExchange) -> None:
        """Answer one request. Nothing that a handler or a peer does makes it raise.

        Raises:
            asyncio.CancelledError: It was cancelled.

        Cancellation:
            The handler is cancelled and the exchange aborted.
        """
        head = exchange.request
        request = Request(exchange, self._app)
        routes = self._literals.get(head.target)
        route = None if routes is None else routes.get(head.method)
        try:
            if route is not None:
                request.found = route
                handler = route.chain
            else:
                handler = self._find(request)
            try:
                if head.expect_continue or EXPECT in head.headers:
                    response = await self._expect(request, handler)
                else:
                    response = await handler(request)
            except HTTPException as error:
                await self._send(request, error)
                # A circle otherwise: the exception, its traceback, this frame, the request, its match, the exception.
                error.__traceback__ = None
                return
            if type(response) is Response and response.is_whole and not self._is_hooked:
                response.send_whole(exchange)
            else:
                await self._send(request, response)
        except CancelledError:
            exchange.abort()
            raise
        except Exception as error:
            self._fail(request, error)

    def _find(self, request: Request) -> Handler:
        """Look the route up with everything that a target can be, and note what was found on the request."""
        found = self._tree.find(request.method, decode_path(path_of(request.method, request.raw_path)))
        if isinstance(found, NoMatch):
            request.found = found
            return self._app.unmatched
        request.found, request.values_of_path = found
        return found[0].chain

    async def _expect(self, request: Request, handler: Handler) -> StreamResponse:
        """Meet the expectation of the peer before the handler runs; without a route nobody wants the body."""
        route = request.found
        if isinstance(route, Route):
            early = await (route.expect_handler or meet_expectation)(request)
            if early is not None:
                return early
        return await handler(request)

    async def _send(self, request: Request, response: StreamResponse) -> None:
        """Send a response that is not a plain one, or that hooks look at first."""
        if not isinstance(response, StreamResponse):
            raise TypeError(f"the handler returned {type(response).__name__}, expected a response")
        if isinstance(response, Response) and response.is_whole and not self._is_hooked:
            response.send_whole(request.exchange)
            return
        await response.prepare(request)
        await response.write_eof()

    def _fail(self, request: Request, error: Exception) -> None:
        """Answer an exchange whose handler, or whose response, has failed."""
        exchange = request.exchange
        logger = self._app.logger
        shown = f"{request.method[:SHOWN_LIMIT]} {request.raw_path[:SHOWN_LIMIT]!r}"
        status = 500
        if isinstance(error, ConnectionError) and not exchange.connection.is_open:
            logger.debug("%s: the peer has left", shown)
            exchange.abort()
            return
        if isinstance(error, RemoteProtocolError) and _is_broken(exchange):
            logger.info("%s: the peer broke the message: %s", shown, error)
            status = error.status_hint
        else:
            logger.error("%s: %s failed", shown, _name_of(request.match_info.handler), exc_info=error)
        if exchange.head_sent:
            exchange.abort()
            return
        response = Response(status=status, text=f"{status}: {reason_of(status)}")
        if status != 500:
            response.force_close()
        try:
            response.send_whole(exchange)
        except Exception as send_error:
            logger.debug("%s: the error could not be sent: %r", shown, send_error)
            exchange.abort()


def _is_broken(exchange: ServerExchange) -> bool:
    """Return True when the body of this very request cannot be read on: the error is not of another connection."""
    try:
        while isinstance(exchange.receive_nowait(), Data):
            pass
    except (RemoteProtocolError, ConnectionError):
        return True
    return False


def _name_of(handler: Any) -> str:
    name = getattr(handler, "__qualname__", None)
    return repr(handler) if name is None else f"{handler.__module__}.{name}"
