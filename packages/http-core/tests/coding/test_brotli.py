"""br: both libraries, their output limits, windows, and the message when there is none."""

import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from codings import TEXT, code_of, coded, decoded, pieces_of, steps_of
from skerry.http import Limits, LocalProtocolError, RemoteProtocolError
from skerry.http.coding import STEP_OCTETS, available, brotli, make_decoder, make_encoder


def use(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Have the named module, or none, be the only library there is."""

    def load(name: str) -> Any:
        if module is None or name != module.__name__:
            raise ImportError(name)
        return module

    monkeypatch.setattr(brotli, "import_module", load)
    brotli._library.cache_clear()


@pytest.fixture(autouse=True)
def forget_the_library() -> Iterator[None]:
    yield
    brotli._library.cache_clear()


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, None)


@pytest.mark.parametrize("max_octets", [1, 32751, 32752, 32753, 131072, STEP_OCTETS])
def test_steps_keep_their_bound_though_the_library_does_not(max_octets: int) -> None:
    zeros = bytes(10**6 if max_octets > 1 else 40_000)
    steps = list(steps_of(make_decoder("br"), [coded("br", zeros)], max_octets))
    assert b"".join(steps) == zeros
    assert max(map(len, steps)) <= max_octets


@pytest.mark.parametrize("window_bits", [10, 16, 22, 24])
def test_every_window_is_taken(window_bits: int) -> None:
    library = importlib.import_module("brotli")
    body = library.compress(TEXT, quality=5, lgwin=window_bits)
    assert decoded(make_decoder("br"), pieces_of(body, 1000)) == TEXT


@pytest.mark.parametrize("window_bits", range(10, 25))
def test_the_window_is_read_from_the_first_octet_rfc7932(window_bits: int) -> None:
    body = importlib.import_module("brotli").compress(TEXT, quality=5, lgwin=window_bits)
    assert brotli.window_bits_of(body[0]) == window_bits
    fits, small = Limits(max_coding_window=1 << window_bits), Limits(max_coding_window=(1 << window_bits) - 1)
    assert code_of(make_decoder("br", fits), pieces_of(body, 1)) == ""
    assert code_of(make_decoder("br", small), [body]) == "bad-content-coding"


def test_the_window_that_is_none_is_refused_rfc7932() -> None:
    assert brotli.window_bits_of(0b0001_0001) == 0
    assert code_of(make_decoder("br"), [b"\x11" + bytes(20)]) == "bad-content-coding"


def test_copies_out_of_the_window_are_awaited_to_their_end() -> None:
    library = importlib.import_module("brotli")
    body = library.compress(bytes(3 * 10**6), quality=11)
    assert decoded(make_decoder("br"), pieces_of(body, 1)) == bytes(3 * 10**6)


def test_the_second_library_does_when_the_first_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    first = importlib.import_module("brotli")
    second = SimpleNamespace(
        __name__="brotlicffi", error=first.error, Decompressor=first.Decompressor, Compressor=first.Compressor
    )
    use(monkeypatch, second)
    assert decoded(make_decoder("br"), [coded("br", TEXT)]) == TEXT


def test_a_library_that_hands_out_as_few_octets_as_it_is_asked_for_is_asked_for_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    class Decompressor:
        def process(self, data: bytes, output_buffer_limit: int) -> bytes:
            asked.append(output_buffer_limit)
            return b"x" * min(output_buffer_limit, len(data))

        def can_accept_more_data(self) -> bool:
            return True

        def is_finished(self) -> bool:
            return bool(asked)

    use(monkeypatch, SimpleNamespace(__name__="brotlicffi", error=OSError, Decompressor=Decompressor))
    assert decoded(make_decoder("br"), [b"abc"], 1) == b"xxx"
    assert asked == [32768]


def test_a_library_that_cannot_bound_its_output_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, SimpleNamespace(__name__="brotli", error=OSError, Decompressor=object))
    assert not brotli.is_available()


@pytest.mark.usefixtures("no_library")
def test_a_missing_library_is_not_offered_and_says_what_to_install() -> None:
    assert "br" not in available()
    with pytest.raises(RemoteProtocolError, match=r"skerry-http-core\[brotli\]") as caught:
        make_decoder("br")
    assert caught.value.code == "unknown-content-coding"
    assert caught.value.status_hint == 415
    with pytest.raises(LocalProtocolError, match=r"skerry-http-core\[brotli\]"):
        make_encoder("br")


@pytest.mark.usefixtures("no_library")
@pytest.mark.parametrize("make", [brotli.make_encoder, brotli.BrotliEncoder])
def test_the_module_itself_says_so_as_well(make: Any) -> None:
    with pytest.raises(RuntimeError, match=r"skerry-http-core\[brotli\]"):
        make()
