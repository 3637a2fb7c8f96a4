"""One stream of octets in every split, and what a core makes of it in a form that can be compared.

A stream may come whole, octet by octet, cut in two anywhere, or with octets behind it that belong to the next message.
None of that may change what is read: the events are the same, with the pieces of one chunk joined, and so is the
``code`` of the error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from multidict import CIMultiDict

from skerry.http import DEFAULT_LIMITS, Limits, RemoteProtocolError, RequestHead, ResponseHead
from skerry.http.events import Data, EndOfMessage, Pause
from skerry.http.h1 import CLIENT, SERVER, Connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Split: TypeAlias = tuple[bytes, ...]

NEXT_REQUEST = b"GET /next HTTP/1.1\r\nHost: next\r\n\r\n"
"""Octets behind a message that belong to the next one."""


def each_split(data: bytes) -> Iterator[Split]:
    """Yield ``data`` whole, octet by octet, and cut in two at every place."""
    yield (data,)
    yield tuple(data[at : at + 1] for at in range(len(data)))
    for at in range(1, len(data)):
        yield (data[:at], data[at:])


@dataclass(frozen=True)
class Outcome:
    """What a connection made of a stream."""

    events: tuple[tuple[object, ...], ...]
    """Facts of each event, pieces of a body joined up to the end of their chunk."""
    pause: Pause | None
    """Why there are no more events; None after an error."""
    code: str = ""
    """Code of the error; empty when there was none."""
    rest: bytes = b""
    """Octets that belong to no message yet."""

    @property
    def kinds(self) -> list[object]:
        """The first word of each event."""
        return [event[0] for event in self.events]

    @property
    def body(self) -> bytes:
        """All octets of all bodies."""
        return b"".join(bytes(event[1]) for event in self.events if isinstance(event[1], bytes))


class Recorder:
    """Gathers the facts of events; joins what the split of the input has cut."""

    def __init__(self) -> None:
        self.events: list[tuple[object, ...]] = []
        self._pieces: list[bytes] = []

    def add(self, event: RequestHead | ResponseHead | Data | EndOfMessage) -> None:
        """Take the next event."""
        if isinstance(event, Data):
            assert event.data or event.chunk_end, "a piece of a body says nothing"
            self._pieces.append(event.data)
            if event.chunk_end:
                self._flush("chunk")
            return
        self._flush("data")
        if isinstance(event, EndOfMessage):
            self.events.append(("end", None if event.trailers is None else tuple(event.trailers.items())))
        else:
            self.events.append(facts(event))

    def _flush(self, kind: str) -> None:
        if self._pieces:
            self.events.append((kind, b"".join(self._pieces)))
            self._pieces.clear()

    def outcome(self, pause: Pause | None, code: str = "", rest: bytes = b"") -> Outcome:
        """Return what was gathered; how much of a chunk came before an error is left to the split."""
        if not code:
            self._flush("data")
        return Outcome(tuple(self.events), pause, code, rest)


def facts(head: RequestHead | ResponseHead) -> tuple[object, ...]:
    """Return everything that a received head says."""
    shared = (
        tuple(head.version),
        tuple(head.headers.items()),
        head.raw_headers,
        head.content_length,
        head.chunked,
        head.keep_alive,
        head.upgrade,
    )
    if isinstance(head, RequestHead):
        return ("request", head.method, head.target, *shared, head.expect_continue)
    return ("response", head.status, head.reason, *shared)


def read(
    connection: Connection,
    pieces: Iterable[bytes],
    *,
    eof: bool = False,
    after_message: Callable[[], bool] | None = None,
) -> Outcome:
    """Feed a connection and ask it for every event after each piece.

    Args:
        connection: Ready to receive.
        pieces: What arrives.
        eof: The peer closes afterwards.
        after_message: Called at each PAUSED; returns True when the connection can go on with the next message.
    """
    recorder = Recorder()
    pause: Pause | None = None

    def drain() -> Pause:
        while True:
            event = connection.next_event()
            if not isinstance(event, Pause):
                recorder.add(event)
            elif event is not Pause.PAUSED or after_message is None or not after_message():
                return event

    try:
        for piece in pieces:
            connection.receive_data(piece)
            pause = drain()
        if eof:
            connection.receive_eof()
            pause = drain()
    except RemoteProtocolError as error:
        return recorder.outcome(None, error.code)
    return recorder.outcome(pause, rest=connection.trailing_data)


def read_requests(
    pieces: Iterable[bytes], *, eof: bool = False, answer: bool = False, limits: Limits = DEFAULT_LIMITS
) -> Outcome:
    """Read as a server; with ``answer`` each request is answered, so that the next one is read."""
    connection = Connection(SERVER, limits)

    def respond() -> bool:
        if connection.is_switched:
            return False
        connection.send_response(ResponseHead(200, CIMultiDict()), b"")
        if connection.must_close:
            return False
        connection.start_next_cycle()
        return True

    return read(connection, pieces, eof=eof, after_message=respond if answer else None)


def read_responses(
    pieces: Iterable[bytes],
    *,
    method: str = "GET",
    fields: Iterable[tuple[str, str]] = (),
    eof: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Outcome:
    """Read as a client that has sent one request with ``method`` and ``fields``."""
    return read(asking(method, fields, limits), pieces, eof=eof)


def asking(method: str = "GET", fields: Iterable[tuple[str, str]] = (), limits: Limits = DEFAULT_LIMITS) -> Connection:
    """Return a client that has sent one whole request and awaits the response."""
    connection = Connection(CLIENT, limits)
    target = "host:443" if method == "CONNECT" else "/"
    connection.send(RequestHead(method, target, CIMultiDict([("Host", "host"), *fields])))
    connection.send(EndOfMessage())
    return connection


def same_for_each_split(data: bytes, reader: Callable[[Split], Outcome], trailing: bytes = NEXT_REQUEST) -> Outcome:
    """Return the outcome of ``data``, having seen that no split and no octets behind it change it.

    Args:
        data: The stream.
        reader: Reads one split with a new connection.
        trailing: Octets behind the stream, tried when the stream ends a message or breaks a rule.
    """
    whole = reader((data,))
    for pieces in each_split(data):
        outcome = reader(pieces)
        assert outcome == whole, pieces
    if trailing and (whole.code or whole.pause is Pause.PAUSED):
        expected = replace(whole, rest=whole.rest + trailing if whole.pause else b"")
        for pieces in ((data + trailing,), (data, trailing), (data[:-1], data[-1:] + trailing)):
            assert reader(pieces) == expected, pieces
    return whole


def requests_of(
    data: bytes, *, eof: bool = False, trailing: bytes = NEXT_REQUEST, limits: Limits = DEFAULT_LIMITS
) -> Outcome:
    """Return what a server reads, whatever the split."""
    return same_for_each_split(
        data, lambda pieces: read_requests(pieces, eof=eof, limits=limits), b"" if eof else trailing
    )


def responses_of(
    data: bytes,
    *,
    method: str = "GET",
    fields: Iterable[tuple[str, str]] = (),
    eof: bool = False,
    trailing: bytes = NEXT_REQUEST,
    limits: Limits = DEFAULT_LIMITS,
) -> Outcome:
    """Return what a client reads, whatever the split."""
    kept = tuple(fields)
    return same_for_each_split(
        data,
        lambda pieces: read_responses(pieces, method=method, fields=kept, eof=eof, limits=limits),
        b"" if eof else trailing,
    )
