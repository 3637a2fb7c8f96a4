import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from skerry import web
from skerry.http import LocalProtocolError

Make = Callable[..., Any]


def test_the_defaults() -> None:
    response = web.StreamResponse()
    assert (response.status, response.reason) == (200, "OK")
    assert not response.prepared
    assert len(response.headers) == 0
    assert repr(response) == "<StreamResponse 200 OK, not prepared>"


@pytest.mark.parametrize("status", [99, 0, -200, 1000])
def test_a_status_out_of_range_is_refused(status: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        web.StreamResponse(status=status)


@pytest.mark.parametrize("reason", ["a\rb", "a\nb", "a\x00b", "OK\r\nSet-Cookie: x=y"])
def test_a_reason_that_could_split_the_head_is_refused(reason: str) -> None:
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        web.StreamResponse(reason=reason)
    response = web.StreamResponse()
    with pytest.raises(ValueError, match="CR, LF or NUL"):
        response.set_status(200, reason)
    assert response.reason == "OK"


def test_status_and_reason_can_be_changed() -> None:
    response = web.StreamResponse(status=201, reason="Made")
    assert response.reason == "Made"
    response.set_status(404)
    assert (response.status, response.reason) == (404, "Not Found")
    response.set_status(299)
    assert response.reason == ""


def test_headers_are_copied() -> None:
    given = {"X-A": "b"}
    response = web.StreamResponse(headers=given)
    response.headers["X-A"] = "c"
    assert given == {"X-A": "b"}


def test_the_media_type_in_parts() -> None:
    response = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    response.content_type = "text/plain"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    response.charset = "KOI8-R"
    assert response.charset == "koi8-r"
    response.charset = None
    assert response.charset is None
    assert response.headers["Content-Type"] == "text/plain"


def test_octets_have_no_charset() -> None:
    with pytest.raises(RuntimeError, match="content_type"):
        web.StreamResponse().charset = "utf-8"


def test_the_length_can_be_announced_and_taken_back() -> None:
    response = web.StreamResponse()
    assert response.content_length is None
    response.content_length = 5
    assert response.headers["Content-Length"] == "5"
    assert response.content_length == 5
    response.content_length = None
    assert "Content-Length" not in response.headers


async def test_pieces_are_sent_as_they_are_written(make_request: Make) -> None:
    request = make_request()
    response = web.StreamResponse(headers={"X-A": "b"})
    await response.prepare(request)
    assert response.prepared
    head = request.exchange.head
    assert list(head.headers) == ["X-A", "Content-Type", "Date", "Server"]
    assert head.headers["Content-Type"] == "application/octet-stream"
    await response.write(b"a")
    await response.write(b"")
    await response.write(bytearray(b"b"))
    await response.write(memoryview(b"c"))
    assert request.exchange.body == b"abc"
    assert request.exchange.writes == 3
    assert not request.exchange.is_ended
    await response.write_eof(b"d")
    assert request.exchange.body == b"abcd"
    assert request.exchange.is_ended
    await response.write_eof()


async def test_preparing_twice_sends_one_head(make_request: Make) -> None:
    request = make_request()
    response = web.StreamResponse()
    await response.prepare(request)
    await response.prepare(request)
    assert request.exchange.head_sent


async def test_a_stream_answers_one_request_only(make_request: Make) -> None:
    response = web.StreamResponse()
    await response.prepare(make_request())
    await response.write_eof()
    with pytest.raises(RuntimeError, match="another request"):
        await response.prepare(make_request())


async def test_fields_of_the_program_are_kept(make_request: Make) -> None:
    request = make_request()
    response = web.StreamResponse(headers={"Date": "mine", "Server": "s", "Content-Type": "a/b"})
    response.force_close()
    await response.prepare(request)
    assert dict(request.exchange.head.headers) == {
        "Date": "mine",
        "Server": "s",
        "Content-Type": "a/b",
        "Connection": "close",
    }


@pytest.mark.parametrize("status", [204, 304])
async def test_a_status_without_body_drops_what_is_written(make_request: Make, status: int) -> None:
    request = make_request()
    response = web.StreamResponse(status=status)
    response.content_length = 1
    await response.prepare(request)
    await response.write(b"a")
    await response.write_eof(b"b")
    assert request.exchange.body == b""
    assert ("Content-Length" in request.exchange.head.headers) == (status == 304)
    assert "Content-Type" not in request.exchange.head.headers


async def test_head_drops_what_is_written(make_request: Make) -> None:
    request = make_request(method="HEAD")
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"a")
    await response.write_eof()
    assert request.exchange.writes == 0
    assert request.exchange.head.headers["Content-Type"] == "application/octet-stream"


async def test_writing_out_of_order_is_refused(make_request: Make) -> None:
    response = web.StreamResponse()
    with pytest.raises(RuntimeError, match="not prepared"):
        await response.write(b"a")
    with pytest.raises(RuntimeError, match="not prepared"):
        await response.write_eof()
    await response.prepare(make_request())
    with pytest.raises(RuntimeError, match="cannot change the status"):
        response.set_status(404)
    with pytest.raises(TypeError, match="piece of a body is str"):
        await response.write("a")  # type: ignore[arg-type]
    await response.write_eof()
    with pytest.raises(RuntimeError, match="has ended"):
        await response.write(b"a")


async def test_a_field_that_could_split_the_head_is_not_sent(make_request: Make) -> None:
    request = make_request()
    with pytest.raises(LocalProtocolError):
        await web.StreamResponse(headers={"X-A": "a\r\nX-B: c"}).prepare(request)
    assert not request.exchange.head_sent


async def test_the_signal_may_change_head_and_fields(make_request: Make) -> None:
    request = make_request()
    seen = []

    async def change(seen_request: web.Request, response: web.StreamResponse) -> None:
        seen.append((seen_request, response.status))
        await asyncio.sleep(0)
        del response.headers["Server"]
        response.headers["X-A"] = "b"

    request.app.on_response_prepare.append(change)
    request.app.freeze()
    await web.StreamResponse().prepare(request)
    assert seen == [(request, 200)]
    assert "Server" not in request.exchange.head.headers
    assert request.exchange.head.headers["X-A"] == "b"


async def test_a_peer_that_has_left_is_noticed(make_request: Make) -> None:
    request = make_request()
    response = web.StreamResponse()
    await response.prepare(request)
    request.exchange.connection.is_open = False
    with pytest.raises(ConnectionResetError):
        await response.write(b"a")
