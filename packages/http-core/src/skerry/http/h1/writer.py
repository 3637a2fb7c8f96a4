"""Heads, chunks and trailers -> octets, checked on the way (RFC 9112 §2 to §7).

This is the only way out to the wire, so nothing that could split a message, smuggle one or be read in two ways leaves
from here, whoever asked for it. The text of a head is joined and encoded at once; one look at the octets tells whether
anything in it broke a line, and only then is it searched for what it was.
"""

from typing import Any

from multidict import CIMultiDict

from .. import octets
from ..errors import LocalProtocolError
from ..grammar import MAX_LENGTH, is_authority, is_target, is_token
from ..names import CONNECTION, CONTENT_LENGTH, HOST, KNOWN, TRANSFER_ENCODING, UPGRADE, kind_of
from ..status import REASONS
from .options import CLOSE, UPGRADES, read_options

_KINDS: dict[str, int] = {raw.decode("ascii"): known.kind for raw, known in KNOWN.items()}
_CHECKED: dict[str, int] = {}
_CHECKED_LIMIT = 1024
_STATUS_LINES: dict[int, str] = {status: f"HTTP/1.1 {status} {reason}\r\n" for status, reason in REASONS.items()}
_CHUNK_HEADS: list[bytes] = [b"%x\r\n" % size for size in range(4096)]
LAST_CHUNK = b"0\r\n\r\n"


class HeadWriter:
    """Write heads, and say what their fields told about framing.

    After ``write_request`` or ``write_response`` the attributes hold what the fields said: ``content_length`` (-1 for
    none), ``is_chunked``, ``options`` of Connection as bits, ``has_host`` and ``has_upgrade``.
    """

    def __init__(self) -> None:
        self.host = ""
        self.checked_host = ""
        self.content_length = -1
        self.is_chunked = False
        self.options = 0
        self.has_host = False
        self.has_upgrade = False

    def note_fields(self, headers: CIMultiDict[str]) -> list[str]:
        """Read the fields: check their names, keep what framing must know, and return them as pieces of text.

        Raises:
            LocalProtocolError: A name is no token, or fields contradict each other.
        """
        self.content_length = -1
        self.is_chunked = False
        self.options = 0
        self.has_host = False
        self.has_upgrade = False
        parts: list[str] = [""]
        for name, value in headers.items():
            kind = _KINDS.get(name, -1)
            if kind < 0:
                kind = _check_name(name)
            if kind:
                self._note(kind, value)
            parts.append(name)
            parts.append(": ")
            parts.append(value)
            parts.append("\r\n")
        if self.is_chunked and self.content_length >= 0:
            raise LocalProtocolError(
                "length-and-coding",
                where="fields to send",
                problem="Content-Length beside Transfer-Encoding",
                expected="one of them (RFC 9112 §6.2)",
            )
        return parts

    def _note(self, kind: int, value: Any) -> None:
        if not isinstance(value, str):
            raise LocalProtocolError(
                "bad-field-value",
                where="fields to send",
                problem="value is a",
                seen=type(value).__name__,
                expected="str",
            )
        if kind == CONTENT_LENGTH:
            length = int(value) if len(value) < 20 and value.isascii() and value.isdigit() else -1
            if length > MAX_LENGTH:
                length = -1
            if length < 0 or self.content_length >= 0:
                raise LocalProtocolError(
                    "bad-content-length",
                    where="fields to send",
                    problem="Content-Length is" if length < 0 else "Content-Length a second time:",
                    seen=value,
                    expected="one number of ASCII digits",
                )
            self.content_length = length
        elif kind == TRANSFER_ENCODING:
            # A Kelvin sign is a k in lower case; the peer would not read `chunked`.
            if not value.isascii() or value.lower() != "chunked" or self.is_chunked:
                raise LocalProtocolError(
                    "unknown-transfer-coding",
                    where="fields to send",
                    problem="Transfer-Encoding is",
                    seen=value,
                    expected="chunked, once, or nothing: framing is chosen here",
                )
            self.is_chunked = True
        elif kind == CONNECTION:
            self.options |= read_options(value.encode("utf-8", "replace"))
        elif kind == HOST:
            if self.has_host:
                raise LocalProtocolError(
                    "duplicate-field", where="fields to send", problem="Host a second time:", seen=value, expected="one"
                )
            self.has_host = True
            self.host = value
        elif kind == UPGRADE:
            self.has_upgrade = True

    def check_host(self) -> None:
        """See that there is a Host, and that it is one: whoever routes by it must read the same (RFC 9112 §3.2).

        Raises:
            LocalProtocolError: It is missing, or no host and perhaps a port.
        """
        if not self.has_host:
            raise LocalProtocolError(
                "missing-host", where="fields to send", problem="there is no Host", expected="one (RFC 9112 §3.2)"
            )
        if self.host != self.checked_host:
            if not is_authority(self.host.encode("utf-8", "replace")):
                raise LocalProtocolError(
                    "bad-host",
                    where="fields to send",
                    problem="Host is",
                    seen=self.host,
                    expected="a host and perhaps a port",
                )
            self.checked_host = self.host

    def asks_upgrade(self) -> bool:
        """Return True when the fields ask for another protocol or agree to it."""
        return self.has_upgrade and self.options & UPGRADES != 0

    def asks_close(self) -> bool:
        """Return True when Connection says ``close``."""
        return self.options & CLOSE != 0


