"""Where the parts of a multipart body come from: a stream of octets, read only when somebody asks for more."""

from typing import Protocol

from ...events import NEED_DATA
from ...multipart.decoder import Event, MultipartDecoder


class OctetStream(Protocol):
    """What a multipart body is read from: a ``StreamReader``, or a part of another multipart body."""

    async def readany(self) -> bytes:
        """Return what has arrived, at least one octet; ``b""`` at the end."""


class PartSource:
    """A decoder and the stream that feeds it.

    Args:
        decoder: Reads the parts.
        content: The octets of the multipart body.
    """

    def __init__(self, decoder: MultipartDecoder, content: OctetStream) -> None:
        self._decoder = decoder
        self._content = content

    async def next_event(self) -> Event:
        """Return the next event of the decoder, never ``NEED_DATA``.

        Raises:
            RemoteProtocolError: The body breaks the grammar or a limit, or is cut short; each later call raises the
                same. Also what the stream raises.

        Cancellation:
            Nothing is lost.
        """
        decoder = self._decoder
        while True:
            event = decoder.next_event()
            if event is not NEED_DATA:
                return event
            data = await self._content.readany()
            if data:
                decoder.receive_data(data)
            else:
                decoder.receive_eof()
