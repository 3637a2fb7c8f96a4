"""BodyPartReader: reading, decoding, names and charsets of one part."""

import asyncio
import base64
import gzip
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from octet_streams import Pieces
from skerry.http import Limits, RemoteProtocolError
from skerry.http.aio.multipart import BodyPartReader, MultipartReader

SIZES = [1, 2, 7, 65536]


async def part_of(
    body: bytes,
    *fields: str,
    size: int = 65536,
    subtype: str = "mixed",
    limits: Limits | None = None,
    max_size: int = 0,
) -> BodyPartReader:
    """Return the one part of a multipart body."""
    head = "".join(f"{field}\r\n" for field in fields).encode()
    content = Pieces(b"--b\r\n" + head + b"\r\n" + body + b"\r\n--b--\r\n", size, waits=True)
    reader = MultipartReader(
        {"Content-Type": f"multipart/{subtype}; boundary=b"},
        content,
        limits=limits or Limits(),
        client_max_size=max_size,
    )
    part = await reader.next()
    assert isinstance(part, BodyPartReader)
    return part


async def code_of(awaitable: Awaitable[object]) -> str:
    """Return the code of the error that an awaitable ends with."""
    with pytest.raises(RemoteProtocolError) as caught:
        await awaitable
    return caught.value.code


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_read_whole_once(size: int) -> None:
    part = await part_of(b"hello\r\nworld", size=size)
    assert not part.at_eof()
    assert await part.read() == b"hello\r\nworld"
    assert part.at_eof()
    assert (await part.read(), await part.read_chunk(), await part.readline(), await part.next()) == (
        b"",
        b"",
        b"",
        None,
    )


async def test_iteration_gives_the_whole_part_once() -> None:
    part = await part_of(b"hello", size=1)
    assert [data async for data in part] == [b"hello"]


@pytest.mark.parametrize("size", SIZES)
async def test_it_is_read_in_chunks_and_then_the_rest(size: int) -> None:
    part = await part_of(b"0123456789", size=size)
    chunk = await part.read_chunk(3)
    assert 0 < len(chunk) <= 3
    assert chunk + await part.read() == b"0123456789"


async def test_the_size_of_a_chunk_is_at_least_1() -> None:
    part = await part_of(b"x")
    with pytest.raises(ValueError, match="expected 1 or more"):
        await part.read_chunk(0)


@pytest.mark.parametrize("size", SIZES)
async def test_lines_end_with_lf_the_last_one_with_nothing(size: int) -> None:
    part = await part_of(b"one\r\ntwo\n\nfour", size=size)
    lines = [await part.readline() for _ in range(6)]
    assert lines == [b"one\r\n", b"two\n", b"\n", b"four", b"", b""]


async def test_a_line_has_a_limit() -> None:
    part = await part_of(b"x" * 100 + b"\n", limits=Limits(read_buffer_size=64), size=16)
    assert await code_of(part.readline()) == "line-too-long"


async def test_release_throws_the_rest_away() -> None:
    part = await part_of(b"hello" * 1000, size=64)
    await part.read_chunk(10)
    await part.release()
    assert part.at_eof()
    assert await part.read() == b""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("encoding", "body", "decoded"),
    [
        ("base64", b"aGVs\r\nbG8=", b"hello"),
        ("quoted-printable", b"a=20=\r\nb", b"a b"),
        ("binary", b"a=20", b"a=20"),
    ],
)
async def test_a_transfer_encoding_is_undone_when_asked_for(
    size: int, encoding: str, body: bytes, decoded: bytes
) -> None:
    field = f"Content-Transfer-Encoding: {encoding}"
    assert await (await part_of(body, field, size=size)).read(decode=True) == decoded
    assert await (await part_of(body, field, size=size)).read() == body
    assert (await part_of(body, field)).decode(body) == decoded
    part = await part_of(body, field)
    assert b"".join([piece async for piece in part.decode_iter(body)]) == decoded


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chunk_size", [1, 3, 4, 5, 100])
async def test_each_chunk_of_base64_can_be_decoded_alone(size: int, chunk_size: int) -> None:
    part = await part_of(b"aGVs\r\nbG8g\r\nd29y\r\nbGQ=\r\n", "Content-Transfer-Encoding: base64", size=size)
    decoded = b""
    while chunk := await part.read_chunk(chunk_size):
        decoded += part.decode(chunk)
    assert decoded == b"hello world"


@pytest.mark.parametrize("size", SIZES)
async def test_content_codings_are_undone_behind_the_transfer_encoding(size: int) -> None:
    raw = base64.encodebytes(gzip.compress(b"hello" * 1000))
    part = await part_of(raw, "Content-Encoding: gzip", "Content-Transfer-Encoding: base64", size=size)
    assert await part.read(decode=True) == b"hello" * 1000


async def test_a_large_step_of_decompression_leaves_the_thread_of_the_loop() -> None:
    data = random.Random(1).randbytes(200_000)
    part = await part_of(gzip.compress(data), "Content-Encoding: gzip")
    assert b"".join([piece async for piece in part.iter_decoded()]) == data


async def test_a_part_of_a_form_has_no_content_coding() -> None:
    """RFC 7578 §4.8: fields other than the three named there are ignored."""
    raw = gzip.compress(b"hello")
    part = await part_of(raw, "Content-Encoding: gzip", subtype="form-data")
    assert await part.read(decode=True) == raw


