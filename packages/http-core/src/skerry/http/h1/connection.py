"""Connection: both halves of HTTP/1.1 on one connection, without the connection (RFC 9112).

It consumes octets (``receive_data``, ``receive_eof``) and hands out events when it is asked (``next_event``); it is
given events to send and returns their octets. It owns the octets that it was given until they are parsed, and never
calls anybody. An error leaves it once from the half where it happened; that half is then in ERROR for good.

The order of one exchange at a server::

    receive_data -> next_event: RequestHead, Data ..., EndOfMessage, PAUSED
                 <- send: ResponseHead (1xx) ..., ResponseHead, Data ..., EndOfMessage
    start_next_cycle, or the end of the connection when ``must_close`` says so
"""

from ..errors import LocalProtocolError
from ..events import Data, EndOfMessage
from ..heads import RequestHead, ResponseHead
from ..limits import DEFAULT_LIMITS, Limits
from .cycle import CLIENT, SERVER, Role
from .framing import CHUNKED, UNTIL_CLOSE
from .receiver import Receiver
from .states import ASKED, AWAITED, BODY, DONE, ENDED, HEAD, IDLE, NEXT
from .writer import HeadWriter, chunk_head, join_head, last_chunk, request_line, status_line

__all__ = ["CLIENT", "SERVER", "Connection", "Role"]

UNSAID = -3
"""In place of a length: there is no body, and nothing is said of one."""


