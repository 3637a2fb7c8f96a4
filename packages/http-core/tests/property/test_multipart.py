"""Multipart bodies: what is written is read again in any split, and no octets lead to anything undocumented."""

import asyncio
import contextlib
import sys
import warnings
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from octet_streams import Pieces
from skerry.http import NEED_DATA, Data, Limits, Pause, RemoteProtocolError
from skerry.http.aio.multipart import FormData, MultipartReader, MultipartWriter, read_form
from skerry.http.multipart import (
    END_OF_MULTIPART,
    END_OF_PART,
    MultipartDecoder,
    MultipartEncoder,
    PartHead,
    format_multipart_type,
    parse_multipart_type,
)
from skerry.http.multipart.transfer import find_transfer_decoder, find_transfer_encoder

BOUNDARIES = st.text("0123456789abcXYZ'()+_,-./:=? ", min_size=1, max_size=70).filter(lambda text: text[-1] != " ")
NAMES = st.sampled_from(["A", "Content-Type", "X-Long-Name", "content-disposition"])
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_characters="\x7f"), max_size=30)
HEADS = st.dictionaries(NAMES, VALUES, max_size=3)
SPECIAL = st.lists(
    st.sampled_from([b"\r", b"\n", b"-", b"--", b"b", b"c", b" ", b":", b"A: b", b"\x00", b"\xff", b"\r\n--b"]),
    max_size=40,
).map(b"".join)
PARTS = st.lists(st.tuples(HEADS, st.binary(max_size=200) | SPECIAL), max_size=5)
CUTS = st.lists(st.integers(1, 40), min_size=1, max_size=20)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """Return ``data`` in pieces of the sizes, used again and again."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(data[at : at + size])
        at += size
    return pieces


def read(pieces: Iterable[bytes], boundary: str) -> tuple[list[tuple[dict[str, str], bytes]], str]:
    """Return the parts, and the code of the error at the end."""
    decoder = MultipartDecoder(boundary.encode("ascii"), Limits(max_preamble_size=100, max_part_head_size=500))
    parts: list[tuple[dict[str, str], bytes]] = []

    def drain() -> None:
        while not isinstance(event := decoder.next_event(), Pause):
            if isinstance(event, PartHead):
                parts.append((dict(event.headers), b""))
            elif isinstance(event, Data):
                parts[-1] = (parts[-1][0], parts[-1][1] + event.data)

    try:
        for piece in pieces:
            decoder.receive_data(piece)
            drain()
        decoder.receive_eof()
        drain()
    except RemoteProtocolError as error:
        return parts, error.code
    return parts, ""


@given(BOUNDARIES, PARTS, CUTS)
def test_what_is_written_is_read_again(
    boundary: str, parts: list[tuple[dict[str, str], bytes]], sizes: list[int]
) -> None:
    delimiter = f"\r\n--{boundary}".encode()
    parts = [(head, data) for head, data in parts if delimiter not in b"\r\n" + data + b"\r\n--"]
    encoder = MultipartEncoder(boundary)
    written = b""
    for head, data in parts:
        for event in (PartHead(CIMultiDict(head)), Data(data), END_OF_PART):
            written += encoder.send(event)
    written += encoder.send(END_OF_MULTIPART)
    assert read(cut(written, sizes), boundary) == (parts, "")


@given(BOUNDARIES)
def test_a_boundary_survives_content_type(boundary: str) -> None:
    assert parse_multipart_type(format_multipart_type("mixed", boundary)).boundary == boundary


@given(st.text(max_size=100))
def test_any_content_type_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RemoteProtocolError):
        assert 0 < len(parse_multipart_type("multipart/mixed" + text).boundary) <= 70


@settings(max_examples=300)
@given(
    SPECIAL | st.binary(max_size=100), CUTS, st.sampled_from([b"", b"--b\r\n", b"--b\r\n\r\n", b"--b\r\nA: b\r\n\r\nx"])
)
def test_any_octets_in_any_split_end_in_the_same_way(data: bytes, sizes: list[int], start: bytes) -> None:
    whole, code = read([start + data], "b")
    parts, other = read(cut(start + data, sizes), "b")
    assert other == code
    if not code:
        assert parts == whole


@given(st.sampled_from(["base64", "quoted-printable"]), SPECIAL | st.binary(max_size=300), CUTS, CUTS)
def test_a_transfer_encoding_comes_back(encoding: str, data: bytes, sizes: list[int], others: list[int]) -> None:
    encoder, decoder = find_transfer_encoder(encoding), find_transfer_decoder(encoding)
    encoded = b"".join([encoder.update(piece) for piece in cut(data, sizes)]) + encoder.finish()
    assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))
    assert b"".join([decoder.update(piece) for piece in cut(encoded, others)]) + decoder.finish() == data


@given(st.sampled_from(["base64", "quoted-printable"]), SPECIAL | st.binary(max_size=100), CUTS)
def test_any_octets_are_decoded_or_refused_in_any_split(encoding: str, data: bytes, sizes: list[int]) -> None:
    def decode(pieces: list[bytes]) -> bytes | str:
        decoder = find_transfer_decoder(encoding)
        try:
            return b"".join([decoder.update(piece) for piece in pieces]) + decoder.finish()
        except RemoteProtocolError as error:
            return error.code

    assert decode(cut(data, sizes)) == decode([data])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.booleans(), st.integers(1, 100))
def test_a_form_comes_back(fields: list[tuple[str, str]], quote_fields: bool, size: int) -> None:
    async def send() -> list[tuple[str, object]]:
        form = FormData(fields, quote_fields, default_to_multipart=True)
        body = form()
        assert isinstance(body, MultipartWriter)
        return list((await read_form(body.headers, Pieces(await body.as_bytes(), size))).items())

    expected = [(name, value) for name, value in fields if not (name == "_charset_" and fields[0][0] == name)]
    assert asyncio.run(send()) == expected


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(SPECIAL | st.binary(max_size=100), st.integers(1, 30))
def test_a_reader_of_any_octets_ends(data: bytes, size: int) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    start = (
        b'--b\r\nContent-Disposition: form-data; name="a"; filename="f"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    )

    async def run() -> None:
        for body in (data, start + data):
            for use in (read_all, lambda body: read_form(headers, Pieces(body, size))):
                with contextlib.suppress(RemoteProtocolError):
                    await use(body)

    async def read_all(body: bytes) -> None:
        async for part in MultipartReader(headers, Pieces(body, size)):
            await part.release()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        asyncio.run(run())


def count_lines_run(work: Callable[[], object]) -> int:
    """Return how many lines of Python a call runs."""
    lines = 0

    def trace(frame: object, event: str, argument: object) -> object:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: [b"--b\r\nA: "] + [b"x"] * n, id="a-long-line-in-octets"),
        pytest.param(lambda n: [b"--b\r\n\r\n"] + [b"\r"] * n, id="cr-in-octets"),
        pytest.param(lambda n: [b"--b\r\n\r\n"] + [b"\r\n--a"] * n, id="near-delimiters"),
        pytest.param(lambda n: [b"--b\r\n\r\n" + b"\r\n--" * n], id="near-delimiters-at-once"),
        pytest.param(lambda n: [b"--b" + b"\r\n\r\n\r\n--b" * n], id="parts-at-once"),
        pytest.param(lambda n: [b"--b", *[b"\r\n\r\n\r\n--b"] * n], id="parts"),
    ],
)
def test_work_grows_with_the_octets_and_not_faster(make: Callable[[int], list[bytes]]) -> None:
    limits = Limits(max_part_field_size=0, max_part_head_size=0, max_parts=0)

    def work(count: int) -> Callable[[], None]:
        pieces = make(count)

        def run() -> None:
            decoder = MultipartDecoder(b"b", limits)
            for piece in pieces:
                decoder.receive_data(piece)
                while decoder.next_event() is not NEED_DATA:
                    pass

        return run

    small, large = count_lines_run(work(200)), count_lines_run(work(2000))
    assert large < 12 * small
