"""Where does a redirect lead, and what goes there? A pure decision."""

from dataclasses import dataclass
from typing import Final

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from skerry.http import hdrs

from .errors import InvalidUrlRedirectClientError, NonHttpUrlRedirectClientError

REDIRECT_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
"""Statuses that a client follows (RFC 9110 §15.4)."""

CREDENTIAL_FIELDS: Final = (hdrs.AUTHORIZATION, hdrs.COOKIE, hdrs.PROXY_AUTHORIZATION)
"""Fields that must not reach another origin (CVE-2026-34518)."""

BODY_FIELDS: Final = (
    hdrs.CONTENT_LENGTH,
    hdrs.CONTENT_TYPE,
    hdrs.CONTENT_ENCODING,
    hdrs.TRANSFER_ENCODING,
    hdrs.EXPECT,
)
"""Fields that speak of a body; they go when it goes (RFC 9110 §15.4)."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """What to do next."""

    method: str
    """Method of the next request."""
    url: URL
    """Its URL, fragment and credentials included."""
    keeps_body: bool
    """The body is sent again."""
    is_same_origin: bool
    """Scheme, host and port are as before; when they are not, credentials stay behind."""


def decide_redirect(method: str, url: URL, status: int, headers: CIMultiDictProxy[str]) -> Redirect | None:
    """Say where a response leads, or None when it is to be returned as it is.

    Args:
        method: Method of the request that was answered.
        url: Its URL, fragment included.
        status: Status of the answer.
        headers: Fields of the answer.

    Raises:
        InvalidUrlRedirectClientError: The field is not a URL, or has no host.
        NonHttpUrlRedirectClientError: It leads to another protocol.

    Source: RFC 9110 §10.2.2, §15.4; Fetch, HTTP-redirect fetch, for the change to GET.
    """
    location = headers.get(hdrs.LOCATION) or headers.get("URI")
    if status not in REDIRECT_STATUSES or location is None:
        return None
    try:
        given = URL(location)
        target = url.join(given)
    except ValueError as exc:
        raise InvalidUrlRedirectClientError(location, "a server redirects to what is not a URL") from exc
    if target.scheme not in ("http", "https"):
        raise NonHttpUrlRedirectClientError(target)
    if given.scheme and not given.raw_host:  # http:/x and http:///x mean different hosts to different readers
        raise InvalidUrlRedirectClientError(target, "a server redirects to a URL without a host")
    if url.raw_fragment and not target.raw_fragment:
        target = target.with_fragment(url.fragment)
    becomes_get = (status == 303 and method != hdrs.METH_HEAD) or (status in (301, 302) and method == hdrs.METH_POST)
    return Redirect(
        hdrs.METH_GET if becomes_get else method,
        target,
        keeps_body=not becomes_get,
        is_same_origin=(target.scheme, target.raw_host, target.port) == (url.scheme, url.raw_host, url.port),
    )


def strip_fields(headers: CIMultiDict[str], redirect: Redirect) -> None:
    """Take out of ``headers`` every copy of every field that must not follow ``redirect``."""
    if not redirect.keeps_body:
        for name in BODY_FIELDS:
            headers.popall(name, None)
    if not redirect.is_same_origin:
        for name in CREDENTIAL_FIELDS:
            headers.popall(name, None)
