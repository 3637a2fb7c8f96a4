"""base64 and quoted-printable, piece by piece (RFC 2045 §6.7, §6.8)."""

import base64
import quopri

import pytest

from skerry.http import LocalProtocolError, RemoteProtocolError
from skerry.http.multipart.transfer import MAX_LINE, TransferCoder, find_transfer_decoder, find_transfer_encoder
from splits import each_split

ALL = bytes(range(256)) * 2


def run(coder: TransferCoder, pieces: tuple[bytes, ...]) -> bytes:
    """Return what a coder makes of pieces."""
    return b"".join([coder.update(piece) for piece in pieces]) + coder.finish()


def decode(encoding: str, data: bytes) -> bytes:
    """Return ``data`` decoded, having seen that no split changes that."""
    results = {run(find_transfer_decoder(encoding), pieces) for pieces in each_split(data)}
    assert len(results) == 1
    return results.pop()


@pytest.mark.parametrize(
    ("encoding", "data", "decoded"),
    [
        pytest.param("base64", b"", b"", id="base64-empty"),
        pytest.param("base64", b"aGVsbG8=", b"hello", id="base64"),
        pytest.param("BASE64 ", b"aGVs\r\n bG8=\t\r\n", b"hello", id="rfc2045-6.8-white-space"),
        pytest.param("base64", b"eA==", b"x", id="base64-two-pads"),
        pytest.param("quoted-printable", b"a=20b=C3=a9", b"a b\xc3\xa9", id="qp-either-case"),
        pytest.param("quoted-printable", b"a=\r\nb=\nc= \t\r\nd", b"abcd", id="rfc2045-6.7-soft-breaks"),
        pytest.param("quoted-printable", b"a\r\nb", b"a\r\nb", id="qp-line-end"),
        pytest.param("quoted-printable", b"a=", b"a", id="qp-soft-break-before-the-delimiter"),
        pytest.param("quoted-printable", b"=3D=3D", b"==", id="qp-escaped-escape"),
        pytest.param("7bit", b"a=20", b"a=20", id="7bit"),
        pytest.param("8Bit", b"a=20", b"a=20", id="8bit"),
        pytest.param("binary", b"a=20", b"a=20", id="binary"),
        pytest.param("", b"a=20", b"a=20", id="none"),
    ],
)
def test_it_is_decoded_in_every_split(encoding: str, data: bytes, decoded: bytes) -> None:
    assert decode(encoding, data) == decoded


@pytest.mark.parametrize(
    "data", [b"a", b"aa", b"aaa", b"====", b"a===", b"=aaa", b"ab=c", b"ab==abcd", b"abc=d", b"-_aa"]
)
def test_broken_base64_is_refused_in_every_split(data: bytes) -> None:
    refused(data, "base64")


@pytest.mark.parametrize(
    "data",
    [b"=A", b"=G0", b"=0G", b"==", b"= a", b"=\r\r\n", b"a=" + b" " * 80 + b"\r\n", b"=\xc3\xa9", b"=+1", b"=1_"],
)
def test_broken_quoted_printable_is_refused_in_every_split(data: bytes) -> None:
    refused(data, "quoted-printable")


def refused(data: bytes, encoding: str) -> None:
    """See that ``data`` cannot be decoded."""
    for pieces in each_split(data):
        with pytest.raises(RemoteProtocolError) as caught:
            run(find_transfer_decoder(encoding), pieces)
        assert caught.value.code == "bad-part-encoding"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("data", [b"", b"x", ALL, b" \r\n\t\r\n \r \n=", b"x" * 200, b"= " * 100], ids=range(6))
def test_what_is_encoded_is_decoded_here_and_by_the_standard_library(encoding: str, data: bytes) -> None:
    encoded = run(find_transfer_encoder(encoding), (data,))
    assert decode(encoding, encoded) == data
    assert (base64.b64decode if encoding == "base64" else quopri.decodestring)(encoded) == data


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("size", [1, 2, 3, 56, 57, 58, 100])
def test_lines_are_short_and_end_with_no_white_space(encoding: str, size: int) -> None:
    data = ALL + b"  \r\n\t\r\n" + b"word " * 50
    pieces = tuple(data[at : at + size] for at in range(0, len(data), size))
    encoded = run(find_transfer_encoder(encoding), pieces)
    for line in encoded[:-1].split(b"\r\n"):
        assert len(line) <= MAX_LINE
        assert line == line.rstrip(b" \t")
    assert run(find_transfer_decoder(encoding), (encoded,)) == data


@pytest.mark.parametrize("encoding", ["rot13", "base65", "BASE\N{KELVIN SIGN}", "quoted_printable"])
def test_an_encoding_that_is_not_known_is_refused(encoding: str) -> None:
    with pytest.raises(RemoteProtocolError) as remote:
        find_transfer_decoder(encoding)
    with pytest.raises(LocalProtocolError) as local:
        find_transfer_encoder(encoding)
    assert remote.value.code == local.value.code == "unknown-part-encoding"
    assert remote.value.status_hint == 415
