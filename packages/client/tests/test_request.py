import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
from multidict import CIMultiDict, istr
from yarl import URL

from skerry.client import ClientRequest, InvalidUrlClientError, NonHttpUrlClientError
from skerry.client.request import (
    MAX_ORIGINS,
    USER_AGENT,
    Origins,
    basic_credentials,
    build_request,
    check_url,
    extend_query,
    prepare_body,
)


def origins(headers: dict[str, str] | None = None, skip: tuple[str, ...] = ()) -> Origins:
    return Origins(CIMultiDict(headers or {}), frozenset(istr(name) for name in skip))


def build(method: str, url: str, known: Origins | None = None, **options: Any) -> ClientRequest:
    parsed = URL(url)
    return build_request(method, parsed, (known or origins()).find(parsed, True, None), **options)


def test_a_get_has_host_accept_and_user_agent_and_no_length() -> None:
    request = build("GET", "http://a.test:8080/x?y=1#z")
    assert list(request.headers.items()) == [("Host", "a.test:8080"), ("Accept", "*/*"), ("User-Agent", USER_AGENT)]
    head = request.make_head()
    assert (head.method, head.target) == ("GET", "/x?y=1")
    assert str(request.url) == "http://a.test:8080/x?y=1"
    assert request.request_info.real_url.fragment == "z"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://a.test/", "a.test"),
        ("http://a.test:80/", "a.test"),
        ("https://a.test:443/", "a.test"),
        ("https://a.test:80/", "a.test:80"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://bücher.test/", "xn--bcher-kva.test"),
        ("http://a.test./", "a.test"),
    ],
)
def test_host_names_the_server_as_the_url_does(url: str, host: str) -> None:
    assert build("GET", url).headers["Host"] == host


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OTHER"])
def test_methods_that_may_have_a_body_say_that_there_is_none(method: str) -> None:
    assert build(method, "http://a.test/").headers["Content-Length"] == "0"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_methods_that_have_no_body_say_nothing_about_it(method: str) -> None:
    assert "Content-Length" not in build(method, "http://a.test/").headers


def test_a_body_that_is_known_has_length_and_type() -> None:
    request = build("GET", "http://a.test/", body=b"abc", content_type="text/plain")
    assert request.headers["Content-Length"] == "3"
    assert request.headers["Content-Type"] == "text/plain"
    assert request.is_replayable


def test_a_body_that_comes_in_pieces_has_no_length() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b""

    request = build("POST", "http://a.test/", body=pieces(), content_type="a/b")
    assert "Content-Length" not in request.headers
    assert not request.is_replayable


def test_fields_of_the_request_replace_those_of_the_session_whatever_their_case() -> None:
    known = origins({"X-A": "session", "Accept": "text/html"})
    request = build("GET", "http://a.test/", known, headers={"x-a": "request", "host": "other"})
    assert request.headers.getall("X-A") == ["request"]
    assert request.headers.getall("Accept") == ["text/html"]
    assert request.headers.getall("Host") == ["other"]


def test_a_field_given_twice_is_sent_twice() -> None:
    request = build("GET", "http://a.test/", headers=[("X", "1"), ("x", "2"), ("Accept", "a/b")])
    assert request.headers.getall("X") == ["1", "2"]
    assert request.headers.getall("Accept") == ["a/b"]


def test_requests_do_not_share_their_fields() -> None:
    known = origins()
    build("GET", "http://a.test/", known, headers={"X": "1"})
    assert "X" not in build("GET", "http://a.test/", known).headers


def test_fields_added_by_themselves_can_be_left_out() -> None:
    known = origins(skip=("user-agent",))
    request = build(
        "POST", "http://a.test/", known, body=b"", content_type="a/b", skip_auto_headers=["ACCEPT", "Content-Type"]
    )
    assert list(request.headers) == ["Host", "Content-Length"]


def test_credentials_in_the_url_become_a_field_and_leave_the_url() -> None:
    request = build("GET", "http://me:p%40w@a.test/x")
    assert request.headers["Authorization"] == "Basic bWU6cEB3"
    assert str(request.url) == str(request.original_url) == "http://a.test/x"
    assert "Authorization" not in build("GET", "http://a.test/x").headers


