"""Between skerry's cookies and http.cookies."""

import math
import sys
from http.cookies import CookieError, Morsel, SimpleCookie

import pytest

from skerry.http.cookies import SetCookie, format_set_cookie
from skerry.http.limits import Limits
from skerry.http.morsels import from_morsel, load_set_cookies, to_morsel

FULL = SetCookie(
    name="a",
    value='"b c"',
    domain="example.com",
    path="/x",
    expires=60,
    max_age=10,
    secure=True,
    http_only=True,
    same_site="Lax",
)


def test_a_response_becomes_a_simple_cookie() -> None:
    cookies = load_set_cookies(
        ['a="b c"; Path="/x"; Expires=Never; HttpOnly; foo=bar', "a[b]=1", "path=2", "=x", "\xe4=1", "\x01=2"]
    )
    assert isinstance(cookies, SimpleCookie)
    assert {name: morsel.value for name, morsel in cookies.items()} == {"a": "b c", "a[b]": "1", "path": "2"}
    morsel = cookies["a"]
    assert morsel.coded_value == '"b c"'
    assert (morsel["path"], morsel["expires"], morsel["httponly"], morsel["secure"]) == ("/x", "Never", True, "")
    assert cookies["path"].OutputString() == "path=2"


def test_the_last_of_two_cookies_with_one_name_counts() -> None:
    assert load_set_cookies(["a=1", "a=2"])["a"].value == "2"


def test_one_response_fills_no_jar() -> None:
    texts = [f"a{number}=1" for number in range(100)]
    assert len(load_set_cookies(texts)) == 50
    assert len(load_set_cookies(texts, Limits(max_cookies_per_response=0))) == 100


def test_a_cookie_survives_as_a_morsel() -> None:
    morsel = to_morsel(FULL)
    assert morsel.value == "b c"
    assert from_morsel(morsel) == FULL
    assert from_morsel(to_morsel(SetCookie(name="a", value=""))) == SetCookie(name="a", value="")


@pytest.mark.skipif(sys.version_info < (3, 14), reason="morsels know Partitioned from Python 3.14 on")
def test_partitioned_survives_as_a_morsel() -> None:
    cookie = SetCookie(name="a", value="b", secure=True, partitioned=True)
    assert from_morsel(to_morsel(cookie)) == cookie


@pytest.mark.parametrize("name", ["", "\xe4", "a b", "a=b"])
def test_a_name_that_no_morsel_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected visible ASCII"):
        to_morsel(SetCookie(name=name, value="x"))


@pytest.mark.parametrize(
    ("age", "seconds"),
    [
        pytest.param("5", 5, id="text"),
        pytest.param(5, 5, id="int"),
        pytest.param(5.9, 5, id="float"),
        pytest.param(math.inf, 2**53 - 1, id="infinite"),
        pytest.param(math.nan, None, id="no-number"),
        pytest.param("soon", None, id="unreadable"),
        pytest.param("", None, id="none"),
    ],
)
def test_the_age_of_a_morsel_may_be_text_or_a_number(age: object, seconds: int | None) -> None:
    cookies = SimpleCookie("a=b")
    cookies["a"]["max-age"] = age
    assert from_morsel(cookies["a"]).max_age == seconds


def test_what_is_smuggled_into_a_morsel_does_not_get_out() -> None:
    morsel: Morsel[str] = Morsel()
    morsel.set("a", "b", "b")
    morsel["path"] = "/; Domain=com"
    with pytest.raises(ValueError, match="no semicolon"):
        format_set_cookie(from_morsel(morsel))


def test_what_a_newer_morsel_refuses_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Morsel[str], state: dict[str, str]) -> None:
        raise CookieError(state["key"])

    monkeypatch.setattr(Morsel, "__setstate__", refuse)
    assert load_set_cookies(["a=b"]) == {}
    with pytest.raises(ValueError, match="cookie 'a'"):
        to_morsel(SetCookie(name="a", value="b"))
