"""Content-Transfer-Encoding of parts: base64 and quoted-printable, piece by piece, both ways (RFC 2045 §6).

HTTP itself knows no such encoding, and RFC 7578 §4.7 tells senders of forms not to use one; parts that come from mail,
and some libraries, have it all the same. ``7bit``, ``8bit`` and ``binary`` change nothing.
"""

import binascii
import re
from typing import Final, Protocol

from ..errors import LocalProtocolError, RemoteProtocolError

MAX_LINE: Final = 76
"""Characters of an encoded line (RFC 2045 §6.7 rule 5, §6.8)."""

_SPACE = b" \t\r\n"
_IN_LINE = MAX_LINE // 4 * 3
# What a soft line break may look like: white space that transport has added, then a line end.
_SOFT_BREAK = re.compile(rb"=[ \t]{0,76}+\r?\n")
# The start of an escape or of a soft line break that is cut at the end of the input.
_CUT = re.compile(rb"=(?:[ \t]{0,76}+\r?|[0-9A-Fa-f])\Z")
_TO_ESCAPE = re.compile(rb"[^\t -<>-~]")
# What is encoded in one way before a line end and in another one elsewhere.
_OPEN_END = re.compile(rb"[ \t]\r?\Z|\r\Z")
_DIGITS = [(digit, int(digit, 16)) for digit in "0123456789abcdefABCDEF"]
_ESCAPES = {(high + low).encode("ascii"): bytes([16 * a + b]) for high, a in _DIGITS for low, b in _DIGITS}
_ENCODED = [bytes([octet]) if 33 <= octet <= 126 and octet != 61 else b"=%02X" % octet for octet in range(256)]
_ENCODED[9] = b"\t"
_ENCODED[32] = b" "


class TransferCoder(Protocol):
    """One direction of one encoding."""

    def update(self, data: bytes) -> bytes:
        """Take octets and return what they come to, perhaps nothing yet."""

    def finish(self) -> bytes:
        """Take notice of the end and return the rest."""


class Identity:
    """``7bit``, ``8bit``, ``binary``: nothing is changed."""

    def update(self, data: bytes) -> bytes:
        """Return ``data``."""
        return data

    def finish(self) -> bytes:
        """Return nothing."""
        return b""


class Base64Decoder:
    """Decodes base64; line ends, spaces and tabs between the characters are skipped.

    Source: RFC 2045 §6.8.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._ended = False

    def update(self, data: bytes) -> bytes:
        """Return the octets that ``data`` completes; up to three characters are kept for the next call.

        Raises:
            RemoteProtocolError: A character is not of the alphabet, or follows the padding (``bad-part-encoding``).
        """
        data = data.translate(None, _SPACE)
        if not data:
            return b""
        if self._ended:
            raise _bad("base64", data, "nothing behind the padding")
        if self._rest:
            data = self._rest + data
        stop = len(data) - len(data) % 4
        self._rest = data[stop:]
        padding = data.find(b"=", 0, stop)
        if padding >= 0:
            self._ended = True
            if self._rest or padding < stop - 2:
                raise _bad("base64", data[padding:], "nothing behind the padding")
        try:
            return binascii.a2b_base64(data[:stop], strict_mode=True)
        except binascii.Error as error:
            raise _bad("base64", data, "characters of the base64 alphabet") from error

    def finish(self) -> bytes:
        """Return nothing.

        Raises:
            RemoteProtocolError: The last group has fewer than four characters (``bad-part-encoding``).
        """
        if self._rest:
            raise _bad("base64", self._rest, "four characters in each group")
        return b""


class QuotedPrintableDecoder:
    """Decodes quoted-printable; hexadecimal digits in either case, soft line breaks of CR LF or LF.

    Source: RFC 2045 §6.7.
    """

    def __init__(self) -> None:
        self._rest = b""

    def update(self, data: bytes) -> bytes:
        """Return what ``data`` stands for; an escape that is cut is kept for the next call.

        Raises:
            RemoteProtocolError: ``=`` is followed by neither two hexadecimal digits nor the end of a line
                (``bad-part-encoding``).
        """
        if self._rest:
            data = self._rest + data
            self._rest = b""
        # Nothing before the last "=" can be cut, so that the search is bounded.
        last = data.rfind(b"=", max(len(data) - MAX_LINE - 3, 0))
        if last >= 0 and _CUT.match(data, last) is not None:
            self._rest = data[last:]
            data = data[:last]
        if b"=" not in data:
            return data
        parts = _SOFT_BREAK.sub(b"", data).split(b"=")
        decoded = [parts[0]]
        for part in parts[1:]:
            octet = _ESCAPES.get(part[:2])
            if octet is None:
                raise _bad("quoted-printable", b"=" + part, "two hexadecimal digits or the end of a line behind =")
            decoded.append(octet)
            decoded.append(part[2:])
        return b"".join(decoded)

    def finish(self) -> bytes:
        """Return nothing.

        Raises:
            RemoteProtocolError: The data end within an escape (``bad-part-encoding``).
        """
        # A soft line break at the very end, its line end taken by the delimiter, breaks nothing.
        if self._rest.rstrip(b" \t\r") not in (b"", b"="):
            raise _bad("quoted-printable", self._rest, "two hexadecimal digits behind =")
        return b""


class Base64Encoder:
    """Encodes as base64 in lines of 76 characters that end with CR LF.

    Source: RFC 2045 §6.8.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._begun = False

    def update(self, data: bytes) -> bytes:
        """Return the whole lines that ``data`` fills; up to 56 octets are kept for the next call."""
        if self._rest:
            data = self._rest + data
        stop = len(data) - len(data) % _IN_LINE
        self._rest = data[stop:]
        return self._lines(data[:stop])

    def finish(self) -> bytes:
        """Return the last line; it has no line end."""
        data, self._rest = self._rest, b""
        return self._lines(data)

    def _lines(self, data: bytes) -> bytes:
        text = binascii.b2a_base64(data, newline=False)
        lines = [text[at : at + MAX_LINE] for at in range(0, len(text), MAX_LINE)]
        if lines and self._begun:
            lines.insert(0, b"")
        self._begun = self._begun or bool(lines)
        return b"\r\n".join(lines)


