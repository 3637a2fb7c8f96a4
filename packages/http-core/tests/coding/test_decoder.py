"""Decoders of single codings: bounded steps, any split, truncation, limits, errors that stay."""

from types import SimpleNamespace

import pytest

from codings import NAMES, TEXT, Work, coded, counting_zlib, decoded, pieces_of, steps_of
from skerry.http import Limits, RemoteProtocolError
from skerry.http.coding import STEP_OCTETS, EngineDecoder, EngineError, make_decoder, set_zlib_backend, zlib_backend
from skerry.http.coding.decoder import SLICE_OCTETS, Meter
from skerry.http.coding.zlib import make_gzip_decoder

each_coding = pytest.mark.parametrize("name", NAMES)
NO_LIMITS = Limits(max_coding_ratio=0, max_coding_members=0)


@each_coding
@pytest.mark.parametrize("size", [1, 7, 1000, 10**9])
@pytest.mark.parametrize("max_octets", [1, 100, 4096, STEP_OCTETS])
def test_every_split_and_every_step_give_the_same_body(name: str, size: int, max_octets: int) -> None:
    text = TEXT if max_octets > 1 else TEXT[:3000]
    steps = list(steps_of(make_decoder(name), pieces_of(coded(name, text), size), max_octets))
    assert b"".join(steps) == text
    assert max(map(len, steps)) <= max_octets


@each_coding
def test_no_step_is_longer_than_256_kib_whatever_is_asked_for(name: str) -> None:
    zeros = bytes(3 * 2**20)
    steps = list(steps_of(make_decoder(name), [coded(name, zeros)], 10**9))
    assert b"".join(steps) == zeros
    assert max(map(len, steps)) <= STEP_OCTETS == 256 * 1024


@each_coding
@pytest.mark.parametrize("max_octets", [0, -1])
def test_a_step_of_less_than_one_octet_is_refused(name: str, max_octets: int) -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        make_decoder(name).read(max_octets)


@each_coding
def test_a_body_is_finished_when_it_is_complete_and_read(name: str) -> None:
    decoder = make_decoder(name)
    body = coded(name, b"hello")
    assert not decoder.is_finished
    decoder.feed(body[:-1])
    decoder.read()
    assert not decoder.is_finished
    decoder.feed(body[-1:])
    assert not decoder.needs_input
    decoder.read()
    decoder.read()
    assert decoder.is_finished


@each_coding
def test_a_body_that_ends_early_is_incomplete_at_every_place(name: str) -> None:
    body = coded(name, b"hello, hello")
    for end in range(1, len(body)):
        decoder = make_decoder(name)
        with pytest.raises(RemoteProtocolError) as caught:
            decoded(decoder, [body[:end]])
        assert caught.value.code == "incomplete-content-coding", end
        assert not decoder.is_finished


@each_coding
def test_a_body_without_an_octet_is_an_empty_one(name: str) -> None:
    assert decoded(make_decoder(name), []) == b""
    assert decoded(make_decoder(name), [b"", b""]) == b""


@each_coding
def test_an_empty_body_that_is_coded_is_empty(name: str) -> None:
    assert decoded(make_decoder(name), [coded(name, b"")]) == b""


@each_coding
def test_to_finish_before_all_was_read_is_a_mistake_of_the_caller(name: str) -> None:
    decoder = make_decoder(name)
    decoder.feed(coded(name, TEXT))
    with pytest.raises(RuntimeError, match="nothing more to give"):
        decoder.finish()
    decoder.read(1)
    with pytest.raises(RuntimeError, match="nothing more to give"):
        decoder.finish()


@each_coding
def test_what_is_no_such_coding_is_an_error_that_stays(name: str) -> None:
    decoder = make_decoder(name)
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(decoder, [b"\xff\xfe\xfdthis is not compressed at all" * 3])
    assert caught.value.code == "bad-content-coding"
    assert caught.value.status_hint == 400
    assert caught.value.where == f"content coding {name}"
    assert caught.value.__cause__ is not None
    decoder.feed(coded(name, b"hello"))
    for call in (decoder.read, decoder.finish):
        with pytest.raises(RemoteProtocolError) as again:
            call()
        assert again.value is caught.value
    assert not decoder.is_finished
    assert decoder.pending_octets == 0


@each_coding
def test_octets_behind_the_end_are_an_error(name: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder(name), [coded(name, b"hello") + b"not a member"])
    assert caught.value.code == "bad-content-coding"


@each_coding
def test_pending_octets_say_what_waits(name: str) -> None:
    decoder = make_decoder(name)
    body = coded(name, TEXT)
    decoder.feed(body)
    assert decoder.pending_octets == len(body)
    decoder.read()
    assert decoder.pending_octets == max(len(body) - SLICE_OCTETS, 0)


