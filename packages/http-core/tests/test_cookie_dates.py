"""Cookie-dates: words in any order, thirty years of servers, and nothing that is no date."""

import pytest

from skerry.http.cookie_dates import EARLIEST, LATEST, format_cookie_date, parse_cookie_date

NOVEMBER = 784111777  # 1994-11-06 08:49:37


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Sun, 06 Nov 1994 08:49:37 GMT", id="rfc9110-5.6.7-imf-fixdate"),
        pytest.param("Sunday, 06-Nov-94 08:49:37 GMT", id="rfc9110-5.6.7-rfc850"),
        pytest.param("Sun Nov  6 08:49:37 1994", id="rfc9110-5.6.7-asctime"),
        pytest.param("1994 NOVEMBER 6 8:49:37", id="rfc6265bis-5.1.1-any-order-and-case"),
        pytest.param("6th;november'1994,,8:49:37pm", id="rfc6265bis-5.1.1-text-behind-the-words"),
        pytest.param("08:49:37 6 Nov 94 +0500", id="rfc6265bis-5.1.1-zones-are-ignored"),
        pytest.param("08:49:37 6 Nov 94 7 Dec 95 09:50:38", id="rfc6265bis-5.1.1-the-first-of-each-counts"),
        pytest.param("\t08:49:37\t6\tNov\t94", id="rfc6265bis-5.1.1-tab-delimits"),
        pytest.param("Sun, 06 Nov 1994 08:49:37 GMT" + " 1" * 5000, id="long"),
    ],
)
def test_a_date_is_found_in_many_shapes(text: str) -> None:
    assert parse_cookie_date(text) == NOVEMBER


@pytest.mark.parametrize(
    ("year", "full"),
    [
        pytest.param("69", 2069, id="69-is-to-come"),
        pytest.param("70", 1970, id="70-is-past"),
        pytest.param("99", 1999, id="99-is-past"),
        pytest.param("00", 2000, id="00-is-2000"),
        pytest.param("101", None, id="three-digits-are-before-1601"),
        pytest.param("1600", None, id="1600-is-too-early"),
        pytest.param("1601", 1601, id="1601"),
        pytest.param("9999", 9999, id="9999"),
        pytest.param("10000", None, id="five-digits"),
        pytest.param("0", None, id="one-digit"),
    ],
)
def test_the_year_is_completed_as_browsers_do(year: str, full: int | None) -> None:
    seconds = parse_cookie_date(f"01 Jan {year} 00:00:00")
    assert (seconds is None) is (full is None)
    if seconds is not None:
        assert format_cookie_date(seconds)[5:] == f"01 Jan {full} 00:00:00 GMT"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("06 Nov 1994", id="no-time"),
        pytest.param("Nov 1994 08:49:37", id="the-year-has-too-many-digits-for-a-day"),
        pytest.param("06 1994 08:49:37", id="no-month"),
        pytest.param("06 Nov 08:49:37", id="no-year"),
        pytest.param("00 Nov 1994 08:49:37", id="day-0"),
        pytest.param("31 Nov 1994 08:49:37", id="rfc6265bis-5.1.1-no-such-day"),
        pytest.param("29 Feb 1900 08:49:37", id="no-leap-year"),
        pytest.param("32 Nov 1994 08:49:37", id="day-32"),
        pytest.param("06 Nov 1994 24:00:00", id="hour-24"),
        pytest.param("06 Nov 1994 23:60:00", id="minute-60"),
        pytest.param("06 Nov 1994 23:59:60", id="second-60"),
        pytest.param("06 Nov 1994 08:49", id="no-seconds"),
        pytest.param("06 Nov 1994 08:49:378", id="three-digits-of-seconds"),
        pytest.param("0\u0666 Nov 1994 08:49:37", id="arabic-digit-of-the-day"),
        pytest.param("06 Nov \u0661\u0669\u0669\u0664 08:49:37", id="arabic-digits-of-the-year"),
        pytest.param("06 \uff2eov 1994 08:49:37", id="full-width-letter"),
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_cookie_date(text) is None


def test_a_date_is_written_as_an_imf_fixdate() -> None:
    assert format_cookie_date(NOVEMBER) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert format_cookie_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert format_cookie_date(-1) == "Wed, 31 Dec 1969 23:59:59 GMT"


def test_times_beyond_the_range_are_written_as_its_ends() -> None:
    assert format_cookie_date(EARLIEST - 1) == "Mon, 01 Jan 1601 00:00:00 GMT"
    assert format_cookie_date(LATEST + 10**30) == "Fri, 31 Dec 9999 23:59:59 GMT"
