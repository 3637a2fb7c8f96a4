import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from yarl import URL

from skerry import web
from skerry.http import HttpVersion10, HttpVersion11, RemoteProtocolError

Make = Callable[..., Any]
MAX_SIZE = 1024**2


def test_the_start_line(make_request: Make) -> None:
    request = make_request("/a%20b/c?x=1&y=%20", "PUT", version=HttpVersion10)
    assert request.method == "PUT"
    assert request.version == HttpVersion10
    assert request.raw_path == "/a%20b/c?x=1&y=%20"
    assert request.path == "/a b/c"
    assert request.path_qs == "/a%20b/c?x=1&y=%20"
    assert request.rel_url == URL("/a%20b/c?x=1&y=%20")
    assert dict(request.query) == {"x": "1", "y": " "}
    assert request.query_string == "x=1&y= "
    assert str(request.url) == "http://example.org/a%20b/c?x=1&y=%20"
    assert repr(request) == "<Request PUT '/a%20b/c?x=1&y=%20'>"


def test_a_path_without_query(make_request: Make) -> None:
    request = make_request("/a?")
    assert request.path_qs == "/a"
    assert dict(request.query) == {}


def test_a_path_of_two_slashes_is_no_host(make_request: Make) -> None:
    request = make_request("//evil.example/x")
    assert request.path == "//evil.example/x"
    assert request.url.host == "example.org"
    assert request.url.path == "//evil.example/x"


def test_the_absolute_form_names_the_host(make_request: Make) -> None:
    request = make_request("http://other.example:81/a?q")
    assert request.host == "other.example:81"
    assert request.path == "/a"
    assert str(request.url) == "http://other.example:81/a?q"


@pytest.mark.parametrize(("method", "target"), [("OPTIONS", "*"), ("CONNECT", "example.org:443")])
def test_targets_without_a_path_have_a_url(make_request: Make, method: str, target: str) -> None:
    assert make_request(target, method).url.host == "example.org"


@pytest.mark.parametrize(
    "host", ["a:99999", "xn--", "xn--a.example", "[::1", "[x]", "a:b", "%zz", "\udcff", "a b", "@", ":"]
)
@pytest.mark.parametrize("target", ["/", "//x", "/%zz?%zz&&==", "/\udcff", "http://[::1/"])
def test_nothing_that_a_peer_sends_makes_a_property_fail_with_another_error(
    make_request: Make, host: str, target: str
) -> None:
    request = make_request(target, headers={"Host": host, "Content-Type": "\udcff/;="})
    for name in ("path", "path_qs", "rel_url", "query", "query_string", "host", "remote", "content_type", "charset"):
        getattr(request, name)
    try:
        url = request.url
    except web.HTTPBadRequest:
        return
    assert str(url.human_repr())


def test_facts_of_the_connection(make_request: Make) -> None:
    request = make_request()
    assert request.remote == "192.0.2.7"
    assert request.scheme == "http"
    assert not request.secure
    assert request.keep_alive
    assert request.get_extra_info("sockname") == ("192.0.2.1", 80)
    assert request.get_extra_info("nothing", 5) == 5
    request.exchange.connection.is_secure = True
    assert request.scheme == "https"
    assert request.secure
    assert request.connection is request.exchange.connection


@pytest.mark.parametrize(
    ("sockname", "host"),
    [
        (("192.0.2.1", 80), "192.0.2.1:80"),
        (("::1", 80, 0, 0), "[::1]:80"),
        ("/run/socket", "localhost"),
        (None, "localhost"),
    ],
)
def test_without_host_the_own_address_stands_for_it(make_request: Make, sockname: Any, host: str) -> None:
    request = make_request(headers={"Host": ""}, version=HttpVersion10)
    del request.exchange.request.headers["Host"]
    request.exchange.connection.facts["sockname"] = sockname
    assert request.host == host


def test_a_peer_on_a_unix_socket_has_no_address(make_request: Make) -> None:
    request = make_request()
    request.exchange.connection.facts["peername"] = ""
    assert request.remote is None


def test_header_fields_cannot_be_changed(make_request: Make) -> None:
    request = make_request(headers={"X-A": "b"})
    assert request.headers["x-a"] == "b"
    assert (b"X-A", b"b") in request.raw_headers
    with pytest.raises(TypeError):
        request.headers["x"] = "y"


def test_the_media_type_of_the_body(make_request: Make) -> None:
    request = make_request(headers={"Content-Type": "Text/Plain; charset=KOI8-R"})
    assert request.content_type == "text/plain"
    assert request.charset == "KOI8-R"
    assert make_request().content_type == "application/octet-stream"
    assert make_request().charset is None


