"""Cache-Control: the directives of a request or a response as one frozen record.

Nothing that a peer sends is an error: unknown directives are kept, unreadable ones are taken so that less is cached.

Source: RFC 9111 §5.2; RFC 5861 (stale-while-revalidate, stale-if-error); RFC 8246 (immutable).
"""

import re
from dataclasses import dataclass, fields
from typing import Any, Final

from .errors import LocalProtocolError
from .limits import DEFAULT_LIMITS, Limits
from .quoted import is_token, quote, quote_if_needed, read_value, skip_space, skip_token, split_list

__all__ = ["CacheControl", "format_cache_control", "parse_cache_control"]

MAX_DELTA: Final = 2**31
"""Greatest number of seconds: what is greater is taken for this one (RFC 9111 §1.2.2)."""

_DIGITS: Final = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheControl:
    """What a Cache-Control field asks for. Times are seconds; None stands for a directive that is not there."""

    max_age: int | None = None
    """How long a response is fresh, or how old a request lets it be (§5.2.1.1, §5.2.2.1)."""
    s_maxage: int | None = None
    """The same for shared caches alone (§5.2.2.10)."""
    max_stale: int | None = None
    """How long past its freshness a request takes a response; ``MAX_DELTA`` for however long (§5.2.1.2)."""
    min_fresh: int | None = None
    """How long a request wants a response to stay fresh (§5.2.1.3)."""
    stale_while_revalidate: int | None = None
    """How long a stale response may be used while a new one is fetched (RFC 5861 §3)."""
    stale_if_error: int | None = None
    """How long a stale response may be used when the origin fails (RFC 5861 §4)."""
    no_cache: bool = False
    """Not to be used without asking the origin; in a response with ``no_cache_fields`` only for these (§5.2.2.4)."""
    no_cache_fields: tuple[str, ...] = ()
    """Names of fields, in lower case, to which ``no_cache`` is limited."""
    no_store: bool = False
    """Not to be stored (§5.2.1.5, §5.2.2.5)."""
    no_transform: bool = False
    """Not to be changed on the way (§5.2.1.6, §5.2.2.6)."""
    only_if_cached: bool = False
    """A stored response or 504 (§5.2.1.7)."""
    must_revalidate: bool = False
    """Never to be used when stale (§5.2.2.2)."""
    proxy_revalidate: bool = False
    """The same for shared caches alone (§5.2.2.8)."""
    must_understand: bool = False
    """To be stored only by who knows the status code (§5.2.2.3)."""
    public: bool = False
    """May be stored where that would not be allowed otherwise (§5.2.2.9)."""
    private: bool = False
    """Not for shared caches; with ``private_fields`` only these fields are not (§5.2.2.7)."""
    private_fields: tuple[str, ...] = ()
    """Names of fields, in lower case, to which ``private`` is limited."""
    immutable: bool = False
    """Does not change while it is fresh (RFC 8246 §2)."""
    extensions: tuple[tuple[str, str | None], ...] = ()
    """Other directives: lower-case names, and arguments where there are any."""


_FRESHNESS: Final = frozenset({"max-age", "s-maxage"})
_DELTAS: Final = {
    **{name: name.replace("-", "_") for name in ("max-age", "s-maxage", "max-stale", "min-fresh")},
    **{name: name.replace("-", "_") for name in ("stale-while-revalidate", "stale-if-error")},
}
_QUALIFIED: Final = frozenset({"no-cache", "private"})
_FLAGS: Final = {
    field.name.replace("_", "-"): field.name
    for field in fields(CacheControl)
    if field.default is False and field.name.replace("_", "-") not in _QUALIFIED
}


