"""Entity tags and what the conditions of a request come to."""

import pytest
from multidict import CIMultiDict

from skerry.http import LocalProtocolError
from skerry.http.conditional import (
    NOT_MODIFIED,
    PRECONDITION_FAILED,
    PROCEED,
    PROCEED_WITH_THE_WHOLE,
    Decision,
    ETag,
    decide_conditions,
    format_etag,
    parse_etag,
    parse_etags,
)

CHANGED = 784111777
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT"
AFTER = "Sun, 06 Nov 1994 08:49:38 GMT"


def test_a_tag_has_a_value_and_may_be_weak() -> None:
    assert ETag("a") == ETag(value="a", is_weak=False)
    assert ETag("a") != ETag("a", True)
    assert len({ETag("a"), ETag("a")}) == 1
    assert repr(ETag("a")) == "ETag(value='a', is_weak=False)"


@pytest.mark.parametrize(
    ("text", "etag"),
    [
        pytest.param('"xyzzy"', ETag("xyzzy"), id="rfc9110-8.8.3-strong"),
        pytest.param('W/"xyzzy"', ETag("xyzzy", True), id="rfc9110-8.8.3-weak"),
        pytest.param('""', ETag(""), id="rfc9110-8.8.3-empty"),
        pytest.param('"\xe4,\\"', ETag("\xe4,\\"), id="rfc9110-8.8.3-obs-text-comma-backslash"),
        pytest.param(' "a"\t', ETag("a"), id="white-space-around"),
        pytest.param('w/"a"', None, id="rfc9110-8.8.3-weak-has-case"),
        pytest.param("a", None, id="no-quotes"),
        pytest.param('"a b"', None, id="space"),
        pytest.param('"a', None, id="no-end"),
        pytest.param('"a"b', None, id="something-behind"),
        pytest.param('"a"\n', None, id="line-end"),
        pytest.param('"a\x00"', None, id="nul"),
        pytest.param("", None, id="empty-field"),
    ],
)
def test_a_tag_is_read(text: str, etag: ETag | None) -> None:
    assert parse_etag(text) == etag
    if etag is not None:
        assert format_etag(etag) == text.strip()


@pytest.mark.parametrize("value", ['a"b', "a b", "a\r\n", "a\x7f", "\t"])
def test_a_tag_that_would_break_its_quotes_is_not_written(value: str) -> None:
    with pytest.raises(LocalProtocolError, match="entity tag"):
        format_etag(ETag(value))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        pytest.param('"a"', ["a"], id="rfc9110-13.1.1-one"),
        pytest.param('"a", W/"b" ,"c"', ["a", "b", "c"], id="rfc9110-13.1.1-several"),
        pytest.param(', "a",,"b",', ["a", "b"], id="rfc9110-5.6.1-empty-members"),
        pytest.param('"a,b", "c"', ["a,b", "c"], id="comma-inside"),
        pytest.param(" * ", ["*"], id="rfc9110-13.1.1-any"),
        pytest.param('"a", *', ["a"], id="star-in-a-list"),
        pytest.param('*, "a"', [], id="star-first"),
        pytest.param('"a", b, "c"', ["a"], id="up-to-the-first-bad-one"),
        pytest.param('"a" "b"', [], id="no-comma"),
        pytest.param('"a"x, "b"', [], id="word-behind"),
        pytest.param("", [], id="empty"),
    ],
)
def test_tags_are_read_up_to_the_first_that_is_none(text: str, values: list[str]) -> None:
    assert [etag.value for etag in parse_etags(text)] == values