class QuotedPrintableEncoder:
    """Encodes as quoted-printable in lines of at most 76 characters.

    CR LF stays a line end; a CR or LF alone is escaped, so that what is decoded is what was encoded.

    Source: RFC 2045 §6.7.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._column = 0

    def update(self, data: bytes) -> bytes:
        """Return ``data`` encoded; a space or tab or CR at its end is kept until it is known what follows."""
        return self._encode(self._rest + data, False)

    def finish(self) -> bytes:
        """Return what was kept."""
        return self._encode(self._rest, True)

    def _encode(self, data: bytes, is_last: bool) -> bytes:
        lines = data.split(b"\r\n")
        self._rest = b""
        if not is_last and (hit := _OPEN_END.search(lines[-1], max(len(lines[-1]) - 2, 0))):
            self._rest = hit[0]
            lines[-1] = lines[-1][: hit.start()]
        pieces: list[bytes] = []
        for number, line in enumerate(lines):
            ends = number < len(lines) - 1
            self._encode_line(line, ends or is_last, pieces)
            if ends:
                pieces.append(b"\r\n")
                self._column = 0
        return b"".join(pieces)

    def _encode_line(self, line: bytes, ends: bool, pieces: list[bytes]) -> None:
        last = line[-1:] if ends else b""
        if last in (b" ", b"\t"):
            line = line[:-1]
        text = line if _TO_ESCAPE.search(line) is None else b"".join(map(_ENCODED.__getitem__, line))
        if last in (b" ", b"\t"):
            text += b"=%02X" % last[0]
        at = 0
        room = MAX_LINE - 1 - self._column
        while len(text) - at > room:
            stop = at + room
            escape = text.rfind(b"=", max(stop - 2, at), stop)
            stop = stop if escape < 0 else escape
            pieces += (text[at:stop], b"=\r\n")
            at = stop
            room = MAX_LINE - 1
        pieces.append(text[at:])
        self._column = MAX_LINE - 1 - room + len(text) - at


def _plain(encoding: str) -> str:
    return encoding.strip(" \t").lower() if encoding.isascii() else encoding


_UNCHANGED = ("", "7bit", "8bit", "binary")


def find_transfer_decoder(encoding: str) -> TransferCoder:
    """Return a new decoder for a Content-Transfer-Encoding, in whatever case; empty for none.

    Raises:
        RemoteProtocolError: The encoding is not known (``unknown-part-encoding``).

    Source: RFC 2045 §6.1.
    """
    match _plain(encoding):
        case "base64":
            return Base64Decoder()
        case "quoted-printable":
            return QuotedPrintableDecoder()
        case name if name in _UNCHANGED:
            return Identity()
        case _:
            raise RemoteProtocolError(
                "unknown-part-encoding", where="Content-Transfer-Encoding", seen=encoding, expected=_KNOWN
            )


def find_transfer_encoder(encoding: str) -> TransferCoder:
    """Return a new encoder for a Content-Transfer-Encoding, in whatever case; empty for none.

    Raises:
        LocalProtocolError: The encoding is not known (``unknown-part-encoding``).

    Source: RFC 2045 §6.1.
    """
    match _plain(encoding):
        case "base64":
            return Base64Encoder()
        case "quoted-printable":
            return QuotedPrintableEncoder()
        case name if name in _UNCHANGED:
            return Identity()
        case _:
            raise LocalProtocolError(
                "unknown-part-encoding", where="Content-Transfer-Encoding", seen=encoding, expected=_KNOWN
            )


_KNOWN = "base64, quoted-printable, 7bit, 8bit or binary"


def _bad(name: str, seen: bytes, expected: str) -> RemoteProtocolError:
    return RemoteProtocolError("bad-part-encoding", where=f"part in {name}", seen=seen, expected=expected)