@pytest.mark.parametrize(
    ("fields", "body", "code"),
    [
        pytest.param("Content-Transfer-Encoding: x", b"", "unknown-part-encoding", id="unknown-transfer-encoding"),
        pytest.param("Content-Encoding: x", b"", "unknown-content-coding", id="unknown-coding"),
        pytest.param("Content-Transfer-Encoding: base64", b"a", "bad-part-encoding", id="broken-base64"),
        pytest.param("Content-Encoding: gzip", b"a" * 20, "bad-content-coding", id="broken-gzip"),
        pytest.param("Content-Encoding: gzip", gzip.compress(b"x")[:-4], "incomplete-content-coding", id="cut-gzip"),
    ],
)
async def test_what_cannot_be_decoded_is_refused(fields: str, body: bytes, code: str) -> None:
    assert await code_of((await part_of(body, fields)).read(decode=True)) == code
    part = await part_of(body, fields)
    with pytest.raises(RemoteProtocolError, match=r"part|oding|ncoding"):
        part.decode(body)


@pytest.mark.parametrize("decode", [False, True])
async def test_what_is_gathered_has_a_limit_that_holds_while_it_comes(decode: bool) -> None:
    """CVE-2026-34517: the size was looked at when the field was in memory."""
    part = await part_of(b"x" * 10_000, max_size=100, size=64)
    assert await code_of(part.read(decode=decode)) == "part-too-long"
    source: Any = part._source
    assert len(source._content.rest) > 9_000


async def test_decoded_octets_have_the_same_limit() -> None:
    raw = gzip.compress(b"x" * 10_000)
    part = await part_of(raw, "Content-Encoding: gzip", max_size=1000)
    assert await code_of(part.read(decode=True)) == "part-too-long"
    with pytest.raises(RemoteProtocolError, match="at most 1000"):
        part.decode(raw)


async def test_chunks_have_no_limit() -> None:
    part = await part_of(b"x" * 10_000, max_size=100)
    size = 0
    while chunk := await part.read_chunk():
        size += len(chunk)
    assert size == 10_000


@pytest.mark.parametrize(
    ("fields", "body", "encoding", "text"),
    [
        pytest.param((), "é".encode(), None, "é", id="utf-8"),
        pytest.param(("Content-Type: text/plain; charset=latin-1",), b"\xe9", None, "é", id="charset"),
        pytest.param(("Content-Type: text/plain; charset=latin-1",), "é".encode(), "utf-8", "é", id="argument"),
        pytest.param((), b"", None, "", id="empty"),
    ],
)
async def test_text_has_the_charset_that_is_named(
    fields: tuple[str, ...], body: bytes, encoding: str | None, text: str
) -> None:
    assert await (await part_of(body, *fields)).text(encoding=encoding) == text


async def test_text_that_is_not_of_its_charset_is_refused() -> None:
    with pytest.raises(UnicodeDecodeError):
        await (await part_of(b"\xff")).text()


@pytest.mark.parametrize("charset", ["x-unknown", "idna", "punycode", "unicode_escape", "utf-7", "zlib"])
async def test_a_charset_that_is_not_known_or_not_safe_is_refused(charset: str) -> None:
    part = await part_of(b"x", f"Content-Type: text/plain; charset={charset}")
    assert part.get_charset("utf-8") == charset
    assert await code_of(part.text()) == "bad-charset"


async def test_json() -> None:
    assert await (await part_of(b'{"a": [1]}')).json() == {"a": [1]}
    assert await (await part_of(b"")).json() is None
    with pytest.raises(ValueError, match="Expecting"):
        await (await part_of(b"{")).json()
    with pytest.raises(ValueError, match="nested too deep"):
        await (await part_of(b"[" * 200_000)).json()


async def test_form() -> None:
    part = await part_of(b"a=b&c=d+e&f&g=%C3%A9")
    assert await part.form() == [("a", "b"), ("c", "d e"), ("f", ""), ("g", "é")]
    assert await (await part_of(b"")).form() == []
    assert await (await part_of(b"a=%E9")).form(encoding="latin-1") == [("a", "é")]
    assert await code_of((await part_of(b"a&b", limits=Limits(max_form_fields=1))).form()) == "too-many-form-fields"


@pytest.mark.parametrize(
    ("field", "name", "filename"),
    [
        pytest.param('form-data; name="n"; filename="f.txt"', "n", "f.txt", id="rfc7578-4.2"),
        pytest.param("form-data; name=n", "n", None, id="no-file"),
        pytest.param('form-data; name="é"', "é", None, id="rfc7578-5.1-utf-8"),
        pytest.param("form-data; name*=utf-8''%C3%A9; filename*=UTF-8''%e2%82%ac", "é", "€", id="rfc8187"),
        pytest.param('a; filename*0="x"; filename*1="y"', None, "xy", id="rfc2231-3"),
    ],
)
async def test_names_come_from_content_disposition(field: str, name: str | None, filename: str | None) -> None:
    part = await part_of(b"", f"Content-Disposition: {field}")
    assert (part.name, part.filename) == (name, filename)


async def test_a_part_without_content_disposition_has_no_names() -> None:
    part = await part_of(b"")
    assert (part.name, part.filename) == (None, None)
    assert part.get_charset("x") == "x"


READS: list[Callable[[BodyPartReader], Awaitable[Any]]] = [
    lambda part: part.read(),
    lambda part: part.readline(),
    lambda part: part.read_chunk(4),
]


@pytest.mark.parametrize("read", READS, ids=["read", "readline", "read_chunk"])
async def test_a_cancelled_read_loses_nothing(read: Callable[[BodyPartReader], Awaitable[Any]]) -> None:
    data = b"aGVsbG8gd29ybGQ=\n"
    for turns in range(6):
        part = await part_of(data, "Content-Transfer-Encoding: base64", size=2)
        task = asyncio.ensure_future(read(part))
        for _ in range(turns):
            await asyncio.sleep(0)
        done = b""
        if task.cancel():
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            done = task.result()
        assert done + await part.read() == data
