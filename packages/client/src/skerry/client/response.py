"""ClientResponse: what the server answered."""

import codecs
import functools
import json
import warnings
from collections.abc import Awaitable, Callable, Generator
from types import TracebackType
from typing import Any

from multidict import CIMultiDictProxy
from yarl import URL

from skerry.http import ConnectionInfo, HttpVersion, ResponseHead, hdrs
from skerry.http.aio import StreamReader
from skerry.http.mediatypes import UNKNOWN_MEDIA, MediaType, parse_media_type

from .errors import ClientConnectionError, ClientResponseError, ContentTypeError
from .hop import Hop
from .request_info import Answer, RequestInfo


class _Released:
    """What ``release`` returns: the work is done, awaiting it does nothing."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_RELEASED = _Released()


class ClientResponse:
    """A response whose head has come. Its body is read when it is asked for.

    It is to be released: leave ``async with``, read the body to its end, or call ``release`` or ``close``. Until then
    it keeps a connection of the pool busy, unless the body came together with the head.

    Args:
        hop: The request, and the exchange that brings the body.
        head: Head of the response.
        history: Redirects that led to it, oldest first.
    """

    def __init__(self, hop: Hop, head: ResponseHead, history: tuple[Answer, ...] = ()) -> None:
        self._hop = hop
        self._head = head
        self._history = history
        self._headers: CIMultiDictProxy[str] = CIMultiDictProxy(head.headers)
        self._raw_headers: tuple[tuple[bytes, bytes], ...] | None = None
        self._body: bytes | None = None
        self._released = False
        self._in_context = False
        self.method = hop.request.method
        """Method of the request."""
        self.status = head.status
        """Status code."""
        self.reason = head.reason
        """Reason phrase, or an empty string."""
        self.version: HttpVersion = head.version
        """Version of the protocol that the server speaks."""
        self.content = StreamReader(hop)
        """Body as a stream. Its methods raise ``ClientPayloadError`` when it is broken or incomplete."""

    @property
    def url(self) -> URL:
        """URL of the request, without its fragment."""
        return self._hop.request.url

    @property
    def real_url(self) -> URL:
        """URL of the request as it was asked for, fragment included."""
        return self._hop.request.original_url

    @property
    def host(self) -> str:
        """Host of the URL."""
        return self.url.host or ""

    @property
    def ok(self) -> bool:
        """True for a status below 400."""
        return self.status < 400

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Fields of the head, in their order, compared without case."""
        return self._headers

    @property
    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Names and values of the fields in the octets of the wire."""
        if self._raw_headers is None:
            self._raw_headers = self._head.raw_headers
        return self._raw_headers

    @property
    def request_info(self) -> RequestInfo:
        """The request."""
        return self._hop.request.request_info

    @property
    def history(self) -> tuple[Answer, ...]:
        """Redirects that led here, oldest first."""
        return self._history

    @property
    def connection(self) -> ConnectionInfo | None:
        """Facts about the connection; None once the response is complete or given up."""
        return None if self._hop.is_done else self._hop.exchange.connection

    @property
    def closed(self) -> bool:
        """True once the response holds no connection any more."""
        return self._hop.is_done

    @property
    def content_length(self) -> int | None:
        """Octets of the body as announced by Content-Length, or None."""
        text = self._headers.get(hdrs.CONTENT_LENGTH)
        return int(text) if text is not None and text.isascii() and text.isdigit() else None

    @property
    def content_type(self) -> str:
        """Media type without its parameters, in lower case; ``application/octet-stream`` when none is named."""
        return _media_type_of(self._headers.get(hdrs.CONTENT_TYPE, "")).content_type

    @property
    def charset(self) -> str | None:
        """Parameter ``charset`` of Content-Type, or None."""
        return _media_type_of(self._headers.get(hdrs.CONTENT_TYPE, "")).charset

    def get_encoding(self) -> str:
        """Return the name of the codec for the text of the body: as Content-Type says, or UTF-8."""
        codec = _media_type_of(self._headers.get(hdrs.CONTENT_TYPE, "")).codec
        return "utf-8" if codec is None else codecs.lookup(codec).name

    async def read(self) -> bytes:
        """Return the whole body, and keep it for the next call; the connection is free afterwards.

        Raises:
            ClientPayloadError: The body is broken or incomplete.
            ClientConnectionError: The response was released before it was read.
            TimeoutError: It took too long.

        Cancellation:
            What has come is kept; the next call goes on.
        """
        if self._body is None:
            if self._released:
                raise ClientConnectionError("the response was released before its body was read")
            self._body = await self.content.read()
        return self._body

    async def text(self, encoding: str | None = None, errors: str = "strict") -> str:
        """Return the whole body as text.

        Args:
            encoding: Name of a codec; None takes what Content-Type says, or UTF-8.
            errors: What to do with octets that are no text, as in ``bytes.decode``.

        Raises:
            UnicodeDecodeError: The body is not text in this encoding.
            ClientError: As in ``read``.

        Cancellation:
            As in ``read``.
        """
        body = self._body if self._body is not None else await self.read()
        return body.decode(encoding or self.get_encoding(), errors)

    async def json(
        self,
        *,
        encoding: str | None = None,
        loads: Callable[[str], Any] = json.loads,
        content_type: str | None = "application/json",
    ) -> Any:
        """Return what the body stands for as JSON; None for an empty body.

        Args:
            encoding: Name of a codec; None takes what Content-Type says, or UTF-8.
            loads: JSON decoder.
            content_type: Media type that the response must have; any ``+json`` type goes for ``application/json``.
                None accepts every type.

        Raises:
            ContentTypeError: The response is of another type.
            ValueError: The body is not JSON, or not text.
            ClientError: As in ``read``.

        Cancellation:
            As in ``read``.
        """
        body = self._body if self._body is not None else await self.read()
        if content_type is not None and not _is_expected(self.content_type, content_type.lower()):
            raise ContentTypeError(
                self.request_info,
                self._history,
                status=self.status,
                message=f"the body is {self.content_type}, expected {content_type}",
                headers=self._headers,
            )
        stripped = body.strip()
        return loads(stripped.decode(encoding or self.get_encoding())) if stripped else None

    def raise_for_status(self) -> None:
        """Raise if the status is 400 or more; outside of ``async with`` the response is released first.

        Raises:
            ClientResponseError: The status is 400 or more.
        """
        if self.ok:
            return
        if not self._in_context:
            self.release()
        raise ClientResponseError(
            self.request_info,
            self._history,
            status=self.status,
            message=self.reason or "",
            headers=self._headers,
        )

    def release(self) -> Awaitable[None]:
        """Let the connection go: it can be used again if the whole body has come, else it is closed.

        Returns:
            Something that may be awaited, and need not be.
        """
        self._released = True
        self._hop.release()
        return _RELEASED

    def close(self) -> None:
        """Give the response up; the connection is closed unless the whole body has come."""
        self._released = True
        self._hop.abort()

    async def wait_for_close(self) -> None:
        """Release the response and wait until nothing of the request is sent any more.

        Cancellation:
            The response is released all the same.
        """
        self.release()
        await self._hop.wait_sent()

    async def __aenter__(self) -> "ClientResponse":
        self._in_context = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._in_context = False
        self.release()
        await self._hop.wait_sent()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.url}) [{self.status} {self.reason}]>"

    def __del__(self) -> None:
        hop = getattr(self, "_hop", None)
        if hop is not None and not hop.is_done:
            hop.abort()
            warnings.warn(f"{self!r} was not released", ResourceWarning, source=self, stacklevel=1)


def _is_expected(seen: str, expected: str) -> bool:
    if expected != "application/json":
        return expected in seen
    return seen == expected or (seen.startswith("application/") and seen.endswith("+json"))


@functools.lru_cache(64)
def _media_type_of(text: str) -> MediaType:
    return parse_media_type(text) or UNKNOWN_MEDIA