@pytest.mark.parametrize("known", [origins({"Authorization": "x"}), origins()], ids=["session", "request"])
def test_credentials_given_twice_are_refused(known: Origins) -> None:
    with pytest.raises(ValueError, match="twice"):
        build("GET", "http://me@a.test/", known, headers={"authorization": "y"})


def test_a_colon_in_a_user_name_is_refused() -> None:
    assert basic_credentials("me", "a:b") == "Basic bWU6YTpi"
    with pytest.raises(ValueError, match=r"RFC 7617"):
        basic_credentials("m:e", "")


def test_origins_differ_by_how_tls_is_checked() -> None:
    known, url = origins(), URL("https://a.test/")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert known.find(url, True, None) is known.find(url / "x", True, None)
    assert len({known.find(url, check, name).key for check in (True, False, context) for name in (None, "b.test")}) == 6


def test_a_session_forgets_origins_before_they_become_too_many() -> None:
    known = origins()
    first = known.find(URL("http://a.test/"), True, None)
    for number in range(MAX_ORIGINS):
        known.find(URL(f"http://a{number}.test/"), True, None)
    again = known.find(URL("http://a.test/"), True, None)
    assert again is not first
    assert again.key == first.key


@pytest.mark.parametrize(
    "url",
    [
        "/path",
        "a.test/path",
        "http://",
        "http:///path",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.0.0.01/",
        "http://127.0.0.0x1/",
        "http://1.2.3.4.5/",
    ],
)
def test_a_url_without_a_host_or_with_a_number_for_one_is_refused(url: str) -> None:
    with pytest.raises(InvalidUrlClientError):
        check_url(URL(url))


@pytest.mark.parametrize("url", ["ftp://a.test/", "file:///etc/passwd", "data:,x", "ws://a.test/"])
def test_a_url_for_another_protocol_is_refused(url: str) -> None:
    with pytest.raises(NonHttpUrlClientError):
        check_url(URL(url))


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://[::1]/", "http://localhost/", "http://1.test/"])
def test_a_url_with_a_host_is_accepted(url: str) -> None:
    check_url(URL(url))


@pytest.mark.parametrize(
    ("data", "body", "content_type"),
    [
        pytest.param(b"ab", b"ab", "application/octet-stream", id="bytes"),
        pytest.param(bytearray(b"ab"), b"ab", "application/octet-stream", id="bytearray"),
        pytest.param(memoryview(b"abcd")[::2], b"ac", "application/octet-stream", id="memoryview"),
        pytest.param("ä", b"\xc3\xa4", "text/plain; charset=utf-8", id="text"),
        pytest.param(b"", b"", "application/octet-stream", id="empty"),
        pytest.param(None, None, "", id="none"),
    ],
)
def test_data_becomes_a_body(data: object, body: bytes | None, content_type: str) -> None:
    assert prepare_body(data, None, str) == (body, content_type)


def test_a_buffer_that_changes_later_does_not_change_the_body() -> None:
    data = bytearray(b"ab")
    body, _ = prepare_body(data, None, str)
    data[0] = 0
    assert body == b"ab"


def test_json_becomes_a_body() -> None:
    assert prepare_body(None, {"ä": 1}, repr) == ("{'ä': 1}".encode(), "application/json")
    assert prepare_body(None, 0, str) == (b"0", "application/json")


def test_data_and_json_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="data and json"):
        prepare_body(b"", 0, str)


@pytest.mark.parametrize("data", [1, ["a"], {"a": "b"}, object()], ids=["int", "list", "dict", "object"])
def test_data_of_another_type_is_refused(data: object) -> None:
    with pytest.raises(TypeError, match="expected bytes"):
        prepare_body(data, None, str)


@pytest.mark.parametrize(
    ("params", "query"),
    [
        pytest.param({"a": 1, "b": "é &"}, "x=1&a=1&b=%C3%A9+%26", id="mapping"),
        pytest.param([("a", "1"), ("a", "2")], "x=1&a=1&a=2", id="pairs"),
        pytest.param("a=b", "x=1&a=b", id="text"),
        pytest.param({}, "x=1", id="empty"),
        pytest.param("", "x=1", id="empty-text"),
    ],
)
def test_params_are_added_to_the_query(params: object, query: str) -> None:
    assert extend_query(URL("http://a.test/?x=1"), params).raw_query_string == query
