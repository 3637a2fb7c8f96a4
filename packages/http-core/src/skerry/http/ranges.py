"""Parts of a representation: Range, Content-Range, and what of a body they stand for (RFC 9110 §14).

A Range field is a wish: who cannot read it, or does not want to, sends the whole. Many ranges over the same octets make
a server send a body many times over (RFC 9110 §17.15); here ranges that overlap become one.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from .errors import LocalProtocolError, RemoteProtocolError
from .grammar import MAX_LENGTH
from .limits import DEFAULT_LIMITS

__all__ = [
    "ContentRange",
    "RangeError",
    "RangeSpec",
    "Span",
    "coalesce_spans",
    "format_content_range",
    "format_range",
    "parse_content_range",
    "parse_range",
    "range_slice",
    "resolve_ranges",
    "select_spans",
]

PART_OVERHEAD: Final = 128
"""Octets that one more part of multipart/byteranges costs, about; two ranges nearer than that are sent as one."""

_UNIT = re.compile(r"bytes=", re.ASCII | re.IGNORECASE)
_RANGE = re.compile(r"([0-9]*+)-([0-9]*+)")
_CONTENT_RANGE = re.compile(r"bytes (?:([0-9]++)-([0-9]++)|\*)/([0-9]++|\*)", re.ASCII | re.IGNORECASE)
_MAX_DIGITS = 19


class RangeError(RemoteProtocolError, ValueError):
    """A Range field that is not one range of octets; ``code`` is ``bad-range``, the status hint 416."""


class RangeSpec(NamedTuple):
    """One range as the client asked for it."""

    first: int | None
    """Position of the first octet, from 0; None asks for the last ``last`` octets."""
    last: int | None
    """Position of the last octet, included; None goes to the end. Without ``first``, how many octets from the end."""


class Span(NamedTuple):
    """One range of a body whose size is known: ``body[start:stop]``."""

    start: int
    """Position of the first octet."""
    stop: int
    """Position behind the last octet."""


class ContentRange(NamedTuple):
    """What a Content-Range says."""

    span: Span | None
    """The octets that the body holds; None in an answer with 416."""
    size: int | None
    """Octets of the whole; None when the sender does not know."""


def _number(digits: str) -> int:
    """Return a number of ASCII digits, or the greatest position there is when it is beyond that."""
    digits = digits.lstrip("0") or "0"
    return min(int(digits), MAX_LENGTH) if len(digits) <= _MAX_DIGITS else MAX_LENGTH


def parse_range(text: str, *, max_ranges: int = DEFAULT_LIMITS.max_ranges) -> tuple[RangeSpec, ...] | None:
    """Return the ranges that a Range field asks for, in its order.

    Args:
        text: Field value.
        max_ranges: How many ranges are looked at; 0 for any number.

    Returns:
        At least one range; None when the field is to be ignored: another unit than octets, a broken grammar, a range
        that ends before it begins, or too many. Numbers above 2**63-1 are taken as that.

    Source: RFC 9110 §14.1, §14.2.
    """
    text = text.strip(" \t")
    unit = _UNIT.match(text)
    if unit is None:
        return None
    found: list[RangeSpec] = []
    at = unit.end()
    while at <= len(text):
        comma = text.find(",", at)
        stop = len(text) if comma < 0 else comma
        member = text[at:stop].strip(" \t")
        at = stop + 1
        if not member:
            continue
        hit = _RANGE.fullmatch(member)
        if hit is None or (max_ranges and len(found) == max_ranges):
            return None
        first = _number(hit[1]) if hit[1] else None
        last = _number(hit[2]) if hit[2] else None
        if (first is None and last is None) or (first is not None and last is not None and last < first):
            return None
        found.append(RangeSpec(first, last))
    return tuple(found) or None


def format_range(ranges: Sequence[RangeSpec]) -> str:
    """Return the value of a Range field.

    Raises:
        LocalProtocolError: There is no range, one is empty or ends before it begins, or a number is negative or above
            2**63-1 (``bad-range``).

    Source: RFC 9110 §14.1.2.
    """
    members: list[str] = []
    for first, last in ranges:
        text = f"{'' if first is None else first}-{'' if last is None else last}"
        if parse_range(f"bytes={text}") != (RangeSpec(first, last),):
            raise LocalProtocolError("bad-range", where="Range", seen=text, expected="first-last, first- or -count")
        members.append(text)
    if not members:
        raise LocalProtocolError("bad-range", where="Range", problem="no range")
    return "bytes=" + ", ".join(members)


def resolve_ranges(ranges: Sequence[RangeSpec], size: int) -> tuple[Span, ...]:
    """Return what the ranges are in a body of ``size`` octets; those with nothing in it are left out.

    An empty result means that the answer is 416.

    Source: RFC 9110 §14.1.2.
    """
    found: list[Span] = []
    for first, last in ranges:
        if first is None:
            span = Span(max(0, size - (last or 0)), size)
        else:
            span = Span(first, size if last is None else min(last + 1, size))
        if span.start < span.stop:
            found.append(span)
    return tuple(found)


def coalesce_spans(spans: Sequence[Span], *, gap: int = PART_OVERHEAD) -> tuple[Span, ...]:
    """Join spans that overlap, touch, or are no further apart than ``gap`` octets.

    Returns:
        Spans that share no octet. Each stands where the first of those that it was made of stood.

    Source: RFC 9110 §15.3.7.2, §17.15.
    """
    order = sorted(range(len(spans)), key=lambda index: spans[index])
    joined: list[tuple[int, Span]] = []
    for index in order:
        span = spans[index]
        if joined and span.start <= joined[-1][1].stop + gap:
            place, before = joined[-1]
            joined[-1] = (min(place, index), Span(before.start, max(before.stop, span.stop)))
        else:
            joined.append((index, span))
    return tuple(span for _, span in sorted(joined))


def select_spans(
    text: str | None, size: int, *, max_ranges: int = DEFAULT_LIMITS.max_ranges
) -> tuple[Span, ...] | None:
    """Return what to send of a body of ``size`` octets.

    Args:
        text: Value of the Range field, None when there is none or it is to be ignored.
        size: Octets of the whole.
        max_ranges: As for ``parse_range``.

    Returns:
        None for the whole (200), one span or several that share no octet (206), an empty tuple for nothing (416).

    Source: RFC 9110 §14.2.
    """
    ranges = None if text is None else parse_range(text, max_ranges=max_ranges)
    return None if ranges is None else coalesce_spans(resolve_ranges(ranges, size))


def range_slice(text: str | None) -> slice:
    """Return a Range field with one range as a slice, as ``Request.http_range`` gives it.

    Args:
        text: Field value; None is a missing field.

    Returns:
        ``slice(0, 6, 1)`` for ``bytes=0-5``, ``slice(5, None, 1)`` for ``bytes=5-``, ``slice(-5, None, 1)`` for
        ``bytes=-5``; ``slice(None, None, 1)`` when the field is missing.

    Raises:
        RangeError: Anything else: another unit, a broken grammar, several ranges, an end before the start, or the
            last 0 octets (``bad-range``).

    Source: RFC 9110 §14.2.
    """
    if text is None:
        return slice(None, None, 1)
    ranges = parse_range(text, max_ranges=1)
    if ranges is None or ranges[0] == (None, 0):
        raise RangeError("bad-range", where="Range", seen=text, expected="one range of octets, as in bytes=0-99")
    first, last = ranges[0]
    if first is None:
        return slice(-(last or 0), None, 1)
    return slice(first, None if last is None else last + 1, 1)


def parse_content_range(text: str) -> ContentRange | None:
    """Return what a Content-Range says, or None when it is not readable or cannot be.

    Source: RFC 9110 §14.4.
    """
    hit = _CONTENT_RANGE.fullmatch(text.strip(" \t"))
    if hit is None:
        return None
    size = None if hit[3] == "*" else _number(hit[3])
    if hit[1] is None:
        return None if size is None else ContentRange(None, size)
    first, last = _number(hit[1]), _number(hit[2])
    if last < first or (size is not None and last >= size):
        return None
    return ContentRange(Span(first, last + 1), size)


def format_content_range(span: Span | None, size: int | None) -> str:
    """Return the value of a Content-Range field.

    Args:
        span: The octets that are sent; None in an answer with 416.
        size: Octets of the whole; None when it is not known yet.

    Raises:
        LocalProtocolError: The span is empty, negative or goes beyond the size, or neither is given (``bad-range``).

    Source: RFC 9110 §14.4, §15.5.17.
    """
    text = f"bytes {'*' if span is None else f'{span.start}-{span.stop - 1}'}/{'*' if size is None else size}"
    if parse_content_range(text) != (span, size):
        raise LocalProtocolError("bad-range", where="Content-Range", seen=text, expected="a span within the size")
    return text
