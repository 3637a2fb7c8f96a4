"""Dates of HTTP: read in the three forms of RFC 9110, written in the one that is left (§5.6.7).

There is no clock in here: who formats the date of now brings the seconds. Days and months are English whatever the
locale.
"""

import re
from datetime import UTC, date, datetime, timedelta

from .errors import LocalProtocolError

__all__ = ["format_date", "format_date_of_now", "from_datetime", "parse_date", "parse_http_date", "to_datetime"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBERS = {name.lower(): number for number, name in enumerate(_MONTHS, 1)}
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_S = 86400
_LAST = (date.max.toordinal() - _EPOCH + 1) * _DAY_S - 1  # a leap second could go beyond

MAX_DATE_LENGTH = 48
"""Characters of the longest text that is looked at; the longest date has 33."""

# IGNORECASE with ASCII folds A to Z alone. The day of the week says nothing that the date does not.
_FLAGS = re.ASCII | re.IGNORECASE
_MONTH = "(?P<month>" + "|".join(_MONTHS) + ")"
_CLOCK = "(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_FORMS = (
    # IMF-fixdate, and the mixtures of it with the next form that old servers send in cookies and Expires
    re.compile(
        rf"(?:[a-z]{{3,9}}, )?(?P<day>[0-9]{{1,2}})[ -]{_MONTH}[ -](?P<year>[0-9]{{4}}) {_CLOCK} (?:GMT|UTC)", _FLAGS
    ),
    # rfc850-date
    re.compile(
        rf"(?:[a-z]{{3,9}}, )?(?P<day>[0-9]{{1,2}})[ -]{_MONTH}[ -](?P<year>[0-9]{{2}}) {_CLOCK} (?:GMT|UTC)", _FLAGS
    ),
    # asctime-date
    re.compile(rf"[a-z]{{3}} {_MONTH} (?P<day>[ 0-9][0-9]) {_CLOCK} (?P<year>[0-9]{{4}})", _FLAGS),
)

_last = (-1, "")


def format_date(seconds: int) -> str:
    """Return an IMF-fixdate: ``Sun, 06 Nov 1994 08:49:37 GMT``.

    Args:
        seconds: Seconds since 1970-01-01 UTC.

    Raises:
        LocalProtocolError: The date is before the year 1 or after 9999 (``bad-field-value``).

    Source: RFC 9110 §5.6.7.
    """
    days, second = divmod(seconds, _DAY_S)
    try:
        day = date.fromordinal(_EPOCH + days)
    except (ValueError, OverflowError) as error:
        raise LocalProtocolError(
            "bad-field-value", where="date", problem=f"{seconds} seconds after 1970", expected="a year from 1 to 9999"
        ) from error
    minute, second = divmod(second, 60)
    hour, minute = divmod(minute, 60)
    return (
        f"{_DAYS[day.weekday()]}, {day.day:02d} {_MONTHS[day.month - 1]} {day.year:04d} "
        f"{hour:02d}:{minute:02d}:{second:02d} GMT"
    )


def format_date_of_now(seconds: int) -> str:
    """Return the same as ``format_date``, and the same text for the same second without making it again.

    One text is kept: this is for the Date field of responses (RFC 9110 §6.6.1), not for dates of many files.

    Args:
        seconds: Seconds since 1970-01-01 UTC, by the clock of the caller.

    Raises:
        LocalProtocolError: As for ``format_date``.
    """
    global _last
    last = _last  # one tuple, so that a second thread sees a second and its own text
    if last[0] != seconds:
        _last = last = (seconds, format_date(seconds))
    return last[1]


def parse_date(text: str, *, now: int | None = None) -> int | None:
    """Return the seconds since 1970-01-01 UTC that a date stands for, or None when it is not readable.

    Read are IMF-fixdate, rfc850-date and asctime-date, names without case; the day of the week may be wrong or missing,
    hyphens and spaces may be mixed, and UTC may stand for GMT. A leap second is the first second after it.

    Args:
        text: Field value, white space around it allowed.
        now: Seconds since 1970 of this moment, for years of two digits: they are of the latest century in which the
            date is not more than 50 years ahead. Without it, 70 to 99 are of the 20th century, 00 to 69 of the 21st.

    Source: RFC 9110 §5.6.7.
    """
    if len(text) > MAX_DATE_LENGTH:
        return None
    text = text.strip(" \t")
    for form in _FORMS:
        hit = form.fullmatch(text)
        if hit is not None:
            break
    else:
        return None
    year = int(hit["year"])
    hour, minute, second = int(hit["hour"]), int(hit["minute"]), int(hit["second"])
    if hour > 23 or minute > 59 or second > 60:
        return None
    seconds = hour * 3600 + minute * 60 + second
    month, day = _NUMBERS[hit["month"].lower()], int(hit["day"])
    if len(hit["year"]) == 2:
        return _of_short_year(year, month, day, seconds, now)
    return _since_epoch(year, month, day, seconds)


def _since_epoch(year: int, month: int, day: int, seconds: int) -> int | None:
    try:
        moment = (date(year, month, day).toordinal() - _EPOCH) * _DAY_S + seconds
    except ValueError:
        return None
    return moment if moment <= _LAST else None


def _of_short_year(year: int, month: int, day: int, seconds: int, now: int | None) -> int | None:
    if now is None:
        return _since_epoch(year + (1900 if year >= 70 else 2000), month, day, seconds)
    days, second = divmod(now, _DAY_S)
    try:
        today = date.fromordinal(_EPOCH + days)
    except (ValueError, OverflowError):
        return None
    year += today.year - today.year % 100 + 100
    while (year - 50, month, day, seconds) > (today.year, today.month, today.day, second):
        year -= 100
    return _since_epoch(year, month, day, seconds)


def parse_http_date(text: str | None) -> datetime | None:
    """Return a date as a ``datetime`` in UTC, or None when it is missing or not readable.

    Source: RFC 9110 §5.6.7.
    """
    seconds = parse_date(text) if text else None
    return None if seconds is None else to_datetime(seconds)


def to_datetime(seconds: int) -> datetime:
    """Return the ``datetime`` in UTC of seconds since 1970, dates before 1970 included.

    Raises:
        OverflowError: The date is before the year 1 or after 9999.
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def from_datetime(moment: datetime) -> int:
    """Return the whole seconds since 1970 of ``moment``, parts of a second cut; one without a zone is taken as UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
