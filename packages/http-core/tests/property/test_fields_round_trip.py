"""Cache-Control, Link, Forwarded and authentication: round trips, and nothing undocumented on any text."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from skerry.http.authentication import (
    Challenge,
    Credentials,
    decode_basic_auth,
    encode_basic_auth,
    format_challenges,
    format_credentials,
    parse_challenges,
    parse_credentials,
)
from skerry.http.cache_control import MAX_DELTA, CacheControl, format_cache_control, parse_cache_control
from skerry.http.errors import RemoteProtocolError
from skerry.http.forwarded import decide_client, parse_forwarded, parse_node, parse_x_forwarded
from skerry.http.link import Link, format_link, make_link_mapping, parse_links

TOKENS = st.text("!#$%&'+-.^_`|~0AZaz", min_size=1)
NAMES = st.text("!#$%&'+-.^_`|~0az", min_size=1)
# Text without control characters but the tab; surrogates stand for octets that are no UTF-8.
VALUES = st.text(st.characters(exclude_categories=["Cc"]) | st.just("\t"))
DELTAS = st.none() | st.integers(0, MAX_DELTA)
PAIRS = st.lists(st.tuples(NAMES, VALUES), unique_by=lambda pair: pair[0], max_size=5).map(tuple)
TOKENS68 = st.from_regex(r"[A-Za-z0-9\-._~+/]+=*", fullmatch=True)
TEXTS = st.text() | st.lists(
    st.sampled_from([*"<>\"\\,;= \t[]:*'", "a", "for", "rel", "max-age", "no-cache", "Basic", "1", "\udcff", "::1"])
).map("".join)


@st.composite
def cache_controls(draw: st.DrawFn) -> CacheControl:
    deltas = ("max_age", "s_maxage", "max_stale", "min_fresh", "stale_while_revalidate", "stale_if_error")
    flags = ("no_store", "no_transform", "only_if_cached", "must_revalidate", "public", "immutable")
    facts: dict[str, Any] = {name: draw(DELTAS) for name in deltas} | {name: draw(st.booleans()) for name in flags}
    for name in ("no_cache", "private"):
        facts[name] = draw(st.booleans())
        facts[f"{name}_fields"] = tuple(draw(st.lists(NAMES, max_size=3))) if facts[name] else ()
    extensions = draw(st.lists(st.tuples(NAMES.map(lambda name: f"x-{name}"), st.none() | VALUES), max_size=3))
    return CacheControl(**facts, extensions=tuple(dict(extensions).items()))


@given(cache_controls())
def test_cache_control_is_read_as_it_was_written(control: CacheControl) -> None:
    assert parse_cache_control(format_cache_control(control)) == control


@given(
    st.lists(st.builds(Link, st.text('ab/?;,="\xe9\udcff'), st.lists(st.tuples(NAMES, VALUES), max_size=5).map(tuple)))
)
def test_links_are_read_as_they_were_written(links: list[Link]) -> None:
    assert parse_links(", ".join(map(format_link, links))) == links


@given(st.lists(st.builds(Challenge, TOKENS, PAIRS) | st.builds(Challenge, TOKENS, st.just(()), TOKENS68)))
def test_challenges_are_read_as_they_were_written(challenges: list[Challenge]) -> None:
    assert parse_challenges(format_challenges(challenges)) == challenges


@given(st.builds(Credentials, TOKENS, PAIRS) | st.builds(Credentials, TOKENS, st.just(()), TOKENS68))
def test_credentials_are_read_as_they_were_written(credentials: Credentials) -> None:
    assert parse_credentials(format_credentials(credentials)) == credentials


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=":")), st.text("a:\xe9\u20ac"))
def test_basic_credentials_are_read_as_they_were_written(login: str, password: str) -> None:
    assert decode_basic_auth(parse_credentials(encode_basic_auth(login, password))) == (login, password)


@given(TEXTS)
def test_any_text_is_read_or_is_the_documented_error(text: str) -> None:
    parse_cache_control(text)
    make_link_mapping(parse_links(text), URL("http://h/"))
    for link in parse_links(text):
        assert link.title is not None
        assert all(link.relations)
    with suppress(RemoteProtocolError):
        found = parse_challenges(text)
        assert parse_challenges(format_challenges(found)) == found
    with suppress(RemoteProtocolError):
        credentials = parse_credentials(text)
        assert parse_credentials(format_credentials(credentials)) == credentials
        decode_basic_auth(credentials)


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 3))
def test_any_text_leads_to_some_client(text: str, proto: str, host: str, trusted: int) -> None:
    for elements in (parse_forwarded(text), parse_x_forwarded(text, proto, host)):
        client = decide_client("192.0.2.1", elements, trusted=trusted)
        assert client.hops <= min(trusted, len(elements))
        assert client.host == "192.0.2.1" or client.hops
        assert client.host.isascii()
    node = parse_node(text)
    assert node is None or node.host
