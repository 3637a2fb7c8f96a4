"""How a connection is made: name, address, TCP, TLS."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohappyeyeballs

from skerry.http import ClientConnection

from ..errors import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
)
from .key import ConnectionKey

AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""Family, type, protocol, canonical name and socket address, as ``getaddrinfo`` gives them."""

ALPN_PROTOCOLS = ["http/1.1"]
"""What TLS offers (RFC 7301)."""

TLS_SHUTDOWN_TIMEOUT_S = 1.0
"""How long a connection that is closed waits for the peer's last word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOptions:
    """How a connector makes its connections."""

    family: int = 0
    """Address family; 0 is any."""
    happy_eyeballs_delay_s: float | None = 0.25
    """Head start of one address over the next (RFC 8305 §5); None tries them one after the other."""
    interleave: int | None = None
    """How many addresses of the first family come before one of the other (RFC 8305 §4)."""


_contexts: dict[bool, ssl.SSLContext] = {}


async def default_context(verified: bool, loop: asyncio.AbstractEventLoop) -> ssl.SSLContext:
    """Return the TLS context that applies when the program gives none; made in a thread when first asked for.

    Args:
        verified: False asks for one that trusts everybody.
        loop: The running event loop.

    Cancellation:
        The context is made all the same.
    """
    context = _contexts.get(verified)
    if context is None:
        context = await loop.run_in_executor(None, make_context, verified)
        context = _contexts.setdefault(verified, context)
    return context


def make_context(verified: bool) -> ssl.SSLContext:
    """Make a TLS context; reading the certificates takes milliseconds.

    Args:
        verified: False makes one that trusts everybody.
    """
    context = ssl.create_default_context()
    context.hostname_checks_common_name = False
    if not verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(ALPN_PROTOCOLS)
    return context


async def dial(
    key: ConnectionKey, make_protocol: Callable[[], Any], options: DialOptions, loop: asyncio.AbstractEventLoop
) -> ClientConnection:
    """Make a connection.

    Args:
        key: Where it leads.
        make_protocol: Makes the asyncio protocol that is also the connection.
        options: How.
        loop: The running event loop.

    Raises:
        ClientConnectorError: It cannot be made; the class says at which stage. Nothing was sent.

    Cancellation:
        What was begun is closed.
    """
    addresses = await _resolve(key, options, loop)
    try:
        sock = await aiohappyeyeballs.start_connection(
            addresses,
            happy_eyeballs_delay=options.happy_eyeballs_delay_s,
            interleave=options.interleave,
            loop=loop,
        )
    except OSError as exc:
        raise ClientConnectorError(key, exc) from exc
    try:
        return await _adopt(sock, key, make_protocol, loop)
    except BaseException:
        sock.close()
        raise


async def _resolve(key: ConnectionKey, options: DialOptions, loop: asyncio.AbstractEventLoop) -> list[AddressInfo]:
    literal = _address_literal(key.host, key.port or 0)
    if literal is not None:
        return [literal]
    try:
        found: Any = await loop.getaddrinfo(key.host, key.port, family=options.family, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:  # UnicodeError: a label is too long for IDNA
        error = exc if isinstance(exc, OSError) else OSError(None, str(exc))
        raise ClientConnectorDNSError(key, error) from exc
    addresses: list[AddressInfo] = found
    return addresses


def _address_literal(host: str, port: int) -> AddressInfo | None:
    """Return what ``getaddrinfo`` would say of an address, without a thread; None for a name."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    if address.version == 4:
        return (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))
    if "%" in host:  # the scope has a number that only the system knows
        return None
    return (socket.AF_INET6, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port, 0, 0))


async def _adopt(
    sock: socket.socket, key: ConnectionKey, make_protocol: Callable[[], Any], loop: asyncio.AbstractEventLoop
) -> ClientConnection:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    context: ssl.SSLContext | None = None
    if isinstance(key.ssl, ssl.SSLContext):
        context = key.ssl
    elif key.is_ssl:
        context = await default_context(key.ssl, loop)
    name = (key.server_hostname or key.host).rstrip(".") if key.is_ssl else None
    try:
        _, connection = await loop.create_connection(
            make_protocol,
            sock=sock,
            ssl=context,
            server_hostname=name,
            ssl_shutdown_timeout=TLS_SHUTDOWN_TIMEOUT_S if key.is_ssl else None,
        )
    except ssl.SSLCertVerificationError as exc:
        raise ClientConnectorCertificateError(key, exc) from exc
    except ssl.SSLError as exc:
        raise ClientConnectorSSLError(key, exc) from exc
    except OSError as exc:
        raise ClientConnectorError(key, exc) from exc
    made: ClientConnection = connection
    return made
