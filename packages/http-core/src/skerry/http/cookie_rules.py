"""Which cookie is stored, which is sent and which has to go: pure decisions on which a jar can be built.

Nothing here holds a cookie or knows the time: the time, the host and what is stored are arguments. Hosts are in ASCII
(A-labels, an IPv6 address without brackets) and without port; case does not matter. ``is_secure`` is the caller's word
for "https, or an origin that is trusted like one". Times are Unix time in seconds.

Source: RFC 6265bis §5.1, §5.4, §5.7, §5.8.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from .cookies import SameSite, SetCookie
from .grammar import lower_ascii
from .limits import DEFAULT_LIMITS, Limits

__all__ = [
    "Refusal",
    "StoredCookie",
    "decide_evictions",
    "decide_storage",
    "default_path",
    "domain_matches",
    "find_flaw",
    "has_one_label",
    "hides_secure",
    "is_expired",
    "is_ip_host",
    "may_send",
    "path_matches",
    "replace_stored",
    "select_for_request",
]

# A host whose last label is a number is an IPv4 address or a mistaken one (WHATWG URL, "ends in a number").
_NUMBER: Final = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


class Refusal(StrEnum):
    """Why a cookie is not stored; the values are stable."""

    NAMELESS = "nameless"
    """It has no name, and its value would be read as a name or as a prefix when it comes back."""
    INSECURE_ORIGIN = "insecure-origin"
    """It is Secure, and the connection is not."""
    NEEDS_SECURE = "needs-secure"
    """SameSite=None, Partitioned and the prefixes ask for Secure."""
    HOST_PREFIX = "host-prefix"
    """``__Host-`` asks for the whole host and nothing but it: ``Path=/`` and no Domain."""
    PUBLIC_SUFFIX = "public-suffix"
    """Its Domain belongs to everybody, as ``com`` does."""
    FOREIGN_DOMAIN = "foreign-domain"
    """Its Domain does not cover the host that sets it."""
    CROSS_SITE = "cross-site"
    """It is for its own site alone, and comes with an answer to another site."""
    HIDES_SECURE = "hides-secure"
    """It would stand before a Secure cookie, and comes over an insecure connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCookie:
    """A cookie that a jar keeps."""

    name: str
    """Name; may be empty."""
    value: str
    """Value as on the wire."""
    domain: str
    """Host, or domain of hosts, in lower case."""
    path: str
    """Path from which on it is sent; starts with ``/``."""
    is_host_only: bool
    """True when it goes to ``domain`` itself alone, and not to the hosts below."""
    expires_at: float | None
    """End as Unix time in seconds; None for the end of the session."""
    created_at: float
    """When the name, domain and path were first stored, as Unix time in seconds."""
    accessed_at: float
    """When it was last sent, as Unix time in seconds."""
    secure: bool = False
    """True when it is only sent over secure connections."""
    http_only: bool = False
    """True when scripts must not see it."""
    same_site: SameSite = ""
    """To which requests from other sites it is attached."""
    partitioned: bool = False
    """True when each top-level site has its own copy."""

    @property
    def key(self) -> tuple[str, str, bool, str]:
        """What makes two cookies the same: name, domain, host-only flag and path (RFC 6265bis §5.7, step 23)."""
        return self.name, self.domain, self.is_host_only, self.path


def is_ip_host(host: str) -> bool:
    """Return True for an IP address, and for what would be read as one: it has no domains above it."""
    return ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def domain_matches(host: str, domain: str) -> bool:
    """Return True when ``host`` is ``domain`` or lies below it.

    Source: RFC 6265bis §5.1.3.
    """
    host, domain = lower_ascii(host), lower_ascii(domain)
    return host == domain or (bool(domain) and host.endswith("." + domain) and not is_ip_host(host))


def default_path(path: str) -> str:
    """Return the path of a cookie that names none: that of the request up to its last slash.

    Args:
        path: Path of the request target, without the query.

    Source: RFC 6265bis §5.1.4.
    """
    return path[: path.rfind("/")] or "/" if path.startswith("/") else "/"


def path_matches(path: str, cookie_path: str) -> bool:
    """Return True when a request for ``path`` is within ``cookie_path``, whole segments compared.

    Source: RFC 6265bis §5.1.4.
    """
    if not path.startswith(cookie_path):
        return False
    return len(path) == len(cookie_path) or cookie_path.endswith("/") or path[len(cookie_path)] == "/"


