"""read_form: fields and files of a whole form, and the limits on all of it."""

import asyncio
import gc
import io
import warnings
from typing import Any

import pytest

from octet_streams import Pieces
from skerry.http import Limits, RemoteProtocolError
from skerry.http.aio.multipart import FileField, read_form

HEADERS = {"Content-Type": "multipart/form-data; boundary=b"}
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


def field(name: str, value: bytes, *fields: str, filename: str = "") -> bytes:
    """Return one part of a form."""
    disposition = f'Content-Disposition: form-data; name="{name}"'
    if filename:
        disposition += f'; filename="{filename}"'
    return "\r\n".join(["--b", disposition, *fields, "", ""]).encode() + value + b"\r\n"


async def read(*parts: bytes, size: int = 65536, **limits: int) -> list[tuple[str, Any]]:
    """Return the fields of a form."""
    form = await read_form(HEADERS, Pieces(b"".join(parts) + b"--b--\r\n", size), limits=Limits(**limits))
    return list(form.items())


async def code_of(*parts: bytes, size: int = 65536, **limits: int) -> str:
    """Return the code of the error that a form ends with."""
    with pytest.raises(RemoteProtocolError) as caught:
        await read(*parts, size=size, **limits)
    return caught.value.code


@pytest.mark.parametrize("size", [1, 7, 65536])
async def test_fields_are_text_octets_or_files(size: int) -> None:
    fields = await read(
        field("a", "é".encode()),
        field("a", b"\xe9", "Content-Type: text/plain; charset=latin-1"),
        field("b", b"\xff", "Content-Type: application/octet-stream"),
        field("f", b"data", "Content-Type: Image/PNG; x=y", filename="x.png"),
        field("g", b"", filename="empty"),
        size=size,
    )
    assert fields[:3] == [("a", "é"), ("a", "é"), ("b", b"\xff")]
    (name, png), (_, empty) = fields[3:]
    assert name == "f"
    assert isinstance(png, FileField)
    assert (png.name, png.filename, png.content_type, png.file.read()) == ("f", "x.png", "image/png", b"data")
    assert png.headers["content-type"] == "Image/PNG; x=y"
    assert (empty.filename, empty.content_type, empty.file.read()) == ("empty", "application/octet-stream", b"")


async def test_a_transfer_encoding_is_undone() -> None:
    encoding = "Content-Transfer-Encoding: base64"
    fields = await read(field("a", b"aGVsbG8=", encoding), field("f", b"aGVsbG8=", encoding, filename="x"))
    assert fields[0] == ("a", "hello")
    assert fields[1][1].file.read() == b"hello"


async def test_a_charset_may_be_named_for_all_fields() -> None:
    assert await read(field("_charset_", b"latin-1"), field("a", b"\xe9")) == [("a", "é")]
    assert await read(field("a", b"x"), field("_charset_", b"latin-1")) == [("a", "x"), ("_charset_", "latin-1")]


async def test_a_large_file_goes_to_disk() -> None:
    data = bytes(range(256)) * 4000
    fields = await read(field("f", data, filename="x"), size=5000, form_spool_size=1000, max_form_size=0)
    file = fields[0][1].file
    assert not isinstance(file, io.BytesIO)
    assert await asyncio.to_thread(file.read) == data
    file.close()


