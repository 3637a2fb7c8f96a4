"""Field lines -> CIMultiDict, for heads and for trailers (RFC 9112 §5).

A ``FieldBlock`` is fed a buffer, line by line: it takes whole lines and leaves the rest, so that a line that is cut is
scanned again from its start when more has come (the limit on a line bounds that). While it fills the dictionary it
keeps what framing must know; nothing is looked up twice.

Requests are read strictly. Of responses it forgives what servers are known to send: a line that ends with LF alone,
obsolete folding (a value that goes on after a line that starts with white space), a field twice that may stand once, a
Host, which means nothing there.
"""

from multidict import CIMultiDict

from .. import octets
from ..errors import RemoteProtocolError
from ..grammar import is_authority, parse_length, split_list
from ..limits import Limits
from ..names import (
    CONNECTION,
    CONTENT_LENGTH,
    EXPECT,
    FRAMING_NAMES,
    HOST,
    KNOWN,
    SINGLETON,
    TRANSFER_ENCODING,
    UPGRADE,
)
from .options import read_options

CR = 13
LF = 10
TAB = 9
SPACE = 32
COLON = 58
NO_LIMIT = 2**62


class FieldBlock:
    """The fields of one head or of one trailer section.

    Args:
        limits: ``max_field_size``, ``max_headers`` and ``max_head_size`` apply.
        lenient: True for what a server sends.
        part: What the lines are called in errors: ``"header"`` or ``"trailer"``.
    """

    def __init__(self, limits: Limits, lenient: bool, part: str) -> None:
        self.lenient = lenient
        self.part = part
        self.max_line = limits.max_field_size or NO_LIMIT
        self.max_count = limits.max_headers or NO_LIMIT
        self.max_total = limits.max_head_size or NO_LIMIT
        self.known_host = b""
        self.reset()

    def reset(self) -> None:
        """Make ready for the next block."""
        self.headers: CIMultiDict[str] = CIMultiDict()
        self.at = 0
        self.count = 0
        self.size = 0
        self.seen = 0
        self.raw = b""
        self.content_length = -1
        self.codings: bytes | None = None
        self.options = 0
        self.expect_continue = False
        self.has_upgrade = False
        self.has_host = False

    def read(self, data: bytes, start: int, stop: int) -> bool:
        """Take whole lines from ``data[start:stop]``; ``at`` says where it stopped.

        Returns:
            True when the empty line that ends the block was taken.

        Raises:
            RemoteProtocolError: A line breaks the grammar or a limit.
        """
        p = data
        add = self.headers.add
        at = start
        done = False
        while at < stop:
            first = p[at]
            if first in (CR, LF):
                end = self._line_end(data, at, stop)
                if end > 0:
                    at = end
                    done = True
                break
            # Name: up to the colon. Nothing after `end` is looked at, so that a cut line and a whole one fail alike.
            end = at + self.max_line + 1 if stop - at > self.max_line else stop
            colon = octets.skip_token(p, at, end)
            if colon == end:
                self._check_cut(at, end)
                break
            if p[colon] != COLON or colon == at:
                raise self._bad_name(data, at, colon)
            # Value: white space around it is not part of it.
            first_octet = colon + 1
            while first_octet < end and (p[first_octet] == SPACE or p[first_octet] == TAB):
                first_octet += 1
            last = octets.skip_value(p, first_octet, end)
            if last == end:
                self._check_cut(at, end)
                break
            after = self._line_end(data, last, stop)
            if after < 0:
                break
            while last > first_octet and (p[last - 1] == SPACE or p[last - 1] == TAB):
                last -= 1
            if self.lenient:
                # Only the next octet tells whether the value goes on.
                if after == stop:
                    break
                if p[after] == SPACE or p[after] == TAB:
                    after = self._take_folded(data, at, colon, stop)
                    if after < 0:
                        break
                    at = after
                    continue
            name = p[at:colon]
            known = KNOWN.get(name)
            if known is None:
                add(name.decode("ascii"), p[first_octet:last].decode("utf-8", "surrogateescape"))
                kind = FRAMING_NAMES.get(name.lower(), 0)
                if kind:
                    self._note(kind, p[first_octet:last])
            else:
                add(known.text, p[first_octet:last].decode("utf-8", "surrogateescape"))
                if known.kind:
                    self._note(known.kind, p[first_octet:last])
            self._count(after - at)
            at = after
        if at > start:
            self.raw = self.raw + p[start:at] if self.raw else p[start:at]
        self.at = at
        return done

    def _count(self, size: int) -> None:
        self.size += size
        if self.count >= self.max_count:
            raise self._error(
                "too-many-fields", "more lines than the limit", expected=f"at most {self.max_count} (max_headers)"
            )
        if self.size > self.max_total:
            raise self._error(
                "head-too-long", "more octets than the limit", expected=f"at most {self.max_total} (max_head_size)"
            )
        self.count += 1

    def _line_end(self, data: bytes, at: int, stop: int) -> int:
        """Return the index after the line end at ``at``, or -1 when it is cut."""
        p = data
        if p[at] == CR:
            if at + 1 == stop:
                return -1
            if p[at + 1] == LF:
                return at + 2
            raise self._error("bad-line-end", "CR followed by", data[at + 1 : at + 2], "LF")
        if p[at] == LF:
            if self.lenient:
                return at + 1
            raise self._error("bad-line-end", "line ends with a bare LF", expected="CR LF")
        raise self._error("bad-field-value", "value contains", data[at : at + 1], "visible characters, space or tab")

    def _check_cut(self, at: int, end: int) -> None:
        if end - at > self.max_line:
            raise self._error(
                "field-too-long", "longer than the limit", expected=f"at most {self.max_line} octets (max_field_size)"
            )

    def _bad_name(self, data: bytes, at: int, colon: int) -> RemoteProtocolError:
        if colon > at:
            return self._error("bad-field-name", "name contains", data[colon : colon + 1], "a token and a colon")
        if data[at] == SPACE or data[at] == TAB:
            return self._error("obsolete-folding", "line starts with", data[at : at + 1], "a field name")
        return self._error("bad-field-name", "name starts with", data[at : at + 1], "a token")

    def _take_folded(self, data: bytes, at: int, colon: int, stop: int) -> int:
        """Take a folded line: each line end with the white space around it counts as one space (RFC 9112 §5.2)."""
        parts: list[bytes] = []
        begin = colon + 1
        while True:
            end = octets.skip_value(data, begin, stop)
            self._check_cut(at, end)
            if end == stop:
                return -1
            after = self._line_end(data, end, stop)
            if after < 0 or after == stop:
                return -1
            parts.append(data[begin:end].strip(b" \t"))
            begin = after
            if data[after] != SPACE and data[after] != TAB:
                break
        name = data[at:colon]
        value = b" ".join(part for part in parts if part)
        self.headers.add(name.decode("ascii"), value.decode("utf-8", "surrogateescape"))
        kind = FRAMING_NAMES.get(name.lower(), 0)
        if kind:
            self._note(kind, value)
        self._count(begin - at)
        return begin

    def _note(self, kind: int, value: bytes) -> None:
        """Keep what framing must know of a field."""
        if kind >= SINGLETON:
            bit = 1 << (kind - SINGLETON)
            if self.seen & bit and not self.lenient:
                raise self._error("duplicate-field", "a field that may stand once came again", value)
            self.seen |= bit
            if kind == CONTENT_LENGTH:
                self._note_length(value)
            elif kind == HOST:
                self._note_host(value)
        elif kind == CONNECTION:
            self.options |= read_options(value)
        elif kind == TRANSFER_ENCODING:
            self.codings = value if self.codings is None else self.codings + b"," + value
        elif kind == UPGRADE:
            self.has_upgrade = True
        elif kind == EXPECT:
            self.expect_continue = value.lower() == b"100-continue"

    def _note_length(self, value: bytes) -> None:
        length = parse_length(value)
        if length < 0 and self.lenient:
            # RFC 9112 §6.3: a list of one and the same number may stand for it.
            members = set(split_list(value))
            if len(members) == 1:
                length = parse_length(members.pop())
        if length < 0 or (self.content_length >= 0 and self.content_length != length):
            raise self._error("bad-content-length", "Content-Length is", value, "one number of ASCII digits")
        self.content_length = length

    def _note_host(self, value: bytes) -> None:
        self.has_host = True
        if value != self.known_host and not self.lenient:
            if not is_authority(value):
                raise self._error("bad-host", "Host is", value, "a host and perhaps a port")
            self.known_host = value

    def _error(self, code: str, problem: str, seen: bytes | None = None, expected: str = "") -> RemoteProtocolError:
        where = f"{self.part} line {self.count + 1}"
        return RemoteProtocolError(code, where=where, problem=problem, seen=seen, expected=expected)
