"""Twice the text is at most twice the work: lines of Python that run, counted and not timed.

Work inside of one regular expression cannot be counted so; each is possessive or anchored to a class of characters.
The sizes are such that a quadratic expression would run into the timeout of the suite.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from skerry.http.authentication import parse_challenges, parse_credentials
from skerry.http.cache_control import parse_cache_control
from skerry.http.cookie_dates import parse_cookie_date
from skerry.http.cookies import decode_cookie_value, encode_cookie_value, parse_cookies, parse_set_cookie
from skerry.http.errors import RemoteProtocolError
from skerry.http.forwarded import parse_forwarded, parse_x_forwarded
from skerry.http.limits import Limits
from skerry.http.link import parse_links
from skerry.http.structured import parse_dictionary, parse_item, parse_list

OFF = Limits(
    max_cookies_per_request=0,
    max_cookie_attributes=0,
    max_cookie_attribute_size=0,
    max_cookie_size=0,
    max_structured_members=0,
    max_structured_inner_members=0,
    max_parameters=0,
    max_list_members=0,
)
READERS: list[Callable[[str], Any]] = [
    lambda text: parse_cookies(text, OFF),
    lambda text: parse_set_cookie(text, OFF),
    parse_cookie_date,
    lambda text: decode_cookie_value(f'"{text}"'),
    encode_cookie_value,
    lambda text: parse_item(text, OFF),
    lambda text: parse_list(text, OFF),
    lambda text: parse_dictionary(text, OFF),
    lambda text: parse_cache_control(text, OFF),
    lambda text: parse_links(text, OFF),
    lambda text: parse_forwarded(text, OFF),
    lambda text: parse_x_forwarded(text, text, text, OFF),
    lambda text: parse_challenges(text, OFF),
    lambda text: parse_credentials(text, OFF),
]
SHAPES = [
    pytest.param(lambda size: "," * size, id="commas"),
    pytest.param(lambda size: ";" * size, id="semicolons"),
    pytest.param(lambda size: " " * size, id="spaces"),
    pytest.param(lambda size: '"' * size, id="quotation-marks"),
    pytest.param(lambda size: "a=" + '"' * size, id="quotation-marks-as-value"),
    pytest.param(lambda size: '"' + "\\" * size, id="backslashes"),
    pytest.param(lambda size: 'a="' + '\\"' * (size // 2), id="escaped-quotation-marks"),
    pytest.param(lambda size: 'a="' * (size // 3), id="values-without-an-end"),
    pytest.param(lambda size: '<a>;a="\\",' * (size // 10), id="links-with-values-without-an-end"),
    pytest.param(lambda size: "<" * size, id="open-brackets"),
    pytest.param(lambda size: "<>" * (size // 2), id="targets"),
    pytest.param(lambda size: "<a>; " + " " * size + "x", id="spaces-behind-a-semicolon"),
    pytest.param(lambda size: "a" * size, id="one-word"),
    pytest.param(lambda size: "a " * (size // 2), id="words"),
    pytest.param(lambda size: "a=1," * (size // 4), id="members"),
    pytest.param(lambda size: "a" + ";a=1" * (size // 4), id="parameters"),
    pytest.param(lambda size: "(" * size, id="open-parentheses"),
    pytest.param(lambda size: "(1 " + "1 " * (size // 2), id="inner-list-without-an-end"),
    pytest.param(lambda size: ":" + "A" * size, id="bytes-without-an-end"),
    pytest.param(lambda size: "Basic " + "=" * size, id="padding"),
    pytest.param(lambda size: '%"' + "%c3" * (size // 3), id="percent-signs"),
    pytest.param(lambda size: "9" * size, id="digits"),
    pytest.param(lambda size: "1 Jan " * (size // 6), id="dates"),
]


def count_lines(reader: Callable[[str], Any], text: str) -> int:
    """Return how many lines of Python run while ``reader`` reads ``text``."""
    lines = 0

    def trace(frame: object, event: str, argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(RemoteProtocolError):
            reader(text)
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("make", SHAPES)
def test_twice_the_text_is_at_most_twice_the_work(make: Callable[[int], str]) -> None:
    for reader in READERS:
        assert count_lines(reader, make(4096)) <= 2 * count_lines(reader, make(2048)) + 64


@pytest.mark.parametrize("make", SHAPES)
def test_a_quarter_of_a_mebibyte_is_read_by_every_reader(make: Callable[[int], str]) -> None:
    text = make(1 << 18)
    for reader in READERS:
        with suppress(RemoteProtocolError):
            reader(text)
