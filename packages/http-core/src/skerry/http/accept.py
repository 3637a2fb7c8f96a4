"""What a client would rather have: Accept and its kin with quality values, and the choice among what there is.

Each field is a list of members with a weight from 0 (not at all) to 1. A member that breaks the grammar is left out.
A field that is missing, empty, or of which nothing is left, asks for nothing in particular; the choice is then the
first of what is offered. Among what a client likes equally well the order of the offer decides.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from .errors import LocalProtocolError
from .limits import DEFAULT_LIMITS
from .mediatypes import MediaType, parse_media_range, parse_media_type
from .quoted import is_token, read_parameters, skip_token, split_list

__all__ = [
    "Weighted",
    "WeightedMediaType",
    "choose_charset",
    "choose_encoding",
    "choose_language",
    "choose_media_type",
    "format_accept",
    "format_weighted",
    "parse_accept",
    "parse_weighted",
]

IDENTITY: Final = "identity"
"""The content coding that leaves the octets as they are (RFC 9110 §12.5.3)."""

# weight of RFC 9110 §12.4.2: at most three digits behind the point
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_ALIASES = {"x-gzip": "gzip", "x-compress": "compress"}


class Weighted(NamedTuple):
    """One member of Accept-Charset, Accept-Encoding or Accept-Language."""

    value: str
    """Name in lower case; ``*`` for all that are not named."""
    quality: float
    """From 0, not acceptable, to 1, in steps of a thousandth."""


class WeightedMediaType(NamedTuple):
    """One member of Accept."""

    media_range: MediaType
    """Type or range with its parameters; the weight is not among them."""
    quality: float
    """From 0, not acceptable, to 1, in steps of a thousandth."""


def _weight(text: str | None) -> float | None:
    """Return the number of a weight, 1 when there is none, None when it breaks the grammar."""
    if text is None:
        return 1.0
    return float(text) if _WEIGHT.fullmatch(text) else None


def parse_weighted(text: str | None, *, max_members: int = DEFAULT_LIMITS.max_list_members) -> tuple[Weighted, ...]:
    """Read Accept-Charset, Accept-Encoding or Accept-Language.

    Args:
        text: Field value; None is a missing field.
        max_members: How many members are read at the most, what follows is left out; 0 reads all.

    Returns:
        The members in the order in which they came.

    Source: RFC 9110 §12.4.2, §12.5.2 to §12.5.4.
    """
    found: list[Weighted] = []
    for member in split_list(text or "", max_members=max_members):
        end = skip_token(member, 0)
        parameters, stop = read_parameters(member, end, max_parameters=2)
        if end == 0 or stop != len(member) or len(parameters) > 1 or (parameters and parameters[0][0] != "q"):
            continue
        quality = _weight(parameters[0][1] if parameters else None)
        if quality is not None:
            found.append(Weighted(member[:end].lower(), quality))
    return tuple(found)


def format_weighted(members: Sequence[tuple[str, float]]) -> str:
    """Return the value of Accept-Charset, Accept-Encoding or Accept-Language; a weight of 1 is not written.

    Raises:
        LocalProtocolError: A name is no token, or a weight not from 0 to 1 (``bad-field-value``).

    Source: RFC 9110 §12.4.2.
    """
    return ", ".join(_name(value) + _format_weight(quality) for value, quality in members)


def _name(value: str) -> str:
    if not is_token(value):
        raise LocalProtocolError("bad-field-value", where="list of preferences", seen=value, expected="a token")
    return value


def _format_weight(quality: float) -> str:
    if not 0 <= quality <= 1:
        raise LocalProtocolError("bad-field-value", where="weight", seen=str(quality), expected="a number from 0 to 1")
    text = f"{quality:.3f}".rstrip("0").rstrip(".")
    return "" if text == "1" else f";q={text}"


def parse_accept(
    text: str | None, *, max_members: int = DEFAULT_LIMITS.max_list_members
) -> tuple[WeightedMediaType, ...]:
    """Read an Accept field.

    A parameter ``q`` is the weight wherever it stands. ``*`` alone is ``*/*``, as old clients mean it.

    Args:
        text: Field value; None is a missing field.
        max_members: How many members are read at the most, what follows is left out; 0 reads all.

    Returns:
        The members in the order in which they came.

    Source: RFC 9110 §12.5.1.
    """
    found: list[WeightedMediaType] = []
    for member in split_list(text or "", max_members=max_members):
        media_range = parse_media_range(member)
        quality = None if media_range is None else _weight(media_range.get("q"))
        if media_range is None or quality is None:
            continue
        kept = tuple(pair for pair in media_range.parameters if pair[0] != "q")
        found.append(WeightedMediaType(MediaType(media_range.type, media_range.subtype, kept), quality))
    return tuple(found)


def format_accept(members: Sequence[tuple[MediaType, float]]) -> str:
    """Return the value of an Accept field; a weight of 1 is not written.

    Raises:
        LocalProtocolError: A type or a parameter cannot be written, a parameter is called ``q``, or a weight is not
            from 0 to 1 (``bad-field-value``).

    Source: RFC 9110 §12.5.1.
    """
    texts: list[str] = []
    for media_range, quality in members:
        text = str(media_range)
        if media_range.get("q") is not None or parse_media_range(text) is None:
            raise LocalProtocolError("bad-field-value", where="Accept", seen=text, expected="a media range")
        texts.append(text + _format_weight(quality))
    return ", ".join(texts)


def choose_media_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type that suits an Accept field best.

    The weight of a type is that of the most specific range it is within: one with parameters before one without, before
    ``type/*``, before ``*/*``.

    Args:
        accept: Field value; None is a missing field.
        offered: Media types there are, the best first; one that is not readable is not chosen.

    Returns:
        One of ``offered``; None when none is acceptable (406, or the first all the same: RFC 9110 §12.5.1 allows both).
    """
    ranges = parse_accept(accept)
    best, best_quality = None, 0.0
    for text in offered:
        media_type = parse_media_type(text)
        if media_type is None:
            continue
        quality = _quality_of_type(media_type, ranges) if ranges else 1.0
        if quality > best_quality:
            best, best_quality = text, quality
    return best


def _quality_of_type(media_type: MediaType, ranges: Sequence[WeightedMediaType]) -> float:
    best, quality = (-1, -1), 0.0
    for media_range, weight in ranges:
        rank = ((media_range.type != "*") + (media_range.subtype != "*"), len(media_range.parameters))
        if rank > best and media_type.is_within(media_range):
            best, quality = rank, weight
    return quality


def choose_encoding(accept_encoding: str | None, offered: Sequence[str]) -> str | None:
    """Return the content coding to answer with.

    Without the field nothing is encoded: who does not ask may not expect it. ``identity`` is always acceptable, and the
    last choice, unless the field says otherwise. ``x-gzip`` and ``gzip`` are the same.

    Args:
        accept_encoding: Field value; None is a missing field.
        offered: Codings there are, in lower case, the best first; ``identity`` need not be among them.

    Returns:
        One of ``offered`` or ``identity``; None when not even that is acceptable.

    Source: RFC 9110 §12.5.3, §8.4.1.3.
    """
    weights: dict[str, float] = {}
    for value, quality in parse_weighted(accept_encoding):
        weights.setdefault(_ALIASES.get(value, value), quality)
    others = weights.get("*", 0.0)
    best, best_quality = None, 0.0
    for coding in (*offered, IDENTITY):
        name = _ALIASES.get(coding, coding)
        quality = weights.get(name, 0.0 if name == IDENTITY else others)
        if quality > best_quality:
            best, best_quality = coding, quality
    if best is None and weights.get(IDENTITY, weights.get("*")) != 0:
        return IDENTITY
    return best


def choose_charset(accept_charset: str | None, offered: Sequence[str]) -> str | None:
    """Return the charset that suits an Accept-Charset field best, names compared without case.

    Args:
        accept_charset: Field value; None is a missing field.
        offered: Charsets there are, the best first.

    Returns:
        One of ``offered``; None when none is acceptable.

    Source: RFC 9110 §12.5.2.
    """
    members = parse_weighted(accept_charset)
    weights: dict[str, float] = {}
    for value, quality in members:
        weights.setdefault(value, quality)
    others = weights.get("*", 0.0) if members else 1.0
    best, best_quality = None, 0.0
    for charset in offered:
        quality = weights.get(charset.lower(), others)
        if quality > best_quality:
            best, best_quality = charset, quality
    return best


def choose_language(accept_language: str | None, offered: Sequence[str]) -> str | None:
    """Return the language that suits an Accept-Language field best.

    The weight of a language is that of the longest range which its tag begins with (``en`` in the field for ``en-GB``).
    When there is none, it is that of a range which begins with the tag (``de-CH-1996`` in the field for ``de``), and
    then that of ``*``.

    Args:
        accept_language: Field value; None is a missing field.
        offered: Tags of the languages there are, the best first.

    Returns:
        One of ``offered``; None when none fits: RFC 9110 §12.5.4 advises to send one all the same.

    Source: RFC 9110 §12.5.4; RFC 4647 §3.3.1 (filtering), §3.4 (lookup).
    """
    members = parse_weighted(accept_language)
    best, best_quality = None, (0.0, 0)
    for tag in offered:
        quality = _quality_of_language(tag.lower(), members) if members else (1.0, 0)
        if quality[0] and quality > best_quality:
            best, best_quality = tag, quality
    return best


def _quality_of_language(tag: str, members: Sequence[Weighted]) -> tuple[float, int]:
    """Return the weight of ``tag``, and 2 when a range asks for it, 1 when one asks for a part of it, 0 for ``*``."""
    longest, asked, asked_in_part, others = 0, -1.0, -1.0, 0.0
    for value, weight in members:
        if value == "*":
            others = weight
        elif value == tag or tag.startswith(value + "-"):
            if len(value) > longest:
                longest, asked = len(value), weight
        elif value.startswith(tag + "-"):
            asked_in_part = max(asked_in_part, weight)
    if asked >= 0:
        return asked, 2
    return (asked_in_part, 1) if asked_in_part > 0 else (others, 0)
