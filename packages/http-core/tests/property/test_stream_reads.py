"""StreamReader: whatever the pieces and whichever methods read them, the octets come once and in order."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from skerry.http.aio.stream import StreamReader
from skerry.http.errors import LineTooLongError
from skerry.http.events import END, Data, EndOfMessage


class Feed:
    """Gives a script; None stands for one turn of waiting."""

    def __init__(self, script: list[Data | None]) -> None:
        self.script = script[::-1]

    def receive_nowait(self) -> Data | EndOfMessage | None:
        return self.script.pop() if self.script else END

    async def wait_readable(self) -> None:
        await asyncio.sleep(0)


PIECES = st.lists(st.none() | st.builds(Data, st.text("ab\n", max_size=6).map(str.encode), st.booleans()), max_size=12)
READS = st.one_of(
    st.tuples(st.just("read"), st.integers(-1, 9)),
    st.tuples(st.just("read_nowait"), st.integers(-1, 9)),
    st.tuples(st.just("readexactly"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["readany", "readline", "readchunk", "at_eof", "is_eof"])),
    st.tuples(st.just("readuntil"), st.sampled_from([b"a", b"ab", b"\n\n", b"aba"])),
)


async def consume(reader: StreamReader, reads: list[tuple[Any, ...]]) -> bytes:
    got = []
    for name, *arguments in reads:
        result = getattr(reader, name)(*arguments)
        if asyncio.iscoroutine(result):
            try:
                result = await result
            except asyncio.IncompleteReadError as error:
                assert reader.at_eof()
                result = error.partial
        if name == "readexactly":
            assert len(result) == arguments[0] or reader.at_eof()
        elif name == "readuntil":
            assert result.find(arguments[0]) in (-1, len(result) - len(arguments[0]))
        elif name == "readchunk":
            result = result[0]
        if isinstance(result, bytes):
            got.append(result)
    got.append(await reader.read())
    assert reader.at_eof()
    return b"".join(got)


@given(PIECES, st.lists(READS, max_size=12), st.integers(1, 20))
def test_every_octet_is_read_once_and_in_order(
    pieces: list[Data | None], reads: list[tuple[Any, ...]], limit: int
) -> None:
    content = b"".join(piece.data for piece in pieces if piece is not None)
    reader = StreamReader(Feed(pieces), limit=max(limit, 36))
    assert asyncio.run(consume(reader, reads)) == content
    assert reader.total_bytes == len(content)


@given(PIECES, st.sampled_from([b"\n", b"ab", b"\n\na"]), st.integers(1, 100))
def test_a_separator_splits_as_it_splits_octets(pieces: list[Data | None], separator: bytes, limit: int) -> None:
    content = b"".join(piece.data for piece in pieces if piece is not None)
    parts = content.split(separator)
    expected = [part + separator for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])

    async def read() -> list[bytes]:
        reader = StreamReader(Feed(pieces), limit=limit)
        lines = []
        while line := await reader.readuntil(separator, max_size=100):
            lines.append(line)
        return lines

    assert asyncio.run(read()) == expected


@given(PIECES, st.integers(1, 8))
def test_no_line_is_longer_than_asked_for(pieces: list[Data | None], limit: int) -> None:
    async def read() -> list[bytes]:
        reader = StreamReader(Feed(pieces))
        lines = []
        while not reader.at_eof():
            try:
                lines.append(await reader.readline(max_line_length=limit))
            except LineTooLongError as error:
                lines.append(b"\n" if len(error.seen) > limit else b"not too long")
        return lines

    assert all(len(line) <= limit and line != b"not too long" for line in asyncio.run(read()))


@given(PIECES)
def test_chunks_are_those_that_came(pieces: list[Data | None]) -> None:
    expected = [b""]
    for piece in pieces:
        if piece is not None:
            expected[-1] += piece.data
            if piece.chunk_end:
                expected.append(b"")

    async def read() -> list[bytes]:
        chunks = [b""]
        async for data, ends in StreamReader(Feed(pieces)).iter_chunks():
            chunks[-1] += data
            if ends:
                chunks.append(b"")
        return chunks

    assert asyncio.run(read()) == expected
