"""MultipartWriter: what is written, what is read again, and what is refused before an octet leaves."""

import base64
import gzip
import io
import random
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from octet_streams import Pieces
from skerry.http import LocalProtocolError
from skerry.http.aio.multipart import BodyPartReader, MultipartReader, MultipartWriter
from skerry.http.aio.payload import BytesPayload, Payload, StringPayload, get_payload
from skerry.http.body import BodySource, BytesBody


async def parts_of(writer: MultipartWriter, size: int = 65536) -> list[tuple[dict[str, str], bytes]]:
    """Return fields and decoded octets of each part, as a reader sees them."""
    found = []
    async for part in MultipartReader(writer.headers, Pieces(await writer.as_bytes(), size)):
        assert isinstance(part, BodyPartReader)
        found.append((dict(part.headers), await part.read(decode=True)))
    return found


async def test_parts_stand_between_delimiters() -> None:
    with MultipartWriter("mixed", ":") as writer:
        writer.append("text")
        writer.append(b"bytes", {"X-A": "b"})
        writer.append_json({"a": 1})
        writer.append_form([("a", "1"), ("b", "é &")])
    assert await writer.as_bytes() == (
        b"--:\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\ntext\r\n"
        b"--:\r\nContent-Type: application/octet-stream\r\nX-A: b\r\nContent-Length: 5\r\n\r\nbytes\r\n"
        b'--:\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a": 1}\r\n'
        b"--:\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16\r\n\r\na=1&b=%C3%A9+%26\r\n"
        b"--:--\r\n"
    )
    assert writer.size == len(await writer.as_bytes())
    assert len(writer) == 4
    assert [part.size for part in writer] == [4, 5, 8, 16]
    assert writer.content_type == writer.headers["Content-Type"] == 'multipart/mixed; boundary=":"'


async def test_a_body_without_parts() -> None:
    writer = MultipartWriter(boundary="b")
    assert writer
    assert writer.size == 7
    assert await writer.as_bytes() == b"--b--\r\n"


async def test_the_parts_of_a_form_have_names_and_no_length() -> None:
    writer = MultipartWriter("form-data", "b")
    writer.append("x")
    writer.append("y", {"Content-Disposition": 'form-data; name="q"'})
    assert [fields["Content-Disposition"] for fields, _ in await parts_of(writer)] == [
        'form-data; name="section-0"',
        'form-data; name="q"',
    ]
    assert writer.size == len(await writer.as_bytes())
    for name in ("Content-Encoding", "Content-Length", "Content-Transfer-Encoding"):
        with pytest.raises(LocalProtocolError) as caught:
            writer.append("x", {name: "1"})
        assert caught.value.code == "field-not-allowed"
    assert len(writer) == 2


@pytest.mark.parametrize("piece_size", [1, 1000, 65536])
@pytest.mark.parametrize("coding", ["", "gzip", "deflate", "identity"])
@pytest.mark.parametrize("transfer", ["", "base64", "quoted-printable", "binary"])
async def test_encodings_are_carried_out_while_it_is_sent(coding: str, transfer: str, piece_size: int) -> None:
    data = random.Random(1).randbytes(5000) + b"\r\n =\r\n" * 10

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(data), piece_size):
            yield data[at : at + piece_size]

    headers = {"Content-Encoding": coding, "Content-Transfer-Encoding": transfer}
    writer = MultipartWriter()
    writer.append(pieces(), {name: value for name, value in headers.items() if value})
    writer.append(data, {name: value for name, value in headers.items() if value})
    found = await parts_of(writer)
    assert [octets for _, octets in found] == [data, data]
    is_encoded = coding not in ("", "identity") or transfer not in ("", "binary")
    assert writer.size is None
    assert ("Content-Length" in found[1][0]) is not is_encoded


async def test_the_octets_of_encodings() -> None:
    writer = MultipartWriter(boundary="b")
    writer.append(b"x" * 100, {"Content-Encoding": "gzip", "Content-Transfer-Encoding": "base64"})
    writer.append(b"y" * 100, {"Content-Encoding": "deflate"})
    first, second = [section.partition(b"\r\n\r\n")[2] for section in (await writer.as_bytes()).split(b"\r\n--b")][:2]
    assert gzip.decompress(base64.b64decode(first)) == b"x" * 100
    assert zlib.decompress(second) == b"y" * 100


async def test_a_large_piece_is_compressed_by_a_thread() -> None:
    data = random.Random(1).randbytes(200_000)
    writer = MultipartWriter()
    writer.append(io.BytesIO(data), {"Content-Encoding": "gzip"})
    assert (await parts_of(writer))[0][1] == data


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content-Encoding": "x"}, "unknown-content-coding"),
        ({"Content-Transfer-Encoding": "x"}, "unknown-part-encoding"),
        ({"X": "a\r\nb"}, "bad-field-value"),
        ({"X": "a\x00"}, "bad-field-value"),
        ({"X y": "a"}, "bad-field-name"),
        ({"Content-Type": "text/plain\nX: y"}, "bad-field-value"),
    ],
)
def test_a_part_that_cannot_be_sent_is_refused_when_it_is_added(headers: dict[str, str], code: str) -> None:
    """CVE-2026-34514, CVE-2026-50269."""
    writer = MultipartWriter()
    with pytest.raises(LocalProtocolError) as caught:
        writer.append("x", headers)
    assert caught.value.code == code
    assert len(writer) == 0


