"""HTTP itself: what is common to clients and servers, and belongs to neither."""

from ._version import __version__
from .errors import LocalProtocolError, ProtocolError, RemoteProtocolError, SkerryError

__all__ = ["LocalProtocolError", "ProtocolError", "RemoteProtocolError", "SkerryError", "__version__"]