def has_one_label(domain: str) -> bool:
    """Return True for a domain of one label, such as ``com``: what is surely public without a list of suffixes."""
    return "." not in domain


def find_flaw(cookie: SetCookie) -> Refusal | None:
    """Say why a cookie would be refused by every browser, whoever sets it, or None.

    A server may ask this before it sends the cookie.

    Source: RFC 6265bis §5.4, §5.7 (steps 4, 17, 20 to 22); Partitioned: CHIPS.
    """
    if not cookie.name and ("=" in cookie.value or _prefix(cookie.value)):
        return Refusal.NAMELESS
    prefix = _prefix(cookie.name)
    if not cookie.secure and (prefix or cookie.partitioned or cookie.same_site == "None"):
        return Refusal.NEEDS_SECURE
    if prefix == "__host-" and (cookie.domain or cookie.path != "/"):
        return Refusal.HOST_PREFIX
    return None


def _prefix(name: str) -> str:
    start = lower_ascii(name[:9])
    for prefix in ("__host-", "__secure-"):
        if start.startswith(prefix):
            return prefix
    return ""


def decide_storage(
    cookie: SetCookie,
    host: str,
    path: str,
    *,
    is_secure: bool,
    now: float,
    is_cross_site: bool = False,
    is_public_suffix: Callable[[str], bool] = has_one_label,
    limits: Limits = DEFAULT_LIMITS,
) -> StoredCookie | Refusal:
    """Decide whether a cookie that a response sets is stored, and as what.

    A stored cookie that has expired already means: forget the one with the same ``key``. Whether it would hide a
    Secure cookie depends on what is stored: ask ``hides_secure`` for each.

    Args:
        cookie: What the response says.
        host: Host of the request.
        path: Path of the request.
        is_secure: True when the connection is secure, or the origin trusted as if it were.
        now: Current time.
        is_cross_site: True when another site caused the request, and it is no top-level navigation.
        is_public_suffix: Says whether a domain belongs to everybody; a program may bring the public suffix list.
        limits: ``max_cookie_age_s`` cuts the lifetime.

    Source: RFC 6265bis §5.7, steps 1 to 22.
    """
    flaw = find_flaw(cookie)
    if flaw is not None:
        return flaw
    if cookie.secure and not is_secure:
        return Refusal.INSECURE_ORIGIN
    if is_cross_site and cookie.same_site != "None":
        return Refusal.CROSS_SITE
    host, domain = lower_ascii(host), lower_ascii(cookie.domain)
    if domain and domain != host:
        if not domain_matches(host, domain):
            return Refusal.FOREIGN_DOMAIN
        if is_public_suffix(domain):
            return Refusal.PUBLIC_SUFFIX
    elif domain and is_public_suffix(domain):
        domain = ""  # the host itself is a public suffix: it may have cookies, but not for the hosts below
    return StoredCookie(
        name=cookie.name,
        value=cookie.value,
        domain=domain or host,
        path=cookie.path or default_path(path),
        is_host_only=not domain,
        expires_at=_end_of(cookie, now, limits.max_cookie_age_s),
        created_at=now,
        accessed_at=now,
        secure=cookie.secure,
        http_only=cookie.http_only,
        same_site=cookie.same_site,
        partitioned=cookie.partitioned,
    )


def _end_of(cookie: SetCookie, now: float, longest: int) -> float | None:
    if cookie.max_age is not None:
        end = now + cookie.max_age if cookie.max_age > 0 else 0.0
    elif cookie.expires is not None:
        end = float(cookie.expires)
    else:
        return None
    return min(end, now + longest) if longest else end


def hides_secure(new: StoredCookie, stored: StoredCookie, *, is_secure: bool) -> bool:
    """Return True when ``new`` must not be stored since it would hide the Secure cookie ``stored``.

    Args:
        new: What ``decide_storage`` returned.
        stored: A cookie of the jar.
        is_secure: As given to ``decide_storage``.

    Source: RFC 6265bis §5.7, step 16.
    """
    if is_secure or new.secure or not stored.secure or new.name != stored.name:
        return False
    related = domain_matches(new.domain, stored.domain) or domain_matches(stored.domain, new.domain)
    return related and path_matches(new.path, stored.path)


