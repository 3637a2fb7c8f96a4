"""What can go wrong when a request is made, as one tree.

::

    SkerryError
     └ ClientError                              base of every error of the client
        ├ ClientResponseError                   an answer came and cannot be used, or says that the request failed
        │   ├ ContentTypeError                  the body is not of the type that was asked for
        │   └ TooManyRedirects                  the chain of redirects is longer than allowed
        ├ ClientPayloadError                    the body of the response is broken or incomplete
        ├ InvalidURL (ValueError)               the URL cannot be used
        │   └ InvalidUrlClientError
        │       └ InvalidUrlRedirectClientError
        ├ NonHttpUrlClientError                 the URL is for another protocol
        │   └ NonHttpUrlRedirectClientError
        ├ RedirectClientError                   both of the redirect errors above: the URL came from a server
        └ ClientConnectionError                 the connection failed
            ├ ClientOSError (OSError)
            │   └ ClientConnectorError          no connection could be made; nothing was sent
            │       ├ ClientConnectorDNSError
            │       └ ClientSSLError
            │           ├ ClientConnectorSSLError (ssl.SSLError)
            │           └ ClientConnectorCertificateError (ssl.SSLCertVerificationError)
            └ ServerConnectionError
                ├ ServerDisconnectedError       the server left
                └ ServerTimeoutError (TimeoutError)
                    ├ ConnectionTimeoutError    no connection in time; nothing was sent
                    └ SocketTimeoutError        the server was silent for too long

Errors can be pickled and copied; earlier responses (``history``) and TLS contexts do not travel with them. Wording is
not part of the API; ``code`` and the attributes are.
"""

from ssl import SSLCertVerificationError, SSLContext, SSLError
from typing import Any, ClassVar, Protocol

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from skerry.http import SkerryError

from .request_info import Answer, RequestInfo


class ConnectionTarget(Protocol):
    """Where a connection leads, as connector errors remember it."""

    @property
    def host(self) -> str:
        """Host name or address, without brackets."""

    @property
    def port(self) -> int | None:
        """Port."""

    @property
    def is_ssl(self) -> bool:
        """True for TLS."""

    @property
    def ssl(self) -> SSLContext | bool:
        """How the certificate is checked."""


class ClientError(SkerryError):
    """Base of the errors of this distribution."""

    code: ClassVar[str] = "client"
    """Stable name of the kind of error."""
    may_retry: ClassVar[bool | None] = None
    """True: the request was surely not acted upon. False: another try cannot help. None: it is not known."""


class ClientResponseError(ClientError):
    """An answer came that cannot be used, or whose status says that the request failed.

    Args:
        request_info: The request.
        history: Redirects that led to it, oldest first.
        status: Status code; 400 when the head of the response is broken.
        message: Reason phrase, or what is wrong.
        headers: Fields of the response, where there are any.
    """

    code = "response"

    def __init__(
        self,
        request_info: RequestInfo,
        history: tuple[Answer, ...] = (),
        *,
        status: int = 0,
        message: str = "",
        headers: CIMultiDictProxy[str] | CIMultiDict[str] | None = None,
    ) -> None:
        super().__init__(request_info, history)
        self.request_info = request_info
        """The request."""
        self.history = history
        """Redirects that led to it, oldest first; empty after unpickling."""
        self.status = status
        """Status code; 0 when it is not known."""
        self.message = message
        """Reason phrase, or what is wrong."""
        self.headers = headers
        """Fields of the response, or None."""

    def __str__(self) -> str:
        return f"{self.status}, message={self.message!r}, url={str(self.request_info.real_url)!r}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"

    def __reduce__(self) -> tuple[Any, ...]:
        fields = None if self.headers is None else tuple(self.headers.items())
        return _rebuild_response_error, (type(self), self.request_info, self.status, self.message, fields)


class ContentTypeError(ClientResponseError):
    """The body of the response is not of the type that was asked for."""

    code = "content-type"
    may_retry = False


class TooManyRedirects(ClientResponseError):
    """The chain of redirects is longer than allowed."""

    code = "too-many-redirects"
    may_retry = False


class ClientPayloadError(ClientError):
    """The body of the response is broken or ends before its end."""

    code = "payload"


class InvalidURL(ClientError, ValueError):
    """A URL cannot be used.

    Args:
        url: The URL.
        description: What is wrong with it.
    """

    code = "invalid-url"
    may_retry = False

    def __init__(self, url: URL | str, description: str | None = None) -> None:
        super().__init__(url, description)

    @property
    def url(self) -> URL | str:
        """The URL."""
        url: URL | str = self.args[0]
        return url

    @property
    def description(self) -> str | None:
        """What is wrong with it, or None."""
        description: str | None = self.args[1]
        return description

    def __str__(self) -> str:
        shown = _shown(self.url)
        return f"{shown} - {self.description}" if self.description else shown

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


