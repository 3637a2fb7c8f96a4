"""The parts of a multipart body -> octets (RFC 2046 §5.1, RFC 7578).

It takes what the decoder hands out: a ``PartHead``, pieces of ``Data``, ``END_OF_PART`` for each part, and
``END_OF_MULTIPART``. Fields are checked before an octet of them is made: with a line end in it, a file name would be a
field of its own, or a part.
"""

from collections.abc import Mapping

from .. import octets
from ..errors import LocalProtocolError
from ..events import Data
from ..grammar import is_token
from .boundary import check_boundary
from .events import END_OF_MULTIPART, END_OF_PART, MultipartEnd, PartHead

IDLE = 0
IN_PART = 1
ENDED = 2


class MultipartEncoder:
    """Writes one multipart body.

    Args:
        boundary: What separates the parts: 1 .. 70 characters of RFC 2046 §5.1.1.
        checks_data: True to look for the delimiter in the data. Somebody who knows the boundary can otherwise write
            parts of his own into yours; a boundary that nobody can guess needs no such search.

    Raises:
        LocalProtocolError: ``boundary`` may not be sent (``bad-boundary``).

    Source: RFC 2046 §5.1.1.
    """

    def __init__(self, boundary: str, *, checks_data: bool = True) -> None:
        raw = check_boundary(boundary).encode("ascii")
        self._opening = b"--" + raw + b"\r\n"
        self._closing = b"--" + raw + b"--\r\n"
        self._delimiter = b"\r\n--" + raw
        self._checks_data = checks_data
        self._tail = b""
        self._state = IDLE

    def send(self, event: PartHead | Data | MultipartEnd) -> bytes:
        """Return the octets of an event.

        Raises:
            LocalProtocolError: The event is out of turn (``unexpected-event``), a field breaks the grammar
                (``bad-field-name``, ``bad-field-value``), or the data hold the delimiter (``boundary-in-part``). The
                encoder is as before the call.
        """
        if isinstance(event, Data) and self._state == IN_PART:
            return self._send_data(event.data)
        if isinstance(event, PartHead) and self._state == IDLE:
            head = self._opening + format_part_fields(event.headers)
            self._state = IN_PART
            self._tail = b"\r\n"
            return head
        if event is END_OF_PART and self._state == IN_PART:
            self._state = IDLE
            return b"\r\n"
        if event is END_OF_MULTIPART and self._state == IDLE:
            self._state = ENDED
            return self._closing
        raise LocalProtocolError(
            "unexpected-event", where="multipart encoder", seen=repr(event), expected=_EXPECTED[self._state]
        )

    def _send_data(self, data: bytes) -> bytes:
        if self._checks_data:
            size = len(self._delimiter) - 1
            # Once over the piece where it lies, once over the few octets where two pieces meet.
            if self._delimiter in data or self._delimiter in self._tail + data[:size]:
                raise LocalProtocolError(
                    "boundary-in-part", where="part", problem="the data hold the delimiter", seen=self._delimiter
                )
            self._tail = (self._tail + data)[-size:] if len(data) < size else data[-size:]
        return data


_EXPECTED = {IDLE: "a PartHead or END_OF_MULTIPART", IN_PART: "Data or END_OF_PART", ENDED: "nothing"}


def format_part_fields(headers: Mapping[str, str]) -> bytes:
    """Return the field lines of a part and the empty line behind them.

    Args:
        headers: Names and values; text beyond ASCII is sent as UTF-8 (RFC 7578 §5.1).

    Raises:
        LocalProtocolError: A name is no token (``bad-field-name``); a value has a control character other than the
            tab, or white space at an end, or a lone surrogate that stands for no octet (``bad-field-value``).

    Source: RFC 2046 §5.1, RFC 9110 §5.1 and §5.5.
    """
    lines: list[bytes] = []
    for name, value in headers.items():
        raw_name = name.encode("utf-8", "surrogateescape") if _is_text(name) else b""
        if not is_token(raw_name):
            raise LocalProtocolError(
                "bad-field-name", where="part header", problem="the name is", seen=name, expected="a token"
            )
        if not _is_text(value):
            raise _bad_value(name, value)
        raw_value = value.encode("utf-8", "surrogateescape")
        if octets.skip_value(raw_value, 0, len(raw_value)) < len(raw_value) or raw_value != raw_value.strip(b" \t"):
            raise _bad_value(name, value)
        lines.append(raw_name + b": " + raw_value + b"\r\n")
    lines.append(b"\r\n")
    return b"".join(lines)


def _is_text(text: str) -> bool:
    """Return True when ``text`` can be encoded: no surrogates but those that stand for an octet."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _bad_value(name: str, value: str) -> LocalProtocolError:
    return LocalProtocolError(
        "bad-field-value",
        where=f"part header {name}",
        problem="the value is",
        seen=value,
        expected="visible characters, space or tab, no white space at its ends",
    )
