"""One request and its response: connection, exchange, retry; and the chain of redirects."""

import asyncio
from dataclasses import dataclass
from ssl import SSLContext

from skerry.http import ClientExchange, RemoteProtocolError, hdrs

from .connector import TCPConnector
from .errors import ClientPayloadError, ConnectionTimeoutError, TooManyRedirects
from .hop import Hop
from .redirects import REDIRECT_STATUSES, Redirect, decide_redirect, strip_fields
from .request import ClientRequest, Origins
from .request_info import Answer
from .response import ClientResponse
from .retries import may_send_again
from .timeouts import ClientTimeout, Deadlines


@dataclass(slots=True)
class Journey:
    """What the hops of one call have in common."""

    connector: TCPConnector
    """Where connections come from."""
    deadlines: Deadlines
    """Deadlines of the session."""
    timeout: ClientTimeout
    """The times that the call may take."""
    deadline: float
    """Loop time at which ``timeout.total`` is over; 0.0 is never."""
    origins: Origins
    """Origins that the session knows."""
    verification: SSLContext | bool
    """How certificates are checked."""


async def follow(request: ClientRequest, journey: Journey, max_redirects: int) -> ClientResponse:
    """Send a request, follow redirects, and return the first response that is none.

    Args:
        request: The first request.
        journey: What it has in common with those that follow.
        max_redirects: How many responses the chain may have; 0 is no limit.

    Raises:
        TooManyRedirects: The chain is longer.
        RedirectClientError: A redirect leads to a URL that cannot be used.
        ClientPayloadError: The body would have to be sent again and cannot be.
        ClientError: As in ``perform``.
        TimeoutError: It took too long.

    Cancellation:
        As in ``perform``.
    """
    history: tuple[ClientResponse, ...] = ()
    while True:
        response = await perform(request, journey, history)
        if response.status not in REDIRECT_STATUSES:
            return response
        try:
            redirect = decide_redirect(request.method, request.original_url, response.status, response.headers)
            if redirect is None:
                return response
            history += (response,)
            if max_redirects and len(history) >= max_redirects:
                raise TooManyRedirects(
                    history[0].request_info,
                    history,
                    status=response.status,
                    message=f"more than {max_redirects - 1} redirects",
                    headers=response.headers,
                )
            request = _redirected(request, redirect, journey)
        except BaseException:
            response.close()
            raise
        response.release()


def _redirected(request: ClientRequest, redirect: Redirect, journey: Journey) -> ClientRequest:
    """Return the request that follows ``request``; credentials go only where they were meant to go."""
    if redirect.keeps_body and not request.is_replayable:
        raise ClientPayloadError(
            f"a redirect to {redirect.url.origin()} asks for the body again, which was an iterable and is used up"
        )
    same = redirect.is_same_origin
    name = request.key.server_hostname if same else None
    origin = journey.origins.find(redirect.url, journey.verification, name)
    headers = request.headers.copy()
    strip_fields(headers, redirect)
    if not same:
        headers[hdrs.HOST] = origin.headers[hdrs.HOST]
    url = redirect.url
    if origin.has_credentials:
        headers[hdrs.AUTHORIZATION] = origin.headers[hdrs.AUTHORIZATION]
        url = url.with_user(None)
    return ClientRequest(redirect.method, url, headers, request.body if redirect.keeps_body else None, origin.key)


async def perform(request: ClientRequest, journey: Journey, history: tuple[Answer, ...] = ()) -> ClientResponse:
    """Send a request and return the response as soon as its head has come.

    A connection that was used before and dies without an octet of an answer costs one retry, if the request may be
    repeated.

    Raises:
        ClientError: There is no answer, or one that cannot be understood.
        TimeoutError: It took too long.
        LocalProtocolError: The request breaks a rule of HTTP; nothing was sent.

    Cancellation:
        The exchange is given up; HTTP/1.1 closes its connection.
    """
    attempts = 0
    while True:
        attempts += 1
        exchange = journey.connector.take(request.key) if attempts == 1 else None
        is_reused = exchange is not None
        if exchange is None:
            exchange, is_reused = await connect(request, journey, is_fresh=attempts > 1)
        hop = Hop(request, exchange, journey.timeout, journey.deadlines, journey.deadline)
        try:
            hop.send(request.make_head())
            if journey.timeout.sock_read:
                hop.watch_silence()
            head = await exchange.receive_head()
        except (RemoteProtocolError, ConnectionResetError) as exc:
            hop.abort()
            error = hop.explain(exc, history)
            if (
                isinstance(exc, RemoteProtocolError)
                or hop.was_stopped
                or not may_send_again(
                    request.method,
                    is_reused=is_reused,
                    has_response_begun=exchange.has_response_begun,
                    is_replayable=request.is_replayable,
                    attempts=attempts,
                )
            ):
                raise error from (hop.upload_error or exc)
        except BaseException:
            hop.abort()
            raise
        else:
            if journey.timeout.sock_read:
                hop.unwatch_silence()
            response = ClientResponse(hop, head, history)
            hop.begin_body(head.upgrade)
            return response


async def connect(request: ClientRequest, journey: Journey, *, is_fresh: bool) -> tuple[ClientExchange, bool]:
    """Open an exchange for ``request``, within ``timeout.connect`` and ``timeout.total``.

    Returns:
        The exchange, and whether its connection was used before.

    Raises:
        ClientConnectionError: There is no connection.
        ConnectionTimeoutError: It took too long.

    Cancellation:
        Nothing stays open or reserved.
    """
    timeout = journey.timeout
    limit = journey.deadlines.at(timeout.connect, timeout.ceil_threshold)
    when = min(filter(None, (limit, journey.deadline)), default=None)
    opening = journey.connector.open(request.key, sock_connect=timeout.sock_connect, fresh=is_fresh)
    if when is None:
        return await opening
    try:
        async with asyncio.timeout_at(when) as scope:
            return await opening
    except TimeoutError as exc:
        if not scope.expired():
            raise
        where = f"{request.key.host}:{request.key.port}"
        name, seconds = ("connect", timeout.connect) if when == limit else ("total", timeout.total)
        raise ConnectionTimeoutError(f"no connection to {where} within {seconds:g} s ({name})") from exc