@pytest.mark.parametrize(
    ("one", "other", "strong", "weak"),
    [
        pytest.param(ETag("1", True), ETag("1", True), False, True, id="rfc9110-8.8.3.2-both-weak"),
        pytest.param(ETag("1", True), ETag("2", True), False, False, id="rfc9110-8.8.3.2-weak-and-different"),
        pytest.param(ETag("1", True), ETag("1"), False, True, id="rfc9110-8.8.3.2-one-weak"),
        pytest.param(ETag("1"), ETag("1"), True, True, id="rfc9110-8.8.3.2-strong"),
    ],
)
def test_tags_compare_strongly_and_weakly(one: ETag, other: ETag, strong: bool, weak: bool) -> None:
    assert one.matches(other) is other.matches(one) is strong
    assert one.matches(other, weakly=True) is other.matches(one, weakly=True) is weak


def decide(method: str, *fields: tuple[str, str], weak: bool = False, **facts: int | bool | None) -> Decision:
    known = {"last_modified": CHANGED, **facts}
    return decide_conditions(method, CIMultiDict(fields), etag=ETag("a", weak), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "fields", "decision"),
    [
        pytest.param("GET", [], PROCEED, id="none"),
        pytest.param("PUT", [("If-Match", '"a"')], PROCEED_WITH_THE_WHOLE, id="13.1.1-matches"),
        pytest.param("PUT", [("If-Match", '"b"')], PRECONDITION_FAILED, id="13.1.1-differs"),
        pytest.param("GET", [("If-Match", '"b"')], PRECONDITION_FAILED, id="13.1.1-get"),
        pytest.param("PUT", [("If-Match", 'W/"a"')], PRECONDITION_FAILED, id="13.1.1-strong-comparison"),
        pytest.param("PUT", [("If-Match", "*")], PROCEED_WITH_THE_WHOLE, id="13.1.1-any"),
        pytest.param("PUT", [("If-Match", "a")], PRECONDITION_FAILED, id="13.1.1-unreadable-is-safe"),
        pytest.param("PUT", [("If-Match", '"b"'), ("if-match", '"a"')], PROCEED_WITH_THE_WHOLE, id="two-fields"),
        pytest.param("PUT", [("If-Unmodified-Since", DATE)], PROCEED_WITH_THE_WHOLE, id="13.1.4-same"),
        pytest.param("PUT", [("If-Unmodified-Since", BEFORE)], PRECONDITION_FAILED, id="13.1.4-changed"),
        pytest.param("PUT", [("If-Unmodified-Since", "x")], PROCEED_WITH_THE_WHOLE, id="13.1.4-no-date"),
        pytest.param(
            "PUT", [("If-Unmodified-Since", BEFORE)] * 2, PROCEED_WITH_THE_WHOLE, id="13.1.4-twice-is-missing"
        ),
        pytest.param(
            "PUT", [("If-Match", '"a"'), ("If-Unmodified-Since", BEFORE)], PROCEED_WITH_THE_WHOLE, id="13.2.2-step-2"
        ),
        pytest.param("GET", [("If-None-Match", '"a"')], NOT_MODIFIED, id="13.1.2-matches"),
        pytest.param("HEAD", [("If-None-Match", '"a"')], NOT_MODIFIED, id="13.1.2-head"),
        pytest.param("PUT", [("If-None-Match", '"a"')], PRECONDITION_FAILED, id="13.1.2-put"),
        pytest.param("GET", [("If-None-Match", 'W/"a"')], NOT_MODIFIED, id="13.1.2-weak-comparison"),
        pytest.param("GET", [("If-None-Match", '"b", "c"')], PROCEED, id="13.1.2-differs"),
        pytest.param("GET", [("If-None-Match", "*")], NOT_MODIFIED, id="13.1.2-any"),
        pytest.param("GET", [("If-None-Match", "a")], PROCEED, id="13.1.2-unreadable"),
        pytest.param("GET", [("If-Modified-Since", DATE)], NOT_MODIFIED, id="13.1.3-same"),
        pytest.param("GET", [("If-Modified-Since", AFTER)], NOT_MODIFIED, id="13.1.3-later"),
        pytest.param("GET", [("If-Modified-Since", BEFORE)], PROCEED, id="13.1.3-changed"),
        pytest.param("POST", [("If-Modified-Since", DATE)], PROCEED_WITH_THE_WHOLE, id="13.1.3-get-and-head-alone"),
        pytest.param("GET", [("If-Modified-Since", "0")], PROCEED, id="13.1.3-no-date"),
        pytest.param("GET", [("If-None-Match", '"b"'), ("If-Modified-Since", DATE)], PROCEED, id="13.2.2-step-4"),
        pytest.param("GET", [("If-Match", '"b"'), ("If-None-Match", '"a"')], PRECONDITION_FAILED, id="13.2.2-order"),
        pytest.param("GET", [("If-Range", '"a"')], PROCEED, id="13.1.5-tag"),
        pytest.param("GET", [("If-Range", '"b"')], PROCEED_WITH_THE_WHOLE, id="13.1.5-other-tag"),
        pytest.param("GET", [("If-Range", 'W/"a"')], PROCEED_WITH_THE_WHOLE, id="13.1.5-weak-tag"),
        pytest.param("GET", [("If-Range", DATE)], PROCEED, id="13.1.5-date"),
        pytest.param("GET", [("If-Range", AFTER)], PROCEED_WITH_THE_WHOLE, id="13.1.5-exact-date"),
        pytest.param("GET", [("If-Range", "x")], PROCEED_WITH_THE_WHOLE, id="13.1.5-unreadable"),
        pytest.param("GET", [("If-Range", '"a"')] * 2, PROCEED_WITH_THE_WHOLE, id="13.1.5-twice"),
        pytest.param("HEAD", [], PROCEED_WITH_THE_WHOLE, id="14.2-range-is-for-get"),
    ],
)
def test_conditions_are_looked_at_in_the_order_of_rfc_9110(
    method: str, fields: list[tuple[str, str]], decision: Decision
) -> None:
    assert decide(method, *fields) == decision


