"""What both roles' shells share, over a transport that only remembers: buffers, writes, waiting."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from multidict import CIMultiDict

from skerry.http import Data, EndOfMessage, Limits, RequestHead, ResponseHead
from skerry.http.aio.connection import H1Connection
from skerry.http.h1 import SERVER

POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


class Memory:
    """A transport that remembers what is done with it."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        self.written: list[bytes] = []
        self.reading: list[str] = []
        self.high = 0

    def write(self, raw: bytes) -> None:
        self.written.append(raw)

    def pause_reading(self) -> None:
        self.reading.append("pause")

    def resume_reading(self) -> None:
        self.reading.append("resume")

    def set_write_buffer_limits(self, high: int) -> None:
        self.high = high

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self.facts.get(name, default)


def connected(limits: Limits | None = None, **facts: Any) -> tuple[H1Connection, Memory]:
    connection = H1Connection(SERVER, limits or Limits())
    transport = Memory(**facts)
    connection.connection_made(transport)
    return connection, transport


def answering(limits: Limits | None = None) -> tuple[H1Connection, Memory]:
    """Return a connection whose core has a request and waits for the response."""
    connection, transport = connected(limits)
    connection.core.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert isinstance(connection.core.next_event(), RequestHead)
    connection.core.next_event()
    return connection, transport


def head(**fields: str) -> ResponseHead:
    return ResponseHead(200, CIMultiDict({name.replace("_", "-"): value for name, value in fields.items()}))


async def test_reading_stops_above_the_limit_and_goes_on_below_half_of_it() -> None:
    connection, transport = connected(Limits(read_buffer_size=1000))
    core = connection.core
    core.receive_data(POST % 3000)
    core.next_event()
    for _ in range(3):
        core.receive_data(b"x" * 500)
        connection.note_received()
    assert transport.reading == ["pause"]
    assert isinstance(connection.pull(), Data)
    assert transport.reading == ["pause", "resume"]


async def test_reading_goes_on_when_what_has_come_is_not_enough() -> None:
    connection, transport = connected(Limits(read_buffer_size=10))
    core = connection.core
    core.receive_data(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    core.next_event()
    core.receive_data(b"5;" + b"x" * 50)
    connection.note_received()
    assert connection.pull() is None
    assert transport.reading == ["pause", "resume"]


async def test_without_a_limit_reading_never_stops() -> None:
    connection, transport = connected(Limits(read_buffer_size=0, write_buffer_size=0))
    connection.core.receive_data(b"x" * 10_000_000)
    connection.note_received()
    assert transport.reading == []
    assert transport.high == 0


async def test_pull_gives_pieces_then_the_end_then_nothing_more() -> None:
    connection, _ = connected()
    core = connection.core
    core.receive_data(POST % 3)
    core.next_event()
    assert connection.pull() is None
    core.receive_data(b"abc")
    assert connection.pull().data == b"abc"
    assert isinstance(connection.pull(), EndOfMessage)


async def test_a_lost_connection_ends_the_pull_after_what_had_come() -> None:
    connection, _ = connected()
    connection.core.receive_data(POST % 5 + b"abc")
    connection.core.next_event()
    cause = OSError("cable")
    connection.connection_lost(cause)
    assert connection.pull().data == b"abc"
    with pytest.raises(ConnectionResetError) as caught:
        connection.pull()
    assert caught.value.__cause__ is cause
    await connection.wait_readable()


async def test_a_head_that_is_held_leaves_with_the_first_piece_in_one_write() -> None:
    connection, transport = answering()
    connection.hold(connection.core.send_response(head(Content_Length="3"), None))
    await connection.write_data(b"abc")
    assert transport.written == [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"]
    await asyncio.sleep(0)
    assert len(transport.written) == 1


async def test_a_head_that_is_held_leaves_at_the_next_turn_of_the_loop() -> None:
    connection, transport = answering()
    connection.hold(b"head")
    assert transport.written == []
    await asyncio.sleep(0)
    assert transport.written == [b"head"]
    connection.flush()
    assert transport.written == [b"head"]


async def test_a_large_piece_is_not_copied_for_its_framing() -> None:
    connection, transport = answering()
    connection.core.send_response(head(), None)
    piece = b"x" * (0x10001)
    await connection.write_data(piece)
    assert transport.written == [b"10001\r\n", piece, b"\r\n"]
    assert transport.written[1] is piece


async def test_a_buffer_that_changes_afterwards_was_copied() -> None:
    connection, transport = answering()
    connection.core.send_response(head(Content_Length="6"), None)
    buffer = bytearray(b"abc")
    await connection.write_data(buffer)
    await connection.write_data(memoryview(buffer))
    buffer[:] = b"xyz"
    assert transport.written == [b"abc", b"abc"]


async def test_the_octets_of_a_buffer_of_wide_items_are_counted_as_octets() -> None:
    connection, transport = answering()
    connection.core.send_response(head(), None)
    await connection.write_data(memoryview(b"abcdefgh").cast("I"))
    assert transport.written == [b"8\r\nabcdefgh\r\n"]


async def test_writers_wait_until_the_transport_takes_more() -> None:
    connection, _ = answering()
    connection.core.send_response(head(), None)
    connection.pause_writing()
    waiting = [asyncio.create_task(connection.write_data(b"a")), asyncio.create_task(connection.write_data(b"b"))]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    waiting[0].cancel()
    await asyncio.sleep(0)
    connection.resume_writing()
    await waiting[1]
    assert waiting[0].cancelled()


async def test_a_lost_connection_ends_the_wait_of_writers() -> None:
    connection, transport = answering()
    connection.core.send_response(head(), None)
    connection.pause_writing()
    waiting = asyncio.create_task(connection.write_data(b"a"))
    await asyncio.sleep(0)
    connection.connection_lost(None)
    with pytest.raises(ConnectionResetError):
        await waiting
    count = len(transport.written)
    with pytest.raises(ConnectionResetError):
        await connection.write_data(b"b")
    assert len(transport.written) == count


async def test_facts_come_from_the_transport() -> None:
    class Tls:
        def selected_alpn_protocol(self) -> str:
            return "http/1.1"

    connection, _ = connected(sslcontext=object(), ssl_object=Tls(), peername=("::1", 5))
    assert connection.is_secure
    assert connection.is_open
    assert connection.alpn_protocol == "http/1.1"
    assert connection.get_extra_info("peername") == ("::1", 5)
    unconnected = H1Connection(SERVER, Limits())
    assert unconnected.get_extra_info("peername", 7) == 7
    assert not unconnected.is_open


async def test_what_is_detached_is_no_longer_read_or_written() -> None:
    connection, transport = connected(Limits(read_buffer_size=1))
    connection.core.receive_data(b"rest")
    connection.note_received()
    connection.hold(b"head")
    assert connection.detach() == (transport, b"rest")
    assert transport.written == [b"head"]
    assert transport.reading == ["pause", "resume"]
    assert not connection.is_open
