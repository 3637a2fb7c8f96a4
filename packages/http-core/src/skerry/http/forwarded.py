"""Forwarded and the fields X-Forwarded-For and its kin: what proxies say of those before them, and whom to believe.

Anybody can send these fields. Each proxy adds what it saw at the right end, so the right end is believed as far as it
was written by proxies one trusts, and what stands left of it is the client's own word. ``decide_client`` is that rule;
everything else here only reads.

Source: RFC 7239; X-Forwarded-For, -Proto and -Host are a custom of proxies.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from .grammar import is_authority, lower_ascii
from .limits import DEFAULT_LIMITS, Limits
from .quoted import read_parameters, split_list

__all__ = [
    "ForwardedClient",
    "ForwardedElement",
    "Node",
    "decide_client",
    "normalize_address",
    "parse_forwarded",
    "parse_node",
    "parse_x_forwarded",
]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+\-.]*")
_PORT: Final = re.compile(r"[0-9]{1,5}")
_OBFUSCATED: Final = re.compile(r"_[A-Za-z0-9._\-]+")
_LONGEST_NODE: Final = 256


@dataclass(frozen=True, slots=True)
class ForwardedElement:
    """What one proxy says; empty where it says nothing, empty throughout when it cannot be read."""

    parameters: tuple[tuple[str, str], ...] = ()
    """Names in lower case with their values, in order; each name once."""

    def get(self, name: str) -> str:
        """Return the value of a parameter, its name in lower case, or an empty string."""
        for key, value in self.parameters:
            if key == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Node:
    """An end of a connection, as a proxy names it."""

    host: str
    """IP address in its usual form, ``unknown``, or an identifier that starts with an underscore."""
    port: int | None = None
    """Port, or None when it is not said or hidden."""
    is_address: bool = True
    """True when ``host`` is an IP address."""


@dataclass(frozen=True, slots=True)
class ForwardedClient:
    """Who made a request, as far as those who say so are trusted."""

    host: str
    """IP address of the client, or the identifier that a trusted proxy gave it."""
    port: int | None
    """Port of the client, or None when it is not known."""
    scheme: str
    """Scheme of its request in lower case; empty when no trusted proxy says it."""
    requested_host: str
    """Host field of its request; empty when no trusted proxy says it."""
    hops: int
    """How many elements were believed, counted from the right."""


def parse_forwarded(text: str, limits: Limits = DEFAULT_LIMITS) -> list[ForwardedElement]:
    """Return the elements of a Forwarded field, that of the nearest proxy last.

    An element that breaks the grammar or names a parameter twice is empty, and so is all the rest from a quoted
    string without an end on: ``decide_client`` believes nothing from there to the left.

    Args:
        text: Field value; several fields are joined with commas before.
        limits: ``max_list_members``: of more elements, the last are returned. ``max_parameters`` for each.

    Source: RFC 7239 §4.
    """
    members = split_list(text)  # all of them: the nearest proxy is the last one
    return [_read_element(member, limits.max_parameters) for member in members[-limits.max_list_members :]]


def _read_element(member: str, most: int) -> ForwardedElement:
    parameters, end = read_parameters(";" + member, 0, max_parameters=most)
    if end <= len(member) or len({name for name, _ in parameters}) < len(parameters):
        return ForwardedElement()
    return ForwardedElement(tuple(parameters))


def parse_x_forwarded(
    forwarded_for: str, proto: str = "", host: str = "", limits: Limits = DEFAULT_LIMITS
) -> list[ForwardedElement]:
    """Return the elements that X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host amount to.

    Of Proto and Host, a list as long as that of For belongs to it one by one; a single value belongs to the nearest
    proxy; any other number of values cannot be assigned and is left out.

    Args:
        forwarded_for: Value of X-Forwarded-For.
        proto: Value of X-Forwarded-Proto.
        host: Value of X-Forwarded-Host.
        limits: ``max_list_members``: of more elements, the last are returned.
    """
    nodes = _split(forwarded_for)
    columns = [("for", nodes)]
    for name, text in (("proto", proto), ("host", host)):
        values = _split(text)
        if len(values) == 1:
            values = [""] * (len(nodes) - 1) + values
        if len(values) == len(nodes):
            columns.append((name, values))
    kept = range(len(nodes))[-limits.max_list_members :]
    return [
        ForwardedElement(tuple([(name, values[at]) for name, values in columns if values[at] or name == "for"]))
        for at in kept
    ]


def _split(text: str) -> list[str]:
    return [part.strip(" \t") for part in text.split(",")] if text.strip(" \t") else []


def parse_node(text: str) -> Node | None:
    """Return the node that ``for`` and ``by`` name, or None when they name none.

    Besides the grammar of the RFC, an IPv6 address without brackets is understood, as X-Forwarded-For has it. An IPv4
    address in the form of IPv6 (``::ffff:192.0.2.1``) is returned as IPv4.

    Source: RFC 7239 §6.
    """
    if len(text) > _LONGEST_NODE or not text.isascii():
        return None
    host, port = text, ""
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        if not bracket or ":" not in host or (port and port[0] != ":"):
            return None
        if port == ":":
            return None
        port = port[1:]
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
        if not port:
            return None
    number = None
    if _PORT.fullmatch(port) and int(port) <= 65535:
        number = int(port)
    elif port and not _OBFUSCATED.fullmatch(port):
        return None
    if lower_ascii(host) == "unknown":
        return Node("unknown", number, is_address=False)
    if _OBFUSCATED.fullmatch(host):
        return Node(host, number, is_address=False)
    address = normalize_address(host)
    return Node(address, number) if address else None


def normalize_address(text: str) -> str:
    """Return an IP address in its usual form, IPv4 in the form of IPv6 as IPv4; empty when it is none.

    An address with a zone (``fe80::1%eth0``) is none: it means nothing on another machine.
    """
    if "%" in text or not text.isascii():
        return ""
    try:
        if ":" not in text:
            return str(IPv4Address(text))
        address = IPv6Address(text)
    except AddressValueError:
        return ""
    return str(address.ipv4_mapped or address)


def decide_client(
    peer: str, elements: Sequence[ForwardedElement], *, trusted: int | Callable[[str], bool]
) -> ForwardedClient:
    """Decide who made a request.

    Starting with the peer of the connection: as long as who is looked at is trusted, the element it added is believed,
    and who that names is looked at next. An element that names nobody ends the search, and so does ``unknown``: the
    answer is then the last one who is known. The scheme and the host are those of the leftmost element that was
    believed and says them.

    Args:
        peer: IP address of the other end of the connection.
        elements: What ``parse_forwarded`` or ``parse_x_forwarded`` returned; never both for one request.
        trusted: How many proxies stand before the server, the peer included; or a function that says of an IP address
            in its usual form whether it belongs to one. 0 believes nobody.

    Source: RFC 7239 §5.2 to §5.4, §8.1.
    """
    address = normalize_address(peer)
    client = Node(address or peer, None, bool(address))
    scheme = requested_host = ""
    hops = 0
    for element in reversed(elements):
        is_trusted = hops < trusted if isinstance(trusted, int) else client.is_address and trusted(client.host)
        if not is_trusted or not element.parameters:
            break
        hops += 1
        proto, host = element.get("proto"), element.get("host")
        if _SCHEME.fullmatch(proto):
            scheme = lower_ascii(proto)
        if host.isascii() and is_authority(host.encode("ascii"), needs_host=True):
            requested_host = host
        node = parse_node(element.get("for"))
        if node is None or node.host == "unknown":
            break
        client = node
    return ForwardedClient(client.host, client.port, scheme, requested_host, hops)
