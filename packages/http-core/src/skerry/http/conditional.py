"""Entity tags, and the decision that conditional requests ask for (RFC 9110 §8.8, §13).

``decide_conditions`` is one pure function: what a request says and what is known of the resource go in, what to answer
with comes out. It does not look at the clock or at files.
"""

import re
from dataclasses import dataclass
from typing import Final

from multidict import MultiMapping

from . import hdrs
from .dates import parse_date
from .errors import LocalProtocolError
from .quoted import skip_space

__all__ = ["ETAG_ANY", "Decision", "ETag", "decide_conditions", "format_etag", "parse_etag", "parse_etags"]

ETAG_ANY: Final = "*"
"""Value of the tag that ``parse_etags`` returns for a field that is ``*`` alone."""

# entity-tag of RFC 9110 §8.8.3; all beyond ASCII is obs-text. Possessive: there is no way back.
_ETAG = re.compile(r'(W/)?"([^\x00-\x20"\x7f]*+)"')
_ETAG_VALUE = re.compile(r'[^\x00-\x20"\x7f]*+')


@dataclass(frozen=True, slots=True)
class ETag:
    """An entity tag: the name of one state of a resource."""

    value: str
    """What stands between the quotes."""
    is_weak: bool = False
    """True when states that are equal only in meaning may share the tag (``W/"..."``)."""

    def __str__(self) -> str:
        return f'W/"{self.value}"' if self.is_weak else f'"{self.value}"'

    def matches(self, other: "ETag", *, weakly: bool = False) -> bool:
        """Return True when both name the same state.

        Args:
            other: The tag to compare with.
            weakly: True for the weak comparison, where the values alone count; else both must be strong.

        Source: RFC 9110 §8.8.3.2.
        """
        return self.value == other.value and (weakly or not (self.is_weak or other.is_weak))


@dataclass(frozen=True, slots=True)
class Decision:
    """What the conditions of a request come to."""

    status: int | None
    """304 or 412 to answer with; None to go on as if there were no conditions."""
    may_use_range: bool
    """True when a Range field, if there is one, is to be looked at; False when it is to be ignored."""


PROCEED: Final = Decision(None, True)
PROCEED_WITH_THE_WHOLE: Final = Decision(None, False)
NOT_MODIFIED: Final = Decision(304, False)
PRECONDITION_FAILED: Final = Decision(412, False)


def parse_etag(text: str) -> ETag | None:
    """Return the entity tag of an ETag field, or None when it is not one (RFC 9110 §8.8.3)."""
    hit = _ETAG.fullmatch(text.strip(" \t"))
    return ETag(hit[2], hit[1] is not None) if hit else None


def parse_etags(text: str) -> tuple[ETag, ...]:
    """Return the entity tags of If-Match or If-None-Match.

    Reading ends at the first thing that is no entity tag, and at a tag behind which no comma stands: it and what
    follows are left out. ``*`` alone gives one strong tag with the value ``*``. Empty members are passed over.

    Source: RFC 9110 §13.1.1, §13.1.2, §5.6.1.
    """
    if text.strip(" \t") == "*":
        return (ETag(ETAG_ANY),)
    found: list[ETag] = []
    at = skip_space(text, 0)
    while at < len(text):
        if text[at] != ",":
            hit = _ETAG.match(text, at)
            if hit is None:
                break
            at = skip_space(text, hit.end())
            if at < len(text) and text[at] != ",":
                break
            found.append(ETag(hit[2], hit[1] is not None))
        at = skip_space(text, at + 1)
    return tuple(found)


def format_etag(etag: ETag) -> str:
    """Return the value of an ETag field.

    Raises:
        LocalProtocolError: The value holds a quote, white space or a control character (``bad-field-value``).

    Source: RFC 9110 §8.8.3.
    """
    if _ETAG_VALUE.fullmatch(etag.value) is None:
        raise LocalProtocolError(
            "bad-field-value", where="entity tag", seen=etag.value, expected="neither quotes, spaces nor controls"
        )
    return str(etag)


def decide_conditions(
    method: str,
    headers: MultiMapping[str],
    *,
    etag: ETag | None,
    last_modified: int | None,
    exists: bool = True,
    now: int | None = None,
) -> Decision:
    """Say what the conditions in a request come to, before the request is carried out.

    The fields are looked at in the order of the RFC; a date that is not readable, or comes twice, counts as missing.
    An If-Match that is not readable fails: who sent it wanted to be safe.

    Args:
        method: Method of the request.
        headers: Fields of the request, names compared without case.
        etag: Tag of the state that would be sent or changed, None when it has none.
        last_modified: When that state came to be, in seconds since 1970; None when it is not known.
        exists: False when there is no such resource yet, as for a PUT that makes one.
        now: Seconds since 1970, to tell whether ``last_modified`` is more than a second old and so fit for If-Range.
            None takes it as fit.

    Source: RFC 9110 §13.2.2, §13.1.
    """
    reads = method in (hdrs.METH_GET, hdrs.METH_HEAD)
    if hdrs.IF_MATCH in headers:
        if not _is_listed(headers, hdrs.IF_MATCH, etag, exists, weakly=False):
            return PRECONDITION_FAILED
    else:
        since = _date(headers, hdrs.IF_UNMODIFIED_SINCE)
        if since is not None and last_modified is not None and last_modified > since:
            return PRECONDITION_FAILED
    if hdrs.IF_NONE_MATCH in headers:
        if _is_listed(headers, hdrs.IF_NONE_MATCH, etag, exists, weakly=True):
            return NOT_MODIFIED if reads else PRECONDITION_FAILED
    elif reads:
        since = _date(headers, hdrs.IF_MODIFIED_SINCE)
        if since is not None and last_modified is not None and last_modified <= since:
            return NOT_MODIFIED
    if hdrs.IF_RANGE in headers and not _is_unchanged(headers, etag, last_modified, now):
        return PROCEED_WITH_THE_WHOLE
    return PROCEED if method == hdrs.METH_GET else PROCEED_WITH_THE_WHOLE


def _is_listed(headers: MultiMapping[str], name: str, etag: ETag | None, exists: bool, *, weakly: bool) -> bool:
    """Return True when a list of tags is ``*`` and there is a resource, or when it names the state."""
    text = ", ".join(headers.getall(name))
    if text.strip(" \t") == "*":
        return exists
    return exists and etag is not None and any(etag.matches(known, weakly=weakly) for known in parse_etags(text))


def _date(headers: MultiMapping[str], name: str) -> int | None:
    values = headers.getall(name, ())
    return parse_date(values[0]) if len(values) == 1 else None


def _is_unchanged(headers: MultiMapping[str], etag: ETag | None, last_modified: int | None, now: int | None) -> bool:
    """Return True when If-Range names the state by a strong validator (RFC 9110 §13.1.5, §8.8.2.2)."""
    values = headers.getall(hdrs.IF_RANGE)
    if len(values) != 1:
        return False
    known = parse_etag(values[0])
    if known is not None:
        return etag is not None and etag.matches(known)
    if last_modified is None or (now is not None and now - last_modified < 1):
        return False
    return parse_date(values[0]) == last_modified
