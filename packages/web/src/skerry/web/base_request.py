"""BaseRequest: a request without an application. Everything in it is made when it is asked for.

Of what a peer sends nothing can make these properties fail with anything but an HTTP exception.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from multidict import CIMultiDictProxy, MultiDictProxy
from yarl import URL

from skerry.http import ConnectionInfo, HttpVersion, RequestHead, ServerExchange, hdrs
from skerry.http.aio import StreamReader
from skerry.http.mediatypes import UNKNOWN_MEDIA, MediaType, parse_media_type

from .errors import HTTPRequestEntityTooLarge
from .http_exceptions import HTTPBadRequest, HTTPInvalidJSON, HTTPUnsupportedMediaType
from .storage import Storage
from .stream_response import StreamResponse
from .target import Target, split_target


class BaseRequest(Storage):
    """A request as a handler sees it, and a mapping for the program's own values.

    Args:
        exchange: What carries the request and takes the response.
        client_max_size: Octets that ``read`` takes at the most; 0 for no limit.
    """

    __slots__ = (
        "__weakref__",
        "_body",
        "_client_max_size",
        "_content",
        "_head",
        "_media",
        "_rel_url",
        "_state",
        "_target",
        "exchange",
    )

    def __init__(self, exchange: ServerExchange, client_max_size: int = 1024**2) -> None:
        self.exchange = exchange
        """The exchange that carries the request."""
        self._head: RequestHead = exchange.request
        self._client_max_size = client_max_size
        self._state = None
        self._target: Target | None = None
        self._rel_url: URL | None = None
        self._content: StreamReader | None = None
        self._body: bytes | None = None
        self._media: MediaType | None = None

    def before_response(self, response: StreamResponse, /) -> Awaitable[None] | None:
        """Return what is to be awaited before the head of the response leaves, or None."""
        return None

    @property
    def method(self) -> str:
        """Method, as the peer wrote it."""
        return self._head.method

    @property
    def version(self) -> HttpVersion:
        """Version of HTTP that the peer speaks."""
        return self._head.version

    @property
    def raw_path(self) -> str:
        """Request target as it came: ``/my%2Fpath?a=1``."""
        return self._head.target

    @property
    def target(self) -> Target:
        """Parts of the request target, percent-encoded."""
        if self._target is None:
            self._target = split_target(self._head.method, self._head.target)
        return self._target

    @property
    def rel_url(self) -> URL:
        """Path and query as a URL."""
        if self._rel_url is None:
            target = self.target
            self._rel_url = URL.build(path=target.path, query_string=target.query, encoded=True)
        return self._rel_url

    @property
    def url(self) -> URL:
        """The whole URL, from scheme, host and target.

        Raises:
            HTTPBadRequest: What the peer calls its host makes no URL.
        """
        target = self.target
        path = target.path if target.path.startswith("/") else ""
        try:
            url = URL.build(scheme=self.scheme, authority=self.host, path=path, query_string=target.query, encoded=True)
            # yarl decodes an IDNA host when it is asked for; what cannot be decoded must fail here.
            _ = url.host
            return url
        except ValueError:
            raise HTTPBadRequest(text="400: Host and target make no URL") from None

    @property
    def path(self) -> str:
        """Path, decoded: ``/my/path``."""
        path = self.target.path
        return self.rel_url.path if "%" in path else path

    @property
    def path_qs(self) -> str:
        """Path and query, encoded."""
        target = self.target
        return f"{target.path}?{target.query}" if target.query else target.path

    @property
    def query(self) -> MultiDictProxy[str]:
        """Parameters of the query, decoded."""
        return self.rel_url.query

    @property
    def query_string(self) -> str:
        """Query, decoded."""
        return self.rel_url.query_string

    @property
    def connection(self) -> ConnectionInfo:
        """Facts about the connection."""
        return self.exchange.connection

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what the transport knows: ``peername``, ``sockname``, ``ssl_object`` …"""
        return self.exchange.connection.get_extra_info(name, default)

    @property
    def secure(self) -> bool:
        """True when the connection is on TLS. A proxy in front is not seen."""
        return self.exchange.connection.is_secure

    @property
    def scheme(self) -> str:
        """``https`` on TLS, else ``http``."""
        return "https" if self.exchange.connection.is_secure else "http"

    @property
    def host(self) -> str:
        """Host, and port if it was given: of the absolute-form, of Host, else the address that was connected to.

        Source: RFC 9112 §3.2.2, §3.2.3.
        """
        host = self.target.authority or self._head.headers.get(hdrs.HOST)
        if host:
            return host
        name = self.get_extra_info("sockname")
        if isinstance(name, tuple) and len(name) >= 2:
            return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"
        return "localhost"

    @property
    def remote(self) -> str | None:
        """Address of the peer; None when the transport has none."""
        name = self.get_extra_info("peername")
        if isinstance(name, tuple):
            return str(name[0])
        return str(name) if name else None

    @property
    def keep_alive(self) -> bool:
        """True when the peer agrees to go on with the connection."""
        return self._head.keep_alive

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Header fields, compared without case; cannot be changed."""
        return CIMultiDictProxy(self._head.headers)

    @property
    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Pairs of name and value in the octets of the wire."""
        return self._head.raw_headers

    @property
    def _media_type(self) -> MediaType:
        if self._media is None:
            self._media = parse_media_type(self._head.headers.get(hdrs.CONTENT_TYPE)) or UNKNOWN_MEDIA
        return self._media

    @property
    def content_type(self) -> str:
        """Media type of the body without parameters; ``application/octet-stream`` when it is not known."""
        return self._media_type.content_type

    @property
    def charset(self) -> str | None:
        """Charset of the media type, or None."""
        return self._media_type.charset

    @property
    def content_length(self) -> int | None:
        """Octets of the body as announced, or None."""
        length = self._head.content_length
        return length if length >= 0 else None

    @property
    def content(self) -> StreamReader:
        """The body, to be read piece by piece."""
        if self._content is None:
            self._content = StreamReader(self.exchange if self._head.has_body else None)
        return self._content

    @property
    def body_exists(self) -> bool:
        """True when the request has a body."""
        return self._head.has_body

    @property
    def can_read_body(self) -> bool:
        """True when there is a body that was not yet read to its end."""
        return self._head.has_body and not self.content.at_eof()

    @property
    def client_max_size(self) -> int:
        """Octets that ``read`` takes at the most; 0 for no limit."""
        return self._client_max_size

    async def read(self) -> bytes:
        """Return the whole body; the same octets at every call.

        Raises:
            HTTPRequestEntityTooLarge: The body is, or is announced to be, larger than ``client_max_size``.
            RemoteProtocolError: The peer broke the framing.
            ConnectionResetError: The peer left before the end.

        Cancellation:
            What was gathered is lost; the rest of the body can still be read from ``content``.
        """
        if self._body is None:
            limit = self._client_max_size
            if limit and self._head.content_length > limit:
                raise HTTPRequestEntityTooLarge(limit, self._head.content_length)
            content = self.content
            pieces: list[bytes] = []
            size = 0
            while piece := await content.readany():
                pieces.append(piece)
                size += len(piece)
                if limit and size > limit:
                    raise HTTPRequestEntityTooLarge(limit, size)
            self._body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self._body

    async def text(self) -> str:
        """Return the whole body as text, in the charset that the peer names, else in UTF-8.

        Raises:
            HTTPUnsupportedMediaType: The charset is unknown.
            HTTPBadRequest: The body is not in that charset.
            HTTPRequestEntityTooLarge: As ``read``, with whatever else it raises.

        Cancellation:
            As ``read``.
        """
        data = await self.read()
        media = self._media_type
        codec = "utf-8" if media.charset is None else media.codec
        if codec is None:
            raise HTTPUnsupportedMediaType(text="415: The charset of the body is unknown")
        try:
            return data.decode(codec)
        except UnicodeError as error:
            raise HTTPBadRequest(text="400: The body is not text in its charset") from error

    async def json(self, *, loads: Callable[[str], Any] = json.loads) -> Any:
        """Return what the body says as JSON.

        Args:
            loads: Parser; what it raises of ``ValueError`` is the peer's mistake.

        Raises:
            HTTPInvalidJSON: The body is no JSON. It is a ``json.JSONDecodeError`` as well, and
                answers 400 if nobody catches it.
            HTTPRequestEntityTooLarge: As ``text``, with whatever else it raises.

        Cancellation:
            As ``read``.
        """
        text = await self.text()
        try:
            return loads(text)
        except (ValueError, RecursionError) as error:
            message = getattr(error, "msg", "too deep" if isinstance(error, RecursionError) else "not valid")
            raise HTTPInvalidJSON(message, text, getattr(error, "pos", 0)) from error

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._head.method} {self._head.target[:64]!r}>"
