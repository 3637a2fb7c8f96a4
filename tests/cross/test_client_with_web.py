"""The client fetches from the server: the whole stack over the loopback interface."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from skerry.client import ClientSession

BIG_SIZE = 3_000_000


async def test_a_greeting(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/hello/Ada") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert await response.text() == "Hello, Ada!"


async def test_one_hundred_gets_gathered_over_one_session(base: str, session: ClientSession) -> None:
    async def fetch(number: int) -> str:
        async with session.get(f"{base}/hello/{number}") as response:
            assert response.status == 200
            return await response.text()

    answers = await asyncio.gather(*(fetch(number) for number in range(100)))
    assert answers == [f"Hello, {number}!" for number in range(100)]


async def test_requests_after_one_another_share_a_connection(base: str, session: ClientSession) -> None:
    ports = set()
    for _ in range(5):
        async with session.get(f"{base}/port") as response:
            ports.add(await response.text())
    assert len(ports) == 1


async def test_requests_at_the_same_time_have_their_own_connections(base: str, session: ClientSession) -> None:
    async def fetch() -> str:
        async with session.get(f"{base}/slow") as response:
            return await response.text()

    started = asyncio.get_running_loop().time()
    assert await asyncio.gather(*(fetch() for _ in range(20))) == ["slow"] * 20
    assert asyncio.get_running_loop().time() - started < 20 * 0.05


async def test_the_server_sees_what_the_client_sent(base: str, session: ClientSession) -> None:
    headers = {"X-Test": "välue".encode().decode("latin-1"), "X-Twice": "b"}
    async with session.get(f"{base}/describe", params={"q": "a b&c"}, headers=headers) as response:
        seen = await response.json()
    assert (seen["method"], seen["path"], seen["version"]) == ("GET", "/describe", [1, 1])
    assert seen["query"] == {"q": "a b&c"}
    assert seen["fields"]["x-twice"] == "b"
    assert seen["fields"]["host"] == base.removeprefix("http://")


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000], ids=lambda size: f"{size}-octets")
@pytest.mark.parametrize("path", ["/echo", "/echo-stream"])
async def test_a_body_comes_back_as_it_was_sent(base: str, session: ClientSession, path: str, size: int) -> None:
    body = (b"\x00\r\n0\r\n\r\n" * (size // 8 + 1))[:size]
    async with session.post(base + path, data=body) as response:
        assert response.status == 200
        assert await response.read() == body


async def test_a_body_made_on_the_way_is_sent_chunked(base: str, session: ClientSession) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(100):
            await asyncio.sleep(0)
            yield f"piece {number};".encode()

    async with session.post(f"{base}/echo", data=pieces()) as response:
        assert await response.read() == b"".join([f"piece {number};".encode() for number in range(100)])


async def test_a_response_can_be_read_as_it_comes(base: str, session: ClientSession) -> None:
    size = 0
    async with session.get(f"{base}/big") as response:
        async for piece in response.content.iter_chunked(10_000):
            assert 0 < len(piece) <= 10_000
            size += len(piece)
    assert size == BIG_SIZE


async def test_a_response_that_is_left_unread_does_no_harm(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/big") as response:
        assert response.status == 200
    async with session.get(f"{base}/") as response:
        assert await response.text() == "Hello, Anonymous!"


async def test_head_has_the_length_and_no_body(base: str, session: ClientSession) -> None:
    async with session.head(f"{base}/hello/Ada") as response:
        assert response.status == 200
        assert response.headers["Content-Length"] == "11"
        assert await response.read() == b""


async def test_an_unknown_path_is_404_and_a_wrong_method_405(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/nowhere/at/all") as response:
        assert response.status == 404
    async with session.delete(f"{base}/echo") as response:
        assert response.status == 405
        assert set(response.headers["Allow"].replace(" ", "").split(",")) == {"POST", "PUT"}


@pytest.mark.loop_kinds("eager", "uvloop")  # in debug mode the answer may show the traceback
async def test_a_handler_that_fails_is_500_and_tells_nothing(base: str, session: ClientSession) -> None:
    async with session.get(f"{base}/fail") as response:
        assert response.status == 500
        assert "secret" not in await response.text()


async def test_json_both_ways(base: str, session: ClientSession) -> None:
    value = {"name": "Ada", "years": [1815, 1852], "ä": None}
    async with session.post(f"{base}/echo", json=value) as response:
        assert json.loads(await response.read()) == value
