"""What a core hands out besides heads."""

from multidict import CIMultiDict

from skerry.http.events import CLOSED, END, NEED_DATA, PAUSED, Data, EndOfMessage, Pause


def test_a_piece_of_a_body_keeps_its_octets_and_does_not_show_them() -> None:
    piece = Data(b"secret", True)
    assert (piece.data, piece.chunk_end) == (b"secret", True)
    assert "secret" not in repr(piece)
    assert "6 octets" in repr(piece)


def test_a_piece_ends_no_chunk_unless_it_says_so() -> None:
    assert Data(b"x").chunk_end is False


def test_the_shared_end_has_no_trailers() -> None:
    assert END.trailers is None


def test_an_end_keeps_its_trailers() -> None:
    trailers = CIMultiDict({"Digest": "x"})
    assert EndOfMessage(trailers).trailers is trailers
    assert "Digest" in repr(EndOfMessage(trailers))


def test_the_reasons_to_wait_are_three() -> None:
    assert set(Pause) == {NEED_DATA, PAUSED, CLOSED}
