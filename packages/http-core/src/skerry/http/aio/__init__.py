"""The asyncio shells over the sans-IO cores, and the body stream; nothing else in this distribution knows asyncio."""

from .client import H1ClientConnection, H1ClientExchange
from .deadlines import CoarseClock
from .server import H1ServerConnection, H1ServerExchange
from .stream import StreamReader

__all__ = [
    "CoarseClock",
    "H1ClientConnection",
    "H1ClientExchange",
    "H1ServerConnection",
    "H1ServerExchange",
    "StreamReader",
]
