"""FormData: which fields make which form."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from multidict import MultiDict

from octet_streams import Pieces
from skerry.http import LocalProtocolError
from skerry.http.aio.multipart import FormData, MultipartWriter, read_form
from skerry.http.aio.payload import StringPayload
from skerry.http.body import BytesBody, FormBody


async def octets_of(form: FormData) -> bytes:
    """Return the body of a form."""
    return b"".join([bytes(piece) async for piece in form().pieces()])


async def parts_of(form: FormData) -> list[bytes]:
    """Return the parts of a form without their delimiters."""
    body = form()
    assert isinstance(body, MultipartWriter)
    return (await octets_of(form)).split(f"--{body.boundary}".encode())[1:-1]


@pytest.mark.parametrize(
    ("fields", "octets"),
    [
        pytest.param([("a", "b"), ("c", "é d")], b"a=b&c=%C3%A9+d", id="pairs"),
        pytest.param({"a": "b"}, b"a=b", id="dict"),
        pytest.param(MultiDict([("a", "b"), ("a", "c")]), b"a=b&a=c", id="multidict"),
        pytest.param([["a", 1], ("b", 1.5)], b"a=1&b=1.5", id="numbers"),
        pytest.param((), b"", id="none"),
    ],
)
async def test_plain_text_is_urlencoded(fields: Any, octets: bytes) -> None:
    form = FormData(fields)
    assert not form.is_multipart
    body = form()
    assert isinstance(body, FormBody)
    assert body.content_type == "application/x-www-form-urlencoded"
    assert await octets_of(form) == octets


async def test_the_charset_is_named_when_it_is_not_utf_8() -> None:
    form = FormData([("a", "é")], charset="latin-1")
    assert form().content_type == "application/x-www-form-urlencoded; charset=latin-1"
    assert await octets_of(form) == b"a=%E9"
    for charset in ("ascii", "x-unknown"):
        for multipart in (False, True):
            with pytest.raises(LocalProtocolError) as caught:
                FormData([("a", "é")], charset=charset, default_to_multipart=multipart)()
            assert caught.value.code == "bad-charset"


async def one() -> AsyncIterator[bytes]:
    """Yield one piece."""
    yield b"x"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param({"value": b"x"}, id="octets"),
        pytest.param({"value": io.BytesIO}, id="file"),
        pytest.param({"value": BytesBody(b"x")}, id="body"),
        pytest.param({"value": "x", "filename": "f"}, id="filename"),
        pytest.param({"value": "x", "content_type": "text/plain"}, id="content-type"),
    ],
)
async def test_everything_else_makes_it_multipart(arguments: Any) -> None:
    form = FormData()
    if arguments["value"] is io.BytesIO:
        arguments = {"value": io.BytesIO(b"x")}
    form.add_field("a", **arguments)
    assert form.is_multipart
    (part,) = await parts_of(form)
    assert part.endswith(b"\r\n\r\nx\r\n")
    assert b'form-data; name="a"' in part


async def test_an_asynchronous_iterable_makes_it_multipart() -> None:
    form = FormData({"a": one()})
    assert (await parts_of(form))[0].endswith(b"\r\n\r\nx\r\n")


async def test_it_can_be_made_multipart() -> None:
    form = FormData([("a", "b")], default_to_multipart=True)
    assert await parts_of(form) == [
        b'\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    ]


async def test_a_file_has_a_name_and_octets_have_none() -> None:
    file = io.BytesIO(b"x")
    file.name = "/tmp/a.json"
    parts = await parts_of(FormData([("f", file), ("g", io.BytesIO(b"y")), ("h", b"z")]))
    assert b'name="f"; filename="a.json"' in parts[0]
    assert b"Content-Type: application/json" in parts[0]
    assert b'name="g"; filename="g"' in parts[1]
    assert b"filename" not in parts[2]
    named = FormData(file)
    assert b'name="a.json"; filename="a.json"' in (await parts_of(named))[0]
    assert b'name="unknown"; filename="unknown"' in (await parts_of(FormData([io.BytesIO(b"x")])))[0]


async def test_names_are_quoted_or_left_as_they_are() -> None:
    for quote_fields, expected in (
        (True, "name*=utf-8''na%22me%C3%A9; filename=\"fi%22le%C3%A9.txt\""),
        (False, 'name="na\\"meé"; filename="fi\\"leé.txt"'),
    ):
        form = FormData(quote_fields=quote_fields)
        form.add_field('na"meé', "v", filename='fi"leé.txt')
        assert f"form-data; {expected}\r\n".encode() in (await parts_of(form))[0]
        read = await read_form(form().headers, Pieces(await octets_of(form)))  # type: ignore[union-attr]
        (name, value) = next(iter(read.items()))
        assert name == 'na"meé'
        assert value.file.read() == b"v"  # type: ignore[union-attr]


async def test_the_charset_holds_for_text_without_one_of_its_own() -> None:
    form = FormData(charset="latin-1", default_to_multipart=True)
    form.add_field("a", "é")
    form.add_field("b", "é", content_type="text/plain; charset=utf-8")
    first, second = await parts_of(form)
    assert b"charset=latin-1" in first
    assert first.endswith(b"\r\n\r\n\xe9\r\n")
    assert second.endswith(b"\r\n\r\n\xc3\xa9\r\n")


async def test_the_body_is_the_same_until_a_field_is_added() -> None:
    form = FormData({"f": io.BytesIO(b"x")})
    body = form()
    assert await octets_of(form) == await octets_of(form)
    assert form() is body
    form.add_field("g", "y")
    assert form() is not body
    assert len(await parts_of(form)) == 2


@pytest.mark.parametrize(
    "arguments",
    [{"name": "a\r\nb"}, {"filename": "a\nb"}, {"content_type": "a/b\r\nX: y"}, {"name": "a\0"}, {"filename": "\x7f"}],
)
def test_control_characters_are_refused_when_the_field_is_added(arguments: dict[str, str]) -> None:
    """CVE-2026-34514."""
    form = FormData()
    with pytest.raises(LocalProtocolError) as caught:
        form.add_field(**({"name": "n", "value": "v"} | arguments))
    assert caught.value.code == "bad-field-value"
    assert form._fields == []


@pytest.mark.parametrize(
    "arguments",
    [{"name": 3}, {"filename": 3}, {"content_type": 3}],
)
def test_an_argument_of_another_type_is_refused(arguments: Any) -> None:
    with pytest.raises(TypeError):
        FormData().add_field(**({"name": "n", "value": "v"} | arguments))


@pytest.mark.parametrize("value", [None, {}, object()])
def test_a_value_that_no_part_can_be_made_of_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="a part cannot be made of"):
        FormData({"a": value})()


async def test_a_payload_keeps_its_fields() -> None:
    form = FormData()
    form.add_field("a", StringPayload("x", headers={"X": "y"}), content_type="a/b")
    (part,) = await parts_of(form)
    assert part.startswith(b'\r\nContent-Type: a/b\r\nX: y\r\nContent-Disposition: form-data; name="a"\r\n')


@pytest.mark.parametrize("fields", [[("a",)], [("a", "b", "c")], ["ab"], [3], [{"a": "b"}], 3, "ab"])
def test_fields_are_files_pairs_or_multidicts(fields: Any) -> None:
    with pytest.raises(TypeError, match="expected an open file, a pair"):
        FormData(fields)
