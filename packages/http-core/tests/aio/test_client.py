"""The client's shell against servers that follow a script octet by octet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from multidict import CIMultiDict

from loopback import dial
from skerry.http import LocalProtocolError, RemoteProtocolError, RequestHead, ResponseHead
from skerry.http.aio import H1ClientConnection, H1ClientExchange, StreamReader

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def request(method: str = "GET", target: str = "/", **fields: str) -> RequestHead:
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return RequestHead(method, target, CIMultiDict({"Host": "a", **named}))


async def fetch(connection: H1ClientConnection, head: RequestHead, body: bytes = b"") -> tuple[ResponseHead, bytes]:
    exchange = connection.open_exchange()
    exchange.send_request(head, body)
    response = await exchange.receive_head()
    return response, await StreamReader(exchange).read()


async def receive(exchange: H1ClientExchange) -> bytes:
    await exchange.receive_head()
    return await StreamReader(exchange).read()


def answers(*replies: bytes) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Return a script that answers each request head with the next reply, and then leaves."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
        await reader.read()

    return script


async def test_exchanges_follow_one_another_on_one_connection() -> None:
    changes: list[tuple[int, bool]] = []
    async with dial(answers(OK, OK)) as connection:
        connection.set_listener(lambda changed: changes.append((changed.capacity, changed.is_open)))
        for _ in range(2):
            assert (connection.capacity, connection.active) == (1, 0)
            response, body = await fetch(connection, request())
            assert (response.status, body) == (200, b"ok")
        assert changes == [(1, True), (1, True)]


async def test_a_second_exchange_at_once_is_refused() -> None:
    async with dial(answers(OK)) as connection:
        connection.open_exchange()
        assert (connection.capacity, connection.active) == (0, 1)
        with pytest.raises(RuntimeError, match="capacity 1"):
            connection.open_exchange()


@pytest.mark.parametrize(
    ("reply", "method", "body"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "GET", b"ok", id="chunked"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "HEAD", b"", id="head"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", "GET", b"", id="204"),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "GET", b"", id="304"),
        pytest.param(b"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "GET", b"", id="empty"),
        pytest.param(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "GET", b"ok", id="bare-lf"),
    ],
)
async def test_after_a_framed_response_the_connection_is_kept(reply: bytes, method: str, body: bytes) -> None:
    async with dial(answers(reply, OK)) as connection:
        assert (await fetch(connection, request(method)))[1] == body
        assert connection.capacity == 1
        assert (await fetch(connection, request()))[1] == b"ok"


async def test_a_response_without_a_body_frees_the_connection_at_its_head() -> None:
    async with dial(answers(b"HTTP/1.1 204 No Content\r\n\r\n")) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(request(), b"")
        await exchange.receive_head()
        assert exchange.is_ended
        assert connection.capacity == 1


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", id="close"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", id="1.0"),
        pytest.param(OK + b"surplus", id="surplus"),
    ],
)
async def test_a_connection_that_cannot_go_on_is_closed(reply: bytes) -> None:
    async with dial(answers(reply)) as connection:
        assert (await fetch(connection, request()))[1] == b"ok"
        assert (connection.capacity, connection.is_open) == (0, False)
        await connection.wait_closed()


async def test_a_body_until_close_ends_with_the_connection() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nok")
        await asyncio.sleep(0.01)
        writer.write(b"!")

    async with dial(script) as connection:
        assert (await fetch(connection, request()))[1] == b"ok!"
        assert not connection.is_open


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok", "incomplete-body", id="length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", "incomplete-body", id="chunked"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-", "incomplete-head", id="head"),
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", "bad-version", id="another-protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad-chunk-size", id="chunk"),
    ],
)
async def test_a_broken_response_is_an_error_and_closes(reply: bytes, code: str) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)

    async with dial(script) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(request(), b"")
        with pytest.raises(RemoteProtocolError) as caught:
            await receive(exchange)
        assert caught.value.code == code
        assert exchange.has_response_begun
        assert not connection.is_open


async def test_a_server_that_leaves_without_an_answer_is_a_reset() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with dial(script) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(request(), b"")
        with pytest.raises(ConnectionResetError):
            await exchange.receive_head()
        assert not exchange.has_response_begun


async def test_informational_responses_are_told_and_passed() -> None:
    told: list[int] = []
    reply = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK
    async with dial(answers(reply)) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(request(), b"")
        response = await exchange.receive_head(lambda head: told.append(head.status))
        assert (response.status, told) == (200, [103, 100])


async def test_octets_from_an_idle_server_close_the_connection() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        await reader.read()

    async with dial(script) as connection:
        await connection.wait_closed()
        assert (connection.capacity, connection.is_open) == (0, False)


async def test_a_server_that_closes_an_idle_connection_is_noticed() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)

    changed = asyncio.Event()
    async with dial(script) as connection:
        connection.set_listener(lambda _: changed.set())
        await changed.wait()
        assert (connection.capacity, connection.is_open) == (0, False)


async def test_a_body_is_streamed_and_chunked_when_its_length_is_not_known() -> None:
    seen: list[bytes] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"0\r\n\r\n"))
        writer.write(OK)
        await reader.read()

    async with dial(script) as connection:
        exchange = connection.open_exchange()
        exchange.send_head(request("POST"))
        await exchange.send_data(b"abc")
        await exchange.send_data(b"de")
        await exchange.end()
        assert (await exchange.receive_head()).status == 200
        assert await StreamReader(exchange).read() == b"ok"
        assert connection.capacity == 1
    assert seen == [b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"]


async def test_a_whole_request_leaves_with_its_length() -> None:
    seen: list[bytes] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"abc"))
        writer.write(OK)
        await reader.read()

    async with dial(script) as connection:
        await fetch(connection, request("POST"), b"abc")
    assert seen == [b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"]


@pytest.mark.parametrize("body", [b"", b"ab", b"abcd"], ids=["none", "short", "long"])
async def test_a_body_of_another_length_than_announced_is_refused(body: bytes) -> None:
    async with dial(answers(OK)) as connection:
        exchange = connection.open_exchange()
        with pytest.raises(LocalProtocolError) as caught:
            exchange.send_request(request("POST", Content_Length="3"), body)
        assert caught.value.code == "body-length-differs"
        assert not connection.is_open


async def test_an_answer_before_the_end_of_the_upload_can_be_read() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await reader.read()

    async with dial(script) as connection:
        exchange = connection.open_exchange()
        exchange.send_head(request("POST"))
        await exchange.send_data(b"abc")
        assert (await exchange.receive_head()).status == 413
        assert await StreamReader(exchange).read() == b"big"
        assert not exchange.is_ended
        assert connection.capacity == 0
        await exchange.end()
        assert exchange.is_ended
        assert connection.capacity == 1


async def test_an_upload_waits_for_a_server_that_does_not_read() -> None:
    go_on = asyncio.Event()
    sent = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await go_on.wait()
        while not (await reader.read(1_000_000)).endswith(b"0\r\n\r\n"):
            pass
        writer.write(OK)
        await reader.read()

    async def upload(exchange: H1ClientExchange) -> None:
        nonlocal sent
        exchange.send_head(request("POST"))
        for _ in range(300):
            await exchange.send_data(b"x" * 65536)
            sent += 65536
        await exchange.end()

    async with dial(script) as connection:
        exchange = connection.open_exchange()
        task = asyncio.create_task(upload(exchange))
        await asyncio.sleep(0.1)
        assert sent < 15_000_000
        assert connection.transport.get_write_buffer_size() < 300_000
        go_on.set()
        await task
        assert (await exchange.receive_head()).status == 200


async def test_an_abandoned_exchange_closes_the_connection_and_wakes_its_reader() -> None:
    async with dial(answers(b"")) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(request(), b"")
        waiting = asyncio.create_task(exchange.receive_head())
        await asyncio.sleep(0.01)
        exchange.abort()
        exchange.abort()
        with pytest.raises(ConnectionResetError):
            await waiting
        assert (connection.capacity, connection.is_open) == (0, False)
        with pytest.raises(ConnectionResetError):
            exchange.send_request(request(), b"")


async def test_a_cancelled_wait_for_the_head_leaves_the_exchange_going() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.05)
        writer.write(OK)
        await reader.read()

    async with dial(script) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(request(), b"")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await exchange.receive_head()
        assert (await exchange.receive_head()).status == 200


async def test_a_head_that_breaks_a_rule_sends_nothing() -> None:
    async with dial(answers(OK)) as connection:
        exchange = connection.open_exchange()
        with pytest.raises(LocalProtocolError) as caught:
            exchange.send_request(request(X_Split="a\r\nEvil: b"), b"")
        assert caught.value.code == "bad-field-value"
        exchange.send_request(request(), b"")
        assert (await exchange.receive_head()).status == 200


@pytest.mark.parametrize(
    ("head", "reply"),
    [
        pytest.param(
            request(Connection="upgrade", Upgrade="chat"),
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\nfirst",
            id="upgrade",
        ),
        pytest.param(request("CONNECT", "a:443"), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfirst", id="connect"),
    ],
)
async def test_the_octets_after_a_switch_are_handed_over(head: RequestHead, reply: bytes) -> None:
    async with dial(answers(reply)) as connection:
        exchange = connection.open_exchange()
        exchange.send_request(head, b"")
        assert (await exchange.receive_head()).upgrade
        transport, rest = exchange.take_over()
        assert rest == b"first"
        assert (connection.capacity, connection.is_open) == (0, False)
        transport.close()


async def test_facts_about_the_connection_are_there() -> None:
    async with dial(answers(OK)) as connection:
        assert connection.get_extra_info("peername")[0] == "127.0.0.1"
        assert not connection.is_secure
        assert connection.alpn_protocol is None
        assert connection.get_extra_info("unknown", 5) == 5
