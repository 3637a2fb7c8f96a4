"""Identity: octets come out as they went in, in bounded steps."""

import pytest

from codings import decoded, steps_of
from skerry.http import Limits, RemoteProtocolError
from skerry.http.coding.identity import IdentityDecoder, IdentityEncoder


def test_octets_come_out_as_they_went_in() -> None:
    assert decoded(IdentityDecoder(Limits()), [b"ab", b"", b"c"]) == b"abc"


def test_steps_are_bounded_and_pieces_are_not_joined() -> None:
    assert list(steps_of(IdentityDecoder(Limits()), [b"abcde", b"f"], 2)) == [b"ab", b"cd", b"e", b"f"]


def test_what_waits_is_counted() -> None:
    decoder = IdentityDecoder(Limits())
    decoder.feed(b"abc")
    assert (decoder.pending_octets, decoder.needs_input, decoder.is_finished) == (3, False, False)
    with pytest.raises(RuntimeError, match="nothing more to give"):
        decoder.finish()
    decoder.read(2)
    assert decoder.pending_octets == 1
    decoder.read(2)
    assert (decoder.pending_octets, decoder.needs_input, decoder.is_finished) == (0, True, True)


def test_the_size_is_bounded_and_the_error_stays() -> None:
    decoder = IdentityDecoder(Limits(max_decoded_size=3))
    decoder.feed(b"abc")
    assert decoder.read() == b"abc"
    decoder.feed(b"d")
    for call in (decoder.read, decoder.read, decoder.finish):
        with pytest.raises(RemoteProtocolError) as caught:
            call()
        assert caught.value.code == "content-too-long"
    assert not decoder.is_finished


def test_a_step_of_less_than_one_octet_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 1 or more"):
        IdentityDecoder(Limits()).read(0)


def test_the_encoder_keeps_nothing_back() -> None:
    encoder = IdentityEncoder()
    assert [encoder.encode(b"ab"), encoder.flush(), encoder.finish()] == [b"ab", b"", b""]
