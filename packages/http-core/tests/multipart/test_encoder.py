"""The encoder: what it writes, and what it refuses before an octet is made."""

import pytest
from multidict import CIMultiDict

from skerry.http import Data, LocalProtocolError
from skerry.http.multipart import (
    END_OF_MULTIPART,
    END_OF_PART,
    MultipartEncoder,
    MultipartEnd,
    PartHead,
    format_part_fields,
)

HEAD = PartHead(CIMultiDict({"A": "b"}))


def test_parts_are_written_as_in_the_rfc() -> None:
    encoder = MultipartEncoder("b")
    events = (HEAD, Data(b"x"), Data(b"y"), END_OF_PART, PartHead(CIMultiDict()), END_OF_PART, END_OF_MULTIPART)
    written = b"".join(encoder.send(event) for event in events)
    assert written == b"--b\r\nA: b\r\n\r\nxy\r\n--b\r\n\r\n\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("before", "event"),
    [
        pytest.param((), Data(b"x"), id="data-before-a-head"),
        pytest.param((), END_OF_PART, id="end-before-a-head"),
        pytest.param((HEAD,), HEAD, id="head-in-a-part"),
        pytest.param((HEAD,), END_OF_MULTIPART, id="end-of-all-in-a-part"),
        pytest.param((END_OF_MULTIPART,), HEAD, id="head-behind-the-end"),
        pytest.param((END_OF_MULTIPART,), END_OF_MULTIPART, id="end-twice"),
    ],
)
def test_events_come_in_their_turn(
    before: tuple[PartHead | MultipartEnd, ...], event: PartHead | Data | MultipartEnd
) -> None:
    encoder = MultipartEncoder("b")
    for earlier in before:
        encoder.send(earlier)
    with pytest.raises(LocalProtocolError) as caught:
        encoder.send(event)
    assert caught.value.code == "unexpected-event"


@pytest.mark.parametrize(
    ("name", "code"),
    [("", "bad-field-name"), ("a b", "bad-field-name"), ("a\r\nb", "bad-field-name"), ("é", "bad-field-name")],
)
def test_a_name_is_a_token(name: str, code: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        format_part_fields({name: "x"})
    assert caught.value.code == code


@pytest.mark.parametrize(
    "value", [*(f"a{chr(octet)}b" for octet in (*range(9), *range(10, 32), 127)), " a", "a ", "\ta", "\ud800"]
)
def test_no_control_character_gets_into_a_field(value: str) -> None:
    """CVE-2026-34514, CVE-2026-50269."""
    encoder = MultipartEncoder("b")
    with pytest.raises(LocalProtocolError) as caught:
        encoder.send(PartHead(CIMultiDict({"A": value})))
    assert caught.value.code == "bad-field-value"
    assert encoder.send(HEAD) == b"--b\r\nA: b\r\n\r\n"


def test_text_beyond_ascii_is_sent_as_utf_8_and_octets_as_they_came() -> None:
    assert format_part_fields({"A": "é\udcff\ta"}) == b"A: \xc3\xa9\xff\ta\r\n\r\n"


@pytest.mark.parametrize("split", range(1, 12))
def test_the_delimiter_is_found_in_data_wherever_they_are_cut(split: int) -> None:
    encoder = MultipartEncoder("b")
    encoder.send(HEAD)
    data = b"x\r\n--b\r\n\r\ny"

    def send() -> None:
        for piece in (data[:split], data[split:]):
            encoder.send(Data(piece))

    with pytest.raises(LocalProtocolError) as caught:
        send()
    assert caught.value.code == "boundary-in-part"


def test_the_delimiter_is_found_octet_by_octet_and_at_the_start() -> None:
    for data in (b"--b", b"x\r\n--b"):
        encoder = MultipartEncoder("b")
        encoder.send(HEAD)
        for at in range(len(data) - 1):
            assert encoder.send(Data(data[at : at + 1])) == data[at : at + 1]
        with pytest.raises(LocalProtocolError, match="hold the delimiter"):
            encoder.send(Data(data[-1:]))


def test_the_search_can_be_left_out() -> None:
    encoder = MultipartEncoder("b", checks_data=False)
    encoder.send(HEAD)
    assert encoder.send(Data(b"\r\n--b")) == b"\r\n--b"


def test_the_delimiter_of_one_part_does_not_reach_into_the_next() -> None:
    encoder = MultipartEncoder("b")
    written = b""
    for data in (b"x\r\n", b"-x"):
        for event in (HEAD, Data(data), END_OF_PART):
            written += encoder.send(event)
    assert written.count(b"--b\r\n") == 2


def test_a_boundary_is_checked() -> None:
    with pytest.raises(LocalProtocolError, match="multipart boundary"):
        MultipartEncoder("a\r\nb")
