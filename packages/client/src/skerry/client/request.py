"""From the arguments of a call to the head and the body of a request.

What does not change is computed once: an ``Origin`` holds, for one session and one server, the pool key and the fields
that every request starts with.
"""

import base64
import ipaddress
import sys
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from ssl import SSLContext
from typing import Any

from multidict import CIMultiDict, CIMultiDictProxy, istr
from yarl import URL

from skerry.http import BytesLike, RequestHead, hdrs
from skerry.http.mediatypes import OCTET_STREAM

from ._version import __version__
from .errors import InvalidUrlClientError, NonHttpUrlClientError
from .pool.key import ConnectionKey, key_of
from .request_info import RequestInfo

LooseHeaders = Mapping[str, str] | CIMultiDict[str] | CIMultiDictProxy[str] | Iterable[tuple[str, str]]
"""What can be given as fields."""

Body = bytes | AsyncIterable[BytesLike]
"""What can be sent: the whole, or pieces that come one by one."""

USER_AGENT = f"Python/{sys.version_info[0]}.{sys.version_info[1]} skerry-client/{__version__}"
"""How the client names itself (RFC 9110 §10.1.5)."""

BODILESS_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"})
"""Methods that say nothing about a body when they have none (RFC 9110 §8.6)."""

MAX_ORIGINS = 1024
"""Origins that a session remembers before it starts anew."""

_ZERO = "0"


class ClientRequest:
    """A request that is ready to be sent.

    Args:
        method: Method token.
        url: URL without credentials, fragment included.
        headers: Fields of the head; the request keeps the object.
        body: Body, or None.
        key: Pool key of the connections that can carry it.
    """

    __slots__ = ("body", "headers", "key", "method", "original_url", "url")

    def __init__(self, method: str, url: URL, headers: CIMultiDict[str], body: Body | None, key: ConnectionKey) -> None:
        self.method = method
        """Method token."""
        self.original_url = url
        """URL as it was asked for, fragment included."""
        self.url = url.with_fragment(None) if url.raw_fragment else url
        """URL without its fragment."""
        self.headers = headers
        """Fields of the head."""
        self.body = body
        """Whole body, pieces that come one by one, or None."""
        self.key = key
        """Pool key of the connections that can carry it."""

    @property
    def is_replayable(self) -> bool:
        """True when the request can be sent a second time."""
        return self.body is None or isinstance(self.body, bytes)

    @property
    def request_info(self) -> RequestInfo:
        """What errors and responses remember of it."""
        return RequestInfo(self.url, self.method, CIMultiDictProxy(self.headers), self.original_url)

    def make_head(self) -> RequestHead:
        """Return the head in origin-form (RFC 9112 §3.2.1)."""
        return RequestHead(self.method, self.url.raw_path_qs, self.headers)


class Origin:
    """What all requests of a session to one server have in common.

    Args:
        key: Pool key.
        headers: Fields that every request starts with, Host first.
        has_credentials: The URL names a user; ``headers`` hold the Authorization that follows from it.
    """

    __slots__ = ("has_credentials", "headers", "key")

    def __init__(self, key: ConnectionKey, headers: CIMultiDict[str], has_credentials: bool) -> None:
        self.key = key
        """Pool key."""
        self.headers = headers
        """Fields that every request starts with; copied for each."""
        self.has_credentials = has_credentials
        """True when the URL names a user."""


class Origins:
    """The origins that a session has met.

    Args:
        headers: Fields of the session.
        skip_auto_headers: Names of fields that are not added by themselves.
    """

    def __init__(self, headers: CIMultiDict[str], skip_auto_headers: frozenset[istr]) -> None:
        self._headers = headers
        self._skip = {name.lower() for name in skip_auto_headers}
        self._known: dict[tuple[str, str, SSLContext | bool, str | None], Origin] = {}

    def find(self, url: URL, verification: SSLContext | bool, server_hostname: str | None) -> Origin:
        """Return what is common to requests for the origin of ``url``.

        Raises:
            InvalidUrlClientError: There is no host, or one that names no host.
            NonHttpUrlClientError: The scheme is not http or https.
        """
        name = (url.scheme, url.raw_authority, verification, server_hostname)
        origin = self._known.get(name)
        if origin is None:
            check_url(url)
            if len(self._known) >= MAX_ORIGINS:
                self._known.clear()
            origin = self._known[name] = self._make(url, key_of(url, verification, server_hostname))
        return origin

    def _make(self, url: URL, key: ConnectionKey) -> Origin:
        headers = CIMultiDict([(hdrs.HOST, url.host_port_subcomponent or "")])
        for name, value in ((hdrs.ACCEPT, "*/*"), (hdrs.USER_AGENT, USER_AGENT)):
            if name.lower() not in self._skip:
                headers[name] = value
        override(headers, self._headers)
        has_credentials = url.raw_user is not None or url.raw_password is not None
        if has_credentials:
            _refuse_two_credentials(headers)
            headers[hdrs.AUTHORIZATION] = basic_credentials(url.user or "", url.password or "")
        return Origin(key, headers, has_credentials)


