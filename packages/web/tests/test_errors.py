import copy
import pickle
from typing import Any

import pytest
from yarl import URL

from skerry import web


def test_an_exception_is_a_response_too() -> None:
    error = web.HTTPNotFound()
    assert isinstance(error, web.Response)
    assert isinstance(error, Exception)
    assert (error.status, error.reason, error.text) == (404, "Not Found", "404: Not Found")
    assert error.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert str(error) == "Not Found"
    assert error.args == ("Not Found",)


def test_text_reason_headers_and_type_can_be_given() -> None:
    error = web.HTTPNotFound(reason="Gone fishing", text="hm", headers={"A": "b"}, content_type="text/html")
    assert (error.reason, error.text, error.headers["A"]) == ("Gone fishing", "hm", "b")
    assert error.headers["Content-Type"] == "text/html; charset=utf-8"
    assert web.HTTPNotFound(reason="x").text == "404: x"
    assert web.HTTPNotFound(body=b"octets").body == b"octets"


@pytest.mark.parametrize("kind", [web.HTTPException, web.HTTPError, web.HTTPClientError, web.HTTPSuccessful])
def test_a_base_class_is_no_answer(kind: Any) -> None:
    with pytest.raises(TypeError, match="without a status"):
        kind()


def test_a_subclass_of_a_program_has_a_status_of_its_own() -> None:
    class Teapot(web.HTTPClientError):
        status_code = 418

    assert Teapot().text == "418: I'm a Teapot"


@pytest.mark.parametrize(
    ("location", "field"), [("/x", "/x"), (URL("http://h/é"), "http://h/%C3%A9"), ("/a b", "/a%20b")]
)
def test_a_move_names_its_place(location: str | URL, field: str) -> None:
    error = web.HTTPFound(location)
    assert error.location == location
    assert error.headers["Location"] == field


def test_a_move_cannot_split_the_head() -> None:
    assert not set("\r\n\0") & set(web.HTTPFound("/a?x=1\r\nSet-Cookie: a=b\0").headers["Location"])


@pytest.mark.parametrize("location", ["", URL()])
def test_a_move_needs_a_place(location: str | URL) -> None:
    with pytest.raises(ValueError, match="needs a location"):
        web.HTTPSeeOther(location)


def test_405_names_the_methods() -> None:
    error = web.HTTPMethodNotAllowed("PURGE", ["PUT", "GET", "PUT"])
    assert error.headers["Allow"] == "GET,PUT"
    assert error.allowed_methods == {"GET", "PUT"}
    assert error.method == "PURGE"


def test_413_keeps_the_sizes() -> None:
    error = web.HTTPRequestEntityTooLarge(max_size=1, actual_size=2)
    assert (error.max_size, error.actual_size) == (1, 2)
    assert error.text == "The body is larger than 1 octets"
    assert web.HTTPRequestEntityTooLarge(1, text="own").text == "own"


def test_451_names_who_blocks() -> None:
    error = web.HTTPUnavailableForLegalReasons("http://h/")
    assert error.headers["Link"] == '<http://h/>; rel="blocked-by"'
    assert error.link == URL("http://h/")
    assert web.HTTPUnavailableForLegalReasons(None).link is None


@pytest.mark.parametrize(
    "error",
    [
        web.HTTPNotFound(text="x"),
        web.HTTPFound("/y"),
        web.HTTPMethodNotAllowed("X", ["GET"]),
        web.HTTPRequestEntityTooLarge(1, 2),
        web.HTTPInvalidJSON("m", "doc", 1),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_survives_pickle_and_copy(error: web.HTTPException) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert (twin.status, twin.text, dict(twin.headers)) == (error.status, error.text, dict(error.headers))
        assert str(twin) == str(error)
