"""The rules of a jar: what is stored, what is sent, what has to go."""

from dataclasses import replace
from typing import Any

import pytest

from skerry.http.cookie_rules import (
    Refusal,
    StoredCookie,
    decide_evictions,
    decide_storage,
    default_path,
    domain_matches,
    find_flaw,
    hides_secure,
    is_expired,
    is_ip_host,
    may_send,
    path_matches,
    replace_stored,
    select_for_request,
)
from skerry.http.cookies import SetCookie
from skerry.http.limits import Limits

NOW = 1_000_000.0


def make(**facts: Any) -> SetCookie:
    return SetCookie(**{"name": "a", "value": "b"} | facts)


def stored(**facts: Any) -> StoredCookie:
    plain = {
        "name": "a",
        "value": "b",
        "domain": "example.com",
        "path": "/",
        "is_host_only": False,
        "expires_at": None,
        "created_at": NOW,
        "accessed_at": NOW,
    }
    return StoredCookie(**plain | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "domain", "matches"),
    [
        pytest.param("example.com", "example.com", True, id="rfc6265bis-5.1.3-identical"),
        pytest.param("a.b.EXAMPLE.com", "Example.COM", True, id="rfc6265bis-5.1.3-below-in-any-case"),
        pytest.param("badexample.com", "example.com", False, id="rfc6265bis-5.1.3-no-dot-between"),
        pytest.param("example.com", "a.example.com", False, id="rfc6265bis-5.1.3-above"),
        pytest.param("127.0.0.1", "127.0.0.1", True, id="rfc6265bis-5.1.3-the-address-itself"),
        pytest.param("127.0.0.1", "0.0.1", False, id="rfc6265bis-5.1.3-part-of-an-address"),
        pytest.param("a.0x7f", "0x7f", False, id="a-number-in-another-form"),
        pytest.param("::1", "1", False, id="ipv6"),
        pytest.param("a.", "", False, id="empty-domain"),
        pytest.param("\u212aa.com", "ka.com", False, id="kelvin-sign-is-no-k"),
    ],
)
def test_a_domain_covers_itself_and_the_hosts_below(host: str, domain: str, matches: bool) -> None:
    assert domain_matches(host, domain) is matches


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "1", "a.1", "a.0x", "a.0XfF"])
def test_what_could_be_an_address_is_one(host: str) -> None:
    assert is_ip_host(host)


@pytest.mark.parametrize("host", ["example.com", "1.example", "a.1b", "", "a.", "a.\u0661"])
def test_a_name_is_no_address(host: str) -> None:
    assert not is_ip_host(host)


@pytest.mark.parametrize(
    ("path", "default"),
    [
        pytest.param("", "/", id="rfc6265bis-5.1.4-empty"),
        pytest.param("x/y", "/", id="rfc6265bis-5.1.4-relative"),
        pytest.param("/", "/", id="rfc6265bis-5.1.4-root"),
        pytest.param("/x", "/", id="rfc6265bis-5.1.4-one-slash"),
        pytest.param("/x/", "/x", id="rfc6265bis-5.1.4-last-slash-goes"),
        pytest.param("/x/y/z", "/x/y", id="rfc6265bis-5.1.4-last-segment-goes"),
    ],
)
def test_the_default_path_ends_before_the_last_slash(path: str, default: str) -> None:
    assert default_path(path) == default


@pytest.mark.parametrize(
    ("path", "cookie_path", "matches"),
    [
        pytest.param("/x", "/x", True, id="rfc6265bis-5.1.4-identical"),
        pytest.param("/x/y", "/x", True, id="rfc6265bis-5.1.4-next-is-a-slash"),
        pytest.param("/x/y", "/x/", True, id="rfc6265bis-5.1.4-ends-with-a-slash"),
        pytest.param("/xy", "/x", False, id="rfc6265bis-5.1.4-within-a-segment"),
        pytest.param("/x", "/x/", False, id="shorter"),
        pytest.param("/X", "/x", False, id="case-is-significant"),
        pytest.param("/anything", "/", True, id="root"),
    ],
)
def test_a_path_covers_whole_segments(path: str, cookie_path: str, matches: bool) -> None:
    assert path_matches(path, cookie_path) is matches


