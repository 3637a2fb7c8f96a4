"""StreamResponse: a response that is written piece by piece, and the base of every other one.

It frames nothing: that is the exchange's matter. Fields that every response has (Date, Server) are put in when it is
sent, unless the program has set them.
"""

from collections.abc import Awaitable, Iterable, Mapping
from time import time
from typing import Any, Final, Protocol

from multidict import CIMultiDict, istr

from skerry.http import BytesLike, ResponseHead, ServerExchange, has_no_content, hdrs, reason_of
from skerry.http.dates import format_date_of_now
from skerry.http.mediatypes import OCTET_STREAM, format_media_type, parse_media_type

from ._version import __version__
from .storage import Storage

SERVER_SOFTWARE: Final = f"skerry/{__version__}"
"""Value of the Server field."""

HeadersLike = Mapping[str, str] | Mapping[istr, str] | Iterable[tuple[str, str]]
"""What header fields can be given as."""


class ResponseTarget(Protocol):
    """What a response must know of the request it answers."""

    @property
    def exchange(self) -> ServerExchange:
        """Where the response is sent."""

    def before_response(self, response: "StreamResponse", /) -> Awaitable[None] | None:
        """Return what is to be awaited before the head of the response leaves, or None."""


class StreamResponse(Storage):
    """A response whose body is written piece by piece.

    ::

        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"...")
        await response.write_eof()
        return response

    Args:
        status: Status code, 100 to 999.
        reason: Reason phrase; None stands for the registered one.
        headers: Fields to start with; they are copied.

    Raises:
        ValueError: The status is out of range, or the reason holds CR, LF or NUL.
    """

    _state: dict[str, Any] | None = None
    _exchange: ServerExchange | None = None
    _ended = False
    _has_own_date = False
    _media: str | None = None
    _headers: CIMultiDict[str] | None

    def __init__(self, *, status: int = 200, reason: str | None = None, headers: HeadersLike | None = None) -> None:
        self._headers = None if headers is None else CIMultiDict(headers)
        self.set_status(status, reason)

    @property
    def status(self) -> int:
        """Status code."""
        return self._status

    @property
    def reason(self) -> str:
        """Reason phrase."""
        return reason_of(self._status) if self._reason is None else self._reason

    def set_status(self, status: int, reason: str | None = None) -> None:
        """Change status and reason.

        Raises:
            ValueError: The status is not 100 to 999, or the reason holds CR, LF or NUL.
            RuntimeError: The head has left.
        """
        if self._exchange is not None and not self._ended:
            raise RuntimeError("cannot change the status after the response was prepared")
        status = int(status)
        if not 100 <= status <= 999:
            raise ValueError(f"status {status} is out of range, expected 100 to 999")
        if reason is not None and ("\r" in reason or "\n" in reason or "\0" in reason):
            raise ValueError(f"reason {reason[:64]!r} holds CR, LF or NUL")
        self._status = status
        self._reason = reason

    @property
    def headers(self) -> CIMultiDict[str]:
        """Fields of the response; may be changed until it is prepared."""
        if self._headers is None:
            self._headers = CIMultiDict()
            if self._media is not None:
                self._headers[hdrs.CONTENT_TYPE] = self._media
        return self._headers

    @property
    def prepared(self) -> bool:
        """True once the response was prepared, or sent whole."""
        return self._exchange is not None or self._ended

    @property
    def content_length(self) -> int | None:
        """Octets of the body as announced, or None. None as a new value takes the announcement back."""
        value = self.headers.get(hdrs.CONTENT_LENGTH)
        return None if value is None else int(value)

    @content_length.setter
    def content_length(self, value: int | None) -> None:
        if value is None:
            self.headers.pop(hdrs.CONTENT_LENGTH, None)
        else:
            self.headers[hdrs.CONTENT_LENGTH] = str(int(value))

    @property
    def content_type(self) -> str:
        """Media type without parameters."""
        media = parse_media_type(self.headers.get(hdrs.CONTENT_TYPE))
        return OCTET_STREAM if media is None else media.content_type

    @content_type.setter
    def content_type(self, value: str) -> None:
        media = parse_media_type(self.headers.get(hdrs.CONTENT_TYPE))
        self.headers[hdrs.CONTENT_TYPE] = format_media_type(value, () if media is None else media.parameters)

    @property
    def charset(self) -> str | None:
        """Charset of the media type, or None."""
        media = parse_media_type(self.headers.get(hdrs.CONTENT_TYPE))
        return None if media is None else media.charset

    @charset.setter
    def charset(self, value: str | None) -> None:
        media = parse_media_type(self.headers.get(hdrs.CONTENT_TYPE))
        if media is None or media.content_type == OCTET_STREAM:
            raise RuntimeError("set content_type before charset: application/octet-stream has none")
        parameters = [pair for pair in media.parameters if pair[0] != "charset"]
        if value is not None:
            parameters.append(("charset", value.lower()))
        self.headers[hdrs.CONTENT_TYPE] = format_media_type(media.content_type, parameters)

    def force_close(self) -> None:
        """Have the connection closed after this response."""
        self.headers[hdrs.CONNECTION] = "close"

    async def prepare(self, request: ResponseTarget) -> None:
        """Complete the fields and send the head. Preparing twice for one request does nothing.

        Raises:
            RuntimeError: The response answers another request.
            LocalProtocolError: The head breaks a rule of HTTP; nothing was sent.
            ConnectionResetError: The peer is gone.

        Cancellation:
            The head may have been sent.
        """
        exchange = request.exchange
        if self._exchange is exchange:
            return
        self._check_free()
        self._complete_headers(exchange.request.method)
        waiting = request.before_response(self)
        if waiting is not None:
            await waiting
            self._check_free()
        self._begin(exchange)
        self._exchange = exchange

    def _check_free(self) -> None:
        if self._exchange is not None:
            raise RuntimeError(f"{self!r} has answered another request already")

    def _begin(self, exchange: ServerExchange) -> None:
        exchange.send_head(ResponseHead(self._status, self.headers, self._reason))

    def _complete_headers(self, method: str) -> None:
        headers = self.headers
        if has_no_content(self._status):
            if self._status != 304:
                headers.pop(hdrs.CONTENT_LENGTH, None)
        elif hdrs.CONTENT_TYPE not in headers:
            headers[hdrs.CONTENT_TYPE] = OCTET_STREAM
        self._add_constants(headers)

    def _add_constants(self, headers: CIMultiDict[str]) -> None:
        if self._has_own_date or hdrs.DATE not in headers:
            headers[hdrs.DATE] = format_date_of_now(int(time()))
            self._has_own_date = True
        if hdrs.SERVER not in headers:
            headers[hdrs.SERVER] = SERVER_SOFTWARE

    def _require_exchange(self) -> ServerExchange:
        if self._exchange is None:
            raise RuntimeError("the response is not prepared, call prepare() first")
        if self._ended:
            raise RuntimeError("the response has ended")
        return self._exchange

    async def write(self, data: BytesLike) -> None:
        """Send a piece of the body; wait while the peer does not take what was sent before.

        What is written in answer to HEAD, or with a status that has no body, is dropped.

        Raises:
            TypeError: The piece is not bytes, bytearray or memoryview.
            RuntimeError: The response is not prepared, or has ended.
            LocalProtocolError: More octets than Content-Length announces.
            ConnectionResetError: The peer is gone.

        Cancellation:
            The piece was accepted and will leave.
        """
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"a piece of a body is {type(data).__name__}, expected bytes, bytearray or memoryview")
        exchange = self._require_exchange()
        if len(data) and not (has_no_content(self._status) or exchange.request.method == hdrs.METH_HEAD):
            await exchange.send_data(data)

    async def write_eof(self, data: BytesLike = b"") -> None:
        """End the body, after one last piece. A second call does nothing.

        Raises:
            RuntimeError: The response is not prepared.
            LocalProtocolError: Fewer octets than Content-Length announces; the connection is closed.
            ConnectionResetError: The peer is gone.

        Cancellation:
            What was accepted will leave; the end may be missing.
        """
        if self._ended:
            return
        if len(data):
            await self.write(data)
        exchange = self._require_exchange()
        self._ended = True
        await exchange.end()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._status} {self.reason}{'' if self.prepared else ', not prepared'}>"
