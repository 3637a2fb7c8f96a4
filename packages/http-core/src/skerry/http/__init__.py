"""HTTP itself: what is common to clients and servers, and belongs to neither."""

from . import hdrs
from ._version import __version__
from .build import is_compiled
from .errors import LocalProtocolError, ProtocolError, RemoteProtocolError, SkerryError
from .events import CLOSED, END, NEED_DATA, PAUSED, Data, EndOfMessage, Pause
from .exchange import BodyFeed, BytesLike, ClientConnection, ClientExchange, ConnectionInfo, ServerExchange
from .heads import RequestHead, ResponseHead
from .limits import DEFAULT_LIMITS, Limits
from .status import has_no_content, reason_of
from .versions import HttpVersion, HttpVersion10, HttpVersion11, HttpVersion20

__all__ = [
    "CLOSED",
    "DEFAULT_LIMITS",
    "END",
    "NEED_DATA",
    "PAUSED",
    "BodyFeed",
    "BytesLike",
    "ClientConnection",
    "ClientExchange",
    "ConnectionInfo",
    "Data",
    "EndOfMessage",
    "HttpVersion",
    "HttpVersion10",
    "HttpVersion11",
    "HttpVersion20",
    "Limits",
    "LocalProtocolError",
    "Pause",
    "ProtocolError",
    "RemoteProtocolError",
    "RequestHead",
    "ResponseHead",
    "ServerExchange",
    "SkerryError",
    "__version__",
    "has_no_content",
    "hdrs",
    "is_compiled",
    "reason_of",
]
