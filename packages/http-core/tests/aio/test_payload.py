"""Payloads: what aiohttp's programs can rely on, and the registry."""

import asyncio
import io
import json
import os
import tempfile
from array import array
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from skerry.http import LocalProtocolError, SkerryError
from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.payload import (
    PAYLOAD_REGISTRY,
    AsyncIterablePayload,
    BufferedReaderPayload,
    BytesIOPayload,
    BytesPayload,
    IOBasePayload,
    JsonBytesPayload,
    JsonPayload,
    Order,
    Payload,
    PayloadLookupError,
    PayloadRegistry,
    PayloadWriter,
    StreamReaderPayload,
    StringIOPayload,
    StringPayload,
    TextIOPayload,
    get_payload,
    payload_type,
    register_payload,
)
from skerry.http.aio.stream import StreamReader
from skerry.http.body import BodySource
from skerry.http.errors import BodyConsumedError

OCTETS = "application/octet-stream"


class Sink:
    """A writer that keeps what it gets."""

    def __init__(self, fail_after: int = 1 << 30) -> None:
        self.chunks: list[bytes] = []
        self.fail_after = fail_after

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        if len(self.chunks) >= self.fail_after:
            raise ConnectionResetError("gone")
        self.chunks.append(bytes(chunk))

    @property
    def content(self) -> bytes:
        return b"".join(self.chunks)


async def written(payload: Payload) -> bytes:
    sink = Sink()
    await payload.write(sink)
    return sink.content


async def gather(body: BodySource) -> bytes:
    return b"".join([bytes(piece) async for piece in body.pieces()])


@pytest.fixture
def open_file(tmp_path: Path) -> Iterator[Callable[..., IO[Any]]]:
    path = tmp_path / "fi le.txt"
    path.write_bytes("héllo world".encode())
    opened: list[IO[Any]] = []

    def open_it(*arguments: Any, skip: int = 0, **options: Any) -> IO[Any]:
        opened.append(path.open(*arguments, **options))
        opened[-1].read(skip)
        return opened[-1]

    yield open_it
    for file in opened:
        file.close()


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


@pytest.mark.parametrize("wrong", [None, 1, [b"a"], {"a": 1}, object], ids=repr)
def test_nothing_is_registered_for_other_values(wrong: object) -> None:
    with pytest.raises(PayloadLookupError, match="no payload is registered for"):
        get_payload(wrong)
    assert issubclass(PayloadLookupError, SkerryError)
    assert issubclass(PayloadLookupError, LookupError)


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


# Files.


async def test_an_open_file_has_a_name_a_type_and_a_disposition(open_file: Callable[..., IO[Any]]) -> None:
    payload = get_payload(open_file("rb", skip=2))
    assert type(payload) is BufferedReaderPayload
    assert (payload.size, payload.filename, payload.autoclose) == (10, "fi le.txt", False)
    assert payload.headers == {
        "Content-Type": "text/plain",
        "Content-Disposition": 'attachment; filename="fi%20le.txt"',
    }
    for _ in range(2):
        assert await written(payload) == "héllo world".encode()[2:]
        assert await gather(payload) == "héllo world".encode()[2:]


@pytest.mark.parametrize(
    ("options", "disposition"),
    [
        ({}, 'attachment; filename="fi%20le.txt"'),
        ({"disposition": "inline"}, 'inline; filename="fi%20le.txt"'),
        ({"disposition": None}, None),
        ({"filename": "o.png"}, 'attachment; filename="o.png"'),
        ({"headers": {"Content-Disposition": "own"}}, "own"),
    ],
    ids=["default", "inline", "none", "named", "own"],
)
async def test_the_disposition_of_a_file(
    open_file: Callable[..., IO[Any]], options: dict[str, Any], disposition: str | None
) -> None:
    payload = IOBasePayload(open_file("rb"), **options)
    assert payload.headers.get("Content-Disposition") == disposition
    assert payload.content_type == ("image/png" if "filename" in options else "text/plain")


@pytest.mark.parametrize(
    ("arguments", "options", "kind"),
    [
        pytest.param(["rb"], {}, BufferedReaderPayload, id="buffered"),
        pytest.param(["r+b"], {}, BufferedReaderPayload, id="read-and-write"),
        pytest.param(["rb"], {"buffering": 0}, IOBasePayload, id="raw"),
        pytest.param(["r"], {"encoding": "utf-8"}, TextIOPayload, id="text"),
    ],
)
async def test_a_file_is_closed_with_its_payload(
    open_file: Callable[..., IO[Any]], arguments: list[Any], options: dict[str, Any], kind: type
) -> None:
    file = open_file(*arguments, **options)
    payload = get_payload(file)
    assert type(payload) is kind
    assert await payload.as_bytes() == "héllo world".encode()
    assert await written(payload) == "héllo world".encode()
    assert not payload.consumed
    await payload.close()
    await payload.aclose()
    assert file.closed
    assert payload.consumed
    with pytest.raises(BodyConsumedError):
        await written(payload)


async def test_a_text_file_is_written_in_the_charset_of_the_payload(open_file: Callable[..., IO[Any]]) -> None:
    payload = TextIOPayload(open_file("r", encoding="utf-8"), encoding="utf-16")  # type: ignore[arg-type]
    assert (payload.content_type, payload.encoding, payload.size) == ("text/plain; charset=utf-16", "utf-16", None)
    for _ in range(2):
        assert await written(payload) == "héllo world".encode("utf-16")
    with pytest.raises(LookupError):
        TextIOPayload(open_file("r"), encoding="no-such")  # type: ignore[arg-type]


