"""Connection: both halves of HTTP/1.1 on one connection, without the connection (RFC 9112).

It consumes octets (``receive_data``, ``receive_eof``) and hands out events when it is asked (``next_event``); it is given
events to send and returns their octets. It owns the octets that it was given until they are parsed, and never calls
anybody. An error leaves it once from the half where it happened; that half is then in ERROR for good.

The order of one exchange at a server::

    receive_data -> next_event: RequestHead, Data ..., EndOfMessage, PAUSED
                 <- send: ResponseHead (1xx) ..., ResponseHead, Data ..., EndOfMessage
    start_next_cycle, or the end of the connection when ``must_close`` says so
"""

import enum
from typing import Final

from ..errors import LocalProtocolError, RemoteProtocolError
from ..events import CLOSED, END, NEED_DATA, PAUSED, Data, EndOfMessage, Pause
from ..heads import RequestHead, ResponseHead
from ..limits import DEFAULT_LIMITS, Limits
from ..versions import HttpVersion10
from .decoder import ChunkedDecoder, CloseDecoder, Decoder, LengthDecoder, body_too_long
from .framing import CHUNKED, UNTIL_CLOSE, decide_response_framing
from .parser import RequestParser, ResponseParser
from .states import REQUEST_TABLE, RESPONSE_TABLE, STEPS, State, Step
from .writer import HeadWriter, chunk_head, join_head, last_chunk, request_line, status_line


class Role(enum.Enum):
    """Which end of the connection this is."""

    CLIENT = "client"
    SERVER = "server"


CLIENT: Final = Role.CLIENT
SERVER: Final = Role.SERVER

# The members of State and Step as plain numbers, for C.
IDLE = int(State.IDLE)
AWAITED = int(State.AWAITED)
BODY = int(State.BODY)
DONE = int(State.DONE)
SWITCHED = int(State.SWITCHED)
CLOSED_STATE = int(State.CLOSED)
ERROR = int(State.ERROR)
ASKED = int(Step.ASKED)
INFORMATIONAL = int(Step.INFORMATIONAL)
HEAD = int(Step.HEAD)
DATA = int(Step.DATA)
ENDED = int(Step.END)
NEXT = int(Step.NEXT)
SWITCH = int(Step.SWITCH)
CLOSE = int(Step.CLOSE)
FAIL = int(Step.FAIL)
REFUSED = 255


