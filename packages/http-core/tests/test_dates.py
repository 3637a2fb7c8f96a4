"""Dates: read in three forms, written in one, on every day there is."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from skerry.http import LocalProtocolError
from skerry.http.dates import (
    format_date,
    format_date_of_now,
    from_datetime,
    parse_date,
    parse_http_date,
    to_datetime,
)

EXAMPLE = 784111777
JANUARY_2026 = 1767225600


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(EXAMPLE, "Sun, 06 Nov 1994 08:49:37 GMT", id="rfc9110-5.6.7-example"),
        pytest.param(0, "Thu, 01 Jan 1970 00:00:00 GMT", id="epoch"),
        pytest.param(-1, "Wed, 31 Dec 1969 23:59:59 GMT", id="before-the-epoch"),
        pytest.param(951782400, "Tue, 29 Feb 2000 00:00:00 GMT", id="leap-day"),
        pytest.param(253402300799, "Fri, 31 Dec 9999 23:59:59 GMT", id="last"),
        pytest.param(-62135596800, "Mon, 01 Jan 0001 00:00:00 GMT", id="first"),
    ],
)
def test_a_date_is_written_and_read(seconds: int, text: str) -> None:
    assert format_date(seconds) == text
    assert format_date_of_now(seconds) == text
    assert parse_date(text) == seconds


@pytest.mark.parametrize("seconds", [253402300800, -62135596801, 10**30, -(10**30)])
def test_a_year_that_has_no_four_digits_is_refused(seconds: int) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_date(seconds)
    assert caught.value.code == "bad-field-value"


def test_the_date_of_now_is_made_once_a_second() -> None:
    first = format_date_of_now(EXAMPLE)
    assert format_date_of_now(EXAMPLE) is first
    assert format_date_of_now(EXAMPLE + 1) == "Sun, 06 Nov 1994 08:49:38 GMT"
    assert format_date_of_now(EXAMPLE) == first


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Sunday, 06-Nov-94 08:49:37 GMT", id="rfc9110-5.6.7-rfc850"),
        pytest.param("Sun Nov  6 08:49:37 1994", id="rfc9110-5.6.7-asctime"),
        pytest.param("Sun Nov 06 08:49:37 1994", id="asctime-with-zero"),
        pytest.param(" Sun, 06 Nov 1994 08:49:37 GMT\t", id="white-space-around"),
        pytest.param("sun, 06 NOV 1994 08:49:37 gmt", id="case"),
        pytest.param("Mon, 06 Nov 1994 08:49:37 GMT", id="wrong-day-of-the-week"),
        pytest.param("06 Nov 1994 08:49:37 GMT", id="no-day-of-the-week"),
        pytest.param("Sun, 6 Nov 1994 08:49:37 GMT", id="one-digit"),
        pytest.param("Sun, 06-Nov-1994 08:49:37 GMT", id="hyphens-and-four-digits"),
        pytest.param("Sun, 06 Nov 94 08:49:37 GMT", id="spaces-and-two-digits"),
        pytest.param("Sun, 06 Nov 1994 08:49:37 UTC", id="utc"),
    ],
)
def test_the_other_forms_are_read(text: str) -> None:
    assert parse_date(text) == EXAMPLE
    assert parse_http_date(text) == datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 31 Feb 2020 00:00:00 GMT",
        "Sun, 29 Feb 1900 00:00:00 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun, 06 Xyz 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT\n",
        "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
        "\u017fun, 06 Nov 1994 08:49:37 GMT",
        "Sun,  06 Nov 1994 08:49:37 GMT",
        "Fri, 31 Dec 9999 23:59:60 GMT",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 GMT" + " " * 100,
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    assert parse_date(text) is None
    assert parse_http_date(text) is None


def test_a_leap_second_is_the_first_of_the_next_minute() -> None:
    assert parse_date("Sat, 31 Dec 2016 23:59:60 GMT") == parse_date("Sun, 01 Jan 2017 00:00:00 GMT")


@pytest.mark.parametrize(
    ("text", "now", "year"),
    [
        pytest.param("06-Nov-94", None, 1994, id="no-clock-20th"),
        pytest.param("06-Nov-69", None, 2069, id="no-clock-21st"),
        pytest.param("06-Nov-70", None, 1970, id="no-clock-1970"),
        pytest.param("06-Nov-94", JANUARY_2026, 1994, id="rfc9110-5.6.7-past"),
        pytest.param("06-Nov-27", JANUARY_2026, 2027, id="rfc9110-5.6.7-near-future"),
        pytest.param("01-Jan-76", JANUARY_2026, 2076, id="rfc9110-5.6.7-fifty-years-to-the-second"),
        pytest.param("02-Jan-76", JANUARY_2026, 1976, id="rfc9110-5.6.7-more-than-fifty-years"),
        pytest.param("06-Nov-05", 4070908800, 2105, id="next-century"),
        pytest.param("29-Feb-00", JANUARY_2026, 2000, id="leap-day"),
    ],
)
def test_a_year_of_two_digits_is_at_most_fifty_years_ahead(text: str, now: int | None, year: int) -> None:
    seconds = parse_date(f"Sunday, {text} 00:00:00 GMT", now=now)
    assert seconds is not None
    assert to_datetime(seconds).year == year


def test_a_clock_out_of_all_range_reads_no_short_year() -> None:
    assert parse_date("Sunday, 06-Nov-94 08:49:37 GMT", now=10**30) is None
    assert parse_date("Friday, 31-Dec-49 00:00:00 GMT", now=253402300799) is None


def test_a_missing_date_is_none() -> None:
    assert parse_http_date(None) is None


def test_moments_and_seconds_are_the_same() -> None:
    moment = datetime(1994, 11, 6, 8, 49, 37, 999999, tzinfo=UTC)
    assert from_datetime(moment) == EXAMPLE
    assert from_datetime(moment.replace(tzinfo=None)) == EXAMPLE
    assert from_datetime(moment.astimezone(timezone(timedelta(hours=5)))) == EXAMPLE
    assert to_datetime(EXAMPLE) == moment.replace(microsecond=0)
    assert from_datetime(datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC)) == -1
    with pytest.raises(OverflowError):
        to_datetime(10**15)
