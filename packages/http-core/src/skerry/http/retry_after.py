"""Retry-After: when to come again (RFC 9110 §10.2.3)."""

import re

from .dates import format_date, parse_date
from .errors import LocalProtocolError

__all__ = ["format_retry_after", "format_retry_at", "parse_retry_after"]

_DIGITS = re.compile(r"[0-9]++")
_MAX_DIGITS = 10

MAX_DELAY_S = 2**31 - 1
"""Greatest delay that is returned, 68 years; a longer one is taken for that (RFC 9111 §1.2.2 does so for ages)."""


def parse_retry_after(text: str, *, now: int) -> int | None:
    """Return how many seconds to wait, or None when the field is not readable.

    Whoever waits sets a bound of his own first: a peer can ask for years.

    Args:
        text: Field value: a number of seconds, or a date.
        now: Seconds since 1970 by the clock of the caller, better still by the Date field of the response.

    Returns:
        0 to ``MAX_DELAY_S``; a date that has passed is 0.

    Source: RFC 9110 §10.2.3, §5.6.7.
    """
    text = text.strip(" \t")
    if _DIGITS.fullmatch(text):
        digits = text.lstrip("0") or "0"
        return min(int(digits), MAX_DELAY_S) if len(digits) <= _MAX_DIGITS else MAX_DELAY_S
    moment = parse_date(text, now=now)
    return None if moment is None else min(max(0, moment - now), MAX_DELAY_S)


def format_retry_after(delay_s: int) -> str:
    """Return the value of a Retry-After field that asks to wait ``delay_s`` seconds.

    Raises:
        LocalProtocolError: The delay is negative (``bad-field-value``).

    Source: RFC 9110 §10.2.3.
    """
    if delay_s < 0:
        raise LocalProtocolError(
            "bad-field-value", where="Retry-After", seen=str(delay_s), expected="0 or more seconds"
        )
    return str(delay_s)


def format_retry_at(seconds: int) -> str:
    """Return the value of a Retry-After field that names a moment.

    Args:
        seconds: Seconds since 1970-01-01 UTC.

    Raises:
        LocalProtocolError: As for ``format_date``.

    Source: RFC 9110 §10.2.3.
    """
    return format_date(seconds)