@each_coding
def test_the_decoded_size_is_bounded(name: str) -> None:
    body = coded(name, TEXT)
    assert decoded(make_decoder(name, Limits(max_decoded_size=len(TEXT))), [body]) == TEXT
    for size in (1, 100, 10**9):
        with pytest.raises(RemoteProtocolError) as caught:
            decoded(make_decoder(name, Limits(max_decoded_size=len(TEXT) - 1)), pieces_of(body, size))
        assert caught.value.code == "content-too-long"
        assert caught.value.status_hint == 413


@each_coding
def test_the_ratio_is_bounded_above_the_floor(name: str) -> None:
    body = coded(name, bytes(2**20))
    limits = Limits(max_coding_ratio=100, coding_ratio_floor=2**19)
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder(name, limits), [body])
    assert caught.value.code == "coding-ratio"
    assert caught.value.status_hint == 413


@each_coding
def test_below_the_floor_every_ratio_is_fine(name: str) -> None:
    zeros = bytes(2**19)
    limits = Limits(max_coding_ratio=2, coding_ratio_floor=2**19)
    assert decoded(make_decoder(name, limits), [coded(name, zeros)]) == zeros


@each_coding
def test_ordinary_text_is_far_below_the_ratio(name: str) -> None:
    assert decoded(make_decoder(name, Limits(coding_ratio_floor=0)), [coded(name, TEXT)]) == TEXT


@each_coding
def test_limits_that_are_off_let_everything_through(name: str) -> None:
    zeros = bytes(8 * 2**20)
    assert decoded(make_decoder(name, NO_LIMITS), [coded(name, zeros)]) == zeros


@pytest.mark.parametrize("name", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 5, 10**9])
def test_members_one_after_the_other_are_one_body(name: str, size: int) -> None:
    body = coded(name, b"one, ") + coded(name, b"") + coded(name, b"two")
    assert decoded(make_decoder(name), pieces_of(body, size)) == b"one, two"


@pytest.mark.parametrize("name", ["deflate", "br"])
def test_a_coding_without_members_has_only_one(name: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder(name), [coded(name, b"one") + coded(name, b"two")])
    assert caught.value.code == "bad-content-coding"


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_members_are_counted_over_the_whole_body(name: str) -> None:
    empty = coded(name, b"")
    assert decoded(make_decoder(name), [empty] * 1024) == b""
    for pieces in ([empty * 1025], [empty] * 1025):
        with pytest.raises(RemoteProtocolError) as caught:
            decoded(make_decoder(name), pieces)
        assert caught.value.code == "too-many-members"
        assert caught.value.status_hint == 400


def work_of(body: bytes, size: int) -> Work:
    """Return what zlib has to do for a gzip body that comes in pieces of ``size`` octets."""
    work = Work()
    before = zlib_backend()
    set_zlib_backend(counting_zlib(work))
    try:
        decoded(make_gzip_decoder(NO_LIMITS), pieces_of(body, size), 1024)
    finally:
        set_zlib_backend(before)
    return work


@pytest.mark.parametrize(
    "part",
    [pytest.param(coded("gzip", b""), id="empty members"), pytest.param(coded("gzip", bytes(2**14)), id="small bombs")],
)
@pytest.mark.parametrize("size", [1, 65536, 10**9])
def test_the_work_grows_with_the_body_and_no_faster(part: bytes, size: int) -> None:
    once = work_of(part * 2000, size)
    twice = work_of(part * 4000, size)
    assert twice.objects == 2 * once.objects == 4000
    assert twice.octets <= 2.2 * once.octets


def test_the_meter_compares_the_limit_with_the_whole_body() -> None:
    meter = Meter("x", Limits(max_decoded_size=10))
    meter.count(5)
    meter.count(5)
    with pytest.raises(RemoteProtocolError, match=r"content coding x: more than 10 decoded octets"):
        meter.count(1)


class Doubling:
    """An engine of a coding that says every octet twice, up to a full stop."""

    def __init__(self) -> None:
        self.needs_input = True
        self.eof = False
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if b"!" in data:
            raise EngineError("it shouts")
        data, stop, self.unused_data = data.partition(b".")
        self.eof = bool(stop)
        return b"".join(data[at : at + 1] * 2 for at in range(len(data)))


def test_an_engine_of_ones_own_may_hand_out_more_than_it_was_asked_for() -> None:
    decoder = EngineDecoder("double", Doubling, Limits(), has_members=True)
    assert list(steps_of(decoder, [b"abc.d", b"e."], 4)) == [b"aabb", b"cc", b"dd", b"ee"]


def test_the_error_of_an_engine_becomes_a_code_and_keeps_its_text() -> None:
    with pytest.raises(RemoteProtocolError, match="content coding double: it shouts") as caught:
        decoded(EngineDecoder("double", Doubling, Limits(), has_members=True), [b"a!"])
    assert caught.value.code == "bad-content-coding"


def test_the_stand_in_for_zlib_is_taken_back() -> None:
    assert not isinstance(zlib_backend(), SimpleNamespace)