@pytest.mark.parametrize(
    ("facts", "flaw"),
    [
        pytest.param({}, None, id="plain"),
        pytest.param({"name": "", "value": "x"}, None, id="nameless"),
        pytest.param({"name": "", "value": "x=y"}, Refusal.NAMELESS, id="value-would-become-a-name"),
        pytest.param({"name": "", "value": "__host-x"}, Refusal.NAMELESS, id="rfc6265bis-5.7-prefix-in-the-value"),
        pytest.param({"same_site": "None"}, Refusal.NEEDS_SECURE, id="rfc6265bis-5.7-same-site-none"),
        pytest.param({"same_site": "None", "secure": True}, None, id="rfc6265bis-5.7-same-site-none-secure"),
        pytest.param({"partitioned": True}, Refusal.NEEDS_SECURE, id="chips-partitioned"),
        pytest.param({"name": "__Secure-a"}, Refusal.NEEDS_SECURE, id="rfc6265bis-5.4-secure-prefix"),
        pytest.param({"name": "__SECURE-a"}, Refusal.NEEDS_SECURE, id="rfc6265bis-5.4-prefix-in-any-case"),
        pytest.param({"name": "__Secure-a", "secure": True}, None, id="rfc6265bis-5.4-secure-prefix-kept"),
        pytest.param({"name": "__\u017fecure-a"}, None, id="long-s-is-no-s"),
        pytest.param({"name": "__Host-a", "path": "/"}, Refusal.NEEDS_SECURE, id="rfc6265bis-5.4-host-insecure"),
        pytest.param({"name": "__Host-a", "secure": True}, Refusal.HOST_PREFIX, id="rfc6265bis-5.4-host-without-path"),
        pytest.param(
            {"name": "__hOST-a", "secure": True, "path": "/x"}, Refusal.HOST_PREFIX, id="rfc6265bis-5.4-host-path"
        ),
        pytest.param(
            {"name": "__Host-a", "secure": True, "path": "/", "domain": "example.com"},
            Refusal.HOST_PREFIX,
            id="rfc6265bis-5.4-host-with-domain",
        ),
        pytest.param({"name": "__Host-a", "secure": True, "path": "/"}, None, id="rfc6265bis-5.4-host-kept"),
    ],
)
def test_some_cookies_are_refused_by_every_browser(facts: dict[str, Any], flaw: Refusal | None) -> None:
    assert find_flaw(make(**facts)) is flaw
    outcome = decide_storage(make(**facts), "example.com", "/", is_secure=True, now=NOW)
    assert outcome is flaw if flaw else isinstance(outcome, StoredCookie)


def store(cookie: SetCookie, host: str = "www.example.com", path: str = "/x/y", **facts: Any) -> StoredCookie | Refusal:
    return decide_storage(cookie, host, path, **{"is_secure": True, "now": NOW} | facts)


def test_a_plain_cookie_is_for_the_host_and_the_session() -> None:
    assert store(make(), "WWW.Example.com") == stored(domain="www.example.com", path="/x", is_host_only=True)


def test_a_cookie_keeps_what_it_says() -> None:
    cookie = make(domain="example.com", path="/", secure=True, http_only=True, same_site="Lax", partitioned=True)
    assert store(cookie) == stored(secure=True, http_only=True, same_site="Lax", partitioned=True)


@pytest.mark.parametrize(
    ("facts", "host", "outcome"),
    [
        pytest.param({"domain": "example.com"}, "example.com", ("example.com", False), id="rfc6265bis-5.7-itself"),
        pytest.param({"domain": "EXAMPLE.com"}, "a.example.com", ("example.com", False), id="rfc6265bis-5.7-above"),
        pytest.param({"domain": "a.example.com"}, "example.com", Refusal.FOREIGN_DOMAIN, id="rfc6265bis-5.7-below"),
        pytest.param({"domain": "other.com"}, "example.com", Refusal.FOREIGN_DOMAIN, id="rfc6265bis-5.7-other"),
        pytest.param({"domain": "com"}, "example.com", Refusal.PUBLIC_SUFFIX, id="rfc6265bis-5.7-public-suffix"),
        pytest.param({"domain": "com"}, "com", ("com", True), id="rfc6265bis-5.7-host-is-a-public-suffix"),
        pytest.param({"domain": "localhost"}, "localhost", ("localhost", True), id="localhost"),
        pytest.param({"domain": "127.0.0.1"}, "127.0.0.1", ("127.0.0.1", False), id="address"),
        pytest.param({"domain": "0.0.1"}, "127.0.0.1", Refusal.FOREIGN_DOMAIN, id="part-of-an-address"),
    ],
)
def test_the_domain_must_cover_the_host(facts: dict[str, Any], host: str, outcome: object) -> None:
    result = store(make(**facts), host)
    if isinstance(result, StoredCookie):
        assert (result.domain, result.is_host_only) == outcome
    else:
        assert result is outcome


