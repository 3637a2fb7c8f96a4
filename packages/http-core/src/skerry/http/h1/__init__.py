"""HTTP/1.1 without sockets (RFC 9112): octets and time in, events and octets out."""

from .connection import CLIENT, SERVER, Connection
from .states import State

__all__ = ["CLIENT", "SERVER", "Connection", "State"]
