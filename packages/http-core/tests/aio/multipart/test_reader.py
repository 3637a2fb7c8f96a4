"""MultipartReader: parts one after the other, nested ones, limits, and what becomes of a response."""

import asyncio
from collections.abc import Mapping

import pytest

from octet_streams import Pieces
from skerry.http import Limits, RemoteProtocolError
from skerry.http.aio.multipart import BodyPartReader, MultipartReader

HEADERS = {"Content-Type": "multipart/mixed; boundary=b"}
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
TWO = b"--b\r\nA: 1\r\n\r\none\r\n--b\r\nA: 2\r\n\r\ntwo\r\n--b--\r\n"
NESTED = (
    b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
    b"--c\r\n\r\none\r\n--c\r\n\r\ntwo\r\n--c--\r\n\r\n--b\r\n\r\nthree\r\n--b--"
)


def reader_of(data: bytes, headers: Mapping[str, str] = HEADERS, size: int = 65536, **limits: int) -> MultipartReader:
    """Return a reader of ``data``."""
    return MultipartReader(headers, Pieces(data, size, waits=True), limits=Limits(**limits))


async def body_of(reader: MultipartReader) -> BodyPartReader:
    """Return the next part, which is not a nested body."""
    part = await reader.next()
    assert isinstance(part, BodyPartReader)
    return part


@pytest.mark.parametrize("size", [1, 3, 65536])
async def test_parts_come_one_after_the_other(size: int) -> None:
    reader = reader_of(TWO, size=size)
    assert reader.subtype == "mixed"
    first = await body_of(reader)
    assert (first.headers["a"], await first.read()) == ("1", b"one")
    second = await body_of(reader)
    assert (second.headers["a"], await second.read()) == ("2", b"two")
    assert not reader.at_eof()
    assert (await reader.next(), reader.at_eof(), await reader.next()) == (None, True, None)


async def test_what_is_left_of_a_part_is_skipped() -> None:
    reader = reader_of(TWO, size=1)
    first = await body_of(reader)
    assert await first.read_chunk(1) == b"o"
    second = await body_of(reader)
    assert await second.text() == "two"
    assert await first.read() == b""


async def test_iteration() -> None:
    texts = []
    async for part in reader_of(TWO):
        assert isinstance(part, BodyPartReader)
        texts.append(await part.text())
    assert texts == ["one", "two"]


async def test_release_reads_to_the_end() -> None:
    content = Pieces(TWO + b"epilogue", 5)
    reader = MultipartReader(HEADERS, content)
    await reader.next()
    await reader.release()
    assert reader.at_eof()
    assert content.rest == b""


async def test_what_stands_behind_the_last_part_is_read() -> None:
    content = Pieces(TWO + b"epilogue" * 100, 7)
    reader = MultipartReader(HEADERS, content)
    while await reader.next() is not None:
        pass
    assert content.rest == b""


@pytest.mark.parametrize("size", [1, 3, 65536])
async def test_a_nested_body_is_a_reader(size: int) -> None:
    reader = reader_of(NESTED, size=size)
    nested = await reader.next()
    assert isinstance(nested, MultipartReader)
    assert nested.headers["Content-Type"] == "multipart/mixed; boundary=c"
    assert await (await body_of(nested)).text() == "one"
    assert await (await body_of(nested)).text() == "two"
    assert await nested.next() is None
    assert await (await body_of(reader)).text() == "three"
    assert await reader.next() is None


async def test_a_nested_body_that_is_left_is_skipped() -> None:
    reader = reader_of(NESTED, size=2)
    nested = await reader.next()
    assert isinstance(nested, MultipartReader)
    await nested.next()
    assert await (await body_of(reader)).text() == "three"
    assert (nested.at_eof(), await nested.next()) == (True, None)


async def test_a_nested_body_that_is_broken_can_be_skipped() -> None:
    data = NESTED.replace(b"--c--", b"--c-x")
    reader = reader_of(data)
    nested = await reader.next()
    assert isinstance(nested, MultipartReader)
    with pytest.raises(RemoteProtocolError, match="boundary is followed by"):
        await nested.release()
    assert await (await body_of(reader)).text() == "three"


def nest(depth: int) -> bytes:
    """Return a body with ``depth`` levels."""
    body = b"x"
    for level in range(depth, 0, -1):
        field = b"Content-Type: multipart/mixed; boundary=b%dx\r\n" % (level + 1) if level < depth else b""
        body = b"--b%dx\r\n%s\r\n%s\r\n--b%dx--" % (level, field, body, level)
    return body


async def descend(depth: int, **limits: int) -> BodyPartReader:
    """Go down a body with ``depth`` levels and return the part at the end."""
    part: MultipartReader | BodyPartReader | None = reader_of(
        nest(depth), {"Content-Type": "multipart/mixed; boundary=b1x"}, **limits
    )
    while isinstance(part, MultipartReader):
        part = await part.next()
    assert part is not None
    return part


