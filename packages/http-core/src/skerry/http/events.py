"""What a core hands out besides heads: pieces of a body, its end, and the reasons why there is nothing yet."""

import enum
from typing import Final

from multidict import CIMultiDict


class Data:
    """A piece of a body, without its framing.

    Args:
        data: At least one octet, unless ``chunk_end`` is all there is to say.
        chunk_end: The piece ends a chunk of the chunked coding; other framings never say so.
    """

    def __init__(self, data: bytes, chunk_end: bool = False) -> None:
        self.data = data
        """Octets of the body."""
        self.chunk_end = chunk_end
        """True when an HTTP chunk ends here."""

    def __repr__(self) -> str:
        return f"<Data {len(self.data)} octets{', end of chunk' if self.chunk_end else ''}>"


class EndOfMessage:
    """The end of a message.

    Args:
        trailers: Fields after the body (RFC 9110 §6.5); None when there are none.
    """

    def __init__(self, trailers: CIMultiDict[str] | None = None) -> None:
        self.trailers = trailers
        """Trailer fields, or None."""

    def __repr__(self) -> str:
        return f"<EndOfMessage trailers={self.trailers!r}>"


END: Final = EndOfMessage()
"""The end of a message without trailers; one object for all of them."""


class Pause(enum.Enum):
    """Why ``next_event`` has no event."""

    NEED_DATA = "need data"
    """The peer has not sent enough yet."""
    PAUSED = "paused"
    """The next message, or octets of another protocol, wait until this exchange is over."""
    CLOSED = "closed"
    """The peer has ended its side, between messages: nothing more will come."""


NEED_DATA: Final = Pause.NEED_DATA
PAUSED: Final = Pause.PAUSED
CLOSED: Final = Pause.CLOSED
