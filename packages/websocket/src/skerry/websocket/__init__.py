"""The WebSocket layer: the error tree and the version; the rest is to come."""

from ._version import __version__
from .errors import WebSocketError

__all__ = ["WebSocketError", "__version__"]
