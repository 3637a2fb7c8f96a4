"""Bodies in memory and from asynchronous iterables: size, replay, pieces, closing."""

import array
from collections.abc import AsyncIterator

import pytest

from skerry.http.body import AsyncIterableBody, BodySource, BytesBody, FormBody, JsonBody, TextBody
from skerry.http.body.sources import PIECE_SIZE, cut
from skerry.http.errors import BodyConsumedError, SkerryError


class Source:
    """An asynchronous iterable that can be started anew and notes what happens to it."""

    def __init__(self, *pieces: bytes) -> None:
        self.given = pieces
        self.log: list[str] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.log.append("start")
        try:
            for piece in self.given:
                yield piece
        finally:
            self.log.append("close")


async def gather(body: BodySource) -> list[bytes]:
    return [bytes(piece) async for piece in body.pieces()]


@pytest.mark.parametrize(
    ("body", "content", "content_type"),
    [
        pytest.param(BytesBody(b"abc"), b"abc", "application/octet-stream", id="bytes"),
        pytest.param(BytesBody(bytearray(b"abc")), b"abc", "application/octet-stream", id="bytearray"),
        pytest.param(BytesBody(memoryview(b"abc")), b"abc", "application/octet-stream", id="memoryview"),
        pytest.param(
            BytesBody(memoryview(array.array("H", [1, 2]))),
            array.array("H", [1, 2]).tobytes(),
            "application/octet-stream",
            id="memoryview-of-wider-items",
        ),
        pytest.param(BytesBody(b"", content_type=None), b"", None, id="empty"),
        pytest.param(TextBody("hé"), b"h\xc3\xa9", "text/plain; charset=utf-8", id="text"),
        pytest.param(TextBody("hé", encoding="latin-1"), b"h\xe9", "text/plain; charset=latin-1", id="text-latin-1"),
        pytest.param(TextBody("<p>", media_type="text/html"), b"<p>", "text/html; charset=utf-8", id="html"),
        pytest.param(JsonBody({"a": "é"}), b'{"a": "\\u00e9"}', "application/json", id="rfc8259-json"),
        pytest.param(JsonBody(1, dumps=lambda _: "é"), b"\xc3\xa9", "application/json", id="rfc8259-8.1-utf-8"),
        pytest.param(JsonBody(1, dumps=lambda _: b"\xff", content_type="a/b"), b"\xff", "a/b", id="json-octets"),
        pytest.param(FormBody({"a": "b"}), b"a=b", "application/x-www-form-urlencoded", id="form"),
        pytest.param(
            FormBody({"a": "é"}, encoding="latin-1"),
            b"a=%E9",
            "application/x-www-form-urlencoded; charset=latin-1",
            id="form-latin-1",
        ),
    ],
)
async def test_a_body_in_memory_knows_its_size_and_can_be_sent_again(
    body: BodySource, content: bytes, content_type: str | None
) -> None:
    assert isinstance(body, BodySource)
    assert body.size == len(content)
    assert body.content_type == content_type
    assert body.replayable
    for _ in range(2):
        assert b"".join(await gather(body)) == content
    await body.aclose()
    assert b"".join(await gather(body)) == content


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("size", [0, 1, PIECE_SIZE, PIECE_SIZE + 1, 3 * PIECE_SIZE])
async def test_long_bodies_come_in_pieces_that_are_never_empty(kind: type, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    pieces = await gather(BytesBody(kind(data[:size])))
    assert b"".join(pieces) == data[:size]
    assert all(0 < len(piece) <= PIECE_SIZE for piece in pieces)
    assert len(pieces) == -(-size // PIECE_SIZE)


@pytest.mark.parametrize(("start", "stop"), [(0, 2), (1, None), (1, 9), (3, 3), (4, None), (9, 12)])
async def test_a_cut_is_a_slice(start: int, stop: int | None) -> None:
    assert b"".join([bytes(piece) async for piece in cut(b"abcd", start, stop)]) == b"abcd"[start:stop]


async def test_a_buffer_can_be_resized_once_a_sending_was_given_up() -> None:
    data = bytearray(2 * PIECE_SIZE)
    pieces = BytesBody(data).pieces()
    assert len(await anext(pieces)) == PIECE_SIZE
    await pieces.aclose()
    data.clear()


@pytest.mark.parametrize("wrong", ["text", 1, None, [b"a"]], ids=repr)
def test_only_octets_make_a_body_of_octets(wrong: object) -> None:
    with pytest.raises(TypeError, match="expected bytes"):
        BytesBody(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [b"text", [b"a"], None], ids=repr)
def test_only_an_asynchronous_iterable_makes_a_body_of_pieces(wrong: object) -> None:
    with pytest.raises(TypeError, match="expected an asynchronous iterable"):
        AsyncIterableBody(wrong)  # type: ignore[arg-type]


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="size is -1"):
        AsyncIterableBody(Source(), size=-1)


async def test_a_body_of_pieces_is_sent_once_and_its_generator_closed() -> None:
    source = Source(b"ab", b"", b"c")
    body = AsyncIterableBody(source)
    assert isinstance(body, BodySource)
    assert (body.size, body.replayable, body.consumed) == (None, False, False)
    assert await gather(body) == [b"ab", b"c"]
    assert source.log == ["start", "close"]
    assert body.consumed
    with pytest.raises(BodyConsumedError, match="cannot be replayed"):
        await gather(body)
    assert source.log == ["start", "close"]


async def test_a_body_that_can_be_started_anew_is_replayable_when_the_caller_says_so() -> None:
    source = Source(b"ab", b"c")
    body = AsyncIterableBody(source, size=3, replayable=True, content_type="a/b")
    assert [await gather(body) for _ in range(2)] == [[b"ab", b"c"]] * 2
    assert (body.size, body.content_type, body.consumed) == (3, "a/b", False)
    await body.aclose()
    assert await gather(body) == [b"ab", b"c"]


async def test_a_sending_that_is_given_up_closes_the_generator() -> None:
    source = Source(b"ab", b"c")
    pieces = AsyncIterableBody(source).pieces()
    assert await anext(pieces) == b"ab"
    await pieces.aclose()
    assert source.log == ["start", "close"]


async def test_closing_closes_a_generator_that_was_never_started() -> None:
    generator = aiter(Source(b"ab"))
    body = AsyncIterableBody(generator)
    await body.aclose()
    await body.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(generator)
    with pytest.raises(BodyConsumedError):
        await gather(body)


def test_the_error_of_a_second_sending_is_caught_by_its_base_and_as_a_runtime_error() -> None:
    assert issubclass(BodyConsumedError, SkerryError)
    assert issubclass(BodyConsumedError, RuntimeError)
    assert BodyConsumedError().code == "body-consumed"


async def test_a_failing_iterable_fails_the_sending() -> None:
    async def fail() -> AsyncIterator[bytes]:
        yield b"a"
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        await gather(AsyncIterableBody(fail()))
