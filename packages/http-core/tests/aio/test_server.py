"""The server's shell against plain sockets: order of exchanges, ends of connections, deadlines, back-pressure."""

from __future__ import annotations

import asyncio
import socket
import struct

import pytest
from multidict import CIMultiDict

from loopback import connect, read_response, serve, text_head
from skerry.http import Limits, LocalProtocolError, RemoteProtocolError, ResponseHead
from skerry.http.aio import H1ServerExchange, StreamReader

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def hello(exchange: H1ServerExchange) -> None:
    exchange.send_response(text_head(Content_Type="text/plain"), b"hello " + exchange.request.target.encode())


async def echo(exchange: H1ServerExchange) -> None:
    exchange.send_response(text_head(), await StreamReader(exchange).read())


async def send_for_ever(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def test_requests_on_one_connection_are_answered_in_turn() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        for _ in range(3):
            writer.write(GET)
            assert await read_response(reader) == (
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\n",
                b"hello /",
            )
        assert len(served.connections) == 1
        assert not served.closed


async def test_pipelined_requests_are_answered_in_order_one_at_a_time() -> None:
    running = 0
    most = 0

    async def slow(exchange: H1ServerExchange) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        await hello(exchange)

    async with serve(slow) as served, connect(served) as (reader, writer):
        writer.write(b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(50)))
        bodies = [(await read_response(reader))[1] for _ in range(50)]
    assert bodies == [b"hello /%d" % number for number in range(50)]
    assert most == 1


async def test_a_body_is_read_while_it_comes() -> None:
    pieces: list[bytes] = []

    async def handler(exchange: H1ServerExchange) -> None:
        pieces.extend([piece async for piece in StreamReader(exchange).iter_any()])
        exchange.send_response(text_head(), b"")

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (b"3\r\nabc\r\n", b"2\r\nde\r\n"):
            writer.write(piece)
            await asyncio.sleep(0.02)
        writer.write(b"0\r\n\r\n")
        await read_response(reader)
    assert pieces == [b"abc", b"de"]


@pytest.mark.parametrize(
    ("request_head", "is_kept"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True, id="1.1"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", False, id="1.1-close"),
        pytest.param(b"GET / HTTP/1.0\r\n\r\n", False, id="1.0"),
        pytest.param(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True, id="1.0-keep-alive"),
    ],
)
async def test_the_connection_is_kept_as_both_agree(request_head: bytes, is_kept: bool) -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(request_head)
        head, _ = await read_response(reader)
        assert (b"Connection: close" in head) is not is_kept
        if is_kept:
            writer.write(request_head)
            assert (await read_response(reader))[1] == b"hello /"
        else:
            assert await reader.read() == b""


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n", b"400", id="field"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 9000 + b"\r\n\r\n", b"431", id="long-field"),
        pytest.param(b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414", id="long-target"),
        pytest.param(b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", b"505", id="version"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", b"501", id="coding"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n", b"413", id="body"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"400", id="tls-on-a-plain-port"),
    ],
)
async def test_a_broken_request_is_answered_and_reaches_no_handler(data: bytes, status: bytes) -> None:
    async with serve(hello, limits=Limits(max_body_size=1000)) as served, connect(served) as (reader, writer):
        writer.write(data)
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 " + status + b" ")
        assert b"Connection: close\r\n" in answer
        assert len(answer) < 300
        assert not served.exchanges


async def test_the_first_of_two_pipelined_requests_is_answered_although_the_second_is_broken() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(GET + b"BROKEN\r\n\r\n")
        answer = await reader.read()
    assert answer.index(b"hello /") < answer.index(b"HTTP/1.1 400 ")


async def test_the_answer_to_a_broken_request_survives_what_the_client_still_sends() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n" + b"x" * 200_000)
        await writer.drain()
        await asyncio.sleep(0.02)
        writer.write(b"x" * 200_000)
        await writer.drain()
        assert (await reader.read()).startswith(b"HTTP/1.1 505 ")


async def test_a_client_that_never_stops_sending_after_an_error_is_cut_off() -> None:
    async with serve(hello, limits=Limits(linger_size=100_000)) as served, connect(served) as (reader, writer):
        writer.write(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 505 ")
        with pytest.raises(ConnectionError):
            await send_for_ever(writer)


async def test_a_body_that_nobody_read_is_dropped_and_the_next_request_found() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(b"POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        assert (await read_response(reader))[1] == b"hello /1"
        writer.write(b"cde" + b"POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"3\r\nGET\r\n0\r\n\r\n" + b"GET /3 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await read_response(reader))[1] == b"hello /2"
        assert (await read_response(reader))[1] == b"hello /3"


async def test_a_body_too_long_to_drop_closes_the_connection() -> None:
    async with serve(hello, limits=Limits(linger_size=1000)) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50_000)
        assert (await read_response(reader))[1] == b"hello /"
        assert await reader.read() == b""


async def test_a_client_that_ended_its_side_still_gets_its_answer() -> None:
    async def slow(exchange: H1ServerExchange) -> None:
        await asyncio.sleep(0.02)
        await hello(exchange)

    async with serve(slow) as served, connect(served) as (reader, writer):
        writer.write(GET)
        writer.write_eof()
        answer = await reader.read()
        assert answer.endswith(b"hello /")


async def test_a_body_cut_off_is_an_error_of_the_reader() -> None:
    async with serve(echo) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        writer.write_eof()
        assert await reader.read() == b""
        assert [type(error) for error in served.errors] == [RemoteProtocolError]


async def test_a_client_that_resets_ends_the_wait_for_its_body() -> None:
    async with serve(echo) as served:
        async with connect(served) as (_, writer):
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            await asyncio.sleep(0.02)
            reset = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            writer.transport.abort()
        await asyncio.sleep(0.02)
        assert [type(error) for error in served.errors] == [ConnectionResetError]
        assert served.closed == served.connections


async def test_expect_is_answered_by_whoever_reads() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        assert exchange.request.expect_continue
        exchange.send_informational(ResponseHead(100, CIMultiDict()))
        await echo(exchange)

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"abc")
        head, body = await read_response(reader)
        assert body == b"abc"
        assert b"Connection: close" not in head


