"""Payloads that programs define themselves, and the fields of all."""

import json
from typing import Any

import pytest

from bodies_sent import OCTETS, Sink, gather, written
from skerry.http import LocalProtocolError
from skerry.http.aio.payload import (
    BytesPayload,
    Payload,
    PayloadWriter,
)
from skerry.http.body import BodySource


class Own(Payload):
    """A payload as programs define it."""

    def __init__(self, *chunks: bytes, fail: bool = False) -> None:
        super().__init__(chunks)
        self.fail = fail
        self.log: list[str] = []

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return b"".join(self._value).decode(encoding, errors)

    async def write(self, writer: PayloadWriter) -> None:
        buffer = bytearray()
        try:
            for chunk in self._value:
                buffer[:] = chunk
                await writer.write(buffer)
                buffer[:] = b"#" * len(buffer)
            if self.fail:
                raise ZeroDivisionError
        finally:
            self.log.append("over")


async def test_a_payload_of_ones_own_needs_decode_and_write_alone() -> None:
    payload = Own(b"ab", b"", b"cd")
    assert (payload.size, payload.content_type, payload.consumed, payload.autoclose) == (None, OCTETS, False, False)
    assert await payload.as_bytes() == b"abcd"
    assert await written(payload) == b"abcd"
    assert isinstance(payload, BodySource)
    assert [bytes(piece) async for piece in payload.pieces()] == [b"ab", b"cd"]
    sink = Sink()
    await payload.write_with_length(sink, 3)
    assert sink.content == b"abc"
    await payload.close()
    with pytest.raises(TypeError, match="abstract"):
        Payload(b"")  # type: ignore[abstract]


async def test_an_error_of_a_payload_of_ones_own_reaches_who_asks_for_its_pieces() -> None:
    payload = Own(b"ab", fail=True)
    pieces = payload.pieces()
    assert await anext(pieces) == b"ab"
    with pytest.raises(ZeroDivisionError):
        await anext(pieces)


async def test_a_payload_of_ones_own_is_stopped_when_its_pieces_are_given_up() -> None:
    payload = Own(*[b"ab"] * 100)
    pieces = payload.pieces()
    await anext(pieces)
    await pieces.aclose()
    assert payload.log == ["over"]


async def test_a_subclass_may_write_in_its_own_way_and_keep_its_value() -> None:
    class Shouting(BytesPayload):
        async def write(self, writer: PayloadWriter) -> None:
            await writer.write(bytes(self._value).upper())

    class Value(BytesPayload):
        def __init__(self, value: object) -> None:
            super().__init__(json.dumps(value).encode(), content_type="application/json", encoding="utf-8")

    shouting = Shouting(b"abc")
    assert await written(shouting) == await gather(shouting) == b"ABC"
    value = Value([1])
    assert (value._value, value.content_type, value.encoding) == (b"[1]", "application/json", "utf-8")
    assert await written(value) == b"[1]"


def test_headers_given_win_and_can_be_changed() -> None:
    payload = BytesPayload(b"", headers={"content-type": "a/b", "X": "y"}, content_type="c/d")
    assert sorted((name.lower(), value) for name, value in payload.headers.items()) == [
        ("content-type", "a/b"),
        ("x", "y"),
    ]
    payload.headers["Content-Type"] = "e/f"
    assert payload.content_type == "e/f"


@pytest.mark.parametrize(
    ("arguments", "options", "value"),
    [
        pytest.param(
            ["form-data"],
            {"name": 'ü"q', "filename": "fi le.txt"},
            "form-data; name*=utf-8''%C3%BC%22q; filename=\"fi%20le.txt\"",
            id="rfc7578-4.2-encoded",
        ),
        pytest.param(["form-data", False], {"name": 'ü"q'}, 'form-data; name="ü\\"q"', id="as-it-is"),
        pytest.param(
            ["attachment"], {"filename": "a/b\\é"}, 'attachment; filename="a%2Fb%5C%C3%A9"', id="rfc2183-2-path"
        ),
        pytest.param(["form-data"], {"name": "a\r\nb"}, "form-data; name*=utf-8''a%0D%0Ab", id="line-end"),
    ],
)
def test_a_disposition_is_written_safely(arguments: list[Any], options: dict[str, Any], value: str) -> None:
    payload = BytesPayload(b"")
    payload.set_content_disposition(*arguments, **options)
    assert payload.headers["Content-Disposition"] == value


def test_a_disposition_that_would_break_out_of_its_line_is_refused() -> None:
    payload = BytesPayload(b"")
    with pytest.raises(LocalProtocolError):
        payload.set_content_disposition("a\r\nb")
    with pytest.raises(LocalProtocolError):
        payload.set_content_disposition("form-data", quote_fields=False, name="a\r\nb")
    assert "Content-Disposition" not in payload.headers
