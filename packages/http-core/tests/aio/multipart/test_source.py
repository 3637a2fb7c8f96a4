"""PartSource: events are asked for, octets are read only when the decoder needs them."""

import pytest

from octet_streams import Pieces
from skerry.http import CLOSED, Data, RemoteProtocolError
from skerry.http.aio.multipart.source import PartSource
from skerry.http.multipart import END_OF_MULTIPART, END_OF_PART, MultipartDecoder, PartHead


async def test_nothing_is_read_before_it_is_needed() -> None:
    content = Pieces(b"--b\r\n\r\nx\r\n--b--")
    source = PartSource(MultipartDecoder(b"b"), content)
    assert content.calls == 0
    assert isinstance(await source.next_event(), PartHead)
    event = await source.next_event()
    assert isinstance(event, Data)
    assert event.data == b"x"
    assert [await source.next_event(), await source.next_event()] == [END_OF_PART, END_OF_MULTIPART]
    assert content.calls == 1
    assert await source.next_event() is CLOSED
    assert content.calls == 2


async def test_the_end_of_the_stream_is_the_end_of_the_input() -> None:
    source = PartSource(MultipartDecoder(b"b"), Pieces(b"--b"))
    for _ in range(2):
        with pytest.raises(RemoteProtocolError, match="close delimiter"):
            await source.next_event()
