"""What a multipart decoder hands out and an encoder takes, besides ``Data`` for the octets of a part."""

import enum
from typing import Final

from multidict import CIMultiDict


class PartHead:
    """The start of a part.

    Args:
        headers: Its fields; a decoder has checked their names and values, an encoder does so.
    """

    __slots__ = ("headers",)

    def __init__(self, headers: CIMultiDict[str]) -> None:
        self.headers = headers
        """Fields of the part, perhaps none."""

    def __repr__(self) -> str:
        return f"<PartHead {self.headers!r}>"


class MultipartEnd(enum.Enum):
    """The end of something."""

    PART = "part"
    """The part is over; a delimiter was seen behind it."""
    MULTIPART = "multipart"
    """The close delimiter was seen: there are no more parts."""


END_OF_PART: Final = MultipartEnd.PART
END_OF_MULTIPART: Final = MultipartEnd.MULTIPART
