"""Undo the encodings of a part while it is read: its transfer encoding first, then its content codings."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from ... import hdrs
from ...coding import Decoder, make_decoder
from ...errors import RemoteProtocolError
from ...limits import Limits
from ...multipart.transfer import find_transfer_decoder
from ..coding import DECODE_INLINE_OCTETS


class PartDecoder:
    """The encodings of one part.

    Args:
        headers: Fields of the part.
        limits: The limits of content codings apply.
        is_form_data: True for a part of a form: Content-Encoding means nothing there (RFC 7578 §4.8).

    Raises:
        RemoteProtocolError: An encoding is not known (``unknown-part-encoding``, ``unknown-content-coding``), or there
            are too many codings (``too-many-codings``).
    """

    def __init__(self, headers: Mapping[str, str], limits: Limits, *, is_form_data: bool) -> None:
        self._transfer = find_transfer_decoder(headers.get(hdrs.CONTENT_TRANSFER_ENCODING, ""))
        coding = "" if is_form_data else headers.get(hdrs.CONTENT_ENCODING, "")
        self._content: Decoder | None = make_decoder(coding, limits) if coding else None

    def decode(self, data: bytes, *, max_octets: int = 0) -> bytes:
        """Return a whole part decoded, on the caller's thread.

        Args:
            data: All octets of the part.
            max_octets: Octets of the result at the most; 0 for any number.

        Raises:
            RemoteProtocolError: The data are not what the fields say (``bad-part-encoding``, ``bad-content-coding``,
                ``incomplete-content-coding``), or make too much (``part-too-long``, or a limit of content codings).
        """
        plain = self._transfer.update(data) + self._transfer.finish()
        if self._content is None:
            check_size(len(plain), max_octets)
            return plain
        self._content.feed(plain)
        pieces: list[bytes] = []
        size = 0
        while piece := self._content.read():
            size += len(piece)
            check_size(size, max_octets)
            pieces.append(piece)
        self._content.finish()
        return b"".join(pieces)

    async def decode_pieces(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield what ``pieces`` stand for; each step gives a bounded piece, and a large one is made in a thread.

        Raises:
            RemoteProtocolError: As for ``decode``.

        Cancellation:
            The part cannot be decoded any further.
        """
        async for piece in pieces:
            if data := self._transfer.update(piece):
                if self._content is None:
                    yield data
                else:
                    self._content.feed(data)
                    async for decoded in _read(self._content):
                        yield decoded
        if data := self._transfer.finish():
            if self._content is None:
                yield data
            else:
                self._content.feed(data)
        if self._content is not None:
            async for decoded in _read(self._content):
                yield decoded
            self._content.finish()


async def _read(decoder: Decoder) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    while True:
        if decoder.pending_octets <= DECODE_INLINE_OCTETS:
            decoded = decoder.read()
        else:
            decoded = await loop.run_in_executor(None, decoder.read)
        if not decoded:
            return
        yield decoded


def check_size(size: int, max_octets: int) -> None:
    """Raise when a part has more octets than may be gathered.

    Raises:
        RemoteProtocolError: ``size`` is greater than ``max_octets``, which is not 0 (``part-too-long``).
    """
    if size > max_octets > 0:
        raise RemoteProtocolError(
            "part-too-long", where="part", problem="longer than the limit", expected=f"at most {max_octets} octets"
        )