async def test_a_long_text_file_has_one_byte_order_mark() -> None:
    text = "é" * 600_000
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        await asyncio.to_thread(file.write, text)
        await asyncio.to_thread(file.seek, 0)
        payload = TextIOPayload(file, encoding="utf-16")  # type: ignore[arg-type]
        assert await payload.as_bytes() == text.encode("utf-16")


def test_a_file_can_be_decoded(open_file: Callable[..., IO[Any]]) -> None:
    for payload in (get_payload(open_file("rb")), get_payload(open_file("r", encoding="utf-8"))):
        assert [payload.decode(), payload.decode()] == ["héllo world"] * 2
    with pytest.raises(UnicodeDecodeError):
        get_payload(open_file("rb")).decode("ascii")


async def test_a_file_in_memory_is_left_open() -> None:
    file = io.BytesIO(b"abcdef")
    file.read(2)
    payload = get_payload(file)
    assert (payload.size, payload.filename) == (4, None)
    assert await written(payload) == b"cdef"
    await payload.close()
    assert not file.closed
    assert await written(payload) == b"cdef"
    assert payload.decode() == "cdef"


@pytest.fixture
def pipe() -> Iterator[IO[bytes]]:
    reading, writing = os.pipe()
    os.write(writing, b"abc")
    os.close(writing)
    with open(reading, "rb") as opened:
        yield opened


async def test_a_pipe_is_written_once(pipe: IO[bytes]) -> None:
    payload = get_payload(pipe)
    assert (payload.size, payload.replayable, payload.consumed, payload.filename) == (None, False, False, None)
    assert await written(payload) == b"abc"
    assert payload.consumed
    with pytest.raises(BodyConsumedError):
        await written(payload)
    with pytest.raises(BodyConsumedError):
        await payload.as_bytes()


def test_a_temporary_file_without_a_name_has_no_disposition() -> None:
    with tempfile.TemporaryFile() as file:
        assert get_payload(file).headers == {"Content-Type": OCTETS}


# Asynchronous iterables and streams.


async def _iterate() -> AsyncIterator[bytes]:
    yield b"ab"
    yield b""
    yield b"cd"


async def test_an_asynchronous_iterable_is_written_once() -> None:
    payload = get_payload(_iterate())
    assert type(payload) is AsyncIterablePayload
    assert (payload.size, payload.replayable, payload.autoclose, payload.content_type) == (None, False, True, OCTETS)
    with pytest.raises(TypeError, match="as_bytes first"):
        payload.decode()
    sink = Sink()
    await payload.write(sink)
    assert sink.chunks == [b"ab", b"cd"]
    assert payload.consumed
    for again in (written(payload), gather(payload), payload.as_bytes()):
        with pytest.raises(BodyConsumedError):
            await again


async def test_an_iterable_that_was_gathered_can_be_written_again() -> None:
    payload = get_payload(_iterate())
    for _ in range(2):
        assert await payload.as_bytes() == b"abcd"
        assert await written(payload) == b"abcd"
    assert (payload.decode(), payload.size, payload.replayable, payload.consumed) == ("abcd", 4, True, False)
    await payload.close()
    assert await written(payload) == b"abcd"


async def test_an_iterable_that_failed_in_the_middle_is_consumed() -> None:
    payload = get_payload(_iterate())
    with pytest.raises(ConnectionResetError):
        await payload.write(Sink(fail_after=1))
    assert payload.consumed


async def test_an_iterable_that_was_never_written_is_closed() -> None:
    generator = _iterate()
    payload = get_payload(generator)
    await payload.close()
    assert payload.consumed
    with pytest.raises(StopAsyncIteration):
        await anext(generator)


async def test_a_stream_is_passed_on() -> None:
    feed = PushFeed()
    feed.feed_data(b"abc")
    feed.feed_eof()
    payload = get_payload(StreamReader(feed))
    assert type(payload) is StreamReaderPayload
    assert await written(payload) == b"abc"


# Payloads of one's own.


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


# Fields.


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
def test_a_disposition_is_written_safely(arguments: list[Any], options: dict[str, str], value: str) -> None:
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


# The registry.


class Base:
    """A type of a program."""


class Derived(Base):
    """A subtype of it."""


def make_kind(name: str) -> type[Payload]:
    return type(name, (BytesPayload,), {"__init__": lambda self, value: BytesPayload.__init__(self, b"")})


A, B, C = make_kind("A"), make_kind("B"), make_kind("C")


def test_an_exact_type_wins_over_a_base_and_what_is_tried_first_over_both() -> None:
    registry = PayloadRegistry()
    registry.register(A, Base)
    assert type(registry.get(Derived())) is A
    registry.register(B, Derived)
    assert (type(registry.get(Derived())), type(registry.get(Base()))) == (B, A)
    registry.register(C, (Base, int), order=Order.try_first)
    registry.register(A, Base, order=Order.try_first)
    assert (type(registry.get(Derived())), type(registry.get(1))) == (C, C)
    with pytest.raises(PayloadLookupError):
        registry.get("text")
    registry.register(B, object, order=Order.try_last)
    assert type(registry.get("text")) is B
    payload = BytesPayload(b"")
    assert registry.get(payload) is payload


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order is 'x'"):
        PayloadRegistry().register(A, Base, order="x")  # type: ignore[arg-type]


def test_the_registry_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_first", "_normal", "_last", "_by_type"):
        monkeypatch.setattr(PAYLOAD_REGISTRY, name, getattr(PAYLOAD_REGISTRY, name).copy())
    register_payload(A, Base)
    assert type(get_payload(Base())) is A
    decorated = payload_type(Derived, order=Order.try_first)(B)
    assert decorated is B
    assert type(get_payload(Derived())) is B
    assert type(get_payload(b"")) is BytesPayload
