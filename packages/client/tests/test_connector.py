from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from skerry.client import (
    ClientConnectionError,
    ClientConnectorError,
    ClientPayloadError,
    ClientSession,
    ConnectionTimeoutError,
    TCPConnector,
)
from skerry.client.pool.key import ConnectionKey

if TYPE_CHECKING:
    from conftest import Conversation, ScriptedServer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def fetch(session: ClientSession, server: ScriptedServer) -> str:
    async with session.get(server.base) as response:
        return await response.text()


def half_answering(server: ScriptedServer) -> asyncio.Event:
    """Have the server give half of an answer, and the rest when the event is set."""
    go_on = asyncio.Event()

    async def script(talk: Conversation) -> None:
        while await talk.head():
            talk.say(OK[:-1])
            await go_on.wait()
            talk.say(OK[-1:])

    server.script = script
    return go_on


async def test_requests_after_one_another_share_a_connection(server: ScriptedServer, session: ClientSession) -> None:
    for _ in range(5):
        assert await fetch(session, server) == "ok"
    assert server.accepted == 1


async def test_one_hundred_gets_gathered_over_one_session(server: ScriptedServer, session: ClientSession) -> None:
    assert await asyncio.gather(*(fetch(session, server) for _ in range(100))) == ["ok"] * 100
    assert server.accepted <= 100
    before = server.accepted
    await asyncio.gather(*(fetch(session, server) for _ in range(100)))
    assert server.accepted == before


@pytest.mark.parametrize("limits", [{"limit": 3}, {"limit": 0, "limit_per_host": 3}], ids=["all", "host"])
async def test_the_limits_hold(server: ScriptedServer, limits: dict[str, Any]) -> None:
    most = 0

    async def script(talk: Conversation) -> None:
        nonlocal most
        while await talk.head():
            most = max(most, server.open)
            await asyncio.sleep(0)
            talk.say(OK)

    server.script = script
    async with ClientSession(connector=TCPConnector(**limits)) as session:
        await asyncio.gather(*(fetch(session, server) for _ in range(50)))
    assert most == server.accepted == 3


async def test_who_waits_is_served_in_the_order_of_coming(server: ScriptedServer) -> None:
    done: list[int] = []

    async def numbered(session: ClientSession, number: int) -> None:
        await fetch(session, server)
        done.append(number)

    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        await asyncio.gather(*(numbered(session, number) for number in range(20)))
    assert done == list(range(20))
    assert server.accepted == 1


async def test_an_idle_connection_that_the_server_closes_leaves_the_pool(
    server: ScriptedServer, session: ClientSession
) -> None:
    async def script(talk: Conversation) -> None:
        server.heads.append(await talk.head())
        talk.say(OK)

    server.script = script
    for _ in range(3):
        assert await fetch(session, server) == "ok"
        await server.until_open(0)
        await asyncio.sleep(0.01)
    assert len(server.heads) == server.accepted == 3, "nothing was sent in vain"


