import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from skerry import web
from skerry.web.stream_response import SERVER_SOFTWARE

Make = Callable[..., Any]


async def pieces() -> AsyncIterator[bytes]:
    yield b"a"
    yield b""
    yield b"b"


async def sent(make_request: Make, response: web.Response, **options: Any) -> Any:
    """Send a response in the slow way and return the exchange."""
    request = make_request(**options)
    await response.prepare(request)
    await response.write_eof()
    return request.exchange


@pytest.mark.parametrize(
    ("arguments", "headers", "body"),
    [
        pytest.param({}, {"Content-Length": "0"}, b"", id="empty"),
        pytest.param(
            {"text": "é"}, {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "2"}, b"\xc3\xa9", id="text"
        ),
        pytest.param(
            {"body": b"abc"}, {"Content-Type": "application/octet-stream", "Content-Length": "3"}, b"abc", id="bytes"
        ),
        pytest.param(
            {"body": bytearray(b"abc")},
            {"Content-Type": "application/octet-stream", "Content-Length": "3"},
            b"abc",
            id="bytearray",
        ),
        pytest.param(
            {"body": memoryview(b"abc"), "content_type": "a/b"},
            {"Content-Type": "a/b", "Content-Length": "3"},
            b"abc",
            id="memoryview",
        ),
        pytest.param(
            {"body": "a"}, {"Content-Type": "text/plain; charset=utf-8", "Content-Length": "1"}, b"a", id="str-as-body"
        ),
        pytest.param(
            {"text": "é", "content_type": "text/html", "charset": "latin-1"},
            {"Content-Type": "text/html; charset=latin-1", "Content-Length": "1"},
            b"\xe9",
            id="type-and-charset",
        ),
        pytest.param(
            {"text": "a", "headers": {"Content-Type": "text/html"}},
            {"Content-Type": "text/html; charset=utf-8", "Content-Length": "1"},
            b"a",
            id="text-with-content-type-field",
        ),
        pytest.param(
            {"text": "a", "headers": {"X": "y"}},
            {"X": "y", "Content-Type": "text/plain; charset=utf-8", "Content-Length": "1"},
            b"a",
            id="text-with-other-field",
        ),
        pytest.param(
            {"body": b"x", "headers": {"Content-Type": "a/b; charset=x"}},
            {"Content-Type": "a/b; charset=x", "Content-Length": "1"},
            b"x",
            id="octets-with-content-type-field",
        ),
        pytest.param(
            {"content_type": "text/css"}, {"Content-Type": "text/css", "Content-Length": "0"}, b"", id="type-no-body"
        ),
        pytest.param({"status": 204, "body": b"x"}, {}, b"", id="rfc9110-15.3.5"),
        pytest.param(
            {"status": 304, "text": "x"}, {"Content-Type": "text/plain; charset=utf-8"}, b"", id="rfc9110-15.4.5"
        ),
        pytest.param(
            {"status": 304, "headers": {"Content-Length": "7"}}, {"Content-Length": "7"}, b"", id="304-keeps-its-length"
        ),
        pytest.param({"status": 204, "headers": {"Content-Length": "0"}}, {}, b"", id="rfc9110-8.6-204"),
    ],
)
@pytest.mark.parametrize("way", ["whole", "prepared"])
async def test_fields_and_body(
    make_request: Make, way: str, arguments: dict[str, Any], headers: dict[str, str], body: bytes
) -> None:
    response = web.Response(**arguments)
    if way == "whole":
        exchange = make_request().exchange
        response.send_whole(exchange)
    else:
        exchange = await sent(make_request, response)
    fields = exchange.head.headers
    assert fields.pop("Date").endswith(" GMT")
    assert fields.pop("Server") == SERVER_SOFTWARE
    assert dict(fields) == headers
    assert exchange.body == body
    assert exchange.writes == 1
    assert exchange.is_ended


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        pytest.param({"body": b"x", "text": "x"}, ValueError, "body and text", id="two-bodies"),
        pytest.param({"text": b"x"}, TypeError, "text is bytes", id="text-of-octets"),
        pytest.param({"text": "x", "content_type": "a/b; charset=c"}, ValueError, "charset", id="charset-in-type"),
        pytest.param(
            {"text": "x", "content_type": "a/b", "headers": {"Content-Type": "c/d"}},
            ValueError,
            "twice",
            id="two-types",
        ),
        pytest.param({"body": 5}, TypeError, "body is int", id="body-of-another-type"),
        pytest.param({"status": 1000}, ValueError, "out of range", id="status"),
        pytest.param({"reason": "a\nb"}, ValueError, "CR, LF or NUL", id="reason"),
        pytest.param({"text": "x", "charset": "no-such"}, LookupError, "no-such", id="charset"),
    ],
)
def test_arguments_that_make_no_sense(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        web.Response(**arguments)


def test_the_body_can_be_read_and_changed() -> None:
    response = web.Response()
    assert response.body is None
    assert response.text is None
    response.body = b"abc"
    assert response.body == b"abc"
    assert response.text == "abc"
    response.text = "é"
    assert response.body == b"\xc3\xa9"
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    response.body = None
    assert response.body is None
    response.body = "str"
    assert response.text == "str"


def test_the_content_type_is_among_the_headers_at_once() -> None:
    assert web.Response(text="x").headers["Content-Type"] == "text/plain; charset=utf-8"
    assert web.Response(text="x").content_type == "text/plain"
    assert web.Response(text="x").charset == "utf-8"


@pytest.mark.parametrize("way", ["whole", "prepared"])
async def test_a_response_can_answer_many_requests(make_request: Make, way: str) -> None:
    response = web.Response(text="same")
    for _ in range(3):
        if way == "whole":
            exchange = make_request().exchange
            response.send_whole(exchange)
        else:
            exchange = await sent(make_request, response)
        assert exchange.body == b"same"
        assert exchange.is_ended


async def test_a_response_does_not_answer_two_requests_at_once(make_request: Make) -> None:
    response = web.Response(text="x")
    await response.prepare(make_request())
    with pytest.raises(RuntimeError, match="another request"):
        await response.prepare(make_request())


async def test_the_date_of_a_response_that_is_sent_again_is_new(make_request: Make) -> None:
    response = web.Response(text="x")
    await sent(make_request, response)
    response.headers["Date"] = "old"
    exchange = await sent(make_request, response)
    assert exchange.head.headers["Date"] != "old"


async def test_a_whole_response_takes_no_pieces(make_request: Make) -> None:
    response = web.Response(text="x")
    await response.prepare(make_request())
    with pytest.raises(RuntimeError, match="StreamResponse"):
        await response.write(b"a")
    with pytest.raises(RuntimeError, match="StreamResponse"):
        await response.write_eof(b"a")


async def test_a_response_ends_once(make_request: Make) -> None:
    request = make_request()
    response = web.Response(text="x")
    with pytest.raises(RuntimeError, match="not prepared"):
        await response.write_eof()
    await response.prepare(request)
    await response.write_eof()
    await response.write_eof()
    assert request.exchange.writes == 1
    assert response.prepared


async def test_an_iterable_is_sent_piece_by_piece(make_request: Make) -> None:
    response = web.Response(body=pieces())
    assert not response.is_whole
    assert response.text is None
    exchange = await sent(make_request, response)
    assert exchange.body == b"ab"
    assert exchange.writes == 2
    assert exchange.is_ended
    assert "Content-Length" not in exchange.head.headers
    assert exchange.head.headers["Content-Type"] == "application/octet-stream"


async def test_an_iterable_is_not_touched_for_head(make_request: Make) -> None:
    iterable = pieces()
    exchange = await sent(make_request, web.Response(body=iterable), method="HEAD")
    assert exchange.writes == 0
    assert exchange.is_ended
    assert [piece async for piece in iterable] == [b"a", b"", b"b"]


async def test_an_iterable_answers_one_request(make_request: Make) -> None:
    response = web.Response(body=pieces())
    await sent(make_request, response)
    with pytest.raises(RuntimeError, match="another request"):
        await response.prepare(make_request())


async def test_the_iterable_waits_for_the_peer(make_request: Make) -> None:
    request = make_request()
    gate = asyncio.Event()
    asked = []

    async def slow_send(data: bytes) -> None:
        asked.append(data)
        await gate.wait()

    request.exchange.send_data = slow_send
    response = web.Response(body=pieces())
    await response.prepare(request)
    task = asyncio.ensure_future(response.write_eof())
    for _ in range(5):
        await asyncio.sleep(0)
    assert asked == [b"a"]
    gate.set()
    await task
    assert asked == [b"a", b"b"]


@pytest.mark.parametrize(
    ("arguments", "text", "content_type"),
    [
        pytest.param({"data": {"a": "é"}}, '{"a": "\\u00e9"}', "application/json; charset=utf-8", id="data"),
        pytest.param({"data": None}, "null", "application/json; charset=utf-8", id="none-is-data"),
        pytest.param({"text": "[]"}, "[]", "application/json; charset=utf-8", id="text"),
        pytest.param({"body": b"[]"}, "[]", "application/json", id="body"),
        pytest.param({"data": 1, "dumps": lambda _: "x"}, "x", "application/json; charset=utf-8", id="dumps"),
        pytest.param({"data": 1, "content_type": "a/b+json"}, "1", "a/b+json; charset=utf-8", id="content-type"),
        pytest.param({}, None, "application/json", id="nothing"),
    ],
)
def test_json_response(arguments: dict[str, Any], text: str | None, content_type: str) -> None:
    response = web.json_response(**arguments)
    assert response.text == text
    assert response.headers["Content-Type"] == content_type


def test_json_response_takes_one_kind_of_data() -> None:
    with pytest.raises(ValueError, match="more than one"):
        web.json_response(1, text="1")


def test_json_response_takes_status_and_headers() -> None:
    response = web.json_response(1, status=201, reason="Made", headers={"X-A": "b"})
    assert (response.status, response.reason, response.headers["X-A"]) == (201, "Made", "b")
