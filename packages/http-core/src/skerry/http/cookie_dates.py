"""The date of a cookie's ``Expires``: read as browsers read it, written as an IMF-fixdate.

A cookie-date is not the date of the rest of HTTP. It is a bag of words in any order, from which the first time, day,
month and year are taken, so that thirty years of servers are understood. Nothing here knows what time it is.

Source: RFC 6265bis §5.1.1.
"""

import re
from datetime import date
from typing import Final

from .dates import format_date

__all__ = ["format_cookie_date", "parse_cookie_date"]

_DELIMITERS: Final = re.compile(r"[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
# Behind the digits of each word anything may stand that starts with no digit.
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?![0-9])")
_DAY: Final = re.compile(r"([0-9]{1,2})(?![0-9])")
_YEAR: Final = re.compile(r"([0-9]{2,4})(?![0-9])")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NUMBERS: Final = {name: number for number, name in enumerate(_MONTHS, 1)}
_EPOCH: Final = date(1970, 1, 1).toordinal()

MAX_DATE_SIZE: Final = 1024
"""Characters of a cookie-date that are looked at: no attribute of a cookie is longer."""

EARLIEST: Final = (date(1601, 1, 1).toordinal() - _EPOCH) * 86400
"""The first second that a cookie-date can name, as Unix time: the start of the year 1601."""

LATEST: Final = (date(9999, 12, 31).toordinal() - _EPOCH) * 86400 + 86399
"""The last second that a cookie-date can name, as Unix time: the end of the year 9999."""


def parse_cookie_date(text: str) -> int | None:
    """Return the second that a cookie-date names, or None when it names none.

    Args:
        text: Value of an ``Expires`` attribute, any text.

    Returns:
        Unix time in seconds, UTC, whatever zone the text names; from ``EARLIEST`` to ``LATEST``.

    Source: RFC 6265bis §5.1.1.
    """
    time: tuple[int, int, int] | None = None
    day = month = year = -1
    for word in _DELIMITERS.split(text[:MAX_DATE_SIZE]):
        if time is None and (hit := _TIME.match(word)):
            time = (int(hit[1]), int(hit[2]), int(hit[3]))
        elif day < 0 and (hit := _DAY.match(word)):
            day = int(hit[1])
        elif month < 0 and word[:3].isascii() and word[:3].lower() in _MONTH_NUMBERS:
            month = _MONTH_NUMBERS[word[:3].lower()]
        elif year < 0 and (hit := _YEAR.match(word)):
            year = _full_year(int(hit[1]))
    if time is None or day < 0 or month < 0 or year < 1601 or time > (23, 59, 59) or max(time[1:]) > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH
    except ValueError:  # a day that the month does not have
        return None
    return days * 86400 + time[0] * 3600 + time[1] * 60 + time[2]


def _full_year(year: int) -> int:
    if year < 70:
        return year + 2000
    return year + 1900 if year < 100 else year


def format_cookie_date(seconds: int) -> str:
    """Return Unix time as an IMF-fixdate: ``Sun, 06 Nov 1994 08:49:37 GMT``.

    Args:
        seconds: Unix time, UTC; a time outside of ``EARLIEST`` .. ``LATEST`` is written as the nearer of the two.

    Source: RFC 9110 §5.6.7; RFC 6265bis §4.1.1.
    """
    return format_date(min(max(seconds, EARLIEST), LATEST))
