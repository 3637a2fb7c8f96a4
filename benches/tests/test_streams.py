"""The bodies that codings are measured with, and that both candidates code them."""

import pytest

from benches.peers.roles import StreamKind
from benches.peers.streams_skerry import SkerryStreams
from benches.peers.streams_zlib import ZlibStreams
from benches.streams import CASES, PIECE_OCTETS, plain


def test_the_body_has_4_mib_and_compresses_as_text_does() -> None:
    assert len(plain()) == 4 * 2**20
    assert 4 < len(plain()) / sum(map(len, CASES["decode"].pieces)) < 8
    assert max(map(len, CASES["encode"].pieces)) == PIECE_OCTETS


@pytest.mark.parametrize("peer", [SkerryStreams(), ZlibStreams()], ids=["skerry", "zlib"])
@pytest.mark.parametrize("kind", ["decode", "encode"])
def test_every_candidate_does_the_work(peer: SkerryStreams | ZlibStreams, kind: StreamKind) -> None:
    case = CASES[kind]
    result = peer.result(kind, case.pieces)
    assert case.is_right(result)
