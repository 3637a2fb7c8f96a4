"""Payloads in memory: known as a whole, and written as often as one likes."""

import io
import json
from array import array
from collections.abc import Callable
from typing import Any

import pytest

from bodies_sent import OCTETS, Sink, gather, written
from skerry.http.aio.payload import (
    AsyncIterablePayload,
    BytesIOPayload,
    BytesPayload,
    JsonBytesPayload,
    JsonPayload,
    Payload,
    StringIOPayload,
    StringPayload,
    get_payload,
)
from skerry.http.body import BodySource


def wide() -> memoryview:
    return memoryview(array("H", [0x6161, 0x6262]))


@pytest.mark.parametrize(
    ("make", "kind", "content", "content_type", "encoding"),
    [
        pytest.param(lambda: get_payload(b"abc"), BytesPayload, b"abc", OCTETS, None, id="bytes"),
        pytest.param(lambda: get_payload(bytearray(b"abc")), BytesPayload, b"abc", OCTETS, None, id="bytearray"),
        pytest.param(lambda: get_payload(memoryview(b"abc")), BytesPayload, b"abc", OCTETS, None, id="memoryview"),
        pytest.param(lambda: get_payload(wide()), BytesPayload, b"aabb", OCTETS, None, id="memoryview-of-wider-items"),
        pytest.param(lambda: BytesPayload(b"", content_type=None), BytesPayload, b"", OCTETS, None, id="empty"),
        pytest.param(lambda: BytesPayload(b"a", filename="x.png"), BytesPayload, b"a", OCTETS, None, id="bytes-named"),
        pytest.param(
            lambda: BytesPayload(b"a", content_type="text/plain", encoding="latin-1", unknown=1),
            BytesPayload,
            b"a",
            "text/plain",
            "latin-1",
            id="bytes-of-a-type",
        ),
        pytest.param(
            lambda: get_payload("hé"), StringPayload, b"h\xc3\xa9", "text/plain; charset=utf-8", "utf-8", id="text"
        ),
        pytest.param(
            lambda: get_payload("hé", encoding="latin-1"),
            StringPayload,
            b"h\xe9",
            "text/plain; charset=latin-1",
            "latin-1",
            id="text-in-latin-1",
        ),
        pytest.param(
            lambda: StringPayload("hé", content_type="text/html; charset=latin-1"),
            StringPayload,
            b"h\xe9",
            "text/html; charset=latin-1",
            "latin-1",
            id="text-as-its-type-says",
        ),
        pytest.param(
            lambda: StringPayload("hé", content_type="text/html; charset=latin-1", encoding="utf-8"),
            StringPayload,
            b"h\xc3\xa9",
            "text/html; charset=latin-1",
            "utf-8",
            id="text-as-its-encoding-says",
        ),
        pytest.param(
            lambda: StringPayload("hé", content_type="text/html"),
            StringPayload,
            b"h\xc3\xa9",
            "text/html",
            "utf-8",
            id="text-of-a-type-without-charset",
        ),
        pytest.param(
            lambda: get_payload(io.StringIO("hé")),
            StringIOPayload,
            b"h\xc3\xa9",
            "text/plain; charset=utf-8",
            "utf-8",
            id="stringio",
        ),
        pytest.param(lambda: get_payload(io.BytesIO(b"abc")), BytesIOPayload, b"abc", OCTETS, None, id="bytesio"),
        pytest.param(
            lambda: JsonPayload({"a": "é"}),
            JsonPayload,
            b'{"a": "\\u00e9"}',
            "application/json",
            "utf-8",
            id="json",
        ),
        pytest.param(
            lambda: JsonBytesPayload([1], dumps=lambda value: json.dumps(value).encode(), content_type="a/b"),
            JsonBytesPayload,
            b"[1]",
            "a/b",
            None,
            id="json-octets",
        ),
    ],
)
async def test_what_is_in_memory_is_known_and_can_be_written_again(
    make: Callable[[], Payload], kind: type, content: bytes, content_type: str, encoding: str | None
) -> None:
    payload = make()
    assert type(payload) is kind
    assert isinstance(payload, BodySource)
    assert (payload.size, payload.content_type, payload.encoding) == (len(content), content_type, encoding)
    assert payload.headers == {"Content-Type": content_type}
    assert payload.autoclose
    for _ in range(2):
        assert await written(payload) == content
        assert await gather(payload) == content
        assert await payload.as_bytes() == content
        assert payload.replayable
        assert not payload.consumed
    assert payload.decode(encoding or "utf-8").encode(encoding or "utf-8") == content
    await payload.close()
    assert await written(payload) == content


@pytest.mark.parametrize("length", [None, 0, 3, 6, 100])
@pytest.mark.parametrize(
    "make",
    [lambda: b"abcdef", lambda: "abcdef", lambda: io.BytesIO(b"abcdef"), lambda: memoryview(b"abcdef")],
    ids=["bytes", "text", "file", "memoryview"],
)
async def test_no_more_is_written_than_the_length(make: Callable[[], Any], length: int | None) -> None:
    sink = Sink()
    await get_payload(make()).write_with_length(sink, length)
    assert sink.content == b"abcdef"[:length]
    assert all(sink.chunks)


async def test_a_stringio_is_sent_from_where_it_stands() -> None:
    file = io.StringIO("hé")
    file.read(1)
    assert await written(get_payload(file)) == "é".encode()


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: BytesPayload("text"), "bytes"),  # type: ignore[arg-type]
        (lambda: StringPayload(b"octets"), "text"),  # type: ignore[arg-type]
        (lambda: AsyncIterablePayload([b"a"]), "asynchronous"),  # type: ignore[arg-type]
        (lambda: JsonBytesPayload(1, dumps=json.dumps), "bytes"),  # type: ignore[arg-type]
    ],
    ids=["bytes", "text", "iterable", "json"],
)
def test_a_value_of_the_wrong_type_is_refused(make: Callable[[], Payload], expected: str) -> None:
    with pytest.raises(TypeError, match=f"expected .*{expected}"):
        make()