class InvalidUrlClientError(InvalidURL):
    """A URL given to the client cannot be used."""


class NonHttpUrlClientError(ClientError):
    """The URL is for a protocol that the client does not speak.

    Args:
        url: The URL.
    """

    code = "non-http-url"
    may_retry = False

    def __init__(self, url: URL | str) -> None:
        super().__init__(url)

    @property
    def url(self) -> URL | str:
        """The URL."""
        url: URL | str = self.args[0]
        return url

    def __str__(self) -> str:
        return f"{_shown(self.url)} - the scheme is not http or https"


class RedirectClientError(ClientError):
    """A server redirects to a URL that cannot be used."""

    code = "redirect"
    may_retry = False


class InvalidUrlRedirectClientError(InvalidUrlClientError, RedirectClientError):
    """The URL of a redirect cannot be used."""


class NonHttpUrlRedirectClientError(NonHttpUrlClientError, RedirectClientError):
    """The URL of a redirect is for a protocol that the client does not speak."""


class ClientConnectionError(ClientError):
    """The connection failed, or is closed."""

    code = "connection"


class ClientOSError(ClientConnectionError, OSError):
    """The operating system reports that the connection failed."""

    code = "os"


class ClientConnectorError(ClientOSError):
    """No connection could be made; nothing was sent.

    Args:
        connection_key: Where the connection was to lead.
        os_error: What the operating system or the TLS library said.
    """

    code = "connect"
    may_retry = True
    stage: ClassVar[str] = "TCP"
    """What was being done: ``DNS``, ``TCP`` or ``TLS``."""

    def __init__(self, connection_key: ConnectionTarget, os_error: OSError) -> None:
        super().__init__(os_error.errno, os_error.strerror)
        self.args = (connection_key, os_error)
        self._key = connection_key
        self._os_error = os_error

    @property
    def os_error(self) -> OSError:
        """What the operating system or the TLS library said."""
        return self._os_error

    @property
    def host(self) -> str:
        """Host name or address."""
        return self._key.host

    @property
    def port(self) -> int | None:
        """Port."""
        return self._key.port

    @property
    def ssl(self) -> SSLContext | bool:
        """How the certificate is checked; True is the default way."""
        return self._key.ssl

    def __str__(self) -> str:
        what = self.os_error.strerror or str(self.os_error) or type(self.os_error).__name__
        return f"cannot connect to {self.host}:{self.port}: {self.stage}: {what}"

    def __reduce__(self) -> tuple[Any, ...]:
        key = self._key
        if not isinstance(key.ssl, bool) and isinstance(key, tuple):
            key = key._replace(ssl=True)  # type: ignore[attr-defined]  # every key of the pool is a named tuple
        return type(self), (key, self._os_error)


class ClientConnectorDNSError(ClientConnectorError):
    """The host name could not be resolved."""

    code = "dns"
    stage = "DNS"


class ClientSSLError(ClientConnectorError):
    """TLS could not be agreed on."""

    code = "tls"
    stage = "TLS"


class ClientConnectorSSLError(ClientSSLError, SSLError):
    """The TLS handshake failed."""


class ClientConnectorCertificateError(ClientSSLError, SSLCertVerificationError):
    """The certificate of the server is not trusted, or is not for this host."""

    code = "certificate"
    may_retry = False

    @property
    def certificate_error(self) -> OSError:
        """What the TLS library said of the certificate."""
        return self.os_error


class ServerConnectionError(ClientConnectionError):
    """The server ended the connection or did not answer in time."""

    code = "server"


class ServerDisconnectedError(ServerConnectionError):
    """The server left before its answer was complete.

    Args:
        message: What was seen.
    """

    code = "disconnected"

    def __init__(self, message: str = "server disconnected") -> None:
        super().__init__(message)
        self.message = message
        """What was seen."""


class ServerTimeoutError(ServerConnectionError, TimeoutError):
    """Something took longer than allowed."""

    code = "timeout"


class ConnectionTimeoutError(ServerTimeoutError):
    """There was no connection in time; nothing was sent."""

    code = "connect-timeout"
    may_retry = True


class SocketTimeoutError(ServerTimeoutError):
    """The server was silent for too long."""

    code = "read-timeout"


def _shown(url: URL | str) -> str:
    """Return the text of a URL without its password."""
    if isinstance(url, URL):
        return str(url.with_password("***")) if url.raw_password else str(url)
    scheme, slashes, rest = url.partition("//")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{slashes}***@{host}" if at and user else url


def _rebuild_response_error(
    kind: type[ClientResponseError],
    request_info: RequestInfo,
    status: int,
    message: str,
    fields: tuple[tuple[str, str], ...] | None,
) -> ClientResponseError:
    headers = None if fields is None else CIMultiDictProxy(CIMultiDict(fields))
    return kind(request_info, (), status=status, message=message, headers=headers)
