"""Between skerry's cookies and the ``http.cookies`` of the standard library, in which aiohttp's API speaks of them.

A ``Morsel`` checks little of what is put into it: what goes out is made by ``format_set_cookie`` from ``from_morsel``.

Source: the documentation of ``http.cookies``.
"""

import re
from collections.abc import Iterable
from http.cookies import CookieError, Morsel, SimpleCookie
from typing import Any, Final

from .cookie_dates import format_cookie_date, parse_cookie_date
from .cookies import MAX_AGE_BOUND, SetCookie, decode_cookie_value, parse_max_age, parse_same_site, split_set_cookie
from .grammar import lower_ascii
from .limits import DEFAULT_LIMITS, Limits

__all__ = ["from_morsel", "load_set_cookies", "to_morsel"]

_FLAGS: Final = frozenset({"secure", "httponly", "partitioned"})
# Visible ASCII without equals sign and semicolon: wider than the token that Morsel.set() asks for, as servers are.
_NAME: Final = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")


def load_set_cookies(texts: Iterable[str], limits: Limits = DEFAULT_LIMITS) -> SimpleCookie:
    """Return the cookies that one response sets as a ``SimpleCookie``; of two with one name, the last.

    Each morsel has the decoded value, the value as on the wire (``coded_value``) and the attributes as text. What a
    morsel cannot name is left out: cookies without a name or with one beyond visible ASCII, unknown attributes.

    Args:
        texts: Values of its Set-Cookie fields.
        limits: As in ``parse_set_cookies``.

    Source: RFC 6265bis §5.6.
    """
    most = limits.max_cookies_per_response
    cookies: SimpleCookie = SimpleCookie()
    for count, text in enumerate(texts):
        if most and count >= most:
            break
        parts = split_set_cookie(text, limits)
        morsel = _make_morsel(*parts) if parts else None
        if morsel is not None:
            cookies[morsel.key] = morsel
    return cookies


def to_morsel(cookie: SetCookie) -> Morsel[str]:
    """Return a ``Morsel`` that says the same as ``cookie``.

    ``Partitioned`` is lost before Python 3.14, whose morsels are the first to know it.

    Raises:
        ValueError: The name is empty or has more than visible ASCII; or the morsels of this version of Python refuse
            what is in the value or an attribute.
    """
    attributes = [("domain", cookie.domain), ("path", cookie.path), ("samesite", cookie.same_site)]
    if cookie.expires is not None:
        attributes.append(("expires", format_cookie_date(cookie.expires)))
    if cookie.max_age is not None:
        attributes.append(("max-age", str(cookie.max_age)))
    flags = {"secure": cookie.secure, "httponly": cookie.http_only, "partitioned": cookie.partitioned}
    attributes += [(flag, "") for flag, is_set in flags.items() if is_set]
    morsel = _make_morsel(cookie.name, cookie.value, attributes)
    if morsel is None:
        raise ValueError(f"cookie {cookie.name!r}: expected visible ASCII without '=' and ';' as the name")
    return morsel


def from_morsel(morsel: Morsel[Any]) -> SetCookie:
    """Return what a ``Morsel`` says, with its value as on the wire; a date or an age that cannot be read is left out.

    Nothing is checked for what must not be sent: ``format_set_cookie`` does that.
    """
    expires, max_age = morsel["expires"], morsel["max-age"]
    if isinstance(max_age, int | float):
        max_age = int(min(max(max_age, -MAX_AGE_BOUND), MAX_AGE_BOUND)) if max_age == max_age else ""
    return SetCookie(
        name=morsel.key,
        value=morsel.coded_value,
        domain=lower_ascii(str(morsel["domain"]).removeprefix(".")),
        path=str(morsel["path"]),
        expires=parse_cookie_date(str(expires)),
        max_age=parse_max_age(str(max_age)),
        secure=bool(morsel["secure"]),
        http_only=bool(morsel["httponly"]),
        same_site=parse_same_site(str(morsel["samesite"])),
        partitioned=bool(morsel.get("partitioned")),
    )


def _make_morsel(name: str, value: str, attributes: Iterable[tuple[str, str]]) -> Morsel[str] | None:
    if not _NAME.fullmatch(name):
        return None
    morsel: Morsel[str] = Morsel()
    try:
        # set() refuses names that servers do use, such as "a[b]" and "path"; the state of a pickle takes them.
        morsel.__setstate__({"key": name, "value": decode_cookie_value(value), "coded_value": value})  # type: ignore[attr-defined]
        for key, word in attributes:
            if key in morsel:
                morsel[key] = True if key in _FLAGS else decode_cookie_value(word)
    except CookieError:  # newer versions of Python refuse control characters
        return None
    return morsel