def parse_cache_control(text: str, limits: Limits = DEFAULT_LIMITS) -> CacheControl:
    """Return what a Cache-Control field asks for.

    The first of two directives with one name counts. A lifetime (``max-age``, ``s-maxage``) that is no number is 0:
    stale at once; another time that is no number is left out. ``no-cache`` and ``private`` whose argument cannot be
    read are taken without one.

    Args:
        text: Field value; several fields of one name are joined with commas before.
        limits: ``max_list_members`` bounds the directives that are looked at. When there are more, ``no_store`` is
            set: it might have been among them.

    Source: RFC 9111 §4.2.1, §5.2.
    """
    most = limits.max_list_members
    members = split_list(text, max_members=most + 1 if most else 0)
    found: dict[str, Any] = {}
    extensions: dict[str, str | None] = {}
    for member in members[: most or None]:
        name, argument = _read_directive(member)
        if name in _DELTAS:
            found.setdefault(_DELTAS[name], _read_delta(name, argument))
        elif name in _QUALIFIED:
            key = name.replace("-", "_")
            if key not in found:
                found[key] = True
                found[f"{key}_fields"] = _read_names(argument)
        elif name in _FLAGS:
            found[_FLAGS[name]] = True
        elif name:
            extensions.setdefault(name, argument)
    if most and len(members) > most:
        found["no_store"] = True
    return CacheControl(**found, extensions=tuple(extensions.items()))


def _read_directive(member: str) -> tuple[str, str | None]:
    """Return name and argument: None when there is none, empty when it cannot be read."""
    end = skip_token(member, 0)
    name = member[:end].lower()
    at = skip_space(member, end)
    if at == len(member):
        return name, None
    if member[at] != "=":
        return name, ""
    read = read_value(member, skip_space(member, at + 1))
    return name, read[0] if read is not None and read[1] == len(member) else ""


def _read_delta(name: str, argument: str | None) -> int | None:
    if name == "max-stale" and argument is None:
        return MAX_DELTA
    if argument is None or not _DIGITS.fullmatch(argument):
        return 0 if name in _FRESHNESS else None
    digits = argument.lstrip("0") or "0"
    return min(int(digits), MAX_DELTA) if len(digits) <= 10 else MAX_DELTA


def _read_names(argument: str | None) -> tuple[str, ...]:
    names = split_list(argument) if argument else []
    return tuple([name.lower() for name in names]) if all(map(is_token, names)) else ()


def format_cache_control(control: CacheControl) -> str:
    """Return the value of a Cache-Control field; empty when nothing is asked for.

    Directives stand in a fixed order: times, ``no-cache``, ``private``, the other ones, extensions.

    Raises:
        LocalProtocolError: A time is negative, the name of a field or an extension is no token, or an argument holds a
            control character; ``code`` is ``bad-field-value``.

    Source: RFC 9111 §5.2.
    """
    parts: list[str] = []
    for key, name in ((key, name) for name, key in _DELTAS.items()):
        seconds = getattr(control, key)
        if seconds is not None:
            if seconds < 0:
                raise _bad_directive(name, str(seconds), "0 or more seconds")
            parts.append(f"{name}={min(seconds, MAX_DELTA)}")
    parts += _format_qualified("no-cache", control.no_cache, control.no_cache_fields)
    parts += _format_qualified("private", control.private, control.private_fields)
    parts += [name for name, key in _FLAGS.items() if getattr(control, key)]
    for name, argument in control.extensions:
        if not is_token(name):
            raise _bad_directive("extension", name, "a token")
        where = f"Cache-Control {name}"
        parts.append(name if argument is None else f"{name}={quote_if_needed(argument, where=where)}")
    return ", ".join(parts)


def _format_qualified(name: str, is_set: bool, names: tuple[str, ...]) -> list[str]:
    if not is_set:
        return []
    for field_name in names:
        if not is_token(field_name):
            raise _bad_directive(name, field_name, "names of fields")
    return [f"{name}={quote(', '.join(names))}" if names else name]


def _bad_directive(name: str, seen: str, expected: str) -> LocalProtocolError:
    return LocalProtocolError("bad-field-value", where=f"Cache-Control {name}", seen=seen, expected=expected)
