from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from yarl import URL

from skerry.client import (
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ClientTimeout,
    InvalidUrlClientError,
    NonHttpUrlClientError,
    TCPConnector,
)

if TYPE_CHECKING:
    from conftest import Conversation, ScriptedServer

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize("verb", ["get", "options", "head", "post", "put", "patch", "delete"])
async def test_each_verb_sends_its_method(server: ScriptedServer, session: ClientSession, verb: str) -> None:
    async with getattr(session, verb)(f"{server.base}/x") as response:
        assert response.status == 200
        assert response.method == verb.upper()
    assert server.heads[0].startswith(f"{verb.upper()} /x HTTP/1.1\r\n".encode())


async def test_request_takes_any_method_and_sends_it_in_capitals(
    server: ScriptedServer, session: ClientSession
) -> None:
    async with session.request("purge", server.base) as response:
        assert response.method == "PURGE"


async def test_a_verb_can_be_awaited_entered_gathered_and_made_a_task(
    server: ScriptedServer, session: ClientSession
) -> None:
    assert (await session.get(server.base)).status == 200
    async with session.get(server.base) as response:
        assert response.status == 200
    (response,) = await asyncio.gather(session.get(server.base))
    assert response.status == 200
    assert (await asyncio.create_task(session.get(server.base))).status == 200
    assert (await asyncio.wait_for(session.get(server.base), 5)).status == 200


async def test_a_verb_that_is_never_awaited_can_be_closed(server: ScriptedServer, session: ClientSession) -> None:
    session.get(server.base).close()
    assert server.heads == []


async def test_what_is_sent_octet_for_octet(server: ScriptedServer) -> None:
    async def script(talk: Conversation) -> None:
        server.heads.append(await talk.head() + await talk.reader.readexactly(8))
        talk.say(OK)

    server.script = script
    async with ClientSession(headers={"X-S": "1"}, skip_auto_headers=["User-Agent"]) as session:
        url = f"{server.base}/p?a=1"
        response = await session.put(url, params={"b": "c d"}, json={"a": 1}, headers={"X-R": "2"})
        assert response.status == 200
    assert server.heads == [
        b"PUT /p?a=1&b=c+d HTTP/1.1\r\n"
        b"Host: 127.0.0.1:%d\r\nAccept: */*\r\nX-S: 1\r\nX-R: 2\r\n"
        b"Content-Type: application/json\r\nContent-Length: 8\r\n\r\n"
        b'{"a": 1}' % server.port
    ]


async def test_json_is_made_by_the_encoder_of_the_session(server: ScriptedServer) -> None:
    async with ClientSession(json_serialize=lambda value: json.dumps(value, separators=(",", ":"))) as session:
        async with session.post(server.base, json=[1, 2]):
            pass
        assert session.json_serialize([1, 2]) == "[1,2]"
    assert b"Content-Length: 5\r\n" in server.heads[0]


async def test_skip_auto_headers_of_the_session_counts_for_the_type_of_the_body(server: ScriptedServer) -> None:
    async with ClientSession(skip_auto_headers=["Content-Type"]) as session, session.post(server.base, data=b""):
        pass
    assert b"Content-Type" not in server.heads[0]


@pytest.mark.parametrize(
    ("url", "path"),
    [("x", "/base/x"), ("/y", "/y"), ("../z", "/z"), ("", "/base/"), ("?q=1", "/base/?q=1")],
)
async def test_relative_urls_are_resolved_against_the_base(server: ScriptedServer, url: str, path: str) -> None:
    async with ClientSession(f"{server.base}/base/") as session, session.get(url) as response:
        assert str(response.url) == server.base + path


@pytest.mark.parametrize("base", ["/x/", "http://a.test/x", "x"])
async def test_a_base_url_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        ClientSession(base)


@pytest.mark.parametrize("url", ["/x", "http://", "http://[bad", "http://127.1/", "http://a.test:99999/"])
async def test_a_bad_url_raises(session: ClientSession, url: str) -> None:
    with pytest.raises(InvalidUrlClientError) as caught:
        await session.get(url)
    assert str(caught.value.url) == url


async def test_a_url_for_another_protocol_raises(session: ClientSession) -> None:
    with pytest.raises(NonHttpUrlClientError):
        await session.get(URL("ftp://a.test/"))


async def test_raise_for_status(server: ScriptedServer) -> None:
    server.answers = [b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"]
    seen: list[int] = []

    async def note(response: ClientResponse) -> None:
        seen.append(response.status)

    async with ClientSession(raise_for_status=True) as session:
        with pytest.raises(ClientResponseError, match="500"):
            await session.get(server.base)
        async with session.get(server.base, raise_for_status=False) as response:
            assert response.status == 500
        async with session.get(server.base, raise_for_status=note) as response:
            assert seen == [500]
        assert session.raise_for_status is True
    assert server.accepted == 1


async def test_a_hook_that_raises_frees_the_connection(server: ScriptedServer, session: ClientSession) -> None:
    async def refuse(response: ClientResponse) -> None:
        raise LookupError(response.status)

    for _ in range(2):
        with pytest.raises(LookupError):
            await session.get(server.base, raise_for_status=refuse)
    assert server.accepted == 1


@pytest.mark.parametrize("timeout", [5, "5", None])
async def test_a_timeout_of_another_type_is_refused(timeout: Any) -> None:
    with pytest.raises(ValueError, match="ClientTimeout"):
        ClientSession(timeout=timeout)


async def test_what_a_session_says_of_itself() -> None:
    timeout = ClientTimeout(total=1)
    async with ClientSession(headers={"A": "b"}, skip_auto_headers=["X"], timeout=timeout) as session:
        assert session.headers["a"] == "b"
        assert session.skip_auto_headers == {"X"}
        assert session.timeout is timeout
        assert isinstance(session.connector, TCPConnector)
        assert session.connector_owner
        assert not session.closed
    assert session.closed
    assert session.connector is None


async def test_a_closed_session_makes_no_requests(server: ScriptedServer, session: ClientSession) -> None:
    await session.close()
    await session.close()
    with pytest.raises(RuntimeError, match="closed"):
        await session.get(server.base)


async def test_closing_closes_the_connections(server: ScriptedServer) -> None:
    async with ClientSession() as session, session.get(server.base):
        assert server.open == 1
    await server.until_open(0)


async def test_a_session_that_nobody_closed_says_so_and_closes(server: ScriptedServer) -> None:
    told: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: told.append(context))
    session: Any = ClientSession()
    await session.get(server.base)
    with pytest.warns(ResourceWarning, match="was not closed"):
        del session
    loop.set_exception_handler(before)
    assert [context["message"] for context in told] == ["a client session was not closed"]
    await server.until_open(0)


def test_a_session_needs_an_event_loop() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeError, match="event loop"):
            ClientSession()
        gc.collect()


async def test_requests_leave_nothing_behind(server: ScriptedServer, session: ClientSession) -> None:
    tasks = asyncio.all_tasks()

    async def some() -> None:
        for _ in range(20):
            async with session.get(server.base) as response:
                await response.read()

    await asyncio.gather(*(some() for _ in range(10)))
    gc.collect()
    responses = [one for one in gc.get_objects() if isinstance(one, ClientResponse)]
    assert responses == []
    assert len(asyncio.all_tasks()) == len(tasks) + server.open


def test_importing_the_client_makes_no_tls_context_and_loads_no_server() -> None:
    program = (
        "import ssl, sys\n"
        "ssl.SSLContext.__new__ = None\n"
        "import skerry.client\n"
        "print(*(name for name in ('skerry.web', 'http.server', 'unittest', 'sqlite3') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == ""