async def test_a_body_is_read_once_and_kept(make_request: Make) -> None:
    request = make_request(method="POST", pieces=[b"a", b"bc"], content_length=3)
    assert request.body_exists
    assert request.can_read_body
    assert request.content_length == 3
    assert await request.read() == b"abc"
    assert await request.read() == b"abc"
    assert request.body_exists
    assert not request.can_read_body


async def test_a_request_without_body_reads_as_empty(make_request: Make) -> None:
    request = make_request()
    assert not request.body_exists
    assert not request.can_read_body
    assert request.content_length is None
    assert await request.read() == b""
    assert await request.content.read() == b""


async def test_a_body_of_the_greatest_size_is_read(make_request: Make) -> None:
    assert await make_request(pieces=[b"abc"], client_max_size=3).read() == b"abc"


async def test_a_body_that_is_announced_too_large_is_not_read(make_request: Make) -> None:
    request = make_request(pieces=[b"abcd"], content_length=4, client_max_size=3)
    with pytest.raises(web.HTTPRequestEntityTooLarge) as caught:
        await request.read()
    assert (caught.value.max_size, caught.value.actual_size) == (3, 4)
    assert len(request.exchange.pieces) == 1


async def test_a_body_that_turns_out_too_large_is_given_up(make_request: Make) -> None:
    piece = b"a" * 2**16  # a read takes no more at once
    request = make_request(pieces=[piece] * 10, client_max_size=len(piece) + 1)
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await request.read()
    assert len(request.exchange.pieces) == 8


async def test_no_limit_is_no_limit(make_request: Make) -> None:
    assert len(await make_request(pieces=[b"a" * 1024] * 2048, client_max_size=0).read()) == 2 * MAX_SIZE


async def test_what_breaks_the_framing_reaches_the_reader(make_request: Make) -> None:
    error = RemoteProtocolError("bad-chunk-size", where="chunk size")
    with pytest.raises(RemoteProtocolError):
        await make_request(pieces=[b"a", error]).read()


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [("text/plain", "é".encode(), "é"), ("text/plain; charset=latin-1", b"\xe9", "é"), ("text/plain", b"", "")],
)
async def test_text_is_decoded(make_request: Make, content_type: str, body: bytes, text: str) -> None:
    assert await make_request(headers={"Content-Type": content_type}, pieces=[body]).text() == text


@pytest.mark.parametrize(
    ("charset", "body", "error"),
    [
        pytest.param("utf-8", b"\xff", web.HTTPBadRequest, id="not-in-the-charset"),
        pytest.param("no-such", b"a", web.HTTPUnsupportedMediaType, id="unknown"),
        pytest.param("zlib", b"a", web.HTTPUnsupportedMediaType, id="a-codec-but-no-charset"),
        pytest.param("idna", b"xn--a", web.HTTPUnsupportedMediaType, id="a-codec-of-quadratic-time"),
        pytest.param("a b", b"a", web.HTTPUnsupportedMediaType, id="no-name"),
    ],
)
async def test_text_that_cannot_be_decoded_is_the_peers_mistake(
    make_request: Make, charset: str, body: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await make_request(headers={"Content-Type": f'text/plain; charset="{charset}"'}, pieces=[body]).text()


async def test_json_is_parsed(make_request: Make) -> None:
    assert await make_request(pieces=[b'{"a": "\xc3\xa9"}']).json() == {"a": "é"}
    assert await make_request(pieces=[b"x"]).json(loads=str.upper) == "X"


@pytest.mark.parametrize("body", [b"", b"{", b"nope", b"[" * 200_000])
async def test_what_is_no_json_is_a_json_error_and_a_400(make_request: Make, body: bytes) -> None:
    with pytest.raises(web.HTTPInvalidJSON) as caught:
        await make_request(pieces=[body]).json()
    assert isinstance(caught.value, json.JSONDecodeError)
    assert isinstance(caught.value, web.HTTPBadRequest)
    assert caught.value.status == 400
    assert caught.value.doc == body.decode()


async def test_a_cancelled_read_leaves_the_rest(make_request: Make) -> None:
    request = make_request(pieces=[b"abc"])

    async def never() -> None:
        await asyncio.Event().wait()

    exchange = request.exchange
    receive, wait = exchange.receive_nowait, exchange.wait_readable
    exchange.receive_nowait, exchange.wait_readable = lambda: None, never
    task = asyncio.ensure_future(request.read())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    exchange.receive_nowait, exchange.wait_readable = receive, wait
    assert await request.read() == b"abc"


def test_a_bare_request_waits_for_nothing_before_its_response(make_exchange: Make) -> None:
    request = web.BaseRequest(make_exchange())
    assert request.version == HttpVersion11
    assert request.before_response(web.Response()) is None
    assert request.client_max_size == MAX_SIZE


def test_a_request_stores_values(make_request: Make) -> None:
    request = make_request()
    request["user"] = "Ada"
    assert dict(request) == {"user": "Ada"}