async def test_a_body_that_was_never_asked_for_ends_the_connection() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        head, body = await read_response(reader)
        assert body == b"hello /"
        assert b"Connection: close" in head
        assert await reader.read() == b""


async def test_a_streamed_response_is_chunked_and_its_head_leaves_with_the_first_piece() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        exchange.send_head(text_head())
        await exchange.send_data(b"abc")
        await exchange.send_data(bytearray(b"de"))
        await exchange.send_data(memoryview(b"f"))
        await exchange.end(CIMultiDict({"X-Sum": "1"}))
        await exchange.end()

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(GET)
        assert await reader.readuntil(b"X-Sum: 1\r\n\r\n") == (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n2\r\nde\r\n1\r\nf\r\n0\r\nX-Sum: 1\r\n\r\n"
        )
        writer.write(GET)
        await reader.readuntil(b"X-Sum: 1\r\n\r\n")


async def test_a_head_does_not_wait_for_a_body_that_is_late() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        exchange.send_head(text_head(Content_Length="3"))
        await asyncio.sleep(0.02)
        await exchange.send_data(b"abc")
        await exchange.end()

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(GET)
        assert await reader.read(65536) == b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        assert await reader.read(65536) == b"abc"


async def test_a_response_that_is_too_short_breaks_the_connection() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        exchange.send_head(text_head(Content_Length="5"))
        await exchange.send_data(b"abc")
        await exchange.end()

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(GET)
        assert (await reader.read()).endswith(b"\r\n\r\nabc")
        assert [error.code for error in served.errors if isinstance(error, LocalProtocolError)] == [
            "body-length-differs"
        ]


async def test_an_exchange_that_ended_refuses_more() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(GET)
        await read_response(reader)
        with pytest.raises(LocalProtocolError, match="the exchange has ended"):
            served.exchanges[0].send_response(text_head(), b"again")
        writer.write(GET)
        assert (await read_response(reader))[1] == b"hello /"


async def test_writers_wait_for_a_client_that_does_not_read_and_memory_stays_bounded() -> None:
    sent = 0

    async def handler(exchange: H1ServerExchange) -> None:
        nonlocal sent
        exchange.send_head(text_head())
        for _ in range(500):
            await exchange.send_data(b"x" * 65536)
            sent += 65536
        await exchange.end()

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(GET)
        await asyncio.sleep(0.2)
        assert 0 < sent < 20_000_000
        assert served.connections[0].transport.get_write_buffer_size() < 300_000
        received = 0
        while piece := await reader.read(1_000_000):
            received += len(piece)
            if piece.endswith(b"0\r\n\r\n"):
                break
    assert sent == 500 * 65536
    assert received > sent


async def test_reading_stops_while_nobody_takes_the_body_and_goes_on_afterwards() -> None:
    go_on = asyncio.Event()

    async def handler(exchange: H1ServerExchange) -> None:
        await go_on.wait()
        body = await StreamReader(exchange).read()
        exchange.send_response(text_head(), b"%d" % len(body))

    limits = Limits(read_buffer_size=65536)
    async with serve(handler, limits=limits) as served, connect(served) as (reader, writer):
        size = 20_000_000
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        writer.write(b"x" * size)
        await asyncio.sleep(0.1)
        assert served.connections[0].core.buffered < 1_000_000
        go_on.set()
        assert (await read_response(reader))[1] == b"%d" % size


async def test_what_is_pipelined_behind_a_slow_handler_is_bounded() -> None:
    go_on = asyncio.Event()

    async def handler(exchange: H1ServerExchange) -> None:
        await go_on.wait()
        await hello(exchange)

    async with serve(handler, limits=Limits(read_buffer_size=10_000)) as served, connect(served) as (reader, writer):
        count = 100_000
        writer.write(GET * count)
        await asyncio.sleep(0.1)
        assert len(served.exchanges) == 1
        assert served.connections[0].core.buffered < 600_000
        go_on.set()
        for _ in range(2000):
            assert (await read_response(reader))[1] == b"hello /"


