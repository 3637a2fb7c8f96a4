import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from skerry.client import InvalidUrlRedirectClientError, NonHttpUrlRedirectClientError, RedirectClientError
from skerry.client.redirects import Redirect, decide_redirect, strip_fields

HERE = URL("http://a.test/dir/page?q=1")


def decide(method: str, status: int, location: str | None, url: URL = HERE) -> Redirect | None:
    fields = CIMultiDict([("Location", location)] if location is not None else [])
    return decide_redirect(method, url, status, CIMultiDictProxy(fields))


@pytest.mark.parametrize(
    ("method", "status", "then", "keeps_body"),
    [
        pytest.param("GET", 301, "GET", True, id="301-get"),
        pytest.param("POST", 301, "GET", False, id="301-post"),
        pytest.param("PUT", 301, "PUT", True, id="301-put"),
        pytest.param("POST", 302, "GET", False, id="302-post"),
        pytest.param("DELETE", 302, "DELETE", True, id="302-delete"),
        pytest.param("POST", 303, "GET", False, id="303-post"),
        pytest.param("PUT", 303, "GET", False, id="303-put"),
        pytest.param("HEAD", 303, "HEAD", True, id="303-head"),
        pytest.param("POST", 307, "POST", True, id="307-post"),
        pytest.param("POST", 308, "POST", True, id="308-post"),
    ],
)
def test_the_status_says_whether_method_and_body_stay(method: str, status: int, then: str, keeps_body: bool) -> None:
    assert decide(method, status, "/next") == Redirect(then, URL("http://a.test/next"), keeps_body, True)


@pytest.mark.parametrize(
    ("location", "then"),
    [
        pytest.param("/x", "http://a.test/x", id="path"),
        pytest.param("x", "http://a.test/dir/x", id="relative"),
        pytest.param("?a=b", "http://a.test/dir/page?a=b", id="query"),
        pytest.param("//b.test/x", "http://b.test/x", id="host"),
        pytest.param("https://b.test:8443/", "https://b.test:8443/", id="absolute"),
        pytest.param("/é b", "http://a.test/%C3%A9%20b", id="quoted-anew"),
        pytest.param("/a%2Fb", "http://a.test/a%2Fb", id="quoted-stays"),
    ],
)
def test_the_location_is_resolved_against_the_request(location: str, then: str) -> None:
    redirect = decide("GET", 302, location)
    assert redirect is not None
    assert str(redirect.url) == then


def test_a_fragment_is_inherited_unless_the_location_has_its_own() -> None:
    url = HERE.with_fragment("here")
    for location, fragment in (("/x", "here"), ("/x#there", "there")):
        redirect = decide("GET", 302, location, url)
        assert redirect is not None
        assert redirect.url.fragment == fragment


@pytest.mark.parametrize(
    ("location", "same"),
    [
        ("http://a.test/", True),
        ("http://a.test:80/", True),
        ("http://me:pw@a.test/", True),
        ("http://A.TEST/", True),
        ("https://a.test/", False),
        ("http://a.test:81/", False),
        ("http://b.a.test/", False),
    ],
)
def test_scheme_host_and_port_make_the_origin(location: str, same: bool) -> None:
    redirect = decide("GET", 302, location)
    assert redirect is not None
    assert redirect.is_same_origin is same


@pytest.mark.parametrize(("status", "location"), [(200, "/x"), (300, "/x"), (304, "/x"), (305, "/x"), (302, None)])
def test_other_answers_are_no_redirects(status: int, location: str | None) -> None:
    assert decide("GET", status, location) is None


def test_the_old_field_uri_is_understood() -> None:
    redirect = decide_redirect("GET", HERE, 302, CIMultiDictProxy(CIMultiDict(URI="/old")))
    assert redirect is not None
    assert redirect.url.path == "/old"


@pytest.mark.parametrize(
    ("location", "error"),
    [
        pytest.param("http://[::1", InvalidUrlRedirectClientError, id="not-a-url"),
        pytest.param("http://a.test:99999/", InvalidUrlRedirectClientError, id="no-port"),
        pytest.param("http:///x", InvalidUrlRedirectClientError, id="no-host"),
        pytest.param("file:///etc/passwd", NonHttpUrlRedirectClientError, id="file"),
        pytest.param("javascript:alert(1)", NonHttpUrlRedirectClientError, id="javascript"),
    ],
)
def test_a_location_that_cannot_be_followed_raises(location: str, error: type[RedirectClientError]) -> None:
    with pytest.raises(error):
        decide("GET", 302, location)


def test_every_copy_of_a_credential_stays_behind_at_another_origin() -> None:
    credentials = ["Authorization", "authorization", "Cookie", "COOKIE", "Proxy-Authorization"]
    headers = CIMultiDict([*((name, "secret") for name in credentials), ("X", "1"), ("Content-Length", "3")])
    strip_fields(headers, Redirect("POST", URL("http://b.test/"), keeps_body=True, is_same_origin=False))
    assert list(headers.items()) == [("X", "1"), ("Content-Length", "3")]


def test_fields_that_speak_of_the_body_go_with_it() -> None:
    headers = CIMultiDict([("Content-Length", "3"), ("Content-Type", "a/b"), ("Cookie", "a=b"), ("Expect", "x")])
    strip_fields(headers, Redirect("GET", URL("http://a.test/"), keeps_body=False, is_same_origin=True))
    assert list(headers.items()) == [("Cookie", "a=b")]
