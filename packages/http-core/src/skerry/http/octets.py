"""Octet primitives: the interpreted half; ``octets.pxd`` is the C half. Nothing else exists twice.

Each scans ``data[start:stop]`` and returns an index into ``data``.
"""

import re

_NOT_TOKEN = re.compile(rb"[^!#$%&'*+\-.^_`|~0-9A-Za-z]")
_NOT_VALUE = re.compile(rb"[^\t\x20-\x7e\x80-\xff]")
_NOT_TARGET = re.compile(rb"[^\x21\x22\x24-\x7e\x80-\xff]")
_NOT_LINE = re.compile(rb"[^\t\x20-\x7e\x80-\xff\r\n]")


def skip_token(data: bytes, start: int, stop: int) -> int:
    """Return the index of the first octet that is no tchar (RFC 9110 §5.6.2), or ``stop``."""
    hit = _NOT_TOKEN.search(data, start, stop)
    return hit.start() if hit else stop


def skip_value(data: bytes, start: int, stop: int) -> int:
    """Return the index of the first octet that no field value has (RFC 9110 §5.5), or ``stop``."""
    hit = _NOT_VALUE.search(data, start, stop)
    return hit.start() if hit else stop


def skip_target(data: bytes, start: int, stop: int) -> int:
    """Return the index of the first octet that ends or breaks a request target, or ``stop``.

    Octets from 0x80 are let through: browsers encode them, some other clients do not.
    """
    hit = _NOT_TARGET.search(data, start, stop)
    return hit.start() if hit else stop


def count_lines(data: bytes) -> int:
    """Return how many CRLF ``data`` has, or -1 when it holds a bare CR or LF, NUL or another control character."""
    lines = data.count(b"\r\n")
    if _NOT_LINE.search(data) or data.count(b"\r") != lines or data.count(b"\n") != lines:
        return -1
    return lines


def find_delimiter(data: bytes, delimiter: bytes, start: int) -> int:
    """Return the index of the first ``delimiter`` in ``data[start:]``, or -1.

    Args:
        data: Octets to search.
        delimiter: What is looked for: CR LF, two hyphens, and more (RFC 2046 §5.1.1).
        start: 0 .. ``len(data)``.
    """
    return data.find(delimiter, start)