def replace_stored(new: StoredCookie, old: StoredCookie) -> StoredCookie:
    """Return ``new`` as the successor of ``old`` with the same key: it keeps the time of creation.

    Source: RFC 6265bis §5.7, step 23.
    """
    return replace(new, created_at=old.created_at)


def is_expired(cookie: StoredCookie, now: float) -> bool:
    """Return True when the end of the cookie has come; a session cookie has none."""
    return cookie.expires_at is not None and cookie.expires_at <= now


def may_send(
    cookie: StoredCookie,
    host: str,
    path: str,
    *,
    is_secure: bool,
    now: float,
    is_cross_site: bool = False,
    is_safe_navigation: bool = False,
) -> bool:
    """Decide whether a stored cookie goes with a request.

    Args:
        cookie: A cookie of the jar.
        host: Host of the request.
        path: Path of the request, without the query.
        is_secure: True when the connection is secure, or the origin trusted as if it were.
        now: Current time.
        is_cross_site: True when another site causes the request. A program that is no browser has no such site.
        is_safe_navigation: True for a top-level navigation with a safe method, to which Lax cookies are attached.
            A cookie without SameSite is treated as Lax.

    Source: RFC 6265bis §5.8.3, step 1.
    """
    host = lower_ascii(host)
    if cookie.is_host_only:
        if host != cookie.domain:
            return False
    elif not domain_matches(host, cookie.domain):
        return False
    if (cookie.secure and not is_secure) or is_expired(cookie, now) or not path_matches(path, cookie.path):
        return False
    if not is_cross_site or cookie.same_site == "None":
        return True
    return is_safe_navigation and cookie.same_site != "Strict"


def select_for_request(cookies: Iterable[StoredCookie], limits: Limits = DEFAULT_LIMITS) -> list[StoredCookie]:
    """Return the cookies of one request in the order in which they are sent: longest path first, then oldest first.

    Args:
        cookies: Those that ``may_send`` allows.
        limits: ``max_cookies_per_request`` and ``max_cookie_field_size``; the cookies that do not fit are left out.

    Source: RFC 6265bis §5.8.3, step 2.
    """
    chosen: list[StoredCookie] = []
    size = -2  # no separator before the first
    for cookie in sorted(cookies, key=lambda cookie: (-len(cookie.path), cookie.created_at)):
        if limits.max_cookies_per_request and len(chosen) >= limits.max_cookies_per_request:
            break
        size_with = size + 2 + len(cookie.name.encode("utf-8", "replace")) + bool(cookie.name)
        size_with += len(cookie.value.encode("utf-8", "replace"))
        if not limits.max_cookie_field_size or size_with <= limits.max_cookie_field_size:
            chosen.append(cookie)
            size = size_with
    return chosen


def decide_evictions(
    cookies: Iterable[StoredCookie], *, now: float, limits: Limits = DEFAULT_LIMITS
) -> list[StoredCookie]:
    """Return the cookies that a jar has to give up: the expired ones, then those above the quotas.

    Of a domain with too many, cookies that are not Secure go before those that are, and in both the ones that were sent
    longest ago go first. Of a jar with too many, the ones that were sent longest ago go first.

    Args:
        cookies: All cookies of the jar.
        now: Current time.
        limits: ``max_cookies_per_domain``, ``kept_cookies_per_domain``, ``max_cookies``, ``kept_cookies``.

    Source: RFC 6265bis §5.7 (the end), §6.1.
    """
    gone: list[StoredCookie] = []
    by_domain: defaultdict[str, list[StoredCookie]] = defaultdict(list)
    for cookie in cookies:
        (gone if is_expired(cookie, now) else by_domain[cookie.domain]).append(cookie)
    left: list[StoredCookie] = []
    for group in by_domain.values():
        excess = _excess(len(group), limits.max_cookies_per_domain, limits.kept_cookies_per_domain)
        if excess:
            group.sort(key=lambda cookie: (cookie.secure, cookie.accessed_at))
        gone += group[:excess]
        left += group[excess:]
    excess = _excess(len(left), limits.max_cookies, limits.kept_cookies)
    left.sort(key=lambda cookie: cookie.accessed_at)
    return gone + left[:excess]


def _excess(count: int, most: int, kept: int) -> int:
    return max(0, count - min(kept or most, most)) if most and count > most else 0
