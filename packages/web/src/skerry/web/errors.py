"""HTTP exceptions: responses that can be raised, as a tree.

::

    HTTPException                    also a Response
     ├ HTTPSuccessful                2xx
     ├ HTTPRedirection               3xx
     │  └ HTTPMove                   with a Location
     └ HTTPError
        ├ HTTPClientError            4xx
        │  ├ HTTPMethodNotAllowed
        │  ├ HTTPRequestEntityTooLarge
        │  └ HTTPUnavailableForLegalReasons
        └ HTTPServerError            5xx

The classes with nothing but a status of their own stand in ``http_exceptions``.
"""

from collections.abc import AsyncIterable, Iterable
from typing import Any, ClassVar

from yarl import URL

from skerry.http import BytesLike, hdrs, reason_of

from .response import Response
from .stream_response import HeadersLike


class HTTPException(Response, Exception):
    """A response that a handler can raise or return.

    Args:
        headers: Fields to start with.
        reason: Reason phrase; None stands for the registered one.
        body: Body of octets; None for a short text that names the status.
        text: Body of text.
        content_type: Media type of the text.

    Raises:
        TypeError: The class has no status of its own.
    """

    status_code: ClassVar[int] = -1
    """Status of the class."""
    empty_body: ClassVar[bool] = False
    """True when no text is made for want of one."""

    def __init__(
        self,
        *,
        headers: HeadersLike | None = None,
        reason: str | None = None,
        body: BytesLike | str | AsyncIterable[bytes] | None = None,
        text: str | None = None,
        content_type: str | None = None,
    ) -> None:
        if self.status_code < 0:
            raise TypeError(f"{type(self).__name__} is a base class without a status, raise one of its subclasses")
        if body is None and text is None and not self.empty_body:
            text = f"{self.status_code}: {reason or reason_of(self.status_code)}"
        Response.__init__(
            self,
            status=self.status_code,
            headers=headers,
            reason=reason,
            body=body,
            text=text,
            content_type=content_type,
        )
        Exception.__init__(self, self.reason)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return self.reason


def _restore(kind: type[HTTPException], args: tuple[Any, ...], state: dict[str, Any]) -> HTTPException:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class HTTPSuccessful(HTTPException):
    """Base of 2xx."""


class HTTPRedirection(HTTPException):
    """Base of 3xx."""


class HTTPError(HTTPException):
    """Base of 4xx and 5xx."""


class HTTPClientError(HTTPError):
    """Base of 4xx."""


class HTTPServerError(HTTPError):
    """Base of 5xx."""


class HTTPMove(HTTPRedirection):
    """Base of the redirections that name another place.

    Args:
        location: Where to; percent-encoded where it must be.

    Raises:
        ValueError: The location is empty.
    """

    def __init__(
        self,
        location: str | URL,
        *,
        headers: HeadersLike | None = None,
        reason: str | None = None,
        body: BytesLike | str | AsyncIterable[bytes] | None = None,
        text: str | None = None,
        content_type: str | None = None,
    ) -> None:
        if not location:
            raise ValueError(f"{type(self).__name__} needs a location")
        super().__init__(headers=headers, reason=reason, body=body, text=text, content_type=content_type)
        self._location = location
        self.headers[hdrs.LOCATION] = str(URL(location))

    @property
    def location(self) -> str | URL:
        """The place, as it was given."""
        return self._location


class HTTPMethodNotAllowed(HTTPClientError):
    """405 Method Not Allowed.

    Args:
        method: The method that came.
        allowed_methods: The methods that the path knows; they are named in Allow.
    """

    status_code = 405

    def __init__(
        self,
        method: str,
        allowed_methods: Iterable[str],
        *,
        headers: HeadersLike | None = None,
        reason: str | None = None,
        body: BytesLike | str | AsyncIterable[bytes] | None = None,
        text: str | None = None,
        content_type: str | None = None,
    ) -> None:
        super().__init__(headers=headers, reason=reason, body=body, text=text, content_type=content_type)
        self._method = method
        self._allowed = frozenset(allowed_methods)
        self.headers[hdrs.ALLOW] = ",".join(sorted(self._allowed))

    @property
    def method(self) -> str:
        """The method that came."""
        return self._method

    @property
    def allowed_methods(self) -> frozenset[str]:
        """The methods that the path knows."""
        return self._allowed


class HTTPRequestEntityTooLarge(HTTPClientError):
    """413 Content Too Large.

    Args:
        max_size: Octets allowed.
        actual_size: Octets announced, or seen so far.
    """

    status_code = 413

    def __init__(
        self,
        max_size: float,
        actual_size: float = 0,
        *,
        headers: HeadersLike | None = None,
        reason: str | None = None,
        body: BytesLike | str | AsyncIterable[bytes] | None = None,
        text: str | None = None,
        content_type: str | None = None,
    ) -> None:
        if body is None and text is None:
            text = f"The body is larger than {max_size} octets"
        super().__init__(headers=headers, reason=reason, body=body, text=text, content_type=content_type)
        self.max_size = max_size
        """Octets allowed."""
        self.actual_size = actual_size
        """Octets announced, or seen so far."""


class HTTPUnavailableForLegalReasons(HTTPClientError):
    """451 Unavailable For Legal Reasons (RFC 7725).

    Args:
        link: Who blocks; named in a Link field. None when nobody is named.
    """

    status_code = 451

    def __init__(
        self,
        link: str | URL | None,
        *,
        headers: HeadersLike | None = None,
        reason: str | None = None,
        body: BytesLike | str | AsyncIterable[bytes] | None = None,
        text: str | None = None,
        content_type: str | None = None,
    ) -> None:
        super().__init__(headers=headers, reason=reason, body=body, text=text, content_type=content_type)
        self._link = None if link is None else URL(link)
        if self._link is not None:
            self.headers[hdrs.LINK] = f'<{self._link}>; rel="blocked-by"'

    @property
    def link(self) -> URL | None:
        """Who blocks, or None."""
        return self._link
