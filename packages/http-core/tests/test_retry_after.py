"""Retry-After: seconds or a date."""

import pytest

from skerry.http import LocalProtocolError
from skerry.http.retry_after import MAX_DELAY_S, format_retry_after, format_retry_at, parse_retry_after

NOW = 784111777


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [
        pytest.param("120", 120, id="rfc9110-10.2.3-seconds"),
        pytest.param(" 0 ", 0, id="at-once"),
        pytest.param("0007", 7, id="leading-zeros"),
        pytest.param("9" * 5000, MAX_DELAY_S, id="more-digits-than-python-takes"),
        pytest.param("2147483648", MAX_DELAY_S, id="above-the-greatest"),
        pytest.param("Sun, 06 Nov 1994 08:51:37 GMT", 120, id="rfc9110-10.2.3-date"),
        pytest.param("Sun, 06 Nov 1994 08:49:36 GMT", 0, id="date-has-passed"),
        pytest.param("Sunday, 06-Nov-94 08:51:37 GMT", 120, id="rfc9110-5.6.7-short-year"),
        pytest.param("Fri, 31 Dec 9999 23:59:59 GMT", MAX_DELAY_S, id="far-away"),
        pytest.param("", None, id="empty"),
        pytest.param("-1", None, id="negative"),
        pytest.param("1.5", None, id="fraction"),
        pytest.param("1_0", None, id="underscore"),
        pytest.param("\u0661", None, id="no-ascii-digit"),
        pytest.param("soon", None, id="word"),
    ],
)
def test_a_delay_is_read(text: str, delay_s: int | None) -> None:
    assert parse_retry_after(text, now=NOW) == delay_s


def test_a_delay_and_a_moment_are_written() -> None:
    assert format_retry_after(120) == "120"
    assert format_retry_at(NOW) == "Sun, 06 Nov 1994 08:49:37 GMT"


def test_nobody_waits_backwards() -> None:
    with pytest.raises(LocalProtocolError, match="Retry-After"):
        format_retry_after(-1)
