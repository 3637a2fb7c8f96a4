"""Exchange: one request and its response, as the upper layers see them, whatever carries them.

Request, Response, Application and ClientSession know this seam and nothing below it. HTTP/1.1 over asyncio is behind it
today (``skerry.http.aio``); HTTP/2, a wire in memory and ASGI come behind it without a change above it.

The rules that every carrier keeps:

- A head given to ``send_head`` is checked at once (``LocalProtocolError``), and leaves together with the first octets
  of the body, or at ``end``, ``flush`` or the next turn of the event loop, whichever is first.
- ``send_data`` returns when the octets are accepted and the peer takes them; it waits while too many are not taken.
- ``receive_nowait`` takes the next piece of the body without waiting; it is pulled by the reader, never pushed.
- Framing is the carrier's matter: callers give ``Content-Length`` when they know it, and never ``Transfer-Encoding``.
  More or fewer octets than announced are a ``LocalProtocolError``; fewer close the connection as well.
- After ``abort``, or when the peer is gone, every send raises ``ConnectionResetError`` and every wait ends with it.
- Cancelling a wait leaves the exchange usable: nothing that was accepted is taken back, nothing that came is lost.
"""

from collections.abc import Callable
from typing import Any, Protocol

from multidict import CIMultiDict

from .events import Data, EndOfMessage
from .heads import RequestHead, ResponseHead
from .versions import HttpVersion

BytesLike = bytes | bytearray | memoryview
"""What can be sent as a piece of a body."""


class ConnectionInfo(Protocol):
    """Facts about the connection that carries an exchange."""

    @property
    def is_secure(self) -> bool:
        """True on TLS."""

    @property
    def alpn_protocol(self) -> str | None:
        """Protocol that TLS agreed on (RFC 7301), or None."""

    @property
    def is_open(self) -> bool:
        """True while the peer can be reached."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what the transport knows: ``peername``, ``sockname``, ``ssl_object``, ``socket`` …"""


class BodyFeed(Protocol):
    """The receiving half of an exchange: where a ``StreamReader`` pulls from."""

    def receive_nowait(self) -> Data | EndOfMessage | None:
        """Take the next piece of the body, the end of the message, or None when nothing has arrived.

        Raises:
            RemoteProtocolError: The peer broke the framing.
            ConnectionResetError: The connection is gone before the end of the message.
        """

    async def wait_readable(self) -> None:
        """Wait until ``receive_nowait`` has something to give or to raise.

        Raises:
            RuntimeError: Another task waits already.

        Cancellation:
            Nothing is lost; the next call waits again.
        """


class SendingHalf(Protocol):
    """What both ends can do once a head is given."""

    async def send_data(self, data: BytesLike) -> None:
        """Send a piece of the body; wait while the peer does not take what was sent.

        Raises:
            LocalProtocolError: There is no head yet, the message has ended or has no body, or more octets than
                announced.
            ConnectionResetError: The peer is gone.

        Cancellation:
            The octets were accepted and will leave.
        """

    async def end(self, trailers: CIMultiDict[str] | None = None) -> None:
        """End the message. A second call does nothing.

        Args:
            trailers: Fields after the body; dropped where the version or the framing cannot carry them.

        Raises:
            LocalProtocolError: There is no head yet, or fewer octets than announced.
            ConnectionResetError: The peer is gone.

        Cancellation:
            The end was accepted and will leave.
        """

    def flush(self) -> None:
        """Let a head that waits for its body leave now."""

    def abort(self) -> None:
        """Give the exchange up: the peer sees a broken message. HTTP/1.1 closes the connection. Can be repeated."""


