"""Cookie and Set-Cookie: from text to frozen records and back.

Reading does what browsers do: nothing that a peer sends is an error, what a browser would ignore is ignored here, and
every list is bounded by a limit. Writing lets nothing through that could end the value, the attribute or the line.

A value is kept as it stands on the wire, quotation marks included, since servers compare it octet by octet when it
comes back. ``decode_cookie_value`` and ``encode_cookie_value`` translate for those who want the text behind it.

Text is what a field value is everywhere in skerry: UTF-8 with ``surrogateescape``. Sizes are counted in octets.
Which cookie is stored and sent where is decided in ``cookie_rules``.

Source: RFC 6265bis §4 (what to send), §5.6 (how to read).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from .cookie_dates import EARLIEST, LATEST, format_cookie_date, parse_cookie_date
from .errors import LocalProtocolError
from .grammar import lower_ascii
from .limits import DEFAULT_LIMITS, Limits

__all__ = [
    "Cookie",
    "SameSite",
    "SetCookie",
    "decode_cookie_value",
    "encode_cookie_value",
    "format_cookies",
    "format_set_cookie",
    "parse_cookies",
    "parse_set_cookie",
    "parse_set_cookies",
    "read_cookie_mapping",
    "split_set_cookie",
]

SameSite = Literal["", "Strict", "Lax", "None"]
"""Value of the SameSite attribute; empty when the cookie has none that is known."""

MAX_AGE_BOUND: Final = 2**53 - 1
"""Greatest number of seconds in ``SetCookie.max_age``, either way: whole even as a float."""

_WHITE_SPACE: Final = " \t"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MAX_AGE: Final = re.compile(r"-?[0-9]+")
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# cookie-octet of RFC 6265bis §4.1.1: visible ASCII without quotation mark, comma, semicolon and backslash.
_PLAIN_VALUE: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_TO_ESCAPE: Final = re.compile(r'[\x00-\x1f",;\\\x7f-\xff]')
_ESCAPED: Final = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))", re.DOTALL)
_SAME_SITE: Final[dict[str, SameSite]] = {"strict": "Strict", "lax": "Lax", "none": "None"}


@dataclass(frozen=True, slots=True)
class Cookie:
    """One pair of a Cookie field."""

    name: str
    """Name, its case significant; empty for a pair without ``=``."""
    value: str
    """Value as on the wire, quotation marks included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCookie:
    """What one Set-Cookie field says, before any rule of storage is applied to it."""

    name: str
    """Name, its case significant; empty for a cookie without ``=``."""
    value: str
    """Value as on the wire, quotation marks included."""
    domain: str = ""
    """Domain attribute in lower case without a leading dot; empty for the host that set the cookie alone."""
    path: str = ""
    """Path attribute; empty for the default path of the request (RFC 6265bis §5.1.4)."""
    expires: int | None = None
    """End of the cookie as Unix time in seconds; None when the field names none. ``max_age`` goes before it."""
    max_age: int | None = None
    """Seconds from now to the end of the cookie, 0 or less for at once; None when the field names none."""
    secure: bool = False
    """True when the cookie is only for secure connections."""
    http_only: bool = False
    """True when the cookie is hidden from scripts."""
    same_site: SameSite = ""
    """To which requests from other sites the cookie is attached."""
    partitioned: bool = False
    """True when each top-level site has its own copy (CHIPS)."""


def parse_cookies(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Cookie]:
    """Return the pairs of a Cookie field, in the order of the wire.

    A pair ends at the next semicolon, always: one that is hidden in a quoted string would let the owner of one cookie
    swallow the cookies behind it. Empty pairs are left out, and so are pairs with control characters.

    Args:
        text: Field value; several fields are joined with ``"; "`` before (RFC 9113 §8.2.3).
        limits: ``max_cookies_per_request`` bounds the result; what stands behind is not looked at.

    Returns:
        The same name may be there more than once.

    Source: RFC 6265bis §4.2.1, §5.6 (the name-value-pair).
    """
    most = limits.max_cookies_per_request
    cookies: list[Cookie] = []
    for pair in text.split(";", most or -1)[: most or None]:
        name, equals, value = pair.partition("=")
        if not equals:
            name, value = "", name
        name, value = name.strip(_WHITE_SPACE), value.strip(_WHITE_SPACE)
        if (name or value) and not _CONTROL.search(pair):
            cookies.append(Cookie(name, value))
    return cookies