async def test_fields_that_are_changed_later_are_checked_before_an_octet_leaves() -> None:
    writer = MultipartWriter()
    writer.append("x")
    part = writer.append("y")
    part.headers["X"] = "a\r\nb"
    written: list[bytes] = []

    class Writer:
        async def write(self, chunk: bytes | bytearray | memoryview) -> None:
            written.append(bytes(chunk))

    with pytest.raises(LocalProtocolError, match="part header X"):
        await writer.write(Writer())
    assert written == []
    part.headers["X"] = "a"
    part.headers["Content-Encoding"] = "gzip"
    await writer.write(Writer(), close_boundary=False)
    assert not writer.consumed
    assert b"".join(written).count(b"Content-Length") == 1
    assert not b"".join(written).endswith(b"--\r\n")


async def test_what_no_part_can_be_made_of_is_refused() -> None:
    with pytest.raises(TypeError, match="a part cannot be made of int"):
        MultipartWriter().append(3)


async def test_a_writer_is_a_body_and_a_part_of_another() -> None:
    inner = MultipartWriter("alternative", "in")
    inner.append("i")
    assert isinstance(inner, BodySource)
    assert get_payload(inner) is inner
    writer = MultipartWriter(boundary="b")
    writer.append(inner)
    raw = await writer.as_bytes()
    assert len(raw) == writer.size
    nested = await MultipartReader(writer.headers, Pieces(raw)).next()
    assert isinstance(nested, MultipartReader)
    assert nested.headers["Content-Length"] == str(inner.size)
    part = await nested.next()
    assert isinstance(part, BodyPartReader)
    assert await part.text() == "i"


async def test_payloads_are_taken_as_they_are() -> None:
    payload = BytesPayload(b"xyz")
    writer = MultipartWriter()
    assert writer.append(payload, {"A": "b"}) is payload
    writer.append(BytesBody(b"q"), {"E": "f"})
    payload.headers["G"] = "h"
    first, second = await parts_of(writer)
    assert (first[0]["A"], first[0]["G"], first[1]) == ("b", "h", b"xyz")
    assert (second[0]["E"], second[1]) == ("f", b"q")


async def test_a_payload_of_a_program_can_be_a_part() -> None:
    class Own(Payload):
        def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
            return str(self._value)

        async def write(self, writer: Any) -> None:
            for number in range(self._value):
                await writer.write(b"%d" % number)

    writer = MultipartWriter()
    part = writer.append(Own(5))
    part.set_content_disposition("attachment", filename="é")
    assert await parts_of(writer) == [
        (
            {"Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="%C3%A9"'},
            b"01234",
        )
    ]


async def test_a_charset_in_the_fields_holds_for_text() -> None:
    writer = MultipartWriter()
    writer.append("é", {"content-type": "text/x; charset=latin-1"})
    assert (await parts_of(writer))[0][1] == b"\xe9"


async def test_it_is_text_when_its_parts_are() -> None:
    writer = MultipartWriter(boundary="b")
    writer.append("é")
    writer.append(StringPayload("x"))
    assert writer.decode().encode() == await writer.as_bytes()
    writer.append("x", {"Content-Encoding": "gzip"})
    with pytest.raises(TypeError, match="encoded while it is sent"):
        writer.decode()


async def test_it_can_be_sent_again_when_its_parts_can() -> None:
    writer = MultipartWriter()
    writer.append(io.BytesIO(b"x"))
    assert writer.replayable
    assert await writer.as_bytes() == await writer.as_bytes()

    async def once() -> AsyncIterator[bytes]:
        yield b"x"

    writer.append(once())
    assert not writer.replayable
    assert not writer.consumed
    await writer.as_bytes()
    assert writer.consumed


async def test_small_pieces_leave_together_and_large_ones_as_they_are() -> None:
    writer = MultipartWriter()
    for _ in range(100):
        writer.append("x" * 10)
    assert len([piece async for piece in writer.pieces()]) == 1
    large = b"x" * 60_000
    writer.append(large)
    pieces = [piece async for piece in writer.pieces()]
    assert any(piece is large for piece in pieces)
    for _ in range(500):
        writer.append("x" * 10)
    assert len([piece async for piece in writer.pieces()]) < 8


async def test_parts_are_searched_for_a_boundary_that_somebody_may_know() -> None:
    writer = MultipartWriter(boundary="b")
    writer.append("x\r\n--b\r\n\r\ny")
    with pytest.raises(LocalProtocolError) as caught:
        await writer.as_bytes()
    assert caught.value.code == "boundary-in-part"


def test_boundaries_are_not_guessed() -> None:
    boundaries = {MultipartWriter().boundary for _ in range(100)}
    assert len(boundaries) == 100
    assert all(len(boundary) == 32 for boundary in boundaries)


@pytest.mark.parametrize("arguments", [("mixed", ""), ("mixed", "a\r\nb"), ("mixed", "x" * 71), ("a b", "x")])
def test_what_may_not_stand_in_content_type_is_refused(arguments: Any) -> None:
    with pytest.raises(LocalProtocolError):
        MultipartWriter(*arguments)


async def test_closing_lets_go_of_the_parts() -> None:
    closed = []

    class Part(BytesPayload):
        async def _release(self) -> None:
            closed.append(self._value)

    writer = MultipartWriter()
    writer.append(Part(b"1"))
    writer.append(Part(b"2"))
    await writer.close()
    await writer.aclose()
    assert closed == [b"1", b"2"]


async def test_a_payload_is_a_part_with_the_fields_that_it_has() -> None:
    payload = StringPayload("text", headers={"X-A": "b"})
    with MultipartWriter("mixed", ":") as writer:
        part = writer.append_payload(payload)
        writer.append(BytesPayload(b"more"))
    part.headers["X-C"] = "d"
    assert payload.headers["X-C"] == "d"
    (first, octets), (_, more) = await parts_of(writer)
    assert (first["X-A"], first["X-C"], octets, more) == ("b", "d", b"text", b"more")
