"""zstd: frames, skippable frames, windows, and the message when there is no library."""

import importlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from codings import TEXT, code_of, coded, decoded, pieces_of
from skerry.http import Limits, LocalProtocolError, RemoteProtocolError
from skerry.http.coding import available, make_decoder, make_encoder, zstd

SKIPPABLE = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
LIBRARY = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def load(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(zstd, "import_module", load)
    zstd._library.cache_clear()
    yield
    zstd._library.cache_clear()


@pytest.mark.parametrize("size", [1, 10**9])
def test_skippable_frames_hold_nothing(size: int) -> None:
    body = SKIPPABLE + coded("zstd", b"one") + SKIPPABLE + coded("zstd", b"two") + SKIPPABLE
    assert decoded(make_decoder("zstd"), pieces_of(body, size)) == b"onetwo"


def test_skippable_frames_are_counted_as_members() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("zstd"), [SKIPPABLE * 1025])
    assert caught.value.code == "too-many-members"


def with_window(bits: int) -> bytes:
    names = LIBRARY.CompressionParameter
    compressor = LIBRARY.ZstdCompressor(options={names.window_log: bits})
    # Without a flush the size of the content would stand in the frame, and be its window.
    return bytes(compressor.compress(TEXT, compressor.FLUSH_BLOCK) + compressor.flush())


@pytest.mark.parametrize("bits", [10, 20, 23])
def test_windows_up_to_8_mib_are_taken(bits: int) -> None:
    assert decoded(make_decoder("zstd"), pieces_of(with_window(bits), 1000)) == TEXT


@pytest.mark.parametrize("bits", [24, 27])
def test_greater_windows_are_refused_rfc9659(bits: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("zstd"), [with_window(bits)])
    assert caught.value.code == "bad-content-coding"


@pytest.mark.parametrize(("max_window", "code"), [(2**20, ""), (2**20 - 1, "bad-content-coding"), (0, "")])
def test_the_window_can_be_limited_further(max_window: int, code: str) -> None:
    assert code_of(make_decoder("zstd", Limits(max_coding_window=max_window)), [with_window(20)]) == code


def test_the_least_limit_is_1_kib_rfc8878() -> None:
    assert code_of(make_decoder("zstd", Limits(max_coding_window=1)), [with_window(10)]) == ""


@pytest.mark.parametrize("level", [1, 3, 19, 20])
def test_no_level_makes_a_window_that_is_refused_rfc9659(level: int) -> None:
    encoder = make_encoder("zstd", level=level)
    body = encoder.encode(TEXT) + encoder.flush() + encoder.finish()
    assert decoded(make_decoder("zstd"), [body]) == TEXT


@pytest.mark.usefixtures("no_library")
def test_a_missing_library_is_not_offered_and_says_what_to_install() -> None:
    assert "zstd" not in available()
    with pytest.raises(RemoteProtocolError, match=r"skerry-http-core\[zstd\]") as caught:
        make_decoder("zstd")
    assert caught.value.code == "unknown-content-coding"
    with pytest.raises(LocalProtocolError, match=r"skerry-http-core\[zstd\]"):
        make_encoder("zstd")


@pytest.mark.usefixtures("no_library")
def test_the_module_itself_says_so_as_well() -> None:
    with pytest.raises(RuntimeError, match=r"skerry-http-core\[zstd\]"):
        zstd.make_encoder()
