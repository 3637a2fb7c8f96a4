"""ClientSession: the verbs, the defaults, and the lifetime of what requests share."""

import asyncio
import json as json_module
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from ssl import SSLContext
from types import TracebackType
from typing import Any, TypedDict, Unpack

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

from skerry.http import hdrs

from .connector import TCPConnector
from .errors import InvalidUrlClientError
from .pipeline import Journey, follow, perform
from .request import LooseHeaders, Origins, build_request, extend_query, prepare_body
from .response import ClientResponse
from .timeouts import DEFAULT_TIMEOUT, ClientTimeout, Deadlines

RaiseForStatus = bool | Callable[[ClientResponse], Awaitable[None]]
"""Whether a status of 400 or more raises, or what to call with each response."""


class RequestOptions(TypedDict, total=False):
    """What every verb takes besides the URL; ``ClientSession.request`` says what each means."""

    params: Any
    data: Any
    json: Any
    headers: LooseHeaders | None
    skip_auto_headers: Iterable[str] | None
    max_redirects: int
    raise_for_status: RaiseForStatus | None
    timeout: ClientTimeout | None
    ssl: SSLContext | bool | None
    server_hostname: str | None


class _RequestContextManager(Coroutine[Any, Any, ClientResponse]):
    """What a verb returns: awaited it gives the response, ``async with`` releases it at the end."""

    __slots__ = ("_coroutine", "_response")

    def __init__(self, coroutine: Coroutine[Any, Any, ClientResponse]) -> None:
        self._coroutine = coroutine
        self._response: ClientResponse | None = None

    def send(self, value: Any) -> Any:
        return self._coroutine.send(value)

    def throw(self, *args: Any) -> Any:
        return self._coroutine.throw(*args)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, ClientResponse]:
        return self._coroutine.__await__()

    async def __aenter__(self) -> ClientResponse:
        self._response = response = await self._coroutine
        return await response.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._response is not None:
            await self._response.__aexit__(kind, error, traceback)