def join_head(start_line: str, parts: list[str], extra: str, headers: CIMultiDict[str]) -> bytes:
    """Join start line, fields and what the connection adds, and check that no line is broken.

    Args:
        start_line: With its CRLF.
        parts: From ``note_fields``; the first one is free for the start line.
        extra: Field lines of the connection itself, each with its CRLF.
        headers: The fields again, to find the one at fault.

    Raises:
        LocalProtocolError: The start line or a value holds CR, LF, NUL or another control character, or is no text.
    """
    parts[0] = start_line
    parts.append(extra)
    parts.append("\r\n")
    try:
        raw = "".join(parts).encode("utf-8", "surrogateescape")
    except (TypeError, UnicodeEncodeError):
        raise _find_fault(start_line, headers) from None
    lines = len(parts) // 4 + 2
    if extra:
        lines += extra.count("\n")
    if octets.count_lines(raw) != lines:
        raise _find_fault(start_line, headers)
    return raw


def _find_fault(start_line: str, headers: CIMultiDict[str]) -> LocalProtocolError:
    """Return the error that names what ``join_head`` found broken."""
    expected = "visible characters, space or tab"
    for name, value in headers.items():
        if not isinstance(value, str):
            return LocalProtocolError(
                "bad-field-value",
                where=f"field {name!s:.64}",
                problem="value is a",
                seen=type(value).__name__,
                expected="str",
            )
        if not is_value(value):
            return LocalProtocolError(
                "bad-field-value", where=f"field {name!s:.64}", problem="value is", seen=value, expected=expected
            )
    return LocalProtocolError(
        "bad-reason", where="start line", problem="the line to send is", seen=start_line, expected=expected
    )


def is_value(text: str) -> bool:
    """Return True when ``text`` can be a field value or a reason: no CR, LF, NUL or other control character."""
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return octets.skip_value(raw, 0, len(raw)) == len(raw)


def _check_name(name: Any) -> int:
    """Return the kind of a name in an unusual spelling, having seen that it is a token."""
    kind = _CHECKED.get(name)
    if kind is not None:
        return kind
    raw = name.encode("utf-8", "replace")
    if not is_token(raw):
        raise LocalProtocolError(
            "bad-field-name",
            where="fields to send",
            problem="name is",
            seen=str(name),
            expected="a token (RFC 9110 §5.6.2)",
        )
    kind = kind_of(raw)
    if len(_CHECKED) < _CHECKED_LIMIT:
        _CHECKED[str(name)] = kind
    return kind


def request_line(method: str, target: str) -> str:
    """Return the request line of HTTP/1.1, with its CRLF.

    Raises:
        LocalProtocolError: The method is no token, or the target none of the four forms, or not ASCII.
    """
    if not is_token(method.encode("utf-8", "replace")):
        raise LocalProtocolError(
            "bad-method", where="request line", problem="method is", seen=method, expected="a token (RFC 9110 §9.1)"
        )
    raw = target.encode("utf-8", "replace")
    if octets.skip_target(raw, 0, len(raw)) != len(raw) or not target.isascii() or not is_target(method, raw):
        raise LocalProtocolError(
            "bad-target",
            where="request line",
            problem=f"target of {method[:16]} is",
            seen=target,
            expected="visible ASCII without '#': a path, an absolute URI, '*' for OPTIONS, host:port for CONNECT",
        )
    return f"{method} {target} HTTP/1.1\r\n"


def status_line(status: int, reason: str | None) -> str:
    """Return the status line of HTTP/1.1, with its CRLF.

    Args:
        status: 100 to 999.
        reason: None stands for the registered phrase.

    Raises:
        LocalProtocolError: The status is no such number, or the reason is no text or breaks the line.
    """
    if reason is None:
        line = _STATUS_LINES.get(status)
        if line is not None:
            return line
        reason = ""
    if not isinstance(status, int) or not 100 <= status <= 999:
        raise LocalProtocolError(
            "bad-status",
            where="status line",
            problem="status is",
            seen=str(status),
            expected="100 to 999 (RFC 9110 §15)",
        )
    if not isinstance(reason, str) or not is_value(reason):
        raise LocalProtocolError(
            "bad-reason",
            where="status line",
            problem="reason is",
            seen=str(reason),
            expected="visible characters, space or tab",
        )
    return f"HTTP/1.1 {status:d} {reason}\r\n"


def chunk_head(size: int) -> bytes:
    """Return the chunk-size line for ``size`` octets, which is more than 0."""
    if size < 4096:
        return _CHUNK_HEADS[size]
    return b"%x\r\n" % size


def last_chunk(trailers: CIMultiDict[str] | None) -> bytes:
    """Return the last chunk and the trailer section (RFC 9112 §7.1.2).

    Raises:
        LocalProtocolError: A trailer is broken, or is one that framing depends on.
    """
    if not trailers:
        return LAST_CHUNK
    writer = HeadWriter()
    parts = writer.note_fields(trailers)
    if writer.content_length >= 0 or writer.is_chunked or writer.has_host or writer.options:
        raise LocalProtocolError(
            "bad-field-name",
            where="trailers to send",
            problem="a field that frames or routes the message",
            expected="fields that can come after the body (RFC 9110 §6.5.1)",
        )
    return join_head("0\r\n", parts, "", trailers)
