"""gzip and deflate: both forms of deflate, gzip's header and check, and the libraries that can do the work."""

import gzip
import importlib
import zlib
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest

from codings import TEXT, code_of, coded, decoded, pieces_of, raw_deflated
from skerry.http import Limits, RemoteProtocolError
from skerry.http.coding import make_decoder, make_encoder, set_zlib_backend, zlib_backend
from skerry.http.coding.zlib import ZlibEncoder

HELLO = b"hello, hello"


@pytest.fixture(params=["zlib", "zlib_ng.zlib_ng", "isal.isal_zlib"])
def backend(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """Each library that can take the place of zlib."""
    module = importlib.import_module(request.param)
    set_zlib_backend(module)
    yield module
    set_zlib_backend(zlib)


def test_zlib_does_the_work_by_default() -> None:
    assert zlib_backend() is zlib  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("name", ["gzip", "deflate"])
@pytest.mark.parametrize("size", [1, 1000, 10**9])
@pytest.mark.parametrize("max_octets", [1000, 10**9])
def test_every_library_decodes_what_zlib_has_coded(backend: ModuleType, name: str, size: int, max_octets: int) -> None:
    body = gzip.compress(TEXT) if name == "gzip" else zlib.compress(TEXT)
    assert decoded(make_decoder(name), pieces_of(body, size), max_octets) == TEXT


@pytest.mark.parametrize(("name", "window_bits"), [("gzip", 31), ("deflate", 15)])
def test_zlib_decodes_what_every_library_has_coded(backend: ModuleType, name: str, window_bits: int) -> None:
    encoder = make_encoder(name, level=1)
    body = encoder.encode(TEXT) + encoder.flush() + encoder.encode(TEXT) + encoder.finish()
    assert zlib.decompress(body, window_bits) == TEXT + TEXT


def test_every_library_decodes_members_and_the_raw_form(backend: ModuleType) -> None:
    assert decoded(make_decoder("gzip"), [gzip.compress(b"a") + gzip.compress(b"b")]) == b"ab"
    assert decoded(make_decoder("deflate"), pieces_of(raw_deflated(TEXT), 100)) == TEXT


def test_every_library_is_stopped_by_the_limits(backend: ModuleType) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("gzip"), [gzip.compress(bytes(8 * 2**20))])
    assert caught.value.code == "coding-ratio"


@pytest.mark.parametrize("at", range(20))
def test_no_error_of_a_library_reaches_the_caller(backend: ModuleType, at: int) -> None:
    body = bytearray(gzip.compress(HELLO, mtime=0))
    body[at] ^= 0xFF
    assert code_of(make_decoder("gzip"), [bytes(body)]) in {"", "bad-content-coding", "incomplete-content-coding"}


def test_a_coder_keeps_the_library_that_it_was_made_with(backend: ModuleType) -> None:
    decoder = make_decoder("gzip")
    body = gzip.compress(HELLO)
    decoder.feed(body[:5])
    assert decoder.read() == b""
    set_zlib_backend(zlib)
    assert code_of(decoder, [body[5:-1] + b"\xff"]) == "bad-content-coding"


def test_a_module_that_lacks_something_is_refused_and_changes_nothing() -> None:
    with pytest.raises(TypeError, match="has no MAX_WBITS, Z_FINISH, Z_SYNC_FLUSH, compressobj, decompressobj"):
        set_zlib_backend(SimpleNamespace(error=ValueError))
    assert zlib_backend() is zlib  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("size", [1, 2, 10**9])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(zlib.compress(HELLO), id="rfc1950-default-window"),
        pytest.param(zlib.compress(HELLO, wbits=9), id="rfc1950-small-window"),
        pytest.param(zlib.compress(HELLO, 9), id="rfc1950-best"),
        pytest.param(zlib.compress(HELLO, 0), id="rfc1950-stored"),
        pytest.param(raw_deflated(HELLO), id="rfc1951-fixed"),
        pytest.param(b"\x00\x0c\x00\xf3\xff" + HELLO + b"\x03\x00", id="rfc1951-stored"),
    ],
)
def test_deflate_is_taken_wrapped_and_raw(body: bytes, size: int) -> None:
    assert decoded(make_decoder("deflate"), pieces_of(body, size)) == HELLO


def test_the_shortest_raw_body_is_empty() -> None:
    assert decoded(make_decoder("deflate"), [b"\x03", b"\x00"]) == b""


def test_deflate_with_a_dictionary_that_nobody_has_is_broken() -> None:
    deflater = zlib.compressobj(zdict=b"hello")
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("deflate"), [deflater.compress(HELLO) + deflater.flush()])
    assert caught.value.code == "bad-content-coding"


def test_the_wrapped_form_is_what_is_sent() -> None:
    assert zlib.decompress(coded("deflate", HELLO)) == HELLO


def with_fields(flags: int, fields: bytes) -> bytes:
    """Return a gzip member with optional header fields (RFC 1952 §2.3)."""
    plain = gzip.compress(HELLO, mtime=0)
    return plain[:3] + bytes([flags]) + plain[4:10] + fields + plain[10:]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(with_fields(0x08, b"name\x00"), id="rfc1952-2.3-FNAME"),
        pytest.param(with_fields(0x10, b"comment\x00"), id="rfc1952-2.3-FCOMMENT"),
        pytest.param(with_fields(0x04, b"\x03\x00abc"), id="rfc1952-2.3-FEXTRA"),
        pytest.param(with_fields(0x08, b"n" * 300_000 + b"\x00"), id="rfc1952-2.3-FNAME-long"),
    ],
)
@pytest.mark.parametrize("size", [1000, 10**9])
def test_optional_fields_of_the_gzip_header_are_skipped(body: bytes, size: int) -> None:
    assert decoded(make_decoder("gzip"), pieces_of(body, size)) == HELLO


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda body: body[:-8] + bytes(4) + body[-4:], id="rfc1952-2.3.1-CRC32"),
        pytest.param(lambda body: body[:-4] + bytes(4), id="rfc1952-2.3.1-ISIZE"),
        pytest.param(lambda body: b"\x1f\x8c" + body[2:], id="rfc1952-2.3.1-ID2"),
        pytest.param(lambda body: body[:2] + b"\x07" + body[3:], id="rfc1952-2.3.1-CM"),
        pytest.param(lambda body: body[:3] + b"\x80" + body[4:], id="rfc1952-2.3.1.2-reserved-flag"),
        pytest.param(lambda body: body + bytes(512), id="padding-behind-the-last-member"),
    ],
)
def test_a_damaged_gzip_body_is_refused(damage: object) -> None:
    assert callable(damage)
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("gzip"), [damage(gzip.compress(HELLO))])
    assert caught.value.code == "bad-content-coding"


def test_a_strategy_is_handed_on() -> None:
    text = TEXT[:10_000]
    huffman = make_encoder("gzip", strategy=zlib.Z_HUFFMAN_ONLY)
    body = huffman.encode(text) + huffman.finish()
    assert decoded(make_decoder("gzip"), [body]) == text
    assert len(body) > 2 * len(coded("gzip", text))


def test_the_members_of_the_encoder_are_complete_for_an_empty_body() -> None:
    encoder = ZlibEncoder(31)
    assert gzip.decompress(encoder.finish()) == b""


def test_the_limit_on_members_can_be_lifted() -> None:
    body = gzip.compress(b"a") * 3000
    assert decoded(make_decoder("gzip", Limits(max_coding_members=0)), [body]) == b"a" * 3000
