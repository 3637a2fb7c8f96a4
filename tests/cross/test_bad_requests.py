"""Malformed requests get a short answer that says what kind of wrong it was, and the connection is closed."""

import asyncio
import logging

import pytest

FIELDS = b"Host: a\r\n"
POST = b"POST /echo HTTP/1.1\r\n" + FIELDS


async def answer_to(port: int, data: bytes) -> bytes:
    """Send octets and return everything that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        async with asyncio.timeout(5):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"G@T / HTTP/1.1\r\n" + FIELDS + b"\r\n", 400, id="rfc9110-9.1-method"),
        pytest.param(b"GET  / HTTP/1.1\r\n" + FIELDS + b"\r\n", 400, id="rfc9112-3-two-spaces"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", 400, id="rfc9112-3.2-no-host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, id="rfc9112-3.2-two-hosts"),
        pytest.param(b"GET / HTTP/1.1\r\n" + FIELDS + b"A : b\r\n\r\n", 400, id="rfc9112-5.1-space-before-colon"),
        pytest.param(b"GET / HTTP/1.1\r\n" + FIELDS + b"A: b\r\n c\r\n\r\n", 400, id="rfc9112-5.2-folding"),
        pytest.param(b"GET / HTTP/1.1\r\n" + FIELDS + b"A: b\x00\r\n\r\n", 400, id="rfc9110-5.5-nul"),
        pytest.param(b"GET / HTTP/1.1\n" + b"Host: a\n\n", 400, id="bare-line-feed"),
        pytest.param(b"GET / HTTP/3.7\r\n" + FIELDS + b"\r\n", 505, id="rfc9110-15.6.6-version"),
        pytest.param(
            POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            400,
            id="two-lengths",
        ),
        pytest.param(POST + b"Content-Length: +1\r\n\r\nx", 400, id="rfc9110-8.6-sign"),
        pytest.param(
            POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            id="rfc9112-6.1-length-and-coding",
        ),
        pytest.param(POST + b"Transfer-Encoding: new\r\n\r\n", 501, id="rfc9112-6.1-coding"),
        pytest.param(
            POST + b"Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n",
            400,
            id="chunk-size",
        ),
        pytest.param(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + FIELDS + b"\r\n", 414, id="rfc9110-15.5.15-target"),
        pytest.param(b"GET / HTTP/1.1\r\n" + FIELDS + b"A: " + b"b" * 100_000 + b"\r\n\r\n", 431, id="rfc6585-5-size"),
        pytest.param(b"GET / HTTP/1.1\r\n" + FIELDS + b"A: b\r\n" * 1000 + b"\r\n", 431, id="rfc6585-5-count"),
    ],
)
async def test_the_answer_says_what_was_wrong_and_the_connection_closes(
    port: int, data: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await answer_to(port, data)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), answer
    assert b"Hello" not in answer
    assert len(body) < 1000
    assert answer.count(b"HTTP/1.1 ") == 1
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
    assert max((len(record.getMessage()) for record in caplog.records), default=0) < 2000


async def test_what_follows_a_bad_request_is_not_read_as_a_request(port: int) -> None:
    good = b"GET / HTTP/1.1\r\n" + FIELDS + b"\r\n"
    answer = await answer_to(port, good + b"BAD\r\n\r\n" + good)
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert answer.count(b"HTTP/1.1 400 ") == 1


async def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    names = [f"guest-{number}" for number in range(10)]
    requests = [f"GET /hello/{name} HTTP/1.1\r\nHost: a\r\n\r\n" for name in names[:-1]]
    requests.append(f"GET /hello/{names[-1]} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = (await answer_to(port, "".join(requests).encode())).decode()
    assert [part.split("!")[0] for part in answer.split("Hello, ")[1:]] == names


async def test_a_client_that_closes_its_side_still_gets_its_answer(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /slow HTTP/1.1\r\n" + FIELDS + b"\r\n")
    writer.write_eof()
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert answer.endswith(b"\r\n\r\nslow")
