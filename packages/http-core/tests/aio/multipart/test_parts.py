"""Parts to send: what can be one, and which fields it has."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from skerry.http import LocalProtocolError
from skerry.http.aio.multipart.parts import TextFileBody, WriterPart, make_part
from skerry.http.body import BytesBody


async def octets_of(part: WriterPart) -> bytes:
    """Return the body of a part."""
    return b"".join([bytes(piece) async for piece in part.body.pieces()])


async def numbers() -> AsyncIterator[bytes]:
    """Yield two pieces."""
    yield b"1"
    yield b"2"


@pytest.mark.parametrize(
    ("value", "content_type", "size"),
    [
        pytest.param("é", "text/plain; charset=utf-8", 2, id="text"),
        pytest.param(b"xy", "application/octet-stream", 2, id="bytes"),
        pytest.param(bytearray(b"xy"), "application/octet-stream", 2, id="bytearray"),
        pytest.param(memoryview(b"xy"), "application/octet-stream", 2, id="memoryview"),
        pytest.param(lambda: io.BytesIO(b"xy"), "application/octet-stream", 2, id="BytesIO"),
        pytest.param(lambda: io.StringIO("xy"), "text/plain; charset=utf-8", None, id="StringIO"),
        pytest.param(BytesBody(b"xy", content_type="a/b"), "a/b", 2, id="body"),
    ],
)
async def test_a_part_is_made_of_many_things_and_can_be_read_again(
    value: object, content_type: str, size: int | None
) -> None:
    part = make_part(value() if callable(value) else value)
    assert part.headers == {"Content-Type": content_type}
    assert part.size == size
    assert part.body.replayable
    first = await octets_of(part)
    assert first in (b"xy", b"\xc3\xa9")
    assert await octets_of(part) == first
    await part.body.aclose()


async def test_an_asynchronous_iterable_runs_once() -> None:
    part = make_part(numbers())
    assert (part.size, part.body.replayable) == (None, False)
    assert await octets_of(part) == b"12"


@pytest.mark.parametrize("value", [None, 3, [b"x"], {}, object()])
def test_nothing_else_is_a_part(value: object) -> None:
    with pytest.raises(TypeError, match="a part cannot be made of"):
        make_part(value)


async def test_fields_of_the_caller_win_and_name_the_charset() -> None:
    part = make_part("é", {"content-type": "text/x; charset=latin-1", "X": "y"}, charset="utf-8")
    assert dict(part.headers) == {"content-type": "text/x; charset=latin-1", "X": "y"}
    assert await octets_of(part) == b"\xe9"
    assert await octets_of(make_part("é", charset="latin-1")) == b"\xe9"
    with pytest.raises(LookupError):
        make_part("x", charset="x-unknown")
    with pytest.raises(UnicodeEncodeError):
        make_part("€", charset="latin-1")


async def test_a_file_on_disk_is_read_from_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_bytes(b"0" * 100_000 + b"end")
    with path.open("rb") as file:
        file.seek(10)
        part = make_part(file)
        assert part.size == 99_993
        assert dict(part.headers) == {
            "Content-Type": "text/html",
            "Content-Disposition": 'attachment; filename="x.html"',
        }
        for _ in range(2):
            assert await octets_of(part) == b"0" * 99_990 + b"end"
        await part.body.aclose()
        assert not file.closed
    with path.open(encoding="utf-8") as text:
        part = make_part(text)
        assert (part.size, part.headers["Content-Type"]) == (None, "text/plain; charset=utf-8")
        assert len(await octets_of(part)) == 100_003


async def test_a_text_file_without_a_place_cannot_be_read_again() -> None:
    class Pipe(io.StringIO):
        def seekable(self) -> bool:
            return False

    body = TextFileBody(Pipe("xé"), "latin-1")
    assert (body.replayable, body.size, body.content_type) == (False, None, "text/plain; charset=latin-1")
    assert [bytes(piece) async for piece in body.pieces()] == [b"x\xe9"]


def test_a_path_is_not_opened_behind_the_back_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="open_path"):
        make_part(tmp_path)


def test_content_disposition_is_set_and_checked() -> None:
    part = make_part("x")
    part.set_content_disposition("form-data", name="a b", filename="é.txt")
    assert part.headers["Content-Disposition"] == 'form-data; name="a b"; filename="%C3%A9.txt"'
    with pytest.raises(LocalProtocolError):
        part.set_content_disposition("form-data", quote_fields=False, name="a\r\nb")


def test_a_body_with_fields_keeps_them() -> None:
    inner = make_part("x", {"A": "b"})

    class Headed(BytesBody):
        headers = inner.headers

    part = WriterPart.of(Headed(b"xyz"))
    assert part.headers is inner.headers
    assert part.size == 3
