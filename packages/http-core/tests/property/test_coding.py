"""Content codings under every body, split, step and kind of damage that hypothesis thinks of."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codings import NAMES, code_of, coded, decoded
from skerry.http import Limits, LocalProtocolError, RemoteProtocolError
from skerry.http.coding import STEP_OCTETS, Decoder, make_decoder, make_encoder, parse_codings

CODES = {"", "bad-content-coding", "incomplete-content-coding", "too-many-members", "coding-ratio", "content-too-long"}

bodies = st.one_of(
    st.binary(max_size=300),
    st.builds(lambda part, count: part * count, st.binary(min_size=1, max_size=20), st.integers(0, 20_000)),
)
stacks = st.lists(st.sampled_from([*NAMES, "identity"]), min_size=1, max_size=3).map(", ".join)
steps = st.sampled_from([1000, 32_768, STEP_OCTETS, 10**9])


@st.composite
def splits(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """Cut octets into pieces, some of them empty."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    return [data[start:stop] for start, stop in pairwise([0, *cuts, len(data)])]


@given(st.data(), bodies, stacks, steps)
def test_what_was_encoded_in_any_pieces_is_decoded_in_any_pieces(
    data: st.DataObject, body: bytes, value: str, max_octets: int
) -> None:
    encoder = make_encoder(value)
    parts = []
    for piece in data.draw(splits(body)):
        parts.append(encoder.encode(piece))
        if data.draw(st.booleans()):
            parts.append(encoder.flush())
    parts.append(encoder.finish())
    pieces = data.draw(splits(b"".join(parts)))
    assert decoded(make_decoder(value, Limits(max_coding_ratio=0)), pieces, max_octets) == body


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), body=st.binary(max_size=400))
def test_any_octets_end_in_a_body_or_in_a_documented_error(name: str, data: st.DataObject, body: bytes) -> None:
    assert code_of(make_decoder(name), data.draw(splits(body))) in CODES


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), body=bodies)
def test_any_damage_ends_in_a_body_or_in_a_documented_error(name: str, data: st.DataObject, body: bytes) -> None:
    damaged = bytearray(coded(name, body))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert"])):
            case "change":
                damaged[at] = data.draw(st.integers(0, 255))
            case "cut":
                del damaged[at : at + data.draw(st.integers(0, 5))]
            case _:
                damaged[at:at] = data.draw(st.binary(max_size=5))
        if not damaged:
            break
    assert code_of(make_decoder(name), data.draw(splits(bytes(damaged)))) in CODES


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), body=st.binary(min_size=1, max_size=400))
def test_the_code_of_an_error_does_not_depend_on_the_split(name: str, data: st.DataObject, body: bytes) -> None:
    damaged = coded(name, body)
    at = data.draw(st.integers(0, len(damaged)))
    damaged = damaged[:at] + data.draw(st.binary(max_size=3)) + damaged[at + 1 :]
    assert code_of(make_decoder(name), data.draw(splits(damaged))) == code_of(make_decoder(name), [damaged])


@given(st.text(max_size=60))
def test_any_field_makes_coders_or_a_documented_error(value: str) -> None:
    decoder: Decoder | None = None
    try:
        decoder = make_decoder(value)
    except RemoteProtocolError as error:
        code = error.code
        assert code in {"unknown-content-coding", "too-many-codings"}
    try:
        make_encoder(value)
    except LocalProtocolError:
        assert decoder is None
    else:
        assert decoder is not None or len(parse_codings(value)) > Limits().max_codings


@given(st.lists(st.sampled_from([*NAMES, "identity", "x-gzip"]), max_size=4), st.data())
def test_white_space_and_empty_members_do_not_matter(names: list[str], data: st.DataObject) -> None:
    gaps = st.text(" \t,", max_size=3)
    value = data.draw(gaps) + "".join(f"{name},{data.draw(gaps)}" for name in names)
    assert parse_codings(value) == names


@given(bodies, st.integers(0, 3000))
def test_the_limit_on_size_holds_to_the_octet(body: bytes, limit: int) -> None:
    coded_body = coded("gzip", body)
    limits = Limits(max_decoded_size=limit, max_coding_ratio=0)
    code = code_of(make_decoder("gzip", limits), [coded_body])
    assert code == ("content-too-long" if len(body) > limit > 0 else "")
