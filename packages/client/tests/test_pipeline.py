"""One request, one answer: retries, early answers, redirects, times."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from skerry.client import (
    ClientConnectionError,
    ClientError,
    ClientPayloadError,
    ClientResponseError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    InvalidUrlRedirectClientError,
    ServerDisconnectedError,
    SocketTimeoutError,
    TCPConnector,
    TooManyRedirects,
)
from skerry.http import RemoteProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conftest import Conversation, ScriptedServer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def closing_idle(server: ScriptedServer) -> None:
    """Have the server answer once on each connection, and die at the second request."""

    async def script(talk: Conversation) -> None:
        server.heads.append(await talk.head())
        talk.say(OK)
        if head := await talk.head():
            server.heads.append(head)

    server.script = script


async def test_a_request_on_a_dead_connection_is_sent_again(server: ScriptedServer, session: ClientSession) -> None:
    closing_idle(server)
    for _ in range(2):
        async with session.get(server.base) as response:
            assert await response.text() == "ok"
    assert len(server.heads) == 3
    assert server.accepted == 2


async def test_a_post_on_a_dead_connection_is_not(server: ScriptedServer, session: ClientSession) -> None:
    closing_idle(server)
    assert (await session.get(server.base)).status == 200
    with pytest.raises(ServerDisconnectedError, match="without an answer"):
        await session.post(server.base)
    assert len(server.heads) == 2


async def test_a_new_connection_that_dies_costs_no_retry(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        server.heads.append(await talk.head())

    server.script = script
    with pytest.raises(ServerDisconnectedError):
        await session.get(server.base)
    assert len(server.heads) == 1


async def test_an_answer_that_began_costs_no_retry(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        server.heads.append(await talk.head())
        talk.say(OK)
        server.heads.append(await talk.head())
        talk.say(b"HTTP/1.1 2")

    server.script = script
    await session.get(server.base)
    with pytest.raises(ServerDisconnectedError, match="in the middle"):
        await session.get(server.base)
    assert len(server.heads) == 2


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"HTTP/1.1 2x0 OK\r\n\r\n", id="status"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n\r\n", id="another-protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", id="nul"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", id="two-lengths"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", id="too-many-fields"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 10000, id="field-too-long"),
    ],
)
async def test_a_broken_head(server: ScriptedServer, session: ClientSession, raw: bytes) -> None:
    server.answers = [raw]
    with pytest.raises(ClientResponseError) as caught:
        await session.get(server.base)
    assert caught.value.status == 400
    assert isinstance(caught.value.__cause__, RemoteProtocolError)
    await server.until_open(0)


async def test_informational_answers_are_passed_over(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK]
    for _ in range(2):
        async with session.get(server.base) as response:
            assert response.status == 200
    assert server.accepted == 1


SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nfoo"


async def test_a_switch_that_nobody_asked_for_is_an_error(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [SWITCH]
    with pytest.raises(ClientResponseError, match="101"):
        await session.get(server.base)
    await server.until_open(0)


async def test_a_switched_connection_is_not_used_again(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [SWITCH, OK]
    async with session.get(server.base, headers={"Upgrade": "x", "Connection": "upgrade"}) as response:
        assert response.status == 101
        assert await response.read() == b""
        assert not response.closed
    await server.until_open(0)
    async with session.get(server.base) as response:
        assert await response.text() == "ok"


async def endless(sent: list[int]) -> AsyncIterator[bytes]:
    """Give pieces until nobody takes them."""
    while True:
        sent.append(1000)
        yield b"x" * 1000
        await asyncio.sleep(0)


async def test_an_answer_may_come_before_the_body_is_sent(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.1 413 Too Much\r\nContent-Length: 4\r\n\r\nstop")
        await talk.hear_end()

    server.script = script
    sent: list[int] = []
    async with session.post(server.base, data=endless(sent)) as response:
        assert response.status == 413
        assert await response.text() == "stop"
    await server.until_open(0)
    length = len(sent)
    await asyncio.sleep(0.01)
    assert len(sent) == length, "nothing is sent any more"


async def test_the_answer_to_a_long_body_can_come_while_it_is_sent(
    server: ScriptedServer, session: ClientSession
) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while (size := int(await talk.reader.readline(), 16)) > 0:
            piece = await talk.reader.readexactly(size + 2)
            talk.say(b"%x\r\n" % size + piece)
        talk.say(b"0\r\n\r\n")
        await talk.hear_end()

    async def pieces() -> AsyncIterator[bytes]:
        for number in range(5):
            yield b"%d" % number
            await got.wait()
            got.clear()

    server.script = script
    got = asyncio.Event()
    seen = []
    async with session.post(server.base, data=pieces()) as response:
        async for piece in response.content.iter_any():
            seen.append(piece)
            got.set()
    assert seen == [b"0", b"1", b"2", b"3", b"4"]


async def test_a_long_body_known_as_a_whole_arrives(server: ScriptedServer, session: ClientSession) -> None:
    body = bytes(range(256)) * 16384
    arrived = []

    async def script(talk: Conversation) -> None:
        assert b"Content-Length: 4194304\r\n" in await talk.head()
        arrived.append(await talk.reader.readexactly(len(body)))
        talk.say(OK)

    server.script = script
    async with session.put(server.base, data=body) as response:
        assert response.status == 200
    assert arrived == [body]


async def test_a_body_waits_while_the_server_does_not_read(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        talk.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    server.script = script
    sent: list[int] = []
    request = asyncio.ensure_future(session.post(server.base, data=endless(sent)))
    length = -1
    while len(sent) != length or not length:
        length = len(sent)
        await asyncio.sleep(0.05)
    assert sum(sent) < 50_000_000
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request


async def test_a_body_that_fails_fails_the_request(server: ScriptedServer, session: ClientSession) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    server.script = silent
    with pytest.raises(ClientConnectionError, match="ZeroDivisionError") as caught:
        await session.post(server.base, data=pieces())
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


async def test_a_body_that_fails_with_a_lost_connection_of_its_own_fails_the_request(
    server: ScriptedServer, session: ClientSession
) -> None:
    async def script(talk: Conversation) -> None:
        await talk.hear_end()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        raise ConnectionResetError("of another connection")

    server.script = script
    with pytest.raises(ClientConnectionError, match="of another connection"):
        await session.post(server.base, data=pieces())


@pytest.mark.parametrize("length", ["1", "3"])
async def test_a_body_of_another_length_than_announced_fails(
    server: ScriptedServer, session: ClientSession, length: str
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"ab"

    with pytest.raises((ClientError, ValueError)):
        await session.post(server.base, data=pieces(), headers={"Content-Length": length})
    with pytest.raises(ValueError, match="announced"):
        await session.post(server.base, data=b"ab", headers={"Content-Length": length})
    async with session.get(server.base) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("method", "options"),
    [
        pytest.param("G T", {}, id="method"),
        pytest.param("GET", {"headers": {"A": "b\r\nC: d"}}, id="value"),
        pytest.param("GET", {"headers": {"A b": "c"}}, id="name"),
        pytest.param("GET", {"headers": {"Host": "a\nb"}}, id="host"),
    ],
)
async def test_what_could_split_a_request_is_never_sent(
    server: ScriptedServer, session: ClientSession, method: str, options: dict[str, dict[str, str]]
) -> None:
    with pytest.raises(ValueError, match="expected"):
        await session.request(method, server.base, headers=options.get("headers"))
    assert server.heads == []


async def silent(talk: Conversation) -> None:
    await talk.head()
    await talk.hear_end()


async def half(talk: Conversation) -> None:
    await talk.head()
    talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await talk.hear_end()


async def test_the_total_time_spans_head_and_body(server: ScriptedServer, session: ClientSession) -> None:
    timeout = ClientTimeout(total=0.05)
    server.script = silent
    with pytest.raises(TimeoutError, match=r"no answer within 0.05 s \(total\)") as caught:
        await session.get(server.base, timeout=timeout)
    assert not isinstance(caught.value, ClientError)
    server.script = half
    response = await session.get(server.base, timeout=timeout)
    with pytest.raises(TimeoutError, match="not complete within"):
        await response.read()
    await server.until_open(0)


async def test_the_server_may_be_silent_for_so_long(server: ScriptedServer, session: ClientSession) -> None:
    timeout = ClientTimeout(sock_read=0.05)
    server.script = silent
    with pytest.raises(SocketTimeoutError, match=r"silent for 0.05 s"):
        await session.get(server.base, timeout=timeout)
    server.script = half
    response = await session.get(server.base, timeout=timeout)
    assert await response.content.readany() == b"half"
    with pytest.raises(SocketTimeoutError, match="not complete"):
        await response.content.readany()
    await server.until_open(0)


async def test_the_silence_is_counted_from_the_end_of_the_upload(
    server: ScriptedServer, session: ClientSession
) -> None:
    async def script(talk: Conversation) -> None:
        await talk.reader.readuntil(b"0\r\n\r\n")
        talk.say(OK)
        await talk.hear_end()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"a"
            await asyncio.sleep(0.03)

    server.script = script
    async with session.post(server.base, data=pieces(), timeout=ClientTimeout(sock_read=0.05)) as response:
        assert await response.text() == "ok"


@pytest.mark.parametrize("name", ["connect", "total"])
async def test_waiting_for_the_pool_counts_as_connecting(server: ScriptedServer, name: str) -> None:
    server.script = half
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        async with session.get(server.base):
            with pytest.raises(ConnectionTimeoutError, match=rf"no connection to 127.0.0.1:\d+ within 0.05 s \({name}"):
                await session.get(server.base, timeout=ClientTimeout(**{name: 0.05}))
        async with session.get(server.base) as response:
            assert response.status == 200


def moved(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 3\r\n\r\n...".encode()


async def test_redirects_are_followed(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [moved("/a"), moved("b?c#d", 307), OK]
    async with session.get(f"{server.base}/x") as response:
        assert await response.text() == "ok"
        assert [str(one.url) for one in response.history] == [f"{server.base}/x", f"{server.base}/a"]
        assert str(response.real_url) == f"{server.base}/b?c#d"
    assert server.accepted == 1


async def test_a_post_becomes_a_get_and_loses_its_body(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        server.heads.append(await talk.head())
        await talk.reader.readexactly(3)
        talk.say(moved("/next", 303))
        server.heads.append(await talk.head())
        talk.say(OK)

    server.script = script
    async with session.post(server.base, data="abc", headers={"X": "y"}) as response:
        assert response.method == "GET"
    assert server.heads[1].startswith(b"GET /next HTTP/1.1\r\n")
    assert b"content-" not in server.heads[1].lower()
    assert b"X: y\r\n" in server.heads[1]


async def test_a_308_sends_the_body_again(server: ScriptedServer, session: ClientSession) -> None:
    bodies = []

    async def script(talk: Conversation) -> None:
        for raw in (moved("/next", 308), OK):
            await talk.head()
            bodies.append(await talk.reader.readexactly(3))
            talk.say(raw)

    server.script = script
    async with session.post(server.base, data="abc") as response:
        assert response.status == 200
    assert bodies == [b"abc", b"abc"]


async def test_a_body_that_is_used_up_cannot_be_sent_again(server: ScriptedServer, session: ClientSession) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"abc"

    async def script(talk: Conversation) -> None:
        await talk.reader.readuntil(b"0\r\n\r\n")
        talk.say(moved("/next", 308))
        await talk.hear_end()

    server.script = script
    with pytest.raises(ClientPayloadError, match="used up"):
        await session.post(server.base, data=pieces())


async def test_credentials_do_not_follow_to_another_origin(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [moved(f"http://localhost:{server.port}/there"), OK]
    headers = {"Authorization": "secret", "Cookie": "secret", "X": "y"}
    async with session.get(f"{server.base}/", headers=headers) as response:
        assert response.status == 200
    first, second = server.heads
    assert first.count(b"secret") == 2
    assert b"secret" not in second
    assert b"X: y\r\n" in second
    assert f"Host: localhost:{server.port}\r\n".encode() in second


async def test_credentials_follow_within_the_origin(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [moved("/there"), OK]
    async with session.get(f"http://me:pw@127.0.0.1:{server.port}/"):
        pass
    assert all(b"Authorization: Basic bWU6cHc=\r\n" in head for head in server.heads)
    assert len(server.heads) == 2


async def test_redirects_end_somewhere(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [moved("/again")]
    with pytest.raises(TooManyRedirects) as caught:
        await session.get(server.base, max_redirects=3)
    assert len(caught.value.history) == 3
    assert caught.value.status == 302


async def test_redirects_are_returned_when_they_are_not_followed(
    server: ScriptedServer, session: ClientSession
) -> None:
    server.answers = [moved("/x")]
    async with session.get(server.base, allow_redirects=False) as response:
        assert response.status == 302
        assert await response.text() == "..."
    async with session.head(server.base) as response:
        assert response.status == 302


async def test_a_redirect_to_nowhere_raises_and_frees_the_connection(
    server: ScriptedServer, session: ClientSession
) -> None:
    server.answers = [moved("http://[bad")]
    with pytest.raises(InvalidUrlRedirectClientError):
        await session.get(server.base)
    server.answers = [OK]
    async with session.get(server.base):
        pass
    assert server.accepted == 1