class Connection:
    """One end of an HTTP/1.1 connection.

    Args:
        role: ``CLIENT`` or ``SERVER``.
        limits: Bounds of what the peer may send.
    """

    def __init__(self, role: Role, limits: Limits = DEFAULT_LIMITS) -> None:
        self.role = role
        self.is_server = role is SERVER
        self.limits = limits
        self._request = IDLE
        self._response = IDLE
        self._data = b""
        self._at = 0
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._eof = False
        self._error: RemoteProtocolError | None = None
        self._requests = RequestParser(limits)
        self._responses = ResponseParser(limits)
        self._writer = HeadWriter()
        self._max_informational = limits.max_informational
        self._max_body = limits.max_body_size
        self._closing = False
        self._decoder: Decoder | None = None
        self._start_exchange()

    def _start_exchange(self) -> None:
        self._method = ""
        self._upgrade = False
        self._is_10 = False
        self._to_send = 0
        self._no_body = False
        self._informational = 0

    # What came in.

    def receive_data(self, data: bytes) -> None:
        """Take octets from the peer. They are kept as they are until ``next_event`` gets to them."""
        if self._at == len(self._data) and not self._pending:
            self._data = data
            self._at = 0
        else:
            self._pending.append(data)
            self._pending_size += len(data)

    def receive_eof(self) -> None:
        """Take note that the peer will send nothing more."""
        self._eof = True

    @property
    def buffered(self) -> int:
        """Octets that were received and not asked for yet."""
        return len(self._data) - self._at + self._pending_size

    @property
    def trailing_data(self) -> bytes:
        """Octets that belong to no message yet: after a switch, what the other protocol has sent."""
        self._merge()
        return self._data[self._at :]

    def _merge(self) -> None:
        if self._pending:
            self._data = self._data[self._at :] + b"".join(self._pending)
            self._at = 0
            self._pending = []
            self._pending_size = 0

    def next_event(self) -> RequestHead | ResponseHead | Data | EndOfMessage | Pause:
        """Return what comes next of the peer's messages.

        Returns:
            A head, ``Data`` or ``EndOfMessage``. ``NEED_DATA`` when more octets are needed, ``PAUSED`` when this exchange
            must be over first or another protocol has the connection, ``CLOSED`` when the peer has ended between messages.

        Raises:
            RemoteProtocolError: The peer broke a rule. Every later call raises it again.
        """
        if self._error is not None:
            raise self._error.with_traceback(None)
        if self._pending:
            self._merge()
        try:
            if self.is_server:
                return self._next_request_event()
            return self._next_response_event()
        except RemoteProtocolError as error:
            self._error = error
            self._closing = True
            if self.is_server:
                self._request = ERROR
            else:
                self._response = ERROR
            raise

    def _next_request_event(self) -> RequestHead | Data | EndOfMessage | Pause:
        state = self._request
        if state == BODY:
            return self._next_body_event()
        if state != IDLE:
            return CLOSED if state == CLOSED_STATE else PAUSED
        if self._response != IDLE:
            # Answered before it was asked (408, 503): what comes now is not read any more.
            return PAUSED
        parser = self._requests
        head = parser.parse(self._data, self._at, len(self._data))
        self._at = parser.at
        if head is None:
            return self._no_head(parser.has_begun)
        self._method = head.method
        self._upgrade = head.upgrade
        self._is_10 = head.version is HttpVersion10
        if not head.keep_alive:
            self._closing = True
        if head.chunked:
            self._decoder = ChunkedDecoder(self.limits, False)
        elif head.content_length > 0:
            if self._max_body and head.content_length > self._max_body:
                raise body_too_long()
            self._decoder = LengthDecoder(head.content_length)
        else:
            self._decoder = None
        self._step_request(HEAD)
        self._step_response(ASKED)
        return head

    def _next_response_event(self) -> ResponseHead | Data | EndOfMessage | Pause:
        state = self._response
        if state == BODY:
            return self._next_body_event()
        if state == IDLE:
            if self._at < len(self._data):
                raise RemoteProtocolError(
                    "unexpected-data",
                    where="between messages",
                    problem="the server sent",
                    seen=self._data[self._at : self._at + 64],
                    expected="nothing before a request",
                )
            return self._no_head(False)
        if state != AWAITED:
            return CLOSED if state == CLOSED_STATE else PAUSED
        parser = self._responses
        head = parser.parse(self._data, self._at, len(self._data))
        self._at = parser.at
        if head is None:
            return self._no_head(parser.has_begun)
        if head.status < 200:
            return self._take_informational(head)
        return self._take_final(head, parser.codings)

    def _take_informational(self, head: ResponseHead) -> ResponseHead:
        if head.status == 101:
            if not self._upgrade:
                raise RemoteProtocolError(
                    "unexpected-event", where="status line", problem="101 to a request without Upgrade", expected="another status"
                )
            head.upgrade = True
            self._switch()
            return head
        self._informational += 1
        if self._max_informational and self._informational > self._max_informational:
            raise RemoteProtocolError(
                "too-many-informational",
                where="status line",
                problem="more 1xx responses than the limit",
                expected=f"at most {self._max_informational} (max_informational)",
            )
        self._step_response(INFORMATIONAL)
        return head

    def _take_final(self, head: ResponseHead, codings: bytes | None) -> ResponseHead:
        is_11 = head.version is not HttpVersion10
        framing = decide_response_framing(self._method, head.status, is_11, head.content_length, codings)
        if self._method == "CONNECT" and head.status < 300:
            head.upgrade = True
            self._switch()
            return head
        if framing == CHUNKED:
            head.chunked = True
            self._decoder = ChunkedDecoder(self.limits, True)
        elif framing == UNTIL_CLOSE:
            head.keep_alive = False
            self._decoder = CloseDecoder(self.limits)
        elif framing > 0:
            if self._max_body and framing > self._max_body:
                raise body_too_long()
            self._decoder = LengthDecoder(framing)
        else:
            self._decoder = None
        if not head.keep_alive:
            self._closing = True
        self._step_response(HEAD)
        return head

    def _next_body_event(self) -> Data | EndOfMessage | Pause:
        decoder = self._decoder
        event: Data | EndOfMessage | None
        if decoder is None:
            event = END
        else:
            event = decoder.read(self._data, self._at, len(self._data))
            self._at = decoder.at
            if event is None:
                if not self._eof:
                    return NEED_DATA
                event = decoder.end()
        if isinstance(event, EndOfMessage):
            if self.is_server:
                self._step_request(ENDED)
            else:
                self._step_response(ENDED)
        return event

    def _no_head(self, has_begun: bool) -> Pause:
        if not self._eof:
            return NEED_DATA
        rest = self._data[self._at :]
        if has_begun or rest.strip(b"\r\n") or (not self.is_server and self._response == AWAITED):
            raise RemoteProtocolError(
                "incomplete-head",
                where="head",
                problem="the connection ended within it" if has_begun or rest else "the connection ended before it",
                expected="a whole head",
            )
        if self.is_server:
            self._step_request(CLOSE)
        else:
            self._step_response(CLOSE)
        return CLOSED

    @property
    def has_partial_head(self) -> bool:
        """True when octets of a head have come, but not all of them."""
        begun = self._requests.has_begun if self.is_server else self._responses.has_begun
        return begun or self.buffered > 0

    # What goes out.

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
            head: Informational or final. Without Content-Length a body is chunked, or for HTTP/1.0 ends with the connection.
            body: None when the body comes as events; otherwise all of it, and the response is complete with it. Content-Length
                is added where it is missing.

        Raises:
            LocalProtocolError: A rule is broken; nothing has changed then.
        """
        status = head.status
        state = self._response
        if not self.is_server or (state != AWAITED and (state != IDLE or (self._request == IDLE and not self._closing))):
            raise self._refused("a response head")
        writer = self._writer
        parts = writer.note_fields(head.headers)
        if status < 200:
            if body:
                raise LocalProtocolError(
                    "body-not-allowed", where="response", problem="1xx with a body", expected="none (RFC 9110 §15.2)"
                )
            return self._send_informational(head, parts)
        if self._is_10 and writer.is_chunked:
            raise LocalProtocolError(
                "bad-transfer-coding",
                where="response",
                problem="chunked to HTTP/1.0",
                expected="a length (RFC 9112 §6.1)",
            )
        length = writer.content_length
        no_body = self._method == "HEAD" or status == 304
        if status == 204 or (self._method == "CONNECT" and status < 300):
            no_body = True
            if length >= 0 or writer.is_chunked or body:
                raise LocalProtocolError(
                    "body-not-allowed", where="response", problem=f"{status} announces a body", expected="none (RFC 9110 §8.6)"
                )
        if body is not None and (writer.is_chunked or (status == 304 and body)):
            raise LocalProtocolError(
                "body-not-allowed", where="response", problem="a whole body with Transfer-Encoding or 304", expected="a length"
            )
        extra = ""
        closing = self._closing or writer.asks_close()
        if body is not None:
            if length < 0:
                if not no_body or self._method == "HEAD" and status not in (204, 304):
                    length = len(body)
                    extra = f"Content-Length: {length}\r\n"
            elif length != len(body) and not no_body:
                raise _wrong_length(length, len(body))
        elif length < 0 and not no_body:
            if self._is_10:
                length = UNTIL_CLOSE
                closing = True
            else:
                length = CHUNKED
                if not writer.is_chunked:
                    extra = "Transfer-Encoding: chunked\r\n"
        if self._method == "CONNECT" and status >= 300:
            # What the client sent in hope of a tunnel is no request.
            closing = True
        if closing:
            if not writer.asks_close():
                extra += "Connection: close\r\n"
        elif self._is_10 and not writer.options:
            extra += "Connection: keep-alive\r\n"
        raw = join_head(status_line(status, head.reason), parts, extra, head.headers)
        if self._method == "CONNECT" and status < 300:
            if self._request != DONE:
                raise self._refused("the switch to a tunnel")
            self._closing = closing
            self._switch()
            return raw
        self._closing = closing
        self._no_body = no_body
        self._to_send = 0 if no_body else length
        self._step_response(HEAD)
        if body is not None:
            self._to_send = 0
            self._step_response(ENDED)
            if not no_body:
                return raw + body
        return raw

    def _send_informational(self, head: ResponseHead, parts: list[str]) -> bytes:
        writer = self._writer
        if writer.content_length >= 0 or writer.is_chunked:
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

    def _refused(self, what: str) -> LocalProtocolError:
        code = "connection-in-error" if ERROR in (self._request, self._response) else "unexpected-event"
        return LocalProtocolError(
            code,
            where=f"{self.role.value} to send",
            problem=f"{what} when the request is {self.request_state.name} and the response {self.response_state.name}",
        )

    # The exchange as a whole.

    @property
    def request_state(self) -> State:
        """Where the request half stands."""
        return State(self._request)

    @property
    def response_state(self) -> State:
        """Where the response half stands."""
        return State(self._response)

    @property
    def must_close(self) -> bool:
        """True when the connection cannot carry another exchange after this one.

        A client's connection cannot when more has come than the response: it belongs to no request.
        """
        return self._is_last()

    @property
    def is_switched(self) -> bool:
        """True when another protocol has the connection; ``trailing_data`` is its first octets."""
        return self._request == SWITCHED

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

    def _switch(self) -> None:
        if not self.is_server and self._request != DONE:
            raise RemoteProtocolError(
                "unexpected-event",
                where="status line",
                problem="the server switched the protocol before the request was complete",
                expected="a final status",
            )
        self._step_request(SWITCH)
        self._step_response(SWITCH)

    def _step_request(self, step: int) -> None:
        after = REQUEST_TABLE[self._request * STEPS + step]
        if after == REFUSED:
            raise self._refused(f"step {Step(step).name}")
        self._request = after

    def _step_response(self, step: int) -> None:
        after = RESPONSE_TABLE[self._response * STEPS + step]
        if after == REFUSED:
            raise self._refused(f"step {Step(step).name}")
        self._response = after


def _wrong_length(announced: int, given: int) -> LocalProtocolError:
    return LocalProtocolError(
        "body-length-differs", where="body to send", problem="octets given are", seen=str(given), expected=f"{announced} as announced"
    )