def test_a_resource_that_is_not_there_matches_nothing() -> None:
    assert decide("PUT", ("If-None-Match", "*"), exists=False) == PROCEED_WITH_THE_WHOLE
    assert decide("PUT", ("If-None-Match", '"a"'), exists=False) == PROCEED_WITH_THE_WHOLE
    assert decide("PUT", ("If-Match", "*"), exists=False) == PRECONDITION_FAILED
    assert decide("PUT", ("If-Match", '"a"'), exists=False) == PRECONDITION_FAILED


def test_what_is_not_known_fails_no_date() -> None:
    assert decide("GET", ("If-Modified-Since", DATE), last_modified=None) == PROCEED
    assert decide("PUT", ("If-Unmodified-Since", BEFORE), last_modified=None).status is None
    assert decide("GET", ("If-Range", DATE), last_modified=None) == PROCEED_WITH_THE_WHOLE


def test_a_resource_without_a_tag_is_in_no_list() -> None:
    headers = CIMultiDict([("If-Match", '"a"')])
    assert decide_conditions("PUT", headers, etag=None, last_modified=None) == PRECONDITION_FAILED
    headers = CIMultiDict([("If-Range", '"a"')])
    assert decide_conditions("GET", headers, etag=None, last_modified=None) == PROCEED_WITH_THE_WHOLE


def test_a_weak_tag_of_the_resource_is_fit_for_reading_alone() -> None:
    assert decide("GET", ("If-None-Match", '"a"'), weak=True) == NOT_MODIFIED
    assert decide("PUT", ("If-Match", '"a"'), weak=True) == PRECONDITION_FAILED
    assert decide("GET", ("If-Range", '"a"'), weak=True) == PROCEED_WITH_THE_WHOLE


@pytest.mark.parametrize(("now", "fit"), [(CHANGED, False), (CHANGED + 1, True), (None, True)])
def test_a_date_of_this_second_is_not_fit_for_a_range(now: int | None, fit: bool) -> None:
    assert decide("GET", ("If-Range", DATE), now=now).may_use_range is fit
