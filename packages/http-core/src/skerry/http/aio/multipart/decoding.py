"""Undo the encodings of a part while it is read: transfer encoding first, then content codings."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping

from ... import hdrs
from ...errors import RemoteProtocolError
from ...limits import Limits
from ...multipart.transfer import TransferCoder, find_transfer_decoder


class PartDecoder:
    """The encodings of one part.

    Args:
        headers: Fields of the part.
        is_form_data: True for a part of a form: Content-Encoding means nothing there (RFC 7578 §4.8).
        limits: The limits of content codings apply.

    Raises:
        RemoteProtocolError: An encoding is not known.
    """

    def __init__(self, headers: Mapping[str, str], limits: Limits, *, is_form_data: bool) -> None:
        self._transfer: TransferCoder = find_transfer_decoder(headers.get(hdrs.CONTENT_TRANSFER_ENCODING, ""))
