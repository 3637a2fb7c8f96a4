"""PartDecoder: which encodings a part has, in which order they are undone, and on which thread."""

import gzip
import random
import threading
from collections.abc import AsyncIterator

import pytest

from skerry.http import DEFAULT_LIMITS, Limits, RemoteProtocolError
from skerry.http.aio.coding import DECODE_INLINE_OCTETS as THREAD_OCTETS
from skerry.http.aio.multipart.decoding import PartDecoder, check_size

GZIP = {"Content-Encoding": "gzip"}


async def pieces_of(*pieces: bytes) -> AsyncIterator[bytes]:
    """Yield pieces."""
    for piece in pieces:
        yield piece


async def decode(headers: dict[str, str], *pieces: bytes, limits: Limits = DEFAULT_LIMITS) -> list[bytes]:
    """Return the decoded pieces."""
    decoder = PartDecoder(headers, limits, is_form_data=False)
    return [piece async for piece in decoder.decode_pieces(pieces_of(*pieces))]


async def test_plain_pieces_are_handed_on() -> None:
    assert await decode({}, b"a", b"b") == [b"a", b"b"]


async def test_a_bomb_ends_in_an_error_while_it_is_decoded() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(RemoteProtocolError) as caught:
        await decode(GZIP, bomb)
    assert caught.value.code == "coding-ratio"


async def test_decoded_pieces_are_bounded() -> None:
    pieces = await decode(GZIP, gzip.compress(b"\0" * 2_000_000))
    assert sum(map(len, pieces)) == 2_000_000
    assert max(map(len, pieces)) <= 262_144


@pytest.mark.parametrize("size", [100, THREAD_OCTETS * 8])
async def test_a_thread_does_what_takes_long(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    decoder = PartDecoder(GZIP, DEFAULT_LIMITS, is_form_data=False)
    content = decoder._content
    assert content is not None
    threads = set()
    read = content.read

    def note() -> bytes:
        threads.add(threading.current_thread())
        return read()

    monkeypatch.setattr(content, "read", note)
    data = random.Random(1).randbytes(size)
    found = [piece async for piece in decoder.decode_pieces(pieces_of(gzip.compress(data)))]
    assert b"".join(found) == data
    assert (threads == {threading.current_thread()}) == (size < THREAD_OCTETS)


@pytest.mark.parametrize(("size", "limit"), [(0, 1), (1, 1), (100, 0)])
def test_what_fits_passes(size: int, limit: int) -> None:
    check_size(size, limit)


def test_what_is_too_long_does_not() -> None:
    with pytest.raises(RemoteProtocolError, match="at most 1 octets"):
        check_size(2, 1)