def format_cookies(cookies: Iterable[Cookie]) -> str:
    """Return the value of a Cookie field: ``a=1; b=2``.

    Args:
        cookies: Pairs in the order in which they are to stand; values as on the wire.

    Raises:
        LocalProtocolError: A name or value holds what would end it or the field; ``code`` is ``bad-cookie``.

    Source: RFC 6265bis §5.8.3, step 4.
    """
    pairs = []
    for cookie in cookies:
        _check_pair(cookie.name, cookie.value)
        pairs.append(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value)
    return "; ".join(pairs)


def read_cookie_mapping(text: str, limits: Limits = DEFAULT_LIMITS) -> dict[str, str]:
    """Return the decoded values of a Cookie field by name; of two with one name, the last.

    Pairs without a name are left out: a browser may have got them from whoever could not set the name they imitate.

    Args:
        text: Field value.
        limits: As in ``parse_cookies``.
    """
    return {cookie.name: decode_cookie_value(cookie.value) for cookie in parse_cookies(text, limits) if cookie.name}


def split_set_cookie(text: str, limits: Limits = DEFAULT_LIMITS) -> tuple[str, str, list[tuple[str, str]]] | None:
    """Cut a Set-Cookie field into name, value and attributes, without asking what they mean.

    Args:
        text: Value of one field. Set-Cookie fields are never joined: a comma separates nothing.
        limits: ``max_cookie_size`` for name and value together, ``max_cookie_attributes`` and
            ``max_cookie_attribute_size`` for the rest.

    Returns:
        Name, value and pairs of an attribute's lower-case name and its value, too long ones left out; or None when
        the cookie is to be ignored: it is empty, too long, or has a control character.

    Source: RFC 6265bis §5.6, steps 1 to 6 of both algorithms.
    """
    if _CONTROL.search(text):
        return None
    most = limits.max_cookie_attributes
    pair, *rest = text.split(";", most + 1 if most else -1)
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", name
    name, value = name.strip(_WHITE_SPACE), value.strip(_WHITE_SPACE)
    if not (name or value) or _is_longer(name + value, limits.max_cookie_size):
        return None
    attributes = []
    for part in rest[: most or None]:
        key, _, word = part.partition("=")
        word = word.strip(_WHITE_SPACE)
        if not _is_longer(word, limits.max_cookie_attribute_size):
            attributes.append((lower_ascii(key.strip(_WHITE_SPACE)), word))
    return name, value, attributes


def parse_set_cookie(text: str, limits: Limits = DEFAULT_LIMITS) -> SetCookie | None:
    """Return what a Set-Cookie field says, or None when it is to be ignored.

    Of an attribute that stands there more than once, the last that can be read counts. Unknown attributes are left out.

    Args:
        text: Value of one field.
        limits: As in ``split_set_cookie``.

    Source: RFC 6265bis §5.6.
    """
    parts = split_set_cookie(text, limits)
    if parts is None:
        return None
    name, value, attributes = parts
    domain = path = ""
    expires = max_age = None
    same_site: SameSite = ""
    flags = set()
    for key, word in attributes:
        if key == "domain":
            domain = lower_ascii(word.removeprefix("."))
        elif key == "path":
            path = word if word.startswith("/") else ""
        elif key == "expires":
            expires = _either(parse_cookie_date(word), expires)
        elif key == "max-age":
            max_age = _either(parse_max_age(word), max_age)
        elif key == "samesite":
            same_site = parse_same_site(word)
        else:
            flags.add(key)
    return SetCookie(
        name=name,
        value=value,
        domain=domain,
        path=path,
        expires=expires,
        max_age=max_age,
        secure="secure" in flags,
        http_only="httponly" in flags,
        same_site=same_site,
        partitioned="partitioned" in flags,
    )


def parse_set_cookies(texts: Iterable[str], limits: Limits = DEFAULT_LIMITS) -> list[SetCookie]:
    """Return the cookies that one response sets, in the order of the wire.

    Args:
        texts: Values of its Set-Cookie fields.
        limits: ``max_cookies_per_response`` bounds the fields that are looked at; the rest as in ``split_set_cookie``.

    Source: RFC 6265bis §5.6, §6.1.
    """
    most = limits.max_cookies_per_response
    cookies = []
    for count, text in enumerate(texts):
        if most and count >= most:
            break
        cookie = parse_set_cookie(text, limits)
        if cookie is not None:
            cookies.append(cookie)
    return cookies