@pytest.mark.parametrize(
    ("parts", "limits", "code"),
    [
        pytest.param((b"--b\r\n\r\nx\r\n",), {}, "missing-part-name", id="no-name"),
        pytest.param((field("a", b"\xff"),), {}, "bad-field-text", id="not-of-the-charset"),
        pytest.param((field("a", b"", "Content-Type: text/plain; charset=x"),), {}, "bad-charset", id="charset"),
        pytest.param((field("_charset_", b"x"),), {}, "bad-charset", id="charset-of-all"),
        pytest.param((field("_charset_", b"x" * 40),), {}, "bad-charset", id="charset-of-all-too-long"),
        pytest.param(
            (field("a", b"", "Content-Type: multipart/mixed; boundary=c"),), {}, "multipart-too-deep", id="nested"
        ),
        pytest.param((field("a", b"x"),) * 3, {"max_form_fields": 2}, "too-many-form-fields", id="fields"),
        pytest.param((field("a", b"x" * 11),), {"max_form_field_size": 10}, "part-too-long", id="CVE-2026-34517"),
        pytest.param((field("a", b"x" * 60),) * 3, {"max_form_size": 300}, "multipart-too-long", id="CVE-2025-69228"),
        pytest.param((field("f", b"x" * 99, filename="x"),), {"max_form_size": 90}, "multipart-too-long", id="file"),
        pytest.param((b"--b-x",), {}, "bad-delimiter", id="grammar"),
    ],
)
async def test_what_breaks_a_rule_or_a_limit_is_refused(parts: tuple[bytes, ...], limits: Any, code: str) -> None:
    assert await code_of(*parts, **limits) == code
    assert await code_of(*parts, size=3, **limits) == code


async def test_a_field_beyond_its_limit_is_not_read_to_its_end() -> None:
    content = Pieces(field("a", b"x" * 100_000) + b"--b--", 100)
    with pytest.raises(RemoteProtocolError, match="max_form_field_size"):
        await read_form(HEADERS, content, limits=Limits(max_form_field_size=1000))
    assert len(content.rest) > 98_000


async def test_files_are_closed_when_the_form_fails() -> None:
    parts = (field("f", b"x", filename="x"), field("g", b"y" * 5000, filename="y"), b"--b-x")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert await code_of(*parts, size=100, form_spool_size=1000) == "bad-delimiter"
        gc.collect()


async def test_a_cancelled_form_closes_its_files() -> None:
    content = Pieces(field("f", b"x" * 100_000, filename="x"), 100, waits=True)
    task = asyncio.ensure_future(read_form(HEADERS, content, limits=Limits(form_spool_size=1000)))
    for _ in range(50):
        await asyncio.sleep(0)
    task.cancel()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(asyncio.CancelledError):
            await task
        gc.collect()


async def test_an_urlencoded_form() -> None:
    async def fields_of(raw: bytes, parameters: str = "", **limits: int) -> list[tuple[str, Any]]:
        headers = {"Content-Type": f"application/x-www-form-urlencoded{parameters}"}
        return list((await read_form(headers, Pieces(raw, 3), limits=Limits(**limits))).items())

    assert await fields_of(b"a=b&a=c+d&e") == [("a", "b"), ("a", "c d"), ("e", "")]
    assert await fields_of(b"a=%E9", "; charset=latin-1") == [("a", "é")]
    cases: list[tuple[bytes, str, dict[str, int], str]] = [
        (b"a=b", "; charset=x", {}, "bad-charset"),
        (b"a=" + b"b" * 20, "", {"max_form_size": 10}, "part-too-long"),
        (b"a&b&c", "", {"max_form_fields": 2}, "too-many-form-fields"),
    ]
    for raw, parameters, limits, code in cases:
        with pytest.raises(RemoteProtocolError) as caught:
            await fields_of(raw, parameters, **limits)
        assert caught.value.code == code


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/mixed; boundary=b", "nonsense"])
async def test_what_is_no_form_has_no_fields(content_type: str) -> None:
    content = Pieces(field("a", b"b"))
    assert len(await read_form({"Content-Type": content_type}, content)) == 0
    assert content.calls == 0


async def test_ten_thousand_fields_are_read_in_linear_work() -> None:
    for count in (1000, 10_000):
        content = Pieces(b"".join(field(f"f{at}", b"x") for at in range(count)) + b"--b--", 4096)
        octets = len(content.rest)
        form = await read_form(HEADERS, content, limits=Limits(max_form_fields=0, max_form_size=0))
        assert len(form) == count
        assert content.calls <= octets // 4096 + 2