async def test_bodies_inside_of_each_other_have_a_limit() -> None:
    assert await (await descend(8)).text() == "x"
    with pytest.raises(RemoteProtocolError, match="max_multipart_depth") as caught:
        await descend(9)
    assert caught.value.code == "multipart-too-deep"
    assert await (await descend(20, max_multipart_depth=0)).text() == "x"


async def test_parts_are_counted_over_all_levels() -> None:
    reader = reader_of(NESTED, max_parts=2)
    nested = await reader.next()
    assert isinstance(nested, MultipartReader)
    await nested.next()
    with pytest.raises(RemoteProtocolError, match="max_parts"):
        await nested.next()


async def test_keywords_stand_for_limits() -> None:
    data = b"--b\r\nA: 12345\r\nB: 1\r\n\r\nxyz\r\n--b--"
    cases = [({"max_field_size": 5}, "field-too-long"), ({"max_headers": 1}, "too-many-fields")]
    for arguments, code in cases:
        with pytest.raises(RemoteProtocolError) as caught:
            await MultipartReader(HEADERS, Pieces(data), **arguments).next()  # type: ignore[arg-type]
        assert caught.value.code == code
    part = await body_of(MultipartReader(HEADERS, Pieces(data), client_max_size=2))
    with pytest.raises(RemoteProtocolError, match="at most 2"):
        await part.read()


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "multipart/mixed"}])
async def test_what_is_no_multipart_body_is_refused_at_once(headers: dict[str, str]) -> None:
    with pytest.raises(RemoteProtocolError, match=r"Content-Type|boundary"):
        MultipartReader(headers, Pieces(b""))


@pytest.mark.parametrize("cut", range(len(TWO) - 4))
async def test_a_body_that_is_cut_ends_in_an_error_and_says_so_again(cut: int) -> None:
    """CVE-2024-30251: it was read for ever."""
    reader = reader_of(TWO[:cut])
    for _ in range(2):
        with pytest.raises(RemoteProtocolError) as caught:
            await reader.release()
        assert caught.value.code == "incomplete-multipart"


async def test_a_form_may_name_the_charset_of_its_fields() -> None:
    """RFC 7578 §4.6."""
    data = (
        b'--b\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\niso-8859-1\r\n'
        b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\n\xe9\r\n--b--'
    )
    part = await body_of(reader_of(data, FORM))
    assert (part.name, await part.text()) == ("q", "é")
    part = await body_of(reader_of(data))
    assert part.name == "_charset_"


@pytest.mark.parametrize("charset", [b"", b"x" * 32, b"x" * 5000, b"\xff"])
async def test_a_charset_of_all_fields_that_cannot_be_is_refused(charset: bytes) -> None:
    data = b'--b\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\n' + charset + b"\r\n--b--"
    with pytest.raises(RemoteProtocolError) as caught:
        await reader_of(data, FORM).next()
    assert caught.value.code == "bad-charset"


async def test_own_classes_make_the_parts() -> None:
    class Part(BodyPartReader):
        pass

    class Nested(MultipartReader):
        part_reader_cls = Part

    class Reader(MultipartReader):
        part_reader_cls = Part
        multipart_reader_cls = Nested

    nested = await Reader(HEADERS, Pieces(NESTED)).next()
    assert isinstance(nested, Nested)
    assert isinstance(await nested.next(), Part)


async def test_a_cancelled_wait_for_a_part_loses_nothing() -> None:
    for turns in range(8):
        reader = reader_of(TWO, size=4)
        task = asyncio.ensure_future(reader.next())
        for _ in range(turns):
            await asyncio.sleep(0)
        if task.cancel():
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            assert isinstance(task.result(), BodyPartReader)
            continue
        assert await (await body_of(reader)).text() == "one"


class Response:
    """A response with a multipart body."""

    def __init__(self, data: bytes, *, is_async: bool) -> None:
        self.headers = HEADERS
        self.content = Pieces(data)
        self.released = 0
        self.is_async = is_async

    def release(self) -> "asyncio.Future[None] | None":
        """Count."""
        self.released += 1
        if not self.is_async:
            return None
        future = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_response_is_let_go_when_its_last_part_was_read(is_async: bool) -> None:
    response = Response(TWO, is_async=is_async)
    wrapper = MultipartReader.from_response(response)
    assert wrapper.resp is response
    texts = []
    async for part in wrapper:
        assert not wrapper.at_eof()
        assert response.released == 0
        assert isinstance(part, BodyPartReader)
        texts.append(await part.text())
    assert texts == ["one", "two"]
    assert wrapper.at_eof()
    assert response.released == 1


async def test_a_response_can_be_let_go_early() -> None:
    response = Response(TWO, is_async=True)
    wrapper = MultipartReader.from_response(response)
    await wrapper.next()
    await wrapper.release()
    assert response.released == 1
