"""Encoders: streams that decode to what was given, flushes, the end."""

import pytest

from codings import NAMES, TEXT, coded, decoded, pieces_of
from skerry.http.coding import make_decoder, make_encoder

each_coding = pytest.mark.parametrize("name", [*NAMES, "identity", "deflate, gzip"])


@each_coding
@pytest.mark.parametrize("size", [1, 1000, 10**9])
def test_what_was_encoded_piece_by_piece_decodes_to_the_whole(name: str, size: int) -> None:
    text = TEXT if size > 1 else TEXT[:2000]
    encoder = make_encoder(name)
    body = [*map(encoder.encode, pieces_of(text, size)), encoder.finish()]
    assert decoded(make_decoder(name), body) == text


@each_coding
def test_a_flush_lets_the_peer_decode_everything_so_far(name: str) -> None:
    encoder, decoder = make_encoder(name), make_decoder(name)
    for piece in (b"event: 1\n\n", b"event: 2\n\n", b"event: 3\n\n"):
        decoder.feed(encoder.encode(piece) + encoder.flush())
        assert decoder.read() == piece
        assert decoder.read() == b""
    decoder.feed(encoder.finish())
    assert decoder.read() == b""
    decoder.finish()


@each_coding
def test_an_encoder_that_is_finished_takes_nothing_more(name: str) -> None:
    encoder = make_encoder(name)
    encoder.finish()
    for call in (encoder.flush, encoder.finish, lambda: encoder.encode(b"x")):
        with pytest.raises(RuntimeError, match="finished"):
            call()


@each_coding
def test_every_kind_of_octets_can_be_given(name: str) -> None:
    encoder = make_encoder(name)
    body = encoder.encode(b"a") + encoder.encode(bytearray(b"b")) + encoder.encode(memoryview(b"cd")[:1])
    assert decoded(make_decoder(name), [body + encoder.finish()]) == b"abc"


@pytest.mark.parametrize("name", NAMES)
def test_more_effort_makes_no_longer_body(name: str) -> None:
    assert len(coded(name, TEXT, level=9)) <= len(coded(name, TEXT, level=1)) < len(TEXT) / 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", [-99, 99])
def test_a_level_that_does_not_exist_is_refused(name: str, level: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        make_encoder(name, level=level)
