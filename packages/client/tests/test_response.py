from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from yarl import URL

from skerry.client import (
    ClientConnectionError,
    ClientPayloadError,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ContentTypeError,
    HttpVersion11,
)

if TYPE_CHECKING:
    from conftest import Conversation, ScriptedServer


def answer(*fields: str, body: bytes = b"", status: str = "200 OK") -> bytes:
    """Return a response whose body is as long as it says."""
    lines = [f"HTTP/1.1 {status}", *fields, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


async def fetch(server: ScriptedServer, session: ClientSession, raw: bytes) -> ClientResponse:
    """Return the response that the octets stand for, with its body read."""
    server.answers = [raw]
    async with session.get(f"{server.base}/path?q=1#part") as response:
        await response.read()
    return response


async def test_facts_of_a_response(server: ScriptedServer, session: ClientSession) -> None:
    raw = answer("Content-Type: Text/HTML; Charset=latin-1", "X: a", "x: b", body=b"\xe9")
    response = await fetch(server, session, raw)
    assert (response.status, response.reason, response.version) == (200, "OK", HttpVersion11)
    assert response.ok
    assert response.method == "GET"
    assert response.url == URL(f"{server.base}/path?q=1")
    assert response.real_url == URL(f"{server.base}/path?q=1#part")
    assert response.host == "127.0.0.1"
    assert response.headers.getall("X") == ["a", "b"]
    assert response.raw_headers == (
        (b"Content-Type", b"Text/HTML; Charset=latin-1"),
        (b"X", b"a"),
        (b"x", b"b"),
        (b"Content-Length", b"1"),
    )
    assert (response.content_type, response.charset, response.content_length) == ("text/html", "latin-1", 1)
    assert response.request_info.headers["Host"] == f"127.0.0.1:{server.port}"
    assert response.history == ()
    assert response.closed
    assert response.connection is None
    assert await response.text() == "é"
    assert repr(response) == f"<ClientResponse({server.base}/path?q=1) [200 OK]>"


@pytest.mark.parametrize(
    ("content_type", "media_type", "charset", "encoding"),
    [
        (None, "application/octet-stream", None, "utf-8"),
        ("", "application/octet-stream", None, "utf-8"),
        ("text", "application/octet-stream", None, "utf-8"),
        ("text/plain", "text/plain", None, "utf-8"),
        ('a/b ; x=y;charset="ISO-8859-1"', "a/b", "ISO-8859-1", "iso8859-1"),
        ("a/b; charset=no-such", "a/b", "no-such", "utf-8"),
        ("a/b; charset=", "a/b", None, "utf-8"),
    ],
)
async def test_type_and_charset(
    server: ScriptedServer,
    session: ClientSession,
    content_type: str | None,
    media_type: str,
    charset: str | None,
    encoding: str,
) -> None:
    fields = [] if content_type is None else [f"Content-Type: {content_type}"]
    response = await fetch(server, session, answer(*fields))
    assert (response.content_type, response.charset, response.get_encoding()) == (media_type, charset, encoding)


async def test_text_with_another_encoding_and_other_errors(server: ScriptedServer, session: ClientSession) -> None:
    response = await fetch(server, session, answer(body=b"\xff\xe9"))
    with pytest.raises(UnicodeDecodeError):
        await response.text()
    assert await response.text("latin-1") == "ÿé"
    assert await response.text(errors="replace") == "\ufffd\ufffd"


@pytest.mark.parametrize("kind", ["application/json", "application/problem+json; charset=utf-8", "Application/JSON"])
async def test_json(server: ScriptedServer, session: ClientSession, kind: str) -> None:
    response = await fetch(server, session, answer(f"Content-Type: {kind}", body='{"ä": [1]}'.encode()))
    assert await response.json() == {"ä": [1]}
    assert await response.json(loads=str.upper) == '{"Ä": [1]}'


async def test_json_of_another_type_raises_unless_it_is_allowed(server: ScriptedServer, session: ClientSession) -> None:
    response = await fetch(server, session, answer("Content-Type: text/plain", body=b"[1]"))
    with pytest.raises(ContentTypeError, match="text/plain") as caught:
        await response.json()
    assert caught.value.status == 200
    assert caught.value.headers is not None
    assert await response.json(content_type=None) == [1]
    assert await response.json(content_type="text/plain") == [1]


async def test_json_of_an_empty_body_is_none_and_of_nonsense_an_error(
    server: ScriptedServer, session: ClientSession
) -> None:
    assert await (await fetch(server, session, answer(body=b" \n"))).json(content_type=None) is None
    with pytest.raises(json.JSONDecodeError):
        await (await fetch(server, session, answer(body=b"{"))).json(content_type=None)


async def test_raise_for_status(server: ScriptedServer, session: ClientSession) -> None:
    (await fetch(server, session, answer(status="399 Fine"))).raise_for_status()
    response = await fetch(server, session, answer("X: y", status="404 Not Here"))
    assert not response.ok
    with pytest.raises(ClientResponseError) as caught:
        response.raise_for_status()
    error = caught.value
    assert (error.status, error.message, error.request_info.url) == (404, "Not Here", response.url)
    assert error.headers is not None
    assert error.headers["X"] == "y"


async def test_a_body_is_read_once_and_kept(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [answer(body=b"abc")]
    response = await session.get(server.base)
    assert await response.read() == b"abc"
    assert await response.read() == b"abc"
    assert await response.text() == "abc"
    assert response.content.at_eof()


async def test_what_was_not_read_before_the_release_is_gone(server: ScriptedServer, session: ClientSession) -> None:
    async with session.get(server.base) as response:
        pass
    with pytest.raises(ClientConnectionError, match="released"):
        await response.read()


async def test_release_may_be_awaited(server: ScriptedServer, session: ClientSession) -> None:
    response = await session.get(server.base)
    await response.release()
    response.release()
    response.close()
    await response.wait_for_close()
    assert response.closed


async def test_a_response_that_came_whole_frees_its_connection_unread(
    server: ScriptedServer, session: ClientSession
) -> None:
    responses = []
    for _ in range(3):
        responses.append(await session.get(server.base))
        assert responses[-1].closed
    assert server.accepted == 1
    assert [await response.text() for response in responses] == ["ok"] * 3


async def test_a_response_that_is_left_in_the_middle_closes_its_connection(
    server: ScriptedServer, session: ClientSession
) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nstart")
        await talk.hear_end()

    server.script = script
    async with session.get(server.base) as response:
        assert response.connection is not None
        assert response.connection.get_extra_info("peername")[1] == server.port
        assert not response.closed
    await server.until_open(0)


@pytest.mark.parametrize(
    ("method", "raw"),
    [
        pytest.param("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", id="head"),
        pytest.param("GET", b"HTTP/1.1 204 No Content\r\n\r\n", id="204"),
        pytest.param("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", id="304"),
    ],
)
async def test_a_response_without_a_body_frees_its_connection(
    server: ScriptedServer, session: ClientSession, method: str, raw: bytes
) -> None:
    server.answers = [raw]
    for _ in range(2):
        response = await session.request(method, server.base)
        assert response.closed
        assert await response.read() == b""
    assert server.accepted == 1


async def test_a_body_is_streamed_as_it_comes(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        assert await talk.reader.read(1) == b""

    server.script = script
    async with session.get(server.base) as response:
        assert await response.content.readany() == b"abc"
        assert not response.content.is_eof()


async def test_trailers_are_there_at_the_end(server: ScriptedServer, session: ClientSession) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nDigest: x\r\n\r\n"]
    response = await session.get(server.base)
    assert await response.read() == b"abc"
    assert response.content.trailers is not None
    assert response.content.trailers["digest"] == "x"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"Content-Length: 10\r\n\r\nabc", id="too-short"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", id="no-last-chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad-chunk"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcX", id="bad-chunk-end"),
    ],
)
@pytest.mark.parametrize("reader", ["read", "release", "stream"])
async def test_a_broken_body(server: ScriptedServer, session: ClientSession, body: bytes, reader: str) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.1 200 OK\r\n" + body)

    server.script = script
    response = await session.get(server.base)
    if reader == "release":
        response.release()
    else:
        with pytest.raises(ClientPayloadError, match=str(server.port)) as caught:
            await (response.read() if reader == "read" else response.content.readexactly(100))
        assert caught.value.__cause__ is not None
    assert response.closed


async def test_a_body_that_ends_with_the_connection(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.0 200 OK\r\n\r\nuntil the end")

    server.script = script
    response = await session.get(server.base)
    assert await response.text() == "until the end"


async def test_a_response_that_nobody_released_says_so(server: ScriptedServer, session: ClientSession) -> None:
    async def script(talk: Conversation) -> None:
        await talk.head()
        talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        await talk.hear_end()

    server.script = script
    response: Any = await session.get(server.base)
    with pytest.warns(ResourceWarning, match="was not released"):
        del response
    await server.until_open(0)