class ServerExchange(BodyFeed, SendingHalf, Protocol):
    """One exchange as the server sees it: a request that has come and a response that is to be sent."""

    @property
    def request(self) -> RequestHead:
        """Head of the request, complete and checked."""

    @property
    def connection(self) -> ConnectionInfo:
        """The connection that carries the exchange."""

    @property
    def head_sent(self) -> bool:
        """True once a final head was accepted: another status can no longer be given."""

    @property
    def is_ended(self) -> bool:
        """True once the response is complete or given up."""

    def send_informational(self, head: ResponseHead) -> None:
        """Send a 1xx response now (RFC 9110 §15.2); HTTP/1.0 peers are spared it.

        Raises:
            LocalProtocolError: The status is not 100 or 102 to 199, or the final head was sent.
        """

    def send_head(self, head: ResponseHead) -> None:
        """Give the final head.

        Raises:
            LocalProtocolError: The head breaks a rule, or one was given already. Nothing is put on the wire.
            ConnectionResetError: The peer is gone.
        """

    def send_response(self, head: ResponseHead, body: bytes) -> None:
        """Send a whole response in one write; the fast path.

        ``Content-Length`` stands in the head already, or is added. A body given for a response that must not have one
        (HEAD, 204, 304) is an error for 204 and 304; for HEAD it tells the length and is not sent.

        Raises:
            LocalProtocolError: As ``send_head``. Nothing is put on the wire.
            ConnectionResetError: The peer is gone.
        """

    def take_over(self) -> tuple[Any, bytes]:
        """Hand the connection to another protocol, after 101 or a 2xx to CONNECT was given.

        Returns:
            The transport, and the octets that the peer sent after the request.

        Raises:
            LocalProtocolError: No switch was agreed on.
        """


class ClientExchange(BodyFeed, SendingHalf, Protocol):
    """One exchange as the client sees it: a request to be sent and the response to it."""

    @property
    def connection(self) -> ConnectionInfo:
        """The connection that carries the exchange."""

    @property
    def version(self) -> HttpVersion:
        """Version of the protocol that carries the exchange."""

    @property
    def is_ended(self) -> bool:
        """True once both messages are complete, or the exchange was given up."""

    def send_head(self, head: RequestHead) -> None:
        """Give the head of the request.

        Raises:
            LocalProtocolError: The head breaks a rule, or one was given already. Nothing is put on the wire.
            ConnectionResetError: The peer is gone.
        """

    def send_request(self, head: RequestHead, body: bytes) -> None:
        """Send a whole request in one write; the fast path. ``Content-Length`` stands in the head already if needed.

        Raises:
            LocalProtocolError: As ``send_head``. Nothing is put on the wire.
            ConnectionResetError: The peer is gone.
        """

    async def receive_head(self, on_informational: Callable[[ResponseHead], None] | None = None) -> ResponseHead:
        """Wait for the final head of the response.

        Args:
            on_informational: Called with each 1xx head but 101.

        Raises:
            RemoteProtocolError: The peer broke a rule.
            ConnectionResetError: The connection is gone; ``has_response_begun`` says whether an answer began.

        Cancellation:
            The exchange goes on; call ``abort`` to end it.
        """

    @property
    def has_response_begun(self) -> bool:
        """True once a single octet of the response has come: the request may have been acted upon."""

    def take_over(self) -> tuple[Any, bytes]:
        """Hand the connection to another protocol, after 101 or a 2xx to CONNECT was received.

        Returns:
            The transport, and the octets that the peer sent after its head.

        Raises:
            LocalProtocolError: No switch was agreed on.
        """


class ClientConnection(Protocol):
    """What a pool asks of a connection. The answers hold until the loop turns."""

    @property
    def capacity(self) -> int:
        """Exchanges that can be opened now: 0 or 1 for HTTP/1.1, more for HTTP/2."""

    @property
    def is_open(self) -> bool:
        """True while the connection can carry exchanges, now or after those that run."""

    @property
    def active(self) -> int:
        """Exchanges that run."""

    def open_exchange(self) -> ClientExchange:
        """Start an exchange.

        Raises:
            RuntimeError: ``capacity`` is 0.
        """

    def set_listener(self, on_change: Callable[["ClientConnection"], None]) -> None:
        """Have ``on_change`` called when ``capacity`` or ``is_open`` has changed: an exchange ended, the peer left."""

    def close(self) -> None:
        """Close when nothing runs any more: at once if idle; running exchanges are aborted. Can be repeated."""

    async def wait_closed(self) -> None:
        """Wait until the transport is gone.

        Cancellation:
            The connection closes all the same.
        """
