"""Cookies: what is written is read again, and no text is an error."""

from hypothesis import given
from hypothesis import strategies as st

from skerry.http.cookie_dates import EARLIEST, LATEST, format_cookie_date, parse_cookie_date
from skerry.http.cookie_rules import Refusal, StoredCookie, decide_storage, find_flaw, may_send
from skerry.http.cookies import (
    Cookie,
    SetCookie,
    decode_cookie_value,
    encode_cookie_value,
    format_cookies,
    format_set_cookie,
    parse_cookies,
    parse_set_cookie,
    read_cookie_mapping,
)
from skerry.http.limits import Limits
from skerry.http.morsels import load_set_cookies

OFF = Limits(max_cookies_per_request=0, max_cookie_size=0, max_cookie_attribute_size=0)
TOKEN = st.text("!#$%&'*+-.^_`|~09AZaz", min_size=1)
# Text of a value: no control characters, no semicolon, no white space outside.
VALUE = st.text(st.characters(exclude_characters=";", exclude_categories=["Cc", "Cs"])).map(
    lambda text: text.strip(" \t")
)
HINTED = st.lists(
    st.sampled_from(
        ["a", "=", ";", " ", '"', "\\", "Path", "/x", "Max-Age", "-1", "Expires", "Secure", "\udcff", "1 Jan 99 1:2:3"]
    )
    | st.text()
).map("".join)


@given(st.lists(st.builds(Cookie, TOKEN, VALUE) | st.builds(Cookie, st.just(""), TOKEN)))
def test_cookies_are_read_as_they_were_written(cookies: list[Cookie]) -> None:
    assert parse_cookies(format_cookies(cookies), OFF) == cookies


@given(
    st.builds(
        SetCookie,
        name=TOKEN,
        value=VALUE,
        domain=st.from_regex(r"[a-z][a-z0-9.\-]*", fullmatch=True) | st.just(""),
        path=VALUE.map(lambda path: f"/{path}") | st.just(""),
        expires=st.none() | st.integers(EARLIEST, LATEST),
        max_age=st.none() | st.integers(1 - 2**53, 2**53 - 1),
        secure=st.booleans(),
        http_only=st.booleans(),
        same_site=st.sampled_from(["", "Strict", "Lax", "None"]),
        partitioned=st.booleans(),
    )
)
def test_a_set_cookie_field_is_read_as_it_was_written(cookie: SetCookie) -> None:
    assert parse_set_cookie(format_set_cookie(cookie), OFF) == cookie


@given(st.text())
def test_any_text_can_stand_in_a_cookie_when_it_is_encoded(text: str) -> None:
    value = encode_cookie_value(text)
    assert decode_cookie_value(value) == text
    assert parse_cookies(format_cookies([Cookie("a", value)]), OFF) == [Cookie("a", value)]


@given(st.integers(EARLIEST, LATEST))
def test_a_date_is_read_as_it_was_written(seconds: int) -> None:
    assert parse_cookie_date(format_cookie_date(seconds)) == seconds


@given(st.text() | HINTED)
def test_no_text_is_an_error(text: str) -> None:
    parse_cookie_date(text)
    read_cookie_mapping(text)
    load_set_cookies([text])
    for cookie in parse_cookies(text):
        assert cookie.name or cookie.value


@given(st.text() | HINTED, st.booleans())
def test_what_is_stored_can_be_sent_back(text: str, is_secure: bool) -> None:
    cookie = parse_set_cookie(text)
    if cookie is None:
        return
    kept = decide_storage(cookie, "example.com", "/x/y", is_secure=is_secure, now=0.0)
    if isinstance(kept, StoredCookie):
        assert find_flaw(cookie) is None
        assert may_send(kept, "example.com", kept.path, is_secure=True, now=-1.0)
        sent = format_cookies([Cookie(kept.name, kept.value)])
        assert parse_cookies(sent) == [Cookie(cookie.name, cookie.value)]
    else:
        assert kept in Refusal
