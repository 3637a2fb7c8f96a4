"""Bodies: every framing in every split, what breaks a chunk, and that much framing costs no more than its octets."""

from collections.abc import Callable

import pytest
from multidict import CIMultiDict

from skerry.http import Limits, RemoteProtocolError
from skerry.http.events import END, NEED_DATA, PAUSED, Data, EndOfMessage
from skerry.http.h1 import SERVER, Connection
from skerry.http.h1.decoder import ChunkedDecoder, CloseDecoder, Decoder, LengthDecoder
from splits import NEXT_REQUEST, Outcome, each_split, read_requests, requests_of, responses_of

POST = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDS: tuple[object, ...] = ("end", None)


def posted(body: bytes, limits: Limits | None = None, *, eof: bool = False) -> Outcome:
    """Return what a server reads of a chunked body."""
    return requests_of(POST + body, eof=eof, limits=limits or Limits())


def answered(body: bytes, limits: Limits | None = None, *, eof: bool = False) -> Outcome:
    """Return what a client reads of a chunked body."""
    return responses_of(OK + body, eof=eof, limits=limits or Limits())


@pytest.mark.parametrize("read", [posted, answered])
@pytest.mark.parametrize(
    ("body", "events"),
    [
        pytest.param(b"0\r\n\r\n", [ENDS], id="rfc9112-7.1-empty"),
        pytest.param(b"000\r\n\r\n", [ENDS], id="rfc9112-7.1-last-chunk-of-zeros"),
        pytest.param(b"5\r\nhello\r\n0\r\n\r\n", [("chunk", b"hello"), ENDS], id="rfc9112-7.1-one"),
        pytest.param(
            b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", [("chunk", b"a"), ("chunk", b"bc"), ENDS], id="rfc9112-7.1-two"
        ),
        pytest.param(b"a\r\n0123456789\r\n0\r\n\r\n", [("chunk", b"0123456789"), ENDS], id="rfc9112-7.1-lower-hex"),
        pytest.param(b"0000A\r\n0123456789\r\n0\r\n\r\n", [("chunk", b"0123456789"), ENDS], id="rfc9112-7.1-upper-hex"),
        pytest.param(b"2\r\n\r\n\r\n0\r\n\r\n", [("chunk", b"\r\n"), ENDS], id="data-looks-like-framing"),
        pytest.param(b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", [("chunk", b"0\r\n\r\n"), ENDS], id="data-looks-like-the-end"),
        pytest.param(b"1;a\r\nx\r\n0;b=c\r\n\r\n", [("chunk", b"x"), ENDS], id="rfc9112-7.1.1-extensions"),
        pytest.param(b'1;a="b;c";d\r\nx\r\n0\r\n\r\n', [("chunk", b"x"), ENDS], id="rfc9112-7.1.1-quoted"),
        pytest.param(b"1;a\t \xff\r\nx\r\n0\r\n\r\n", [("chunk", b"x"), ENDS], id="rfc9112-7.1.1-unknown-is-ignored"),
        pytest.param(b"0\r\nA: 1\r\nb:  2 \r\n\r\n", [("end", (("A", "1"), ("b", "2")))], id="rfc9112-7.1.2-trailers"),
        pytest.param(
            b"1\r\nx\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\n",
            [("chunk", b"x"), ("end", (("Content-Length", "5"), ("Transfer-Encoding", "gzip")))],
            id="rfc9110-6.5.1-framing-in-trailers-frames-nothing",
        ),
    ],
)
def test_chunks_are_read(read: Callable[[bytes], Outcome], body: bytes, events: list[tuple[object, ...]]) -> None:
    outcome = read(body)
    assert list(outcome.events[1:]) == events
    assert (outcome.pause, outcome.rest) == (PAUSED, b"")


@pytest.mark.parametrize("read", [posted, answered])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"\r\n", "bad-chunk-size", id="rfc9112-7.1-empty-size"),
        pytest.param(b";a\r\n", "bad-chunk-size", id="rfc9112-7.1.1-extension-alone"),
        pytest.param(b"g\r\n", "bad-chunk-size", id="rfc9112-7.1-no-hex"),
        pytest.param(b" 1\r\n", "bad-chunk-size", id="rfc9112-7.1-space-before"),
        pytest.param(b"+1\r\n", "bad-chunk-size", id="sign"),
        pytest.param(b"-1\r\n", "bad-chunk-size", id="minus"),
        pytest.param(b"1_0\r\n", "bad-chunk-size", id="underscore"),
        pytest.param(b"0x1\r\n", "bad-chunk-size", id="prefix"),
        pytest.param(b"1,\r\n", "bad-chunk-size", id="comma"),
        pytest.param(b"1\x00\r\n", "bad-chunk-size", id="nul"),
        pytest.param(b"1\x0b\r\n", "bad-chunk-size", id="vertical-tab"),
        pytest.param("\u0661\r\n".encode(), "bad-chunk-size", id="arabic-digit"),
        pytest.param("\uff11\r\n".encode(), "bad-chunk-size", id="full-width-digit"),
        pytest.param(b"1\ra", "bad-chunk-size", id="rfc9112-2.2-bare-cr"),
        pytest.param(b"1\r\r\n", "bad-chunk-size", id="rfc9112-2.2-two-cr"),
        pytest.param(b"00000000000000001\r\n", "bad-chunk-size", id="seventeen-digits"),
        pytest.param(b"4000000000000000\r\n", "bad-chunk-size", id="two-to-the-62"),
        pytest.param(b"4000000000000001\r\n", "bad-chunk-size", id="one-above-two-to-the-62"),
        pytest.param(b"8000000000000000\r\n", "bad-chunk-size", id="sign-bit"),
        pytest.param(b"ffffffffffffffff\r\n", "bad-chunk-size", id="minus-one-in-64-bits"),
        pytest.param(b"10000000000000001\r\n", "bad-chunk-size", id="overflow-to-one"),
        pytest.param(b"1;a\x00\r\nx", "bad-chunk-extension", id="extension-nul"),
        pytest.param(b"1;a\rb\r\nx", "bad-chunk-extension", id="extension-bare-cr"),
        pytest.param(b"1;a\x7f\r\nx", "bad-chunk-extension", id="extension-del"),
        pytest.param(b"1\r\nxy\r\n", "bad-chunk-end", id="rfc9112-7.1-more-than-announced"),
        pytest.param(b"3\r\nx\r\n0\r\n\r\n", "bad-chunk-end", id="rfc9112-7.1-less-than-announced"),
        pytest.param(b"1\r\nx\ry", "bad-chunk-end", id="rfc9112-7.1-bare-cr-at-the-end"),
        pytest.param(b"1\r\nx0\r\n\r\n", "bad-chunk-end", id="rfc9112-7.1-no-end"),
        pytest.param(b"0\r\nA : 1\r\n\r\n", "bad-field-name", id="rfc9112-5.1-trailer-space"),
        pytest.param(b"0\r\nA\r\n\r\n", "bad-field-name", id="rfc9112-7.1.2-no-colon"),
        pytest.param(b"0\r\nA: \x00\r\n\r\n", "bad-field-value", id="rfc9110-5.5-trailer-nul"),
        pytest.param(b"0\r\n A: 1\r\n\r\n", "obsolete-folding", id="rfc9112-5.2-trailer"),
        pytest.param(b"0\r\nA: 1\rB: 2\r\n\r\n", "bad-line-end", id="rfc9112-2.2-trailer-bare-cr"),
        pytest.param(b"0\r\nContent-Length: x\r\n\r\n", "bad-content-length", id="rfc9110-6.5.1-broken-length"),
    ],
)
def test_broken_chunks_are_refused(read: Callable[[bytes], Outcome], body: bytes, code: str) -> None:
    outcome = read(body)
    assert outcome.code == code
    assert "end" not in outcome.kinds


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"5\nhello\r\n0\r\n\r\n", "bad-chunk-size", id="rfc9112-7.1-lf-after-size"),
        pytest.param(b"1 \r\nx\r\n0\r\n\r\n", "bad-chunk-size", id="rfc9112-7.1-space-after-size"),
        pytest.param(b"1 ;a\r\nx\r\n0\r\n\r\n", "bad-chunk-size", id="rfc9112-7.1.1-space-before-extension"),
        pytest.param(b"1\t\r\nx\r\n0\r\n\r\n", "bad-chunk-size", id="rfc9112-7.1-tab-after-size"),
        pytest.param(b"5;a\nhello\r\n0\r\n\r\n", "bad-chunk-extension", id="smuggling-lf-in-extension"),
        pytest.param(b"1\r\nx\n0\r\n\r\n", "bad-chunk-end", id="rfc9112-7.1-lf-after-data"),
        pytest.param(b"0\n\n", "bad-chunk-size", id="rfc9112-7.1-lf-after-last-chunk"),
        pytest.param(b"0\r\n\n", "bad-line-end", id="rfc9112-7.1-lf-at-the-end"),
        pytest.param(b"0\r\nA: 1\n\r\n", "bad-line-end", id="rfc9112-7.1.2-trailer-lf"),
        pytest.param(b"0\r\nA: 1\r\n 2\r\n\r\n", "obsolete-folding", id="rfc9112-5.2-trailer-fold"),
        pytest.param(b"0\r\nHost: a\r\nHost: b\r\n\r\n", "duplicate-field", id="trailer-singleton-twice"),
    ],
)
def test_what_servers_are_forgiven_is_refused_from_clients(body: bytes, code: str) -> None:
    assert posted(body).code == code
    assert answered(body).code == ""
    assert answered(body).kinds[-1] == "end"