async def test_two_readers_of_one_body_are_refused() -> None:
    refused: list[str] = []

    async def handler(exchange: H1ServerExchange) -> None:
        stream = StreamReader(exchange)
        first = asyncio.create_task(stream.read())
        await asyncio.sleep(0)
        try:
            await stream.read()
        except RuntimeError as error:
            refused.append(str(error))
        exchange.send_response(text_head(), await first)

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n")
        await asyncio.sleep(0.02)
        writer.write(b"abc")
        assert (await read_response(reader))[1] == b"abc"
    assert len(refused) == 1
    assert "one reader at a time" in refused[0]


async def test_a_cancelled_read_loses_nothing() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        stream = StreamReader(exchange)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await stream.read()
        exchange.send_response(text_head(), await stream.read())

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc")
        await asyncio.sleep(0.05)
        writer.write(b"def")
        assert (await read_response(reader))[1] == b"abcdef"
        assert not served.errors


async def test_the_octets_after_an_upgrade_are_handed_over() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        assert exchange.request.upgrade
        exchange.send_head(text_head(101, Connection="upgrade", Upgrade="chat"))
        transport, rest = exchange.take_over()
        transport.write(b"got " + rest)
        transport.close()

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n\x00first")
        assert await reader.read() == (
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\ngot \x00first"
        )
        assert not served.errors
        assert len(served.closed) == 1


async def test_a_declined_upgrade_leaves_body_and_next_request_in_their_places() -> None:
    async with serve(echo) as served, connect(served) as (reader, writer):
        writer.write(
            b"POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\nContent-Length: 3\r\n\r\nabc" + GET
        )
        assert (await read_response(reader))[1] == b"abc"
        assert (await read_response(reader))[1] == b""
        assert [exchange.request.method for exchange in served.exchanges] == ["POST", "GET"]


async def test_taking_over_without_a_switch_is_refused() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        with pytest.raises(LocalProtocolError, match="no switch"):
            exchange.take_over()
        await hello(exchange)

    async with serve(handler) as served, connect(served) as (reader, writer):
        writer.write(GET)
        assert (await read_response(reader))[1] == b"hello /"
        assert not served.errors


# Deadlines: the clock of the tests ticks every 10 ms.


async def test_an_idle_connection_is_closed() -> None:
    async with serve(hello, limits=Limits(keepalive_timeout_s=0.05)) as served, connect(served) as (reader, writer):
        writer.write(GET)
        await read_response(reader)
        assert await reader.read() == b""


async def test_a_connection_that_never_asks_is_closed() -> None:
    async with serve(hello, limits=Limits(head_timeout_s=0.05)) as served, connect(served) as (reader, _):
        assert await reader.read() == b""


async def test_a_head_that_comes_too_slowly_is_answered_with_408() -> None:
    async with serve(hello, limits=Limits(head_timeout_s=0.05)) as served, connect(served) as (reader, writer):
        writer.write(GET[:10])
        assert (await reader.read()).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert not served.exchanges


async def test_a_head_that_drips_on_a_kept_connection_has_the_same_deadline() -> None:
    limits = Limits(head_timeout_s=0.1, keepalive_timeout_s=60)
    async with serve(hello, limits=limits) as served, connect(served) as (reader, writer):
        writer.write(GET)
        await read_response(reader)
        for octet in GET[:-1]:
            writer.write(bytes([octet]))
            await asyncio.sleep(0.01)
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_stalls_ends_the_wait_of_the_reader() -> None:
    async with serve(echo, limits=Limits(body_timeout_s=0.05)) as served, connect(served) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        assert await reader.read() == b""
        assert [type(error) for error in served.errors] == [ConnectionResetError]


async def test_a_client_that_takes_nothing_is_cut_off() -> None:
    async def handler(exchange: H1ServerExchange) -> None:
        exchange.send_head(text_head())
        try:
            while True:
                await exchange.send_data(b"x" * 65536)
        finally:
            cut_off.set()

    cut_off = asyncio.Event()
    async with serve(handler, limits=Limits(write_timeout_s=0.05)) as served, connect(served) as (_, writer):
        writer.write(GET)
        await cut_off.wait()
        await asyncio.sleep(0)
        assert [type(error) for error in served.errors] == [ConnectionResetError]


# The end of a server.


async def test_shutdown_closes_an_idle_connection_at_once() -> None:
    async with serve(hello) as served, connect(served) as (reader, writer):
        writer.write(GET)
        await read_response(reader)
        served.connections[0].shutdown()
        assert await reader.read() == b""


async def test_shutdown_lets_a_running_exchange_finish_and_says_so() -> None:
    async def slow(exchange: H1ServerExchange) -> None:
        await asyncio.sleep(0.03)
        await hello(exchange)

    async with serve(slow) as served, connect(served) as (reader, writer):
        writer.write(GET)
        await asyncio.sleep(0.01)
        served.connections[0].shutdown()
        answer = await reader.read()
        assert answer.endswith(b"hello /")
        assert b"Connection: close\r\n" in answer
