"""Response and json_response: responses whose body is known when the handler returns; they leave in one write."""

import json
from collections.abc import AsyncIterable, Callable
from time import time
from typing import Any, Final

from multidict import CIMultiDict

from skerry.http import BytesLike, ResponseHead, ServerExchange, has_no_content, hdrs
from skerry.http.dates import format_date_of_now
from skerry.http.mediatypes import OCTET_STREAM, format_media_type, parse_media_type

from .stream_response import SERVER_SOFTWARE, HeadersLike, StreamResponse

TEXT_PLAIN: Final = "text/plain; charset=utf-8"
_NOTHING: Final = object()

# Names of this module: the fast path reads them without going through another module.
CONTENT_TYPE, CONTENT_LENGTH, DATE, SERVER = hdrs.CONTENT_TYPE, hdrs.CONTENT_LENGTH, hdrs.DATE, hdrs.SERVER


class Response(StreamResponse):
    """A response whose body is known, or comes from an asynchronous iterable.

    With a body of octets or text the same object may answer any number of requests.

    Args:
        body: bytes, bytearray, memoryview, str (taken as ``text``) or an asynchronous iterable of pieces.
        status: Status code, 100 to 999.
        reason: Reason phrase; None stands for the registered one.
        text: Text of the body; makes the media type ``text/plain`` and the charset ``utf-8`` unless others are given.
        headers: Fields to start with; they are copied.
        content_type: Media type without parameters.
        charset: Charset that ``text`` is encoded in.

    Raises:
        ValueError: ``body`` and ``text`` are both given; Content-Type stands in ``headers`` as well; ``content_type``
            holds a charset; the status or the reason is not valid.
        TypeError: The body cannot be sent, or the text is no str.
        LookupError: The charset is unknown.
    """

    def __init__(
        self,
        *,
        body: BytesLike | str | AsyncIterable[bytes] | None = None,
        status: int = 200,
        reason: str | None = None,
        text: str | None = None,
        headers: HeadersLike | None = None,
        content_type: str | None = None,
        charset: str | None = None,
    ) -> None:
        if headers is None:
            self._headers = None
        else:
            self._headers = CIMultiDict(headers)
            if (content_type or charset) and hdrs.CONTENT_TYPE in self._headers:
                raise ValueError("content type is given twice: in headers, and as content_type or charset")
        if status == 200 and reason is None:
            self._status = 200
            self._reason = None
        else:
            self.set_status(status, reason)
        if content_type is not None and "charset" in content_type:
            raise ValueError(f"content_type is {content_type!r}: give the charset as an argument of its own")
        if body is not None:
            if text is not None:
                raise ValueError("body and text are given, expected one of them")
            if isinstance(body, str):
                text = body
        if text is None:
            self._stream: AsyncIterable[bytes] | None = None
            self._payload = b""
            if body is not None:
                self.body = body
            if content_type is not None or charset is not None:
                self._set_media(_join_media(content_type or OCTET_STREAM, charset))
        else:
            self._set_text(text, content_type, charset)

    def _set_text(self, text: str, content_type: str | None, charset: str | None) -> None:
        if not isinstance(text, str):
            raise TypeError(f"text is {type(text).__name__}, expected str")
        self._stream = None
        if content_type is None and charset is None and self._headers is None:
            self._payload = text.encode()
            self._media = TEXT_PLAIN
            return
        if self._headers is not None and hdrs.CONTENT_TYPE in self._headers:
            media, charset = _with_charset(self._headers[hdrs.CONTENT_TYPE])
        else:
            charset = charset or "utf-8"
            media = f"{content_type or 'text/plain'}; charset={charset}"
        self._payload = text.encode(charset)
        self._set_media(media)

    def _set_media(self, value: str) -> None:
        if self._headers is None:
            self._media = value
        else:
            self._headers[hdrs.CONTENT_TYPE] = value

    @property
    def body(self) -> bytes | AsyncIterable[bytes] | None:
        """The body: octets, or the iterable it comes from; None when it is empty."""
        return self._payload or self._stream

    @body.setter
    def body(self, value: BytesLike | str | AsyncIterable[bytes] | None) -> None:
        self._stream = None
        if value is None:
            self._payload = b""
        elif isinstance(value, bytes):
            self._payload = value
        elif isinstance(value, bytearray | memoryview):
            self._payload = bytes(value)
        elif isinstance(value, str):
            self.text = value
        elif isinstance(value, AsyncIterable):
            self._payload = b""
            self._stream = value
        else:
            raise TypeError(
                f"body is {type(value).__name__}, expected bytes, bytearray, memoryview, str or an async iterable"
            )

    @property
    def text(self) -> str | None:
        """The body as text; None when it is empty or comes from an iterable."""
        if not self._payload:
            return None
        return self._payload.decode(self.charset or "utf-8")

    @text.setter
    def text(self, value: str) -> None:
        media, charset = _with_charset(self.headers.get(hdrs.CONTENT_TYPE, "text/plain"))
        self._payload = value.encode(charset)
        self._stream = None
        self.headers[hdrs.CONTENT_TYPE] = media

    @property
    def is_whole(self) -> bool:
        """True when the whole body is at hand and ``send_whole`` can be used."""
        return self._stream is None and self._exchange is None

    def send_whole(self, exchange: ServerExchange) -> None:
        """Send the response in one write, without a hook; the object does not change and can be sent again.

        Raises:
            LocalProtocolError: The head breaks a rule of HTTP; nothing was sent.
            ConnectionResetError: The peer is gone.
        """
        status, body, headers = self._status, self._payload, self._headers
        if headers is not None or has_no_content(status):
            headers = self.headers.copy()
            self._complete(headers)
            exchange.send_response(ResponseHead(status, headers, self._reason), b"" if has_no_content(status) else body)
            return
        headers = CIMultiDict()
        if self._media is not None:
            headers[CONTENT_TYPE] = self._media
        elif body:
            headers[CONTENT_TYPE] = OCTET_STREAM
        headers[CONTENT_LENGTH] = str(len(body))
        headers[DATE] = format_date_of_now(int(time()))
        headers[SERVER] = SERVER_SOFTWARE
        exchange.send_response(ResponseHead(status, headers, self._reason), body)

    def _complete(self, headers: CIMultiDict[str]) -> None:
        """Add the fields of a whole response where the program has not set them."""
        if has_no_content(self._status):
            if self._status != 304:
                headers.pop(hdrs.CONTENT_LENGTH, None)
        else:
            if self._payload and hdrs.CONTENT_TYPE not in headers:
                headers[hdrs.CONTENT_TYPE] = OCTET_STREAM
            if hdrs.CONTENT_LENGTH not in headers:
                headers[hdrs.CONTENT_LENGTH] = str(len(self._payload))
        self._add_constants(headers)

    def _check_free(self) -> None:
        if self._exchange is not None and (self._stream is not None or not self._ended):
            super()._check_free()
        self._ended = False

    def _complete_headers(self, method: str) -> None:
        if self._stream is None:
            self._complete(self.headers)
        else:
            super()._complete_headers(method)

    def _begin(self, exchange: ServerExchange) -> None:
        if self._stream is not None:
            super()._begin(exchange)

    async def write(self, data: BytesLike) -> None:
        """Refuse: this response has its body already.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError("a Response has its whole body, use StreamResponse to write pieces")

    async def write_eof(self, data: BytesLike = b"") -> None:
        """Send the body and end it. A second call does nothing.

        Raises:
            RuntimeError: The response is not prepared, or ``data`` is given.
            LocalProtocolError: The body is not as long as Content-Length announces.
            ConnectionResetError: The peer is gone.

        Cancellation:
            The rest of an iterable is not sent; the message has no end then.
        """
        if self._ended:
            return
        exchange = self._require_exchange()
        if len(data):
            await self.write(data)
        self._ended = True
        if self._stream is None:
            body = b"" if has_no_content(self._status) else self._payload
            exchange.send_response(ResponseHead(self._status, self.headers, self._reason), body)
            return
        if not (has_no_content(self._status) or exchange.request.method == hdrs.METH_HEAD):
            async for piece in self._stream:
                if piece:
                    await exchange.send_data(piece)
        await exchange.end()


def _join_media(content_type: str, charset: str | None) -> str:
    return content_type if charset is None else f"{content_type}; charset={charset}"


def json_response(
    data: Any = _NOTHING,
    *,
    text: str | None = None,
    body: bytes | None = None,
    status: int = 200,
    reason: str | None = None,
    headers: HeadersLike | None = None,
    content_type: str = "application/json",
    dumps: Callable[[Any], str] = json.dumps,
) -> Response:
    """Return a response with data as JSON.

    Args:
        data: What ``dumps`` makes JSON of.
        text: JSON that is ready, instead of data.
        body: JSON that is ready and encoded, instead of data.
        status: Status code.
        reason: Reason phrase; None stands for the registered one.
        headers: Fields to start with.
        content_type: Media type without parameters.
        dumps: Serializer.

    Raises:
        ValueError: More than one of data, text and body is given.
    """
    if data is not _NOTHING:
        if text or body:
            raise ValueError("more than one of data, text and body is given")
        text = dumps(data)
    return Response(text=text, body=body, status=status, reason=reason, headers=headers, content_type=content_type)


def _with_charset(value: str) -> tuple[str, str]:
    """Return a Content-Type with a charset, UTF-8 if it had none, and that charset."""
    media = parse_media_type(value)
    content_type, parameters = (OCTET_STREAM, ()) if media is None else (media.content_type, media.parameters)
    charset = None if media is None else media.charset
    if charset is None:
        charset = "utf-8"
        parameters = (*parameters, ("charset", charset))
    return format_media_type(content_type, parameters), charset