@pytest.mark.parametrize(
    ("body", "limits", "code"),
    [
        pytest.param(b"1;" + b"a" * 18 + b"\r\nx\r\n0\r\n\r\n", Limits(max_chunk_line_size=20), "", id="line"),
        pytest.param(b"1;" + b"a" * 19, Limits(max_chunk_line_size=20), "chunk-line-too-long", id="line-above"),
        pytest.param(b"1;" + b"a" * 19 + b"\r\nx\r\n0\r\n\r\n", Limits(max_chunk_line_size=0), "", id="line-off"),
        pytest.param(b"1;aaa\r\nx\r\n" * 5 + b"0\r\n\r\n", Limits(max_chunk_extensions_size=20), "", id="extensions"),
        pytest.param(
            b"1;aaa\r\nx\r\n" * 5 + b"0;\r\n\r\n",
            Limits(max_chunk_extensions_size=20),
            "chunk-extensions-too-long",
            id="extensions-above",
        ),
        pytest.param(b"1;a\r\nx\r\n" * 9 + b"0\r\n\r\n", Limits(max_chunk_extensions_size=0), "", id="extensions-off"),
        pytest.param(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", Limits(max_body_size=5), "", id="body"),
        pytest.param(b"3\r\nabc\r\n3\r\n", Limits(max_body_size=5), "body-too-long", id="body-above"),
        pytest.param(b"6\r\n", Limits(max_body_size=5), "body-too-long", id="body-above-at-once"),
        pytest.param(b"3fffffffffffffff\r\n", Limits(max_body_size=5), "body-too-long", id="body-greatest-chunk"),
    ],
)
def test_chunks_are_bounded(body: bytes, limits: Limits, code: str) -> None:
    assert posted(body, limits).code == code
    assert answered(body, limits).code == code


def test_white_space_after_a_size_is_bounded() -> None:
    limits = Limits(max_chunk_line_size=20)
    assert answered(b"1" + b" " * 19 + b"\r\nx\r\n0\r\n\r\n", limits).code == ""
    assert answered(b"1" + b" " * 20 + b"\r\nx\r\n0\r\n\r\n", limits).code == "chunk-line-too-long"
    assert answered(b"1" + b" " * 10 + b"\r\nx\r\n0\r\n\r\n", Limits(max_chunk_extensions_size=9)).code == (
        "chunk-extensions-too-long"
    )


def test_the_greatest_chunk_is_begun() -> None:
    assert posted(b"3fffffffffffffff\r\nabc").events[1:] == (("data", b"abc"),)


@pytest.mark.parametrize("at", range(len(b"3\r\nabc\r\n0\r\nA: 1\r\n\r\n")))
def test_a_chunked_body_that_ends_early_is_never_complete(at: int) -> None:
    cut = b"3\r\nabc\r\n0\r\nA: 1\r\n\r\n"[:at]
    for outcome in (posted(cut, eof=True), answered(cut, eof=True)):
        assert outcome.code == "incomplete-body"
        assert "end" not in outcome.kinds


@pytest.mark.parametrize("length", [0, 1, 2, 10])
def test_a_body_of_announced_length_ends_there(length: int) -> None:
    body = b"x" * length
    fields = b"Content-Length: %d\r\n\r\n" % length
    expected = (("data", body), ENDS) if length else (ENDS,)
    for outcome in (
        requests_of(b"PUT / HTTP/1.1\r\nHost: h\r\n" + fields + body),
        responses_of(b"HTTP/1.1 200 OK\r\n" + fields + body),
    ):
        assert outcome.events[1:] == expected
        assert outcome.pause is PAUSED


@pytest.mark.parametrize("came", range(4))
def test_a_body_of_announced_length_that_ends_early_is_refused(came: int) -> None:
    fields = b"Content-Length: 4\r\n\r\n" + b"x" * came
    assert requests_of(b"PUT / HTTP/1.1\r\nHost: h\r\n" + fields, eof=True).code == "incomplete-body"
    assert responses_of(b"HTTP/1.1 200 OK\r\n" + fields, eof=True).code == "incomplete-body"


def test_an_announced_length_beyond_the_limit_is_refused_before_the_body_comes() -> None:
    for limit, code in ((5, ""), (4, "body-too-long"), (0, "")):
        limits = Limits(max_body_size=limit)
        fields = b"Content-Length: 5\r\n\r\n"
        assert requests_of(b"PUT / HTTP/1.1\r\nHost: h\r\n" + fields, limits=limits).code == code
        assert responses_of(b"HTTP/1.1 200 OK\r\n" + fields, limits=limits).code == code
        assert responses_of(b"HTTP/1.1 200 OK\r\n" + fields, method="HEAD", limits=limits).code == ""


def test_the_greatest_length_is_awaited() -> None:
    data = b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9223372036854775807\r\n\r\nx"
    outcome = requests_of(data)
    assert outcome.events[0][6] == 2**63 - 1
    assert (outcome.body, outcome.pause) == (b"x", NEED_DATA)


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_a_response_without_a_length_ends_with_the_connection(version: bytes) -> None:
    head = b"HTTP/%s 200 OK\r\n\r\n" % version
    outcome = responses_of(head + b"0\r\n\r\n", eof=True)
    assert outcome.events[1:] == (("data", b"0\r\n\r\n"), ENDS)
    assert outcome.events[0][8] is False
    assert responses_of(head, eof=True).events[1:] == (ENDS,)
    assert responses_of(head + b"x").pause is NEED_DATA


def test_a_body_until_the_close_is_bounded() -> None:
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    assert responses_of(head + b"12345", eof=True, limits=Limits(max_body_size=5)).body == b"12345"
    assert responses_of(head + b"123456", eof=True, limits=Limits(max_body_size=5)).code == "body-too-long"


def test_the_request_after_trailers_starts_at_its_first_octet() -> None:
    data = POST + b"1\r\nx\r\n0\r\nA: 1\r\n\r\n" + NEXT_REQUEST
    for pieces in each_split(data):
        outcome = read_requests(pieces, answer=True)
        assert outcome.kinds == ["request", "chunk", "end", "request", "end"]
        assert outcome.events[3][2] == "/next"


@pytest.mark.parametrize("piece", [1, 7, 6000, 1 << 22])
def test_chunks_of_one_octet_take_one_event_each_however_they_come(piece: int) -> None:
    count = 1 << 14
    body = b"1\r\nx\r\n" * count + b"0\r\n\r\n"
    connection = Connection(SERVER)
    connection.receive_data(POST)
    connection.next_event()
    calls = octets = 0
    for at in range(0, len(body), piece):
        connection.receive_data(body[at : at + piece])
        while True:
            calls += 1
            event = connection.next_event()
            if not isinstance(event, Data):
                break
            assert event.chunk_end
            octets += len(event.data)
    assert octets == count
    assert calls == count + -(-len(body) // piece)
    assert isinstance(event, EndOfMessage)


def test_a_decoder_of_its_own_reports_how_far_it_got() -> None:
    decoder = ChunkedDecoder(Limits(), False)
    data = b"__3\r\nabc\r\n0\r\n\r\n!!"
    event = decoder.read(data, 2, len(data))
    assert isinstance(event, Data)
    assert (event.data, decoder.at) == (b"abc", 8)
    assert decoder.read(data, decoder.at, len(data)) is END
    assert data[decoder.at :] == b"!!"
    assert decoder.read(data, decoder.at, len(data)) is END
    assert decoder.end() is END


def test_a_decoder_looks_at_nothing_behind_its_stop() -> None:
    data = b"3\r\nabc\r\n0\r\n\r\n"
    decoders: list[Decoder] = [ChunkedDecoder(Limits(), False), LengthDecoder(9), CloseDecoder(Limits())]
    for decoder in decoders:
        assert decoder.read(data, 0, 0) is None
        assert decoder.at == 0
    event = decoders[1].read(data, 3, 5)
    assert isinstance(event, Data)
    assert (event.data, decoders[1].at) == (b"ab", 5)


def test_a_body_that_is_complete_may_end_with_the_connection() -> None:
    assert LengthDecoder(0).end() is END
    assert CloseDecoder(Limits()).end() is END
    with pytest.raises(RemoteProtocolError, match="expected 2 more octets"):
        LengthDecoder(2).end()


def test_the_base_decodes_nothing() -> None:
    with pytest.raises(NotImplementedError):
        Decoder().read(b"", 0, 0)
    with pytest.raises(NotImplementedError):
        Decoder().end()


def test_trailers_compare_without_case() -> None:
    decoder = ChunkedDecoder(Limits(), False)
    event = decoder.read(b"0\r\nDigest: x\r\n\r\n", 0, 16)
    assert isinstance(event, EndOfMessage)
    assert isinstance(event.trailers, CIMultiDict)
    assert event.trailers["DIGEST"] == "x"


def test_a_limit_below_the_size_of_a_chunk_still_bounds_the_extension() -> None:
    limits = Limits(max_chunk_line_size=1)
    assert posted(b"00001\r\nx\r\n0\r\n\r\n", limits).code == ""
    assert posted(b"00001;a\r\nx\r\n0\r\n\r\n", limits).code == "chunk-line-too-long"
