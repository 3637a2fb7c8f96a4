"""Heads of messages: octets -> RequestHead or ResponseHead (RFC 9112 §2 to §5).

A parser takes whole lines, first the start line, then the fields. What it has taken it keeps, so that a head may
come in any pieces; ``at`` says how far it got, and the caller brings the rest again together with what comes next.
"""

from .. import octets
from ..errors import ProtocolError, RemoteProtocolError
from ..grammar import is_target
from ..heads import RequestHead, ResponseHead
from ..limits import Limits
from ..versions import HttpVersion10, HttpVersion11
from .fields import FieldBlock
from .framing import CHUNKED, decide_request_framing
from .options import CLOSE, KEEP_ALIVE, UPGRADES

CR = 13
LF = 10
SPACE = 32
SLASH = 47
ZERO = 48
NO_LIMIT = 2**62

_METHODS = {
    name.encode("ascii"): name
    for name in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY")
}
_VERSION = b"HTTP/1.1"
_IN_REQUEST = "request line"
_IN_RESPONSE = "status line"


class RequestParser:
    """Heads of requests, read strictly.

    Args:
        limits: ``max_line_size``, ``max_empty_lines`` and those of ``FieldBlock`` apply.
    """

    def __init__(self, limits: Limits) -> None:
        self.fields = FieldBlock(limits, False, "header")
        self.max_line = limits.max_line_size or NO_LIMIT
        self.max_empty = limits.max_empty_lines or NO_LIMIT
        self.at = 0
        self.empty_lines = 0
        self.head: RequestHead | None = None

    def parse(self, data: bytes, start: int, stop: int) -> RequestHead | None:
        """Take from ``data[start:stop]`` what makes whole lines; ``at`` says where it stopped.

        Returns:
            The head when it is complete, otherwise None.

        Raises:
            RemoteProtocolError: The head breaks the grammar or a limit; ``status_hint`` is 400, 414, 431, 501 or 505.
        """
        head = self.head
        if head is None:
            start = self._skip_empty_lines(data, start, stop)
            head = self._read_line(data, start, stop)
            if head is None:
                return None
            self.head = head
            start = self.at
        fields = self.fields
        done = fields.read(data, start, stop)
        self.at = fields.at
        if not done:
            return None
        self.head = None
        self.empty_lines = 0
        self._complete(head, fields)
        fields.reset()
        return head

    @property
    def has_begun(self) -> bool:
        """True when a head was begun and is not complete."""
        return self.head is not None

    def _skip_empty_lines(self, data: bytes, start: int, stop: int) -> int:
        """RFC 9112 §2.2: an empty line before the request line is skipped; old clients send one after a body."""
        while start + 1 < stop and data[start] == CR and data[start + 1] == LF:
            start += 2
            self.empty_lines += 1
            if self.empty_lines > self.max_empty:
                raise RemoteProtocolError(
                    "bad-method",
                    where=_IN_REQUEST,
                    problem="more empty lines before it than the limit",
                    expected=f"at most {self.max_empty} (max_empty_lines)",
                )
        return start

    def _read_line(self, data: bytes, start: int, stop: int) -> RequestHead | None:
        """Take ``method SP target SP HTTP-version CRLF``, or nothing."""
        p = data
        self.at = start
        if start == stop or (p[start] == CR and start + 1 == stop):
            return None
        end = start + self.max_line + 1 if stop - start > self.max_line else stop
        space = octets.skip_token(p, start, end)
        if space == end:
            self._check_cut("line-too-long", start, end)
            return None
        if p[space] != SPACE or space == start:
            raise RemoteProtocolError(
                "bad-method",
                where=_IN_REQUEST,
                problem="method contains" if space > start else "method starts with",
                seen=data[space : space + 1],
                expected="a token and one space",
            )
        last = octets.skip_target(p, space + 1, end)
        if last == end:
            self._check_cut("target-too-long", start, end)
            return None
        if p[last] != SPACE or last == space + 1:
            raise self._bad_target(data, space + 1, last)
        version = last + 1
        if version + 10 > stop:
            self._check_begun_version(data[version:stop])
            return None
        if version + 8 - start > self.max_line:
            self._check_cut("target-too-long", start, version + 8)
        raw_version = p[version : version + 8]
        if raw_version == b"HTTP/1.1":
            minor = 1
        elif raw_version == b"HTTP/1.0":
            minor = 0
        else:
            raise _bad_version(raw_version, _IN_REQUEST)
        if p[version + 8] != CR or p[version + 9] != LF:
            raise RemoteProtocolError(
                "bad-line-end",
                where=_IN_REQUEST,
                problem="version followed by",
                seen=data[version + 8 : version + 10],
                expected="CR LF",
            )
        raw_method = p[start:space]
        method = _METHODS.get(raw_method)
        if method is None:
            method = raw_method.decode("ascii")
        target = self._decode_target(method, p[space + 1 : last])
        self.at = version + 10
        return RequestHead(method, target, self.fields.headers, HttpVersion11 if minor else HttpVersion10)

    def _check_begun_version(self, raw: bytes) -> None:
        """Fail when ``raw`` cannot become a version: a peer that sends nothing more is answered all the same."""
        size = min(len(raw), 8)
        for at in range(size):
            if raw[at] != _VERSION[at] and not (at in (5, 7) and raw[at : at + 1].isdigit()):
                raise _bad_version(raw[:8], _IN_REQUEST)

    def _decode_target(self, method: str, raw: bytes) -> str:
        if (raw[0] == SLASH and method != "CONNECT") or is_target(method, raw):
            try:
                return raw.decode("utf-8")
            except UnicodeDecodeError:
                pass
        raise RemoteProtocolError(
            "bad-target",
            where=_IN_REQUEST,
            problem=f"target of {method[:16]} is",
            seen=raw,
            expected="host and port" if method == "CONNECT" else "a path from '/', or an absolute URI",
        )

    def _check_cut(self, code: str, start: int, end: int) -> None:
        if end - start > self.max_line:
            raise RemoteProtocolError(
                code,
                where=_IN_REQUEST,
                problem="longer than the limit",
                expected=f"at most {self.max_line} octets (max_line_size)",
            )

    def _bad_target(self, data: bytes, start: int, last: int) -> RemoteProtocolError:
        octet = data[last : last + 1]
        if last > start and octet in (b"\r", b"\n"):
            return RemoteProtocolError(
                "bad-version",
                where=_IN_REQUEST,
                problem="the line ends after the target",
                expected="HTTP/1.1",
            )
        return RemoteProtocolError(
            "bad-target",
            where=_IN_REQUEST,
            problem="target contains" if last > start else "target starts with",
            seen=octet,
            expected="visible characters without '#'",
        )

    def _complete(self, head: RequestHead, fields: FieldBlock) -> None:
        """Copy into the head what the fields say of the connection and of the body."""
        head.raw_fields = fields.raw
        is_11 = head.version is HttpVersion11
        options = fields.options
        if is_11:
            if not fields.has_host:
                raise RemoteProtocolError(
                    "missing-host", where="header", problem="there is no Host field", expected="one (RFC 9112 §3.2)"
                )
            head.keep_alive = not options & CLOSE
            head.expect_continue = fields.expect_continue
            head.upgrade = fields.has_upgrade and options & UPGRADES != 0
        else:
            head.keep_alive = options & KEEP_ALIVE != 0 and not options & CLOSE
        if fields.content_length >= 0 or fields.codings is not None or head.method == "CONNECT":
            framing = decide_request_framing(head.method, is_11, fields.content_length, fields.codings)
            head.chunked = framing == CHUNKED
            head.content_length = fields.content_length
            if head.method == "CONNECT":
                head.upgrade = True


