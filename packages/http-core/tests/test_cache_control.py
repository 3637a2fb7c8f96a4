"""Cache-Control: directives in, one record out, and back."""

from typing import Any

import pytest

from skerry.http.cache_control import MAX_DELTA, CacheControl, format_cache_control, parse_cache_control
from skerry.http.errors import LocalProtocolError
from skerry.http.limits import Limits


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("max-age=60", {"max_age": 60}, id="rfc9111-5.2.2.1"),
        pytest.param("Max-Age=60, S-MAXAGE=0", {"max_age": 60, "s_maxage": 0}, id="rfc9111-5.2-any-case"),
        pytest.param('max-age="60"', {"max_age": 60}, id="rfc9111-5.2-quoted"),
        pytest.param("max-age = 60", {"max_age": 60}, id="white-space"),
        pytest.param("max-age=4294967296", {"max_age": MAX_DELTA}, id="rfc9111-1.2.2-too-great"),
        pytest.param("max-age=" + "9" * 5000, {"max_age": MAX_DELTA}, id="rfc9111-1.2.2-far-too-great"),
        pytest.param("max-age=" + "0" * 5000 + "1", {"max_age": 1}, id="more-zeros-than-int-takes"),
        pytest.param("max-age=1, max-age=2", {"max_age": 1}, id="rfc9111-4.2.1-the-first-counts"),
        pytest.param("max-age=x", {"max_age": 0}, id="rfc9111-4.2.1-unreadable-is-stale"),
        pytest.param("max-age", {"max_age": 0}, id="rfc9111-4.2.1-missing-is-stale"),
        pytest.param("max-age=-1", {"max_age": 0}, id="rfc9111-4.2.1-negative-is-stale"),
        pytest.param("max-age=1.5", {"max_age": 0}, id="rfc9111-4.2.1-fraction-is-stale"),
        pytest.param("max-age=\u0661", {"max_age": 0}, id="arabic-digit"),
        pytest.param("max-age=60 60", {"max_age": 0}, id="text-behind"),
        pytest.param("s-maxage=x", {"s_maxage": 0}, id="rfc9111-5.2.2.10-unreadable-is-stale"),
        pytest.param("max-stale", {"max_stale": MAX_DELTA}, id="rfc9111-5.2.1.2-any-age"),
        pytest.param("max-stale=5, min-fresh=6", {"max_stale": 5, "min_fresh": 6}, id="rfc9111-5.2.1.3"),
        pytest.param("max-stale=x, min-fresh=x", {}, id="unreadable-leniency-is-none"),
        pytest.param("stale-while-revalidate=1, stale-if-error=2", {"stale_while_revalidate": 1, "stale_if_error": 2},
                     id="rfc5861"),
        pytest.param("no-cache", {"no_cache": True}, id="rfc9111-5.2.2.4"),
        pytest.param('no-cache="Set-Cookie, x"', {"no_cache": True, "no_cache_fields": ("set-cookie", "x")},
                     id="rfc9111-5.2.2.4-fields"),
        pytest.param("private=X", {"private": True, "private_fields": ("x",)}, id="rfc9111-5.2.2.7-token"),
        pytest.param('private="a b"', {"private": True}, id="unreadable-names-mean-all"),
        pytest.param('private="a', {"private": True}, id="open-quotation-means-all"),
        pytest.param('no-cache, no-cache="x"', {"no_cache": True}, id="the-first-no-cache-counts"),
        pytest.param(
            "no-store,no-transform,only-if-cached,must-revalidate,proxy-revalidate,must-understand,public,immutable",
            dict.fromkeys(
                ("no_store", "no_transform", "only_if_cached", "must_revalidate", "proxy_revalidate", "must_understand",
                 "public", "immutable"),
                True,
            ),
            id="rfc9111-5.2-flags",
        ),
        pytest.param("no-store=1", {"no_store": True}, id="flag-with-an-argument"),
        pytest.param(
            'a, B="c, d", a=1', {"extensions": (("a", None), ("b", "c, d"))}, id="rfc9111-5.2.3-extensions"
        ),
        pytest.param("=1, @, , ;", {}, id="no-directive"),
        pytest.param("no-\u017ftore", {"extensions": (("no-", ""),)}, id="long-s-is-no-s"),
    ],
)  # fmt: skip
def test_directives_are_read(text: str, facts: dict[str, Any]) -> None:
    assert parse_cache_control(text) == CacheControl(**facts)


def test_with_too_many_directives_nothing_is_stored() -> None:
    assert not parse_cache_control(", ".join(["public"] * 256)).no_store
    assert parse_cache_control(", ".join(["public"] * 257)).no_store
    off = Limits(max_list_members=0)
    assert len(parse_cache_control(", ".join(f"a{number}" for number in range(1000)), off).extensions) == 1000


def test_directives_are_written() -> None:
    control = CacheControl(
        max_age=60,
        stale_if_error=2**40,
        no_cache=True,
        private=True,
        private_fields=("set-cookie", "x"),
        must_revalidate=True,
        extensions=(("a", None), ("b", "c"), ("d", 'e"f')),
    )
    assert format_cache_control(control) == (
        'max-age=60, stale-if-error=2147483648, no-cache, private="set-cookie, x", must-revalidate, a, b=c, d="e\\"f"'
    )
    assert format_cache_control(CacheControl()) == ""


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"max_age": -1}, id="negative"),
        pytest.param({"private": True, "private_fields": ('a"',)}, id="field-that-is-no-token"),
        pytest.param({"extensions": (("a, b", None),)}, id="extension-that-is-no-token"),
        pytest.param({"extensions": (("a", "b\r\nX: y"),)}, id="line-end-in-an-argument"),
    ],
)
def test_what_would_mean_something_else_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_cache_control(CacheControl(**facts))
    assert caught.value.code == "bad-field-value"