def build_request(
    method: str,
    url: URL,
    origin: Origin,
    *,
    headers: LooseHeaders | None = None,
    skip_auto_headers: Iterable[str] = (),
    body: Body | None = None,
    content_type: str = "",
) -> ClientRequest:
    """Put a request together.

    Args:
        method: Method token.
        url: Absolute URL.
        origin: What is common to the requests to its origin.
        headers: Fields of this request; they replace those of the session that have the same name.
        skip_auto_headers: Names of fields that are not added by themselves.
        body: Body, or None.
        content_type: Media type of the body, for a request that does not name one.

    Raises:
        ValueError: Credentials are given both in the URL and as a field.
    """
    fields = origin.headers.copy()
    skipped = {name.lower() for name in skip_auto_headers} if skip_auto_headers else ()
    for name in skipped:
        fields.pop(name, None)
    if headers:
        given = CIMultiDict(headers)
        if origin.has_credentials and hdrs.AUTHORIZATION in given:
            _refuse_two_credentials(given)
        override(fields, given)
    if body is not None:
        if content_type and "content-type" not in skipped and hdrs.CONTENT_TYPE not in fields:
            fields[hdrs.CONTENT_TYPE] = content_type
        if isinstance(body, bytes) and hdrs.CONTENT_LENGTH not in fields:
            fields[hdrs.CONTENT_LENGTH] = str(len(body))
    elif method not in BODILESS_METHODS and hdrs.CONTENT_LENGTH not in fields:
        fields[hdrs.CONTENT_LENGTH] = _ZERO
    if origin.has_credentials:
        url = url.with_user(None)
    return ClientRequest(method, url, fields, body, origin.key)


def override(fields: CIMultiDict[str], given: CIMultiDict[str]) -> None:
    """Replace in ``fields`` every name that ``given`` has; a name given several times stays so."""
    seen = set()
    for name, value in given.items():
        folded = name.lower()
        if folded in seen:
            fields.add(name, value)
        else:
            seen.add(folded)
            fields[name] = value


def check_url(url: URL) -> None:
    """Refuse a URL that the client cannot use.

    Raises:
        InvalidUrlClientError: There is no host, or a number that is not an address in its usual form: ``127.1`` and
            ``2130706433`` mean 127.0.0.1 to some resolvers, and would pass a filter that compares text.
        NonHttpUrlClientError: The scheme is not http or https.
    """
    if url.scheme not in ("http", "https"):
        if url.scheme:
            raise NonHttpUrlClientError(url)
        raise InvalidUrlClientError(url, "the URL is not absolute")
    host = url.raw_host
    if not host:
        raise InvalidUrlClientError(url, "there is no host")
    last_label = host.rstrip(".").rpartition(".")[2]
    if last_label.isdigit() or last_label.startswith("0x"):
        try:
            ipaddress.IPv4Address(host)
        except ValueError as exc:
            raise InvalidUrlClientError(url, "the host is a number, expected an IPv4 address as a.b.c.d") from exc


def basic_credentials(login: str, password: str) -> str:
    """Return the value of an Authorization field (RFC 7617).

    Raises:
        ValueError: The login contains a colon.
    """
    if ":" in login:
        raise ValueError("the user name contains ':', which Basic credentials cannot express (RFC 7617 §2)")
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode("ascii")


def _refuse_two_credentials(headers: CIMultiDict[str]) -> None:
    if hdrs.AUTHORIZATION in headers:
        raise ValueError("credentials are given twice: in the URL and in the Authorization field")


def prepare_body(data: Any, json_data: Any, dumps: Callable[[Any], str]) -> tuple[Body | None, str]:
    """Return the body that ``data`` or ``json_data`` stands for, and its media type.

    Args:
        data: ``bytes``, ``bytearray``, ``memoryview``, ``str`` (sent as UTF-8), an asynchronous iterable, or None.
        json_data: What ``dumps`` turns into text, or None.
        dumps: JSON encoder.

    Raises:
        ValueError: Both are given.
        TypeError: ``data`` is of another type.
    """
    if json_data is not None:
        if data is not None:
            raise ValueError("data and json are given, expected one of them")
        return dumps(json_data).encode("utf-8"), "application/json"
    if data is None:
        return None, ""
    if isinstance(data, str):
        return data.encode("utf-8"), "text/plain; charset=utf-8"
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data), OCTET_STREAM
    if isinstance(data, AsyncIterable):
        return data, OCTET_STREAM
    raise TypeError(f"data is of type {type(data).__name__}, expected bytes, str or an asynchronous iterable of bytes")


def extend_query(url: URL, params: Any) -> URL:
    """Return ``url`` with ``params`` added to its query.

    Args:
        url: URL.
        params: Text, mapping or pairs, as yarl takes them.

    Raises:
        TypeError: A value is not ``str``, ``int`` or ``float``.
    """
    return url.extend_query(params) if params else url