class ResponseParser:
    """Heads of responses, with the leniencies that ``FieldBlock`` names.

    Args:
        limits: ``max_line_size`` and those of ``FieldBlock`` apply.
    """

    def __init__(self, limits: Limits) -> None:
        self.fields = FieldBlock(limits, True, "header")
        self.max_line = limits.max_line_size or NO_LIMIT
        self.at = 0
        self.codings: bytes | None = None
        self.head: ResponseHead | None = None

    def parse(self, data: bytes, start: int, stop: int) -> ResponseHead | None:
        """Take from ``data[start:stop]`` what makes whole lines; ``at`` says where it stopped.

        Returns:
            The head when it is complete, otherwise None. How its body ends is not decided here: that takes the request.

        Raises:
            RemoteProtocolError: The head breaks the grammar or a limit.
        """
        head = self.head
        if head is None:
            head = self._read_line(data, start, stop)
            if head is None:
                return None
            self.head = head
            start = self.at
        fields = self.fields
        done = fields.read(data, start, stop)
        self.at = fields.at
        if not done:
            return None
        self.head = None
        head.raw_fields = fields.raw
        head.content_length = fields.content_length
        options = fields.options
        if head.version is HttpVersion11:
            head.keep_alive = not options & CLOSE
        else:
            head.keep_alive = options & KEEP_ALIVE != 0 and not options & CLOSE
        self.codings = fields.codings
        fields.reset()
        return head

    @property
    def has_begun(self) -> bool:
        """True when a head was begun and is not complete."""
        return self.head is not None

    def _read_line(self, data: bytes, start: int, stop: int) -> ResponseHead | None:
        """Take ``HTTP-version SP status-code SP [reason] CRLF``, or nothing; SP and reason may be missing."""
        p = data
        self.at = start
        if stop - start < 13:
            if stop - start >= 5 and data[start : start + 5] != b"HTTP/":
                raise _bad_version(data[start : start + 8], _IN_RESPONSE)
            return None
        raw_version = p[start : start + 8]
        if raw_version != b"HTTP/1.1" and raw_version != b"HTTP/1.0":
            raise _bad_version(raw_version, _IN_RESPONSE)
        hundreds = p[start + 9] - ZERO
        tens = p[start + 10] - ZERO
        ones = p[start + 11] - ZERO
        if p[start + 8] != SPACE or not (1 <= hundreds <= 9 and 0 <= tens <= 9 and 0 <= ones <= 9):
            raise self._bad_status(data[start + 8 : start + 12])
        first = start + 12
        if p[first] == SPACE:
            first += 1
        elif p[first] != CR and p[first] != LF:
            raise self._bad_status(data[start + 9 : start + 13])
        end = start + self.max_line + 1 if stop - start > self.max_line else stop
        last = octets.skip_value(p, first, end) if first < end else end
        if last == end:
            if end - start > self.max_line:
                raise RemoteProtocolError(
                    "line-too-long",
                    where=_IN_RESPONSE,
                    problem="longer than the limit",
                    expected=f"at most {self.max_line} octets (max_line_size)",
                )
            return None
        if p[last] == CR:
            if last + 1 == stop:
                return None
            if p[last + 1] != LF:
                raise self._bad_line_end(data, last)
            self.at = last + 2
        elif p[last] == LF:
            self.at = last + 1
        else:
            raise self._bad_line_end(data, last)
        version = HttpVersion11 if p[start + 7] == ZERO + 1 else HttpVersion10
        reason = p[first:last].decode("utf-8", "surrogateescape")
        return ResponseHead(hundreds * 100 + tens * 10 + ones, self.fields.headers, reason, version)

    def _bad_status(self, seen: bytes) -> RemoteProtocolError:
        return RemoteProtocolError(
            "bad-status", where=_IN_RESPONSE, problem="status is", seen=seen, expected="three digits from 100 to 999"
        )

    def _bad_line_end(self, data: bytes, last: int) -> RemoteProtocolError:
        return RemoteProtocolError(
            "bad-reason",
            where=_IN_RESPONSE,
            problem="reason contains",
            seen=data[last : last + 1],
            expected="visible characters, space or tab, then CR LF",
        )


def _bad_version(raw: bytes, where: str) -> ProtocolError:
    is_http = raw[:5] == b"HTTP/" and raw[5:6].isdigit() and (len(raw) < 7 or raw[6:7] == b".")
    return RemoteProtocolError(
        "unsupported-version" if is_http and raw[7:8].isdigit() else "bad-version",
        where=where,
        problem="version is",
        seen=raw,
        expected="HTTP/1.1 or HTTP/1.0",
    )
