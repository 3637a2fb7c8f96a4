"""Inputs so large that work which grows with their square would not end within the time that a test has."""

from collections.abc import Callable

import pytest
from multidict import CIMultiDict

from skerry.http import NEED_DATA, Data, EndOfMessage, Limits, RemoteProtocolError, RequestHead, ResponseHead
from skerry.http.accept import parse_accept
from skerry.http.aio import StreamReader
from skerry.http.aio.feeds import PushFeed
from skerry.http.aio.multipart import FormData, read_form
from skerry.http.authentication import parse_challenges
from skerry.http.body import parse_form
from skerry.http.cache_control import parse_cache_control
from skerry.http.conditional import parse_etags
from skerry.http.h1 import CLIENT, SERVER, Connection
from skerry.http.link import parse_links

MEBIBYTE = 2**20


def test_a_body_of_one_mebibyte_in_chunks_of_one_octet() -> None:
    connection = Connection(SERVER)
    connection.receive_data(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.next_event()
    size = chunks = 0
    for _ in range(16):
        connection.receive_data(b"1\r\nx\r\n" * (MEBIBYTE // 16))
        while (event := connection.next_event()) is not NEED_DATA:
            assert isinstance(event, Data)
            size += len(event.data)
            chunks += event.chunk_end
    connection.receive_data(b"0\r\n\r\n")
    assert isinstance(connection.next_event(), EndOfMessage)
    assert (size, chunks) == (MEBIBYTE, MEBIBYTE)


def test_a_mebibyte_that_comes_octet_by_octet() -> None:
    connection = Connection(CLIENT)
    asked = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 8000 + b"\r\nContent-Length: %d\r\n\r\n" % (MEBIBYTE // 4)
    connection.send_request(RequestHead("GET", "/", CIMultiDict({"Host": "a"})))
    for octet in asked:
        connection.receive_data(bytes([octet]))
        event = connection.next_event()
    assert isinstance(event, ResponseHead)
    size = 0
    for _ in range(MEBIBYTE // 4):
        connection.receive_data(b"x")
        event = connection.next_event()
        assert isinstance(event, Data)
        size += len(event.data)
    assert size == MEBIBYTE // 4


def test_a_head_of_64_kib_of_commas_is_read_and_so_are_the_fields_in_it() -> None:
    commas = b"," * 65536
    connection = Connection(SERVER, Limits(max_field_size=0, max_head_size=0))
    connection.receive_data(
        b"GET / HTTP/1.1\r\nHost: a\r\nConnection: " + commas + b"\r\nAccept: " + commas + b"\r\n\r\n"
    )
    head = connection.next_event()
    assert len(head.headers["Accept"]) == 65536  # type: ignore[union-attr]


@pytest.mark.parametrize("read", [parse_accept, parse_cache_control, parse_etags, parse_challenges, parse_links])
def test_64_kib_of_commas_in_a_list_say_as_much_as_one(read: Callable[[str], object]) -> None:
    assert outcome(read, "," * 65536) == outcome(read, ",")


def outcome(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except RemoteProtocolError as error:
        return error.code


async def test_a_form_of_10_000_fields_both_ways() -> None:
    fields = [(f"name{number}", "value") for number in range(10_000)]
    assert list(parse_form(b"&".join(b"%b=value" % name.encode() for name, _ in fields), max_fields=0)) == fields
    form = FormData(default_to_multipart=True)
    for name, value in fields:
        form.add_field(name, value)
    body = form()
    feed = PushFeed(limit=2**26)
    async for piece in body.pieces():
        feed.feed_data(piece)
    feed.feed_eof()
    headers = CIMultiDict({"Content-Type": body.content_type or ""})
    limits = Limits(max_form_fields=0, max_parts=0, max_form_size=0)
    read = await read_form(headers, StreamReader(feed), limits=limits)
    assert list(read.items()) == fields
