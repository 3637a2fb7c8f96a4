"""What makes two connections interchangeable."""

from ssl import SSLContext
from typing import NamedTuple

from yarl import URL

DEFAULT_PORTS = {"http": 80, "https": 443}
"""Ports of the schemes that the client speaks (RFC 9110 §4.2)."""


class ConnectionKey(NamedTuple):
    """Everything that influences where a connection leads and who answers there.

    Two requests may share a connection only if their keys are equal: one that differs in how the certificate was
    checked, or for which name, must not carry the other (CVE-2026-54275).
    """

    host: str
    """Host name or address, without brackets."""
    port: int | None
    """Port."""
    is_ssl: bool
    """True for TLS."""
    ssl: SSLContext | bool = True
    """How the certificate is checked: True the default way, False not at all, or a context."""
    proxy: URL | None = None
    """Proxy that the connection goes through, with its credentials; None is a direct connection."""
    server_hostname: str | None = None
    """Name that TLS asks for and checks (SNI), when it is not ``host``."""


def key_of(url: URL, verification: SSLContext | bool = True, server_hostname: str | None = None) -> ConnectionKey:
    """Return the key of the connections that can carry a request for ``url``.

    Args:
        url: Absolute http or https URL.
        verification: As ``ConnectionKey.ssl``; without TLS it makes no difference.
        server_hostname: As ``ConnectionKey.server_hostname``; without TLS it makes no difference.
    """
    host = url.raw_host or ""
    port = url.port or DEFAULT_PORTS.get(url.scheme)
    if url.scheme != "https":
        return ConnectionKey(host, port, False)
    return ConnectionKey(host, port, True, verification, None, server_hostname)
