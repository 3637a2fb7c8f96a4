"""Receiver: the receiving part of a connection, octets -> events.

It owns the octets that it was given until they are parsed, hands out events when it is asked, and never calls anybody.
"""

from ..errors import RemoteProtocolError
from ..events import CLOSED, END, NEED_DATA, PAUSED, Data, EndOfMessage, Pause
from ..heads import RequestHead, ResponseHead
from ..limits import DEFAULT_LIMITS, Limits
from ..versions import HttpVersion10
from .cycle import Cycle, Role
from .decoder import ChunkedDecoder, CloseDecoder, Decoder, LengthDecoder, body_too_long
from .framing import CHUNKED, UNTIL_CLOSE, decide_response_framing
from .parser import RequestParser, ResponseParser
from .states import ASKED, AWAITED, BODY, CLOSE, CLOSED_STATE, ENDED, ERROR, HEAD, IDLE, INFORMATIONAL


class Receiver(Cycle):
    """What one end of a connection receives; the base of ``Connection``.

    Args:
        role: ``CLIENT`` or ``SERVER``.
        limits: Bounds of what the peer may send.
    """

    def __init__(self, role: Role, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(role)
        self.limits = limits
        """Bounds of what the peer may send."""
        self._data = b""
        self._at = 0
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._eof = False
        self._error: RemoteProtocolError | None = None
        self._requests: RequestParser | None = None
        self._responses: ResponseParser | None = None
        self._max_informational = limits.max_informational
        self._max_body = limits.max_body_size
        self._decoder: Decoder | None = None

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
            A head, ``Data`` or ``EndOfMessage``. ``NEED_DATA`` when more octets are needed, ``PAUSED`` when this
            exchange must be over first or another protocol has the connection, ``CLOSED`` when the peer has ended
            between messages.

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
        if parser is None:
            parser = self._requests = RequestParser(self.limits)
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
        if parser is None:
            parser = self._responses = ResponseParser(self.limits)
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
                    "unexpected-event",
                    where="status line",
                    problem="101 to a request without Upgrade",
                    expected="another status",
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
    def has_body(self) -> bool:
        """True when the message that is being received has a body, even one that turns out to be empty."""
        return self._decoder is not None

    @property
    def has_partial_head(self) -> bool:
        """True when octets of a head have come, but not all of them."""
        parser = self._requests if self.is_server else self._responses
        return self.buffered > 0 or (parser is not None and parser.has_begun)