def test_a_program_may_bring_its_own_list_of_public_suffixes() -> None:
    cookie = make(domain="co.uk")
    assert isinstance(store(cookie, "a.co.uk"), StoredCookie)
    assert store(cookie, "a.co.uk", is_public_suffix={"co.uk"}.__contains__) is Refusal.PUBLIC_SUFFIX


def test_a_secure_cookie_needs_a_secure_connection() -> None:
    assert store(make(secure=True), is_secure=False) is Refusal.INSECURE_ORIGIN
    assert isinstance(store(make(), is_secure=False), StoredCookie)


def test_an_answer_to_another_site_sets_only_cookies_that_are_for_all_sites() -> None:
    assert store(make(same_site="Lax"), is_cross_site=True) is Refusal.CROSS_SITE
    assert store(make(), is_cross_site=True) is Refusal.CROSS_SITE
    assert isinstance(store(make(same_site="None", secure=True), is_cross_site=True), StoredCookie)


@pytest.mark.parametrize(
    ("facts", "end"),
    [
        pytest.param({}, None, id="session"),
        pytest.param({"expires": 1_000_060}, 1_000_060, id="rfc6265bis-5.7-expires"),
        pytest.param({"max_age": 60}, 1_000_060, id="rfc6265bis-5.7-max-age"),
        pytest.param({"max_age": 60, "expires": 0}, 1_000_060, id="rfc6265bis-5.7-max-age-goes-before-expires"),
        pytest.param({"max_age": 0}, 0, id="rfc6265bis-5.6.2-at-once"),
        pytest.param({"max_age": -5}, 0, id="rfc6265bis-5.6.2-negative"),
        pytest.param({"max_age": 2**53 - 1}, NOW + 34_560_000, id="rfc6265bis-5.5-at-most-400-days"),
        pytest.param({"expires": 253402300799}, NOW + 34_560_000, id="rfc6265bis-5.5-expires-at-most-400-days"),
    ],
)
def test_the_end_of_a_cookie_is_a_time(facts: dict[str, Any], end: float | None) -> None:
    result = store(make(**facts))
    assert isinstance(result, StoredCookie)
    assert result.expires_at == end
    assert is_expired(result, NOW) is (end == 0)


def test_the_greatest_age_can_be_switched_off() -> None:
    result = store(make(max_age=2**53 - 1), limits=Limits(max_cookie_age_s=0))
    assert isinstance(result, StoredCookie)
    assert result.expires_at == NOW + 2**53 - 1


@pytest.mark.parametrize(
    ("new", "old", "is_secure", "hides"),
    [
        pytest.param({}, {"secure": True}, False, True, id="rfc6265bis-5.7-same"),
        pytest.param({"domain": "a.example.com"}, {"secure": True}, False, True, id="rfc6265bis-5.7-host-below"),
        pytest.param({}, {"secure": True, "domain": "a.example.com"}, False, True, id="rfc6265bis-5.7-host-above"),
        pytest.param({"path": "/x"}, {"secure": True}, False, True, id="rfc6265bis-5.7-longer-path"),
        pytest.param({}, {"secure": True, "path": "/x"}, False, False, id="rfc6265bis-5.7-shorter-path"),
        pytest.param({}, {"secure": True, "name": "b"}, False, False, id="other-name"),
        pytest.param({}, {"secure": True, "domain": "other.com"}, False, False, id="other-domain"),
        pytest.param({}, {}, False, False, id="not-secure"),
        pytest.param({}, {"secure": True}, True, False, id="over-a-secure-connection"),
    ],
)
def test_an_insecure_connection_cannot_hide_a_secure_cookie(
    new: dict[str, Any], old: dict[str, Any], is_secure: bool, hides: bool
) -> None:
    assert hides_secure(stored(**new), stored(**old), is_secure=is_secure) is hides


def test_a_successor_keeps_the_time_of_creation() -> None:
    new, old = stored(value="c", created_at=NOW + 5), stored()
    assert new.key == old.key
    assert replace_stored(new, old) == replace(new, created_at=NOW)


def test_the_key_tells_host_cookies_from_domain_cookies() -> None:
    assert stored().key != stored(is_host_only=True).key