class ClientSession:
    """Makes requests that share a pool of connections and defaults.

    It is made while an event loop runs, and closed at the end: leave ``async with``, or await ``close``.

    Args:
        base_url: Absolute URL that ends with ``/``; relative URLs are resolved against it.
        connector: Where connections come from; a ``TCPConnector()`` when there is none.
        connector_owner: The connector is closed with the session.
        headers: Fields of every request.
        skip_auto_headers: Names of fields that are not added by themselves: ``User-Agent``, ``Accept`` …
        json_serialize: JSON encoder for ``json=``.
        raise_for_status: Raise when a status is 400 or more, or call this with each response.
        timeout: The times that a request may take.

    Raises:
        RuntimeError: No event loop runs.
        ValueError: ``base_url`` is not absolute or does not end with ``/``, or ``timeout`` is no ``ClientTimeout``.
    """

    def __init__(
        self,
        base_url: str | URL | None = None,
        *,
        connector: TCPConnector | None = None,
        connector_owner: bool = True,
        headers: LooseHeaders | None = None,
        skip_auto_headers: Iterable[str] | None = None,
        json_serialize: Callable[[Any], str] = json_module.dumps,
        raise_for_status: RaiseForStatus = False,
        timeout: ClientTimeout = DEFAULT_TIMEOUT,
    ) -> None:
        self._connector: TCPConnector | None = None  # so that a failure below leaves nothing to warn of
        self._loop = asyncio.get_running_loop()
        self._base_url = _check_base_url(base_url)
        self._timeout = _check_timeout(timeout)
        self._default_headers = CIMultiDict(headers or ())
        self._skip_auto_headers = frozenset(istr(name) for name in skip_auto_headers or ())
        self._json_serialize = json_serialize
        self._raise_for_status = raise_for_status
        self._origins = Origins(self._default_headers, self._skip_auto_headers)
        self._deadlines = Deadlines(self._loop)
        self._connector_owner = connector_owner
        self._connector = TCPConnector() if connector is None else connector

    @property
    def closed(self) -> bool:
        """True once the session is closed."""
        return self._connector is None or self._connector.closed

    @property
    def connector(self) -> TCPConnector | None:
        """Where connections come from; None once the session is closed."""
        return self._connector

    @property
    def connector_owner(self) -> bool:
        """True when the connector is closed with the session."""
        return self._connector_owner

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Fields of every request."""
        return CIMultiDictProxy(self._default_headers)

    @property
    def skip_auto_headers(self) -> frozenset[istr]:
        """Names of fields that are not added by themselves."""
        return self._skip_auto_headers

    @property
    def json_serialize(self) -> Callable[[Any], str]:
        """JSON encoder for ``json=``."""
        return self._json_serialize

    @property
    def raise_for_status(self) -> RaiseForStatus:
        """Whether a status of 400 or more raises, or what is called with each response."""
        return self._raise_for_status

    @property
    def timeout(self) -> ClientTimeout:
        """The times that a request may take."""
        return self._timeout

    def request(
        self, method: str, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a request.

        Args:
            method: Method token; sent in capitals.
            url: URL, absolute or relative to ``base_url``. A user and password in it become an Authorization field.
            allow_redirects: Follow 301, 302, 303, 307 and 308.
            **options: ``params``: what is added to the query. ``data``: the body: bytes, text, or an asynchronous
                iterable of bytes, which is sent as it comes. ``json``: what is sent as JSON. ``headers``: fields that
                replace those of the session. ``skip_auto_headers``: names of fields that are not added by themselves.
                ``max_redirects``: 10; 0 is no limit. ``raise_for_status``, ``timeout``: instead of those of the
                session. ``ssl``: how the certificate is checked, instead of how the connector says.
                ``server_hostname``: the name that TLS asks for and checks, when it is not the host of the URL.

        Returns:
            What can be awaited or used with ``async with``; both give the response.

        Raises:
            InvalidURL: The URL cannot be used. All of these are raised when the result is awaited.
            NonHttpUrlClientError: The URL is for another protocol.
            ClientConnectionError: There is no connection, or it failed.
            ClientResponseError: The answer cannot be used, or its status raises.
            TimeoutError: It took too long.
            ValueError: Arguments contradict each other, or break a rule of HTTP; nothing was sent.
            RuntimeError: The session is closed.

        Cancellation:
            The request is given up; HTTP/1.1 closes its connection.
        """
        return _RequestContextManager(self._request(method, url, allow_redirects=allow_redirects, **options))

    def get(
        self, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a GET request; see ``request``."""
        return _RequestContextManager(self._request("GET", url, allow_redirects=allow_redirects, **options))

    def options(
        self, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make an OPTIONS request; see ``request``."""
        return _RequestContextManager(self._request("OPTIONS", url, allow_redirects=allow_redirects, **options))

    def head(
        self, url: str | URL, *, allow_redirects: bool = False, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a HEAD request; redirects are not followed unless asked for; see ``request``."""
        return _RequestContextManager(self._request("HEAD", url, allow_redirects=allow_redirects, **options))

    def post(
        self, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a POST request; see ``request``."""
        return _RequestContextManager(self._request("POST", url, allow_redirects=allow_redirects, **options))

    def put(
        self, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a PUT request; see ``request``."""
        return _RequestContextManager(self._request("PUT", url, allow_redirects=allow_redirects, **options))

    def patch(
        self, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a PATCH request; see ``request``."""
        return _RequestContextManager(self._request("PATCH", url, allow_redirects=allow_redirects, **options))

    def delete(
        self, url: str | URL, *, allow_redirects: bool = True, **options: Unpack[RequestOptions]
    ) -> _RequestContextManager:
        """Make a DELETE request; see ``request``."""
        return _RequestContextManager(self._request("DELETE", url, allow_redirects=allow_redirects, **options))

    async def _request(
        self,
        method: str,
        str_or_url: str | URL,
        *,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: LooseHeaders | None = None,
        skip_auto_headers: Iterable[str] | None = None,
        allow_redirects: bool = True,
        max_redirects: int = 10,
        raise_for_status: RaiseForStatus | None = None,
        timeout: ClientTimeout | None = None,
        ssl: SSLContext | bool | None = None,
        server_hostname: str | None = None,
    ) -> ClientResponse:
        """The one way that every verb takes."""
        connector = self._connector
        if connector is None or connector.closed:
            raise RuntimeError("the session is closed")
        body, content_type = prepare_body(data, json, self._json_serialize)
        url = self._build_url(str_or_url)
        if params:
            url = extend_query(url, params)
        verification = connector.ssl if ssl is None else ssl
        request = build_request(
            method.upper(),
            url,
            self._origins.find(url, verification, server_hostname),
            headers=headers,
            skip_auto_headers=skip_auto_headers or (),
            body=body,
            content_type="" if hdrs.CONTENT_TYPE in self._skip_auto_headers else content_type,
        )
        times = self._timeout if timeout is None else _check_timeout(timeout)
        deadline = self._deadlines.at(times.total, times.ceil_threshold)
        journey = Journey(connector, self._deadlines, times, deadline, self._origins, verification)
        if allow_redirects:
            response = await follow(request, journey, max_redirects)
        else:
            response = await perform(request, journey)
        raises = self._raise_for_status if raise_for_status is None else raise_for_status
        if raises:
            await _apply_raise_for_status(response, raises)
        return response

    def _build_url(self, str_or_url: str | URL) -> URL:
        try:
            url = URL(str_or_url)
        except ValueError as exc:
            raise InvalidUrlClientError(str_or_url, str(exc)) from exc
        return url if self._base_url is None else self._base_url.join(url)

    async def close(self) -> None:
        """Close the session, and its connector with all connections if it owns it. Can be repeated.

        Cancellation:
            The session is closed, and connections close all the same.
        """
        connector, self._connector = self._connector, None
        self._deadlines.close()
        if connector is not None and self._connector_owner:
            await connector.close()

    def detach(self) -> None:
        """Close the session without closing its connector."""
        self._connector = None
        self._deadlines.close()

    async def __aenter__(self) -> "ClientSession":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    def __del__(self) -> None:
        connector = getattr(self, "_connector", None)
        if connector is None or connector.closed:
            return
        warnings.warn(f"{self!r} was not closed", ResourceWarning, source=self, stacklevel=1)
        if self._loop.is_closed():
            return
        self._loop.call_exception_handler({"message": "a client session was not closed", "client_session": self})
        if self._connector_owner:
            connector.close_now()


async def _apply_raise_for_status(response: ClientResponse, raises: RaiseForStatus) -> None:
    try:
        if callable(raises):
            await raises(response)
        else:
            response.raise_for_status()
    except BaseException:
        response.release()
        raise


def _check_base_url(base_url: str | URL | None) -> URL | None:
    if base_url is None:
        return None
    url = URL(base_url)
    if not url.absolute:
        raise ValueError(f"base_url is {str(url)!r}, expected an absolute URL")
    if not url.path.endswith("/"):
        raise ValueError(f"base_url is {str(url)!r}, expected a path that ends with '/'")
    return url.with_query(None).with_fragment(None)


def _check_timeout(timeout: ClientTimeout) -> ClientTimeout:
    if not isinstance(timeout, ClientTimeout):
        raise ValueError(f"timeout is of type {type(timeout).__name__}, expected ClientTimeout(...)")
    return timeout
