"""skerry reading multipart bodies with its sans-IO decoder."""

from collections.abc import Callable
from itertools import repeat

from skerry.http import NEED_DATA, Data, Limits
from skerry.http.multipart import END_OF_PART, MultipartDecoder

from ..builds import skerry_build
from ..machine import version_of
from ..multiparts import BOUNDARY

_LIMITS = Limits(max_parts=0)


class SkerryDecoder:
    """The decoder of skerry-http-core."""

    version = version_of("skerry-http-core")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()

    def count(self, pieces: list[bytes]) -> tuple[int, int]:
        """Read one body and return its parts and their octets."""
        parts = octets = 0
        decoder = MultipartDecoder(BOUNDARY.encode(), _LIMITS)
        for piece in pieces:
            decoder.receive_data(piece)
            while (event := decoder.next_event()) is not NEED_DATA:
                if isinstance(event, Data):
                    octets += len(event.data)
                elif event is END_OF_PART:
                    parts += 1
        return parts, octets

    def repeat(self, pieces: list[bytes]) -> Callable[[int], None]:
        """Return a loop over many bodies."""

        def read(count: int) -> None:
            for _ in repeat(None, count):
                self.count(pieces)

        return read


PEER = SkerryDecoder()