async def test_octets_between_answers_close_the_connection(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(OK)
        await asyncio.sleep(0.01)
        talk.say(OK)
        assert await talk.hear_end() == b""

    server.script = script
    assert await fetch(session, server) == "ok"
    await server.until_open(0)
    server.script = server._answer_all
    assert await fetch(session, server) == "ok"


async def test_connection_close_is_obeyed(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")]
    for _ in range(2):
        assert await fetch(session, server) == "ok"
    assert server.accepted == 2


async def test_force_close_closes_after_each_answer(server: ScriptedServer) -> None:
    async with ClientSession(connector=TCPConnector(force_close=True)) as session:
        for number in range(3):
            assert await fetch(session, server) == "ok"
            await server.until_open(0)
            assert server.accepted == number + 1


async def test_idle_connections_are_closed_after_a_while(server: ScriptedServer) -> None:
    async with ClientSession(connector=TCPConnector(keepalive_timeout=0.02)) as session:
        await asyncio.gather(*(fetch(session, server) for _ in range(3)))
        await server.until_open(0)
        assert await fetch(session, server) == "ok"


async def test_idle_connections_stay_without_a_keepalive_timeout(server: ScriptedServer) -> None:
    async with ClientSession(connector=TCPConnector(keepalive_timeout=None)) as session:
        await fetch(session, server)
        await asyncio.sleep(0.02)
        assert server.open == 1


async def test_a_request_that_is_cancelled_while_it_waits_takes_nothing(server: ScriptedServer) -> None:
    go_on = half_answering(server)
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        running = asyncio.ensure_future(fetch(session, server))
        await server.until_open(1)
        waiting = [asyncio.ensure_future(fetch(session, server)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[1].cancel()
        go_on.set()
        assert await running == "ok"
        assert await waiting[2] == "ok"
        assert waiting[0].cancelled()
        assert waiting[1].cancelled()
    assert server.accepted == 1


async def test_a_request_that_is_cancelled_as_it_is_served_hands_on_what_it_got(server: ScriptedServer) -> None:
    key = ConnectionKey("127.0.0.1", server.port, False)
    async with TCPConnector(limit=1) as connector, ClientSession(connector=connector) as session:
        half_answering(server)
        response = await session.get(server.base)
        first, second = (asyncio.ensure_future(connector.open(key)) for _ in range(2))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        response.close()  # frees the place: the first who waits is told, and has not run yet
        first.cancel()
        exchange, is_reused = await second
        assert first.cancelled()
        assert not is_reused
        exchange.abort()


async def test_a_request_that_is_cancelled_while_it_connects_leaves_its_place(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = asyncio.Event()

    async def dial(*args: Any) -> Any:
        stuck.set()
        await asyncio.Event().wait()

    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        with monkeypatch.context() as patch:
            patch.setattr("skerry.client.connector.dial", dial)
            request = asyncio.ensure_future(fetch(session, server))
            await stuck.wait()
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request
        assert await fetch(session, server) == "ok"


@pytest.mark.parametrize("stage", ["head", "body", "upload"])
async def test_a_request_that_is_cancelled_on_its_way_closes_its_connection(server: ScriptedServer, stage: str) -> None:
    arrived = asyncio.Event()

    async def script(talk: Conversation) -> None:
        await talk.head()
        if stage == "body":
            talk.say(OK[:-1])
        arrived.set()
        await talk.hear_end()

    async def pieces() -> Any:
        while True:
            yield b"x"
            await asyncio.sleep(0)

    server.script = script
    async with ClientSession(connector=TCPConnector(limit=1)) as session:

        async def run() -> None:
            async with session.post(server.base, data=pieces() if stage == "upload" else b"") as response:
                await response.read()

        request = asyncio.ensure_future(run())
        await arrived.wait()
        await asyncio.sleep(0.01)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        await server.until_open(0)
        server.script = server._answer_all
        assert await fetch(session, server) == "ok"
    await server.until_open(0)
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("body", [None, b"x" * 2_000_000], ids=["no-body", "long-body"])
async def test_a_request_can_be_cancelled_at_every_step(server: ScriptedServer, body: bytes | None) -> None:
    async def script(talk: Conversation) -> None:
        while await talk.head():
            if body is not None:
                await talk.reader.readexactly(len(body))
            await asyncio.sleep(0)
            talk.say(OK[:-1])
            await asyncio.sleep(0)
            talk.say(OK[-1:])

    async def run(session: ClientSession) -> str:
        async with session.put(server.base, data=body) as response:
            return await response.text()

    async def follow(talk: Conversation) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await script(talk)

    server.script = follow
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        for steps in range(40):
            request = asyncio.ensure_future(run(session))
            for _ in range(steps):
                await asyncio.sleep(0)
            request.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                assert await request == "ok"
            assert await run(session) == "ok"
            await server.until_open(1)
    await server.until_open(0)
    assert len(asyncio.all_tasks()) == 1


async def test_a_connection_must_come_in_time(session: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dial(*args: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr("skerry.client.connector.dial", dial)
    key = ConnectionKey("a.test", 80, False)
    connector = session.connector
    assert connector is not None
    with pytest.raises(ConnectionTimeoutError, match=r"no connection to a.test:80 within 0.02 s \(sock_connect\)"):
        await connector.open(key, sock_connect=0.02)


async def test_no_server_is_a_connector_error(server: ScriptedServer, session: ClientSession) -> None:
    await server.stop()
    for _ in range(2):
        with pytest.raises(ClientConnectorError) as caught:
            await fetch(session, server)
        assert (caught.value.host, caught.value.port) == ("127.0.0.1", server.port)
        assert caught.value.may_retry
        assert isinstance(caught.value.__cause__, ConnectionRefusedError)


async def test_closing_ends_what_waits_and_what_runs(server: ScriptedServer) -> None:
    go_on = half_answering(server)
    connector = TCPConnector(limit=1)
    session = ClientSession(connector=connector)
    running = asyncio.ensure_future(fetch(session, server))
    await server.until_open(1)
    waiting = asyncio.ensure_future(fetch(session, server))
    await asyncio.sleep(0.01)
    await connector.close()
    await connector.close()
    assert connector.closed
    with pytest.raises(ClientConnectionError, match="closed"):
        await waiting
    with pytest.raises(ClientPayloadError, match="incomplete"):
        await running
    go_on.set()
    await server.until_open(0)
    with pytest.raises(ClientConnectionError, match="closed"):
        await connector.open(ConnectionKey("127.0.0.1", server.port, False))


async def test_a_connector_can_outlive_its_sessions(server: ScriptedServer) -> None:
    async with TCPConnector() as connector:
        for _ in range(2):
            async with ClientSession(connector=connector, connector_owner=False) as session:
                await fetch(session, server)
        assert not connector.closed
        assert server.accepted == 1
    assert connector.closed


async def test_a_connector_that_nobody_closed_says_so() -> None:
    connector = TCPConnector()
    connector._pool.acquire(ConnectionKey("a.test", 80, False))
    with pytest.warns(ResourceWarning, match="was not closed"):
        del connector


@pytest.mark.parametrize("name", ["limit", "limit_per_host", "keepalive_timeout"])
async def test_a_negative_limit_is_refused(name: str) -> None:
    options: dict[str, Any] = {name: -1}
    with pytest.raises(ValueError, match="0 or more"):
        TCPConnector(**options)


def test_a_connector_needs_an_event_loop() -> None:
    with pytest.raises(RuntimeError, match="event loop"):
        TCPConnector()


async def test_what_a_connector_says_of_itself() -> None:
    async with TCPConnector(limit=7, limit_per_host=3, ssl=False, force_close=True) as connector:
        assert (connector.limit, connector.limit_per_host) == (7, 3)
        assert connector.ssl is False
        assert connector.force_close is True
        assert connector.closed is False
