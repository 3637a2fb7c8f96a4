"""Request targets: which path, query and authority a target stands for (RFC 9112 §3.2). Pure."""

from typing import NamedTuple
from urllib.parse import quote

from yarl import URL

# Everything printable stands as it came; quote() then encodes what is not ASCII.
_KEEP = "".join(map(chr, range(0x21, 0x7F)))


class Target(NamedTuple):
    """The parts of a request target, still percent-encoded, in ASCII."""

    path: str
    """Starts with ``/``; empty for the authority-form, ``*`` for the asterisk-form."""
    query: str
    """Without its question mark; empty when there is none."""
    authority: str | None
    """Host and port of the absolute-form and the authority-form; None where Host decides."""
    scheme: str | None
    """Scheme of the absolute-form."""


def split_target(method: str, target: str) -> Target:
    """Cut a target that the core has accepted into its parts.

    Octets above ASCII, which some clients send unencoded, are percent-encoded, so that no part ever holds a surrogate.

    Source: RFC 9112 §3.2.1 to §3.2.4.
    """
    if not target.isascii():
        target = quote(target.encode("utf-8", "surrogateescape"), safe=_KEEP)
    scheme = authority = None
    if method == "CONNECT":
        return Target("", "", target, None)
    if target[:1] != "/" and target != "*":
        scheme, _, rest = target.partition("://")
        cut = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
        authority, target = rest[:cut], rest[cut:]
        scheme = scheme.lower()
        if target[:1] != "/":
            target = "/" + target
    path, _, query = target.partition("?")
    return Target(path, query, authority, scheme)


def path_of(method: str, target: str) -> str:
    """Return ``split_target(method, target).path``, at little cost for the origin-form that nearly all targets have."""
    if target[:1] != "/" or method == "CONNECT" or not target.isascii():
        return split_target(method, target).path
    end = target.find("?")
    return target if end < 0 else target[:end]


def decode_path(raw_path: str) -> str:
    """Return the path with its percent-encoding undone, but for ``%2F`` and ``%25``: a slash that is data stays one.

    Sequences that are not UTF-8 stay as they are.
    """
    if "%" not in raw_path:
        return raw_path
    return URL.build(path=raw_path, encoded=True).path_safe


def decode_part(part: str) -> str:
    """Return a piece of a decoded path with the two sequences undone that ``decode_path`` leaves."""
    if "%" not in part:
        return part
    return part.replace("%2F", "/").replace("%25", "%")