def format_set_cookie(cookie: SetCookie) -> str:
    """Return the value of a Set-Cookie field.

    Attributes stand in a fixed order. What a browser would refuse to store (``cookie_rules.find_flaw``) is not checked.

    Args:
        cookie: What to say; ``value`` as on the wire, see ``encode_cookie_value``.

    Raises:
        LocalProtocolError: The name is no token; the value, the domain or the path holds what would end it or the
            field; ``expires`` is outside of the years 1601 to 9999. ``code`` is ``bad-cookie``.

    Source: RFC 6265bis §4.1.1.
    """
    if not _TOKEN.fullmatch(cookie.name):
        raise _bad_cookie("name", cookie.name, "a token")
    _check_pair(cookie.name, cookie.value)
    parts = [f"{cookie.name}={cookie.value}"]
    if cookie.expires is not None:
        if not EARLIEST <= cookie.expires <= LATEST:
            raise _bad_cookie("expires", str(cookie.expires), "a time in the years 1601 to 9999")
        parts.append(f"Expires={format_cookie_date(cookie.expires)}")
    if cookie.max_age is not None:
        parts.append(f"Max-Age={cookie.max_age}")
    for name, value in (("Domain", cookie.domain), ("Path", cookie.path), ("SameSite", cookie.same_site)):
        if value:
            _check_text(name, value)
            parts.append(f"{name}={value}")
    for name, is_set in (
        ("Secure", cookie.secure),
        ("HttpOnly", cookie.http_only),
        ("Partitioned", cookie.partitioned),
    ):
        if is_set:
            parts.append(name)
    return "; ".join(parts)


def encode_cookie_value(text: str) -> str:
    """Return ``text`` in a form that may stand as the value of a cookie.

    What is made of cookie-octets stays as it is. Other text is put in quotation marks, with a backslash and three octal
    digits for each character up to U+00FF that must not stand there: the form that Python's ``http.cookies`` reads.
    Surrogates, as of octets that are no UTF-8, and characters from U+0100 stay as they are.

    Source: RFC 6265bis §4.1.1 (cookie-octet); the escape is a convention of servers, not of the RFC.
    """
    if _PLAIN_VALUE.fullmatch(text):
        return text
    return '"' + _TO_ESCAPE.sub(lambda hit: f"\\{ord(hit[0]):03o}", text) + '"'


def decode_cookie_value(value: str) -> str:
    """Return the text behind the value of a cookie: the inverse of ``encode_cookie_value``.

    A value that does not stand in quotation marks is returned unchanged. ``\\"`` and the like lose the backslash.

    Source: a convention of servers, see ``encode_cookie_value``; browsers keep the quotation marks.
    """
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return _ESCAPED.sub(lambda hit: chr(int(hit[1], 8)) if hit[1] else hit[2], value[1:-1])


def parse_max_age(text: str) -> int | None:
    """Return the seconds of a Max-Age attribute, or None when it is no number.

    Returns:
        Seconds, 0 or less for an end at once; cut at ``MAX_AGE_BOUND`` either way.

    Source: RFC 6265bis §5.6.2.
    """
    if not _MAX_AGE.fullmatch(text):
        return None
    digits = text.lstrip("-").lstrip("0")
    # int() has a bound of its own on digits, and would raise above it
    number = min(int(digits or "0"), MAX_AGE_BOUND) if len(digits) < 17 else MAX_AGE_BOUND
    return -number if text[0] == "-" else number


def parse_same_site(text: str) -> SameSite:
    """Return a SameSite attribute in its usual spelling; empty when it is unknown (RFC 6265bis §5.6.7)."""
    return _SAME_SITE.get(lower_ascii(text), "")


def _either(found: int | None, before: int | None) -> int | None:
    return before if found is None else found


def _is_longer(text: str, limit: int) -> bool:
    if not limit or len(text) * 4 <= limit:
        return False
    return len(text) > limit or len(text.encode("utf-8", "replace")) > limit  # an escaped octet becomes one "?"


def _check_pair(name: str, value: str) -> None:
    _check_text("name", name)
    _check_text("value", value)
    if "=" in name or (not name and ("=" in value or not value)):
        raise _bad_cookie("name", name, "a name without '=', or a value without it")


def _check_text(where: str, text: str) -> None:
    if ";" in text or _CONTROL.search(text) or text.strip(_WHITE_SPACE) != text:
        raise _bad_cookie(where, text, "no semicolon, control character or outer white space")


def _bad_cookie(where: str, seen: str, expected: str) -> LocalProtocolError:
    # The value of a cookie is a secret more often than not: it is not shown.
    if where == "value":
        return LocalProtocolError("bad-cookie", where="cookie value", problem="not allowed", expected=expected)
    return LocalProtocolError("bad-cookie", where=f"cookie {where}", seen=seen, expected=expected)