class Connection(Receiver):
    """One end of an HTTP/1.1 connection.

    Args:
        role: ``CLIENT`` or ``SERVER``.
        limits: Bounds of what the peer may send.
    """

    def __init__(self, role: Role, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(role, limits)
        self._writer = HeadWriter()

    def send(self, event: RequestHead | ResponseHead | Data | EndOfMessage) -> bytes:
        """Return the octets of an event to send.

        Raises:
            LocalProtocolError: The event breaks a rule or comes at the wrong time. Nothing has changed then.
        """
        if isinstance(event, Data):
            before, after = self.frame_data(len(event.data))
            return before + event.data + after
        if isinstance(event, EndOfMessage):
            return self.send_end(event)
        if isinstance(event, RequestHead):
            return self.send_request(event)
        return self.send_response(event, None)

    def send_request(self, head: RequestHead) -> bytes:
        """Return the octets of the head of a request.

        The body is framed as the fields say; without Content-Length it is chunked when ``head.chunked`` is set, and
        otherwise there is none.
        """
        # Octets that nobody asked for would be read as the answer to this request.
        if self.is_server or self._request != IDLE or self._is_last():
            raise self._refused("a request head")
        writer = self._writer
        parts = writer.note_fields(head.headers)
        writer.check_host()
        extra = ""
        chunked = writer.is_chunked
        if head.chunked and not chunked and writer.content_length < 0:
            chunked = True
            extra = "Transfer-Encoding: chunked\r\n"
        if head.method == "CONNECT" and (chunked or writer.content_length > 0):
            raise LocalProtocolError(
                "body-not-allowed", where="request", problem="CONNECT with a body", expected="none (RFC 9110 §9.3.6)"
            )
        raw = join_head(request_line(head.method, head.target), parts, extra, head.headers)
        self._method = head.method
        self._upgrade = writer.asks_upgrade()
        if writer.asks_close():
            self._closing = True
        self._to_send = CHUNKED if chunked else max(writer.content_length, 0)
        self._no_body = False
        self._step_request(HEAD)
        self._step_response(ASKED)
        return raw

    def send_response(self, head: ResponseHead, body: bytes | None) -> bytes:
        """Return the octets of the head of a response, or of a whole response.

        Args:
            head: Informational or final. Without Content-Length a body is chunked, or for HTTP/1.0 ends with the
                connection.
            body: None when the body comes as events; otherwise all of it, and the response is complete with it.
                Content-Length is added where it is missing.

        Raises:
            LocalProtocolError: A rule is broken; nothing has changed then.
        """
        status = head.status
        state = self._response
        if not self.is_server or (
            state != AWAITED and (state != IDLE or (self._request == IDLE and not self._closing))
        ):
            raise self._refused("a response head")
        writer = self._writer
        parts = writer.note_fields(head.headers)
        if status < 200:
            return self._send_informational(head, body, parts)
        is_tunnel = self._method == "CONNECT" and status < 300
        no_body = is_tunnel or status in (204, 304) or self._method == "HEAD"
        self._check_response(status, body, is_tunnel)
        length = self._decide_length(status, body, no_body)
        closing = self._closing or length == UNTIL_CLOSE or writer.asks_close()
        if self._method == "CONNECT" and not is_tunnel:
            # What the client sent in hope of a tunnel is no request.
            closing = True
        raw = join_head(status_line(status, head.reason), parts, self._added_fields(length, closing), head.headers)
        self._closing = closing
        if is_tunnel:
            self._switch()
            return raw
        self._no_body = no_body
        self._to_send = 0 if no_body else length
        self._step_response(HEAD)
        if body is not None:
            self._to_send = 0
            self._step_response(ENDED)
            if not no_body:
                return raw + body
        return raw

    def _check_response(self, status: int, body: bytes | None, is_tunnel: bool) -> None:
        """Refuse what no framing could make right."""
        writer = self._writer
        problem = ""
        if status == 204 or is_tunnel:
            if writer.content_length >= 0 or writer.is_chunked or body:
                problem = f"{status} announces a body"
        elif status == 304 and body:
            problem = "304 with a body"
        elif writer.is_chunked and body is not None:
            problem = "a whole body with Transfer-Encoding"
        if problem:
            raise LocalProtocolError(
                "body-not-allowed", where="response", problem=problem, expected="none (RFC 9110 §8.6, RFC 9112 §6.3)"
            )
        if self._is_10 and writer.is_chunked:
            raise LocalProtocolError(
                "bad-transfer-coding",
                where="response",
                problem="chunked to HTTP/1.0",
                expected="a length (RFC 9112 §6.1)",
            )
        if is_tunnel and self._request != DONE:
            raise self._refused("the switch to a tunnel")

    def _decide_length(self, status: int, body: bytes | None, no_body: bool) -> int:
        """Return how the body ends: octets, ``CHUNKED``, ``UNTIL_CLOSE``, or ``UNSAID`` where there is none."""
        length = self._writer.content_length
        if body is not None:
            if length < 0 and (not no_body or (self._method == "HEAD" and status not in (204, 304))):
                return len(body)
            if length >= 0 and length != len(body) and not no_body:
                raise _wrong_length(length, len(body))
        if length >= 0:
            return length
        if no_body:
            return UNSAID
        return UNTIL_CLOSE if self._is_10 else CHUNKED

    def _added_fields(self, length: int, closing: bool) -> str:
        """Return the fields that the connection itself adds to a response."""
        writer = self._writer
        added = ""
        if length == CHUNKED:
            if not writer.is_chunked:
                added = "Transfer-Encoding: chunked\r\n"
        elif length >= 0 and writer.content_length < 0:
            added = f"Content-Length: {length}\r\n"
        if closing:
            if not writer.asks_close():
                added += "Connection: close\r\n"
        elif self._is_10 and not writer.options:
            added += "Connection: keep-alive\r\n"
        return added

    def _send_informational(self, head: ResponseHead, body: bytes | None, parts: list[str]) -> bytes:
        writer = self._writer
        if body or writer.content_length >= 0 or writer.is_chunked:
            raise LocalProtocolError(
                "body-not-allowed", where="response", problem="1xx announces a body", expected="none (RFC 9110 §8.6)"
            )
        if self._response != AWAITED:
            raise self._refused("an informational response")
        is_switch = head.status == 101
        if is_switch and not (self._upgrade and self._request == DONE and self._method != "CONNECT"):
            raise LocalProtocolError(
                "unexpected-event",
                where="response",
                problem="101 without a complete request that asks for it",
                expected="Upgrade in the request, and its body read to the end",
            )
        raw = join_head(status_line(head.status, head.reason), parts, "", head.headers)
        if is_switch:
            self._switch()
            return raw
        # HTTP/1.0 knows no 1xx (RFC 9110 §15.2).
        return b"" if self._is_10 else raw

    def frame_data(self, size: int) -> tuple[bytes, bytes]:
        """Account for ``size`` octets of body, and return what goes before and after them.

        Raises:
            LocalProtocolError: There is no message to send them in, it has no body, or they are more than announced.
        """
        if (self._response if self.is_server else self._request) != BODY:
            raise self._refused("a piece of a body")
        if size == 0:
            return b"", b""
        if self._to_send == CHUNKED:
            return chunk_head(size), b"\r\n"
        if self._to_send != UNTIL_CLOSE:
            if size > self._to_send:
                raise LocalProtocolError(
                    "body-not-allowed" if self._no_body else "body-length-differs",
                    where="body to send",
                    problem="more octets than announced:",
                    seen=f"{size}",
                    expected=f"at most {self._to_send} more",
                )
            self._to_send -= size
        return b"", b""

    def send_end(self, event: EndOfMessage) -> bytes:
        """Return the octets that end a message.

        Trailers are dropped where the framing cannot carry them.

        Raises:
            LocalProtocolError: There is no message to end, or octets are missing; the connection must then close.
        """
        if (self._response if self.is_server else self._request) != BODY:
            raise self._refused("the end of a message")
        raw = b""
        if self._to_send == CHUNKED:
            raw = last_chunk(event.trailers)
        elif self._to_send > 0:
            self._closing = True
            raise _wrong_length(self._to_send, 0)
        if self.is_server:
            self._step_response(ENDED)
        else:
            self._step_request(ENDED)
        return raw

    # The exchange as a whole.

    @property
    def must_close(self) -> bool:
        """True when the connection cannot carry another exchange after this one.

        A client's connection cannot when more has come than the response: it belongs to no request.
        """
        return self._is_last()

    def _is_last(self) -> bool:
        if self._closing or self.is_server:
            return self._closing
        return self._response in (IDLE, DONE) and (self._at < len(self._data) or self._pending_size > 0)

    def close_after(self) -> None:
        """Let this exchange be the last: a head that is still to be sent says so."""
        self._closing = True

    def start_next_cycle(self) -> None:
        """Go on with the next exchange.

        Raises:
            LocalProtocolError: A half is not done, or the connection must close.
        """
        if self._request != DONE or self._response != DONE or self._is_last():
            raise self._refused("the next exchange" + (" after the last one" if self._is_last() else ""))
        self._step_request(NEXT)
        self._step_response(NEXT)
        self._start_exchange()


def _wrong_length(announced: int, given: int) -> LocalProtocolError:
    return LocalProtocolError(
        "body-length-differs",
        where="body to send",
        problem="octets given are",
        seen=str(given),
        expected=f"{announced} as announced",
    )