@pytest.mark.parametrize(
    ("facts", "request_facts", "sent"),
    [
        pytest.param({}, {}, True, id="plain"),
        pytest.param({"is_host_only": True}, {}, False, id="rfc6265bis-5.8.3-host-only-below"),
        pytest.param({"is_host_only": True}, {"host": "EXAMPLE.com"}, True, id="rfc6265bis-5.8.3-host-only"),
        pytest.param({"domain": "other.com"}, {}, False, id="rfc6265bis-5.8.3-other-domain"),
        pytest.param({"path": "/y"}, {}, False, id="rfc6265bis-5.8.3-other-path"),
        pytest.param({"secure": True}, {}, True, id="rfc6265bis-5.8.3-secure"),
        pytest.param({"secure": True}, {"is_secure": False}, False, id="rfc6265bis-5.8.3-insecure"),
        pytest.param({"expires_at": NOW}, {}, False, id="rfc6265bis-5.7-expired"),
        pytest.param({"expires_at": NOW + 1}, {}, True, id="not-yet-expired"),
        pytest.param({}, {"is_cross_site": True}, False, id="rfc6265bis-5.8.3-default-is-lax"),
        pytest.param({}, {"is_cross_site": True, "is_safe_navigation": True}, True, id="rfc6265bis-5.8.3-navigation"),
        pytest.param(
            {"same_site": "Strict"}, {"is_cross_site": True, "is_safe_navigation": True}, False, id="rfc6265bis-strict"
        ),
        pytest.param({"same_site": "None"}, {"is_cross_site": True}, True, id="rfc6265bis-5.8.3-none"),
    ],
)
def test_a_cookie_goes_where_it_belongs(facts: dict[str, Any], request_facts: dict[str, Any], sent: bool) -> None:
    request: dict[str, Any] = {"host": "a.example.com", "path": "/x", "is_secure": True, "now": NOW} | request_facts
    assert may_send(stored(**facts), request.pop("host"), request.pop("path"), **request) is sent


def test_the_longest_path_and_then_the_oldest_cookie_goes_first() -> None:
    cookies = [stored(path="/", created_at=1.0), stored(path="/x/y"), stored(path="/", created_at=0.0)]
    assert select_for_request(cookies) == [cookies[1], cookies[2], cookies[0]]


def test_a_request_carries_no_more_cookies_than_the_limit_allows() -> None:
    cookies = [stored(name=f"a{number}", created_at=float(number)) for number in range(1000)]
    assert select_for_request(cookies) == cookies[:150]
    assert len(select_for_request(cookies, Limits(max_cookies_per_request=0, max_cookie_field_size=0))) == 1000


def test_a_request_carries_no_more_octets_of_cookies_than_the_limit_allows() -> None:
    cookies = [stored(name="", value="xxx"), stored(name="b", value="\xe9\xe9"), stored(name="c", value="z")]
    assert select_for_request(cookies, Limits(max_cookie_field_size=10)) == [cookies[0], cookies[2]]  # xxx; c=z
    assert select_for_request(cookies, Limits(max_cookie_field_size=11)) == cookies[:2]  # xxx; b=éé


def test_expired_cookies_go() -> None:
    cookies = [stored(expires_at=NOW), stored(name="b", expires_at=NOW + 1)]
    assert decide_evictions(cookies, now=NOW) == cookies[:1]


def test_of_a_domain_with_too_many_the_insecure_and_then_the_unused_go() -> None:
    limits = Limits(max_cookies_per_domain=3, kept_cookies_per_domain=2)
    cookies = [
        stored(name="a", accessed_at=1.0, secure=True),
        stored(name="b", accessed_at=3.0),
        stored(name="c", accessed_at=2.0),
        stored(name="d", accessed_at=4.0, secure=True),
        stored(name="e", domain="other.com", accessed_at=0.0),
    ]
    assert {cookie.name for cookie in decide_evictions(cookies, now=NOW, limits=limits)} == {"b", "c"}
    assert decide_evictions(cookies[:3], now=NOW, limits=limits) == []


def test_of_a_jar_with_too_many_the_unused_go() -> None:
    limits = Limits(max_cookies=3, kept_cookies=1)
    cookies = [stored(domain=f"{number}.com", accessed_at=-float(number)) for number in range(4)]
    assert decide_evictions(cookies, now=NOW, limits=limits) == cookies[:0:-1]
    assert decide_evictions(cookies[:3], now=NOW, limits=limits) == []


def test_quotas_can_be_switched_off_and_need_no_lower_mark() -> None:
    cookies = [stored(name=f"a{number}") for number in range(5000)]
    assert decide_evictions(cookies, now=NOW, limits=Limits(max_cookies=0, max_cookies_per_domain=0)) == []
    few = Limits(max_cookies=10, kept_cookies=0, max_cookies_per_domain=0)
    assert len(decide_evictions(cookies, now=NOW, limits=few)) == 4990
    upside_down = Limits(max_cookies=10, kept_cookies=20, max_cookies_per_domain=0)
    assert len(decide_evictions(cookies, now=NOW, limits=upside_down)) == 4990
