"""Grammar of small parts of a head: hosts, targets, lists of options; regular expressions with their RFC rules.

Everything here works on octets or on ASCII text, never with ``\\d`` or case folding beyond ASCII:
a Kelvin sign is not a K.
"""

import re
from ipaddress import AddressValueError, IPv6Address

# uri-host of RFC 9110 §7.2 without brackets: unreserved, sub-delims, percent-encoded (RFC 3986 §3.2.2); then a port.
_REG_NAME = re.compile(rb"((?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(?::([0-9]{0,5}))?")
_IP_LITERAL = re.compile(rb"\[([0-9A-Fa-f:.]+)\](?::([0-9]{0,5}))?")
_ABSOLUTE_FORM = re.compile(rb"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?]+)[/?]?")
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_DIGITS = re.compile(rb"[0-9]{1,19}")

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}

MAX_LENGTH = 2**63 - 1
"""Greatest Content-Length and chunk size: what fits a signed 64-bit integer."""


def is_token(raw: bytes) -> bool:
    """Return True for one or more tchar (RFC 9110 §5.6.2)."""
    return _TOKEN.fullmatch(raw) is not None


def is_authority(raw: bytes, *, needs_host: bool = False, needs_port: bool = False) -> bool:
    """Return True for ``uri-host [":" port]``, as in Host and in the authority-form (RFC 9110 §7.2, RFC 9112 §3.2.3).

    Args:
        raw: Octets to look at.
        needs_host: True where the host must not be empty: everywhere but in a Host field (RFC 9110 §4.2.1).
        needs_port: True where the port must be there, as for CONNECT.
    """
    hit = _REG_NAME.fullmatch(raw)
    if hit is None:
        hit = _IP_LITERAL.fullmatch(raw)
        if hit is None or not _is_ipv6(hit[1]):
            return False
    port = hit[2]
    if (needs_host and not hit[1]) or (needs_port and not port):
        return False
    return not port or int(port) <= 65535


def _is_ipv6(raw: bytes) -> bool:
    try:
        IPv6Address(raw.decode("ascii"))
    except AddressValueError:
        return False
    return True


def is_target(method: str, raw: bytes) -> bool:
    """Return True when ``raw`` is one of the four forms of a request target, and one that fits ``method``.

    Source: RFC 9112 §3.2.
    """
    if method == "CONNECT":
        return is_authority(raw, needs_host=True, needs_port=True)
    if raw[:1] == b"/":
        return True
    if raw == b"*":
        return method == "OPTIONS"
    hit = _ABSOLUTE_FORM.match(raw)
    return hit is not None and is_authority(hit[2], needs_host=True)


def parse_length(raw: bytes) -> int:
    """Return the number of a Content-Length of 1*DIGIT, or -1 when it is none or too great (RFC 9110 §8.6)."""
    if _DIGITS.fullmatch(raw) is None:
        return -1
    number = int(raw)
    return number if number <= MAX_LENGTH else -1


def split_list(raw: bytes) -> list[bytes]:
    """Return the lower-case members of a list of tokens, empty ones left out (RFC 9110 §5.6.1)."""
    return [member for part in raw.split(b",") if (member := part.strip(b" \t").lower())]


def lower_ascii(text: str) -> str:
    """Return ``text`` with A to Z in lower case and every other character as it was."""
    return text.lower() if text.isascii() else text.translate(_LOWER)
