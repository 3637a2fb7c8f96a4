"""Codings over each other: the field, the order, the limits of the whole."""

import pytest

from codings import TEXT, coded, decoded, pieces_of, steps_of
from skerry.http import Limits, LocalProtocolError, RemoteProtocolError
from skerry.http.coding import StackedDecoder, make_decoder, make_encoder, parse_codings

STACKS = ("gzip, br", "br, gzip", "deflate, zstd, gzip", "gzip, gzip", "zstd, identity, br, deflate")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        pytest.param("", [], id="absent"),
        pytest.param("gzip", ["gzip"], id="rfc9110-8.4-one"),
        pytest.param("deflate, GZIP", ["deflate", "gzip"], id="rfc9110-8.4-two"),
        pytest.param(" ,gzip,\t,br ,", ["gzip", "br"], id="rfc9110-5.6.1.2-empty-elements"),
        pytest.param("\u212a", ["\u212a"], id="outside-of-ascii"),
        pytest.param("\xa0gzip", ["\xa0gzip"], id="no-white-space-of-unicode"),
    ],
)
def test_the_field_is_a_list_of_names(value: str, names: list[str]) -> None:
    assert parse_codings(value) == names


@pytest.mark.parametrize("value", STACKS)
@pytest.mark.parametrize("size", [1, 1000, 10**9])
@pytest.mark.parametrize("max_octets", [999, 10**9])
def test_codings_are_undone_in_reverse(value: str, size: int, max_octets: int) -> None:
    text = TEXT if size > 1 else TEXT[:3000]
    body = text
    for name in parse_codings(value):
        body = coded(name, body)
    steps = list(steps_of(make_decoder(value), pieces_of(body, size), max_octets))
    assert b"".join(steps) == text
    assert max(map(len, steps)) <= min(max_octets, 2**18)


@pytest.mark.parametrize("value", STACKS)
def test_the_encoder_applies_them_in_order(value: str) -> None:
    body = coded(value, TEXT)
    for name in reversed(parse_codings(value)):
        body = decoded(make_decoder(name), [body])
    assert body == TEXT


@pytest.mark.parametrize("value", ["", "identity", "identity, identity"])
def test_no_coding_is_identity_both_ways(value: str) -> None:
    assert coded(value, b"abc") == b"abc"
    assert decoded(make_decoder(value), [b"abc"]) == b"abc"


@pytest.mark.parametrize("value", ["foo", "gzip, foo", "compress", "g zip", "gzip;q=1", "\u212a", "br\udc80"])
def test_an_unknown_coding_is_refused(value: str) -> None:
    with pytest.raises(RemoteProtocolError) as remote:
        make_decoder(value)
    with pytest.raises(LocalProtocolError) as local:
        make_encoder(value)
    assert remote.value.code == local.value.code == "unknown-content-coding"
    assert remote.value.status_hint == 415


def test_the_number_of_codings_is_bounded() -> None:
    assert decoded(make_decoder("gzip, gzip, gzip, identity"), []) == b""
    with pytest.raises(RemoteProtocolError) as caught:
        make_decoder("gzip, gzip, gzip, gzip, gzip")
    assert caught.value.code == "too-many-codings"
    assert caught.value.status_hint == 415


def test_the_bound_can_be_lifted_and_nothing_recurses() -> None:
    body = coded(", ".join(["deflate"] * 1500), b"deep")
    assert decoded(make_decoder(", ".join(["deflate"] * 1500), Limits(max_codings=0)), [body]) == b"deep"


def test_the_ratio_of_the_whole_is_bounded() -> None:
    half = coded("gzip", bytes(2**20))
    body = coded("gzip", half)
    limits = Limits(max_coding_ratio=1100, coding_ratio_floor=2**18)
    assert decoded(make_decoder("gzip", limits), [half]) == bytes(2**20)
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("gzip, gzip", limits), [body])
    assert caught.value.code == "coding-ratio"
    assert "2 over each other" in str(caught.value)


def test_the_size_inside_is_bounded_too() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("gzip, gzip", Limits(max_decoded_size=1000)), [coded("gzip", bytes(1001))])
    assert caught.value.code == "content-too-long"


@pytest.mark.parametrize("cut", [1, 9])
def test_a_body_that_ends_early_inside_is_incomplete(cut: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        decoded(make_decoder("gzip, br"), [coded("br", coded("gzip", TEXT)[:-cut])])
    assert caught.value.code == "incomplete-content-coding"
    assert caught.value.where == "content coding gzip"


def test_an_error_stays() -> None:
    decoder = make_decoder("gzip, br")
    decoder.feed(coded("br", b"this is not gzip at all"))
    with pytest.raises(RemoteProtocolError) as caught:
        decoder.read()
    decoder.feed(coded("gzip, br", b"hello"))
    for call in (decoder.read, decoder.finish):
        with pytest.raises(RemoteProtocolError) as again:
            call()
        assert again.value is caught.value
    assert not decoder.is_finished


def test_an_early_end_stays_an_error() -> None:
    decoder = make_decoder("gzip, br")
    decoder.feed(coded("gzip, br", b"hello")[:-1])
    while decoder.read():
        pass
    for _ in range(2):
        with pytest.raises(RemoteProtocolError) as caught:
            decoder.finish()
        assert caught.value.code == "incomplete-content-coding"


def test_it_knows_what_waits_and_when_it_is_finished() -> None:
    decoder = make_decoder("gzip, br")
    assert isinstance(decoder, StackedDecoder)
    body = coded("gzip, br", TEXT)
    decoder.feed(body)
    assert decoder.pending_octets == len(body)
    assert not decoder.needs_input
    with pytest.raises(RuntimeError, match="nothing more to give"):
        decoder.finish()
    while decoder.read(5000):
        assert not decoder.is_finished or decoder.needs_input
    assert decoder.needs_input
    assert decoder.is_finished


def test_a_step_of_less_than_one_octet_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        make_decoder("gzip, br").read(0)
