"""Reading a header field takes time in proportion to its length, whatever is in it.

Each case is read at one length and at sixteen times that. In linear time the second takes about 16 times as long, in
quadratic time 256; a bound of 80 tells them apart on a busy machine. What counts is the growth, not the seconds.
"""

import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from skerry.http import accept, conditional, disposition, mediatypes, quoted, ranges

TIMES = 16
MOST = 80
OCTETS = 8192


def _read_disposition(text: str) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return disposition.parse_content_disposition("a;" + text, max_parameters=0)


def _read_pieces(text: str) -> object:
    pieces = {f"filename*{number}*": "%e4" for number in range(len(text) // 8)}
    return disposition.content_disposition_filename(pieces | {"filename*0*": "latin-1''a"})


READERS: dict[str, Callable[[str], Any]] = {
    "list": quoted.split_list,
    "parameters": lambda text: quoted.read_parameters(text, 0, max_parameters=0),
    "quoted-string": lambda text: quoted.read_quoted('"' + text, 0),
    "disposition": _read_disposition,
    "pieces": _read_pieces,
    "media-type": lambda text: mediatypes.parse_media_type("a/b;" + text, max_parameters=0),
    "etags": conditional.parse_etags,
    "range": lambda text: ranges.parse_range("bytes=" + text, max_ranges=0),
    "accept": lambda text: accept.parse_accept(text, max_members=0),
    "weighted": lambda text: accept.parse_weighted(text, max_members=0),
}

UNITS = {
    "commas": ",",
    "semicolons": ";",
    "spaces": " ",
    "quotes": '"',
    "backslashes": "\\",
    "escaped-quotes": '\\"',
    "escaped-quotes-in-values": ';a="\\"',
    "values-without-end": ';a="b',
    "values-with-controls": ';a="b\0',
    "names-without-value": ";a",
    "names-alone": "a",
    "parameters": ";a=b",
    "quoted-parameters": ';a="b"',
    "members": "a/b;q=0.5,",
    "space-before-commas": " \t ,",
    "tags": '"a",',
    "tags-without-comma": '"a"',
    "weak": "W/",
    "ranges": "0-1,",
    "digits": "1",
    "hyphens": "-",
    "percents": "%",
    "apostrophes": "'",
    "stars": "*0",
}


def _cost(read: Callable[[str], Any], text: str) -> int:
    """Return the least time of this thread that three readings took."""
    costs = []
    for _ in range(3):
        start = time.thread_time_ns()
        read(text)
        costs.append(time.thread_time_ns() - start)
    return min(costs)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_time_grows_with_the_length_and_no_faster(read: Callable[[str], Any], unit: str) -> None:
    short = unit * (OCTETS // len(unit))
    # What is over before the clock can tell is no danger: the shorter one counts for 20 microseconds at the least.
    assert _cost(read, short * TIMES) < MOST * max(_cost(read, short), 20_000)


def test_quadratic_time_would_be_seen() -> None:
    def read(text: str) -> None:
        while text:
            text = text[1:]

    short = "," * OCTETS
    assert _cost(read, short * TIMES) > MOST * max(_cost(read, short), 20_000)
