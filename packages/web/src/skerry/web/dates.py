"""The Date field of responses, formatted once a second (RFC 9110 §5.6.7, §6.6.1)."""

import time

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_second = -1
_text = ""


def format_date(seconds: int) -> str:
    """Return an IMF-fixdate, in English whatever the locale.

    Args:
        seconds: Seconds since 1970-01-01 UTC.
    """
    year, month, day, hour, minute, second, weekday, _, _ = time.gmtime(seconds)
    return f"{_DAYS[weekday]}, {day:02d} {_MONTHS[month - 1]} {year:04d} {hour:02d}:{minute:02d}:{second:02d} GMT"


def date_now() -> str:
    """Return the Date value of this second."""
    global _second, _text
    now = int(time.time())
    if now != _second:
        _text = format_date(now)
        _second = now
    return _text
