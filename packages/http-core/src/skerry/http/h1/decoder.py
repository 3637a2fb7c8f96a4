"""Bodies of messages: framed octets -> Data and EndOfMessage (RFC 9112 §6, §7.1).

A decoder is asked with what there is and takes what it can; ``at`` says how far it got. It returns a piece of the body,
the end of the message, or None when it needs more. A piece is as long as what has arrived; nothing is gathered.
"""

from .. import octets
from ..errors import RemoteProtocolError
from ..events import END, Data, EndOfMessage
from ..limits import Limits
from .fields import FieldBlock

CR = 13
LF = 10
TAB = 9
SPACE = 32
SEMICOLON = 59
NO_LIMIT = 2**62
MAX_DIGITS = 16
MAX_SIZE = 2**62


class Decoder:
    """Base of the decoders; a body of which nothing is known."""

    def __init__(self) -> None:
        self.at = 0

    def read(self, data: bytes, start: int, stop: int) -> Data | EndOfMessage | None:
        """Take from ``data[start:stop]`` and return the next event, or None when more is needed.

        Raises:
            RemoteProtocolError: The framing is broken or a limit exceeded.
        """
        raise NotImplementedError

    def end(self) -> EndOfMessage:
        """Return the end of a body that ends here because the connection does.

        Raises:
            RemoteProtocolError: The body is not complete.
        """
        raise NotImplementedError


class LengthDecoder(Decoder):
    """A body of announced length (RFC 9112 §6.2).

    Args:
        length: Octets to come; may be 0.
    """

    def __init__(self, length: int) -> None:
        self.at = 0
        self.remaining = length

    def read(self, data: bytes, start: int, stop: int) -> Data | EndOfMessage | None:
        """Take up to what remains."""
        self.at = start
        if self.remaining == 0:
            return END
        if start == stop:
            return None
        end = start + self.remaining if stop - start > self.remaining else stop
        self.remaining -= end - start
        self.at = end
        return Data(data[start:end])

    def end(self) -> EndOfMessage:
        """Fail unless all octets have come."""
        if self.remaining == 0:
            return END
        raise RemoteProtocolError(
            "incomplete-body",
            where="body",
            problem="the connection ended early",
            expected=f"{self.remaining} more octets",
        )


class CloseDecoder(Decoder):
    """A body that ends with the connection (RFC 9112 §6.3, rule 8).

    Args:
        limits: ``max_body_size`` applies.
    """

    def __init__(self, limits: Limits) -> None:
        self.at = 0
        self.allowed = limits.max_body_size or NO_LIMIT

    def read(self, data: bytes, start: int, stop: int) -> Data | EndOfMessage | None:
        """Take everything."""
        self.at = stop
        if start == stop:
            return None
        self.allowed -= stop - start
        if self.allowed < 0:
            raise body_too_long()
        return Data(data[start:stop])

    def end(self) -> EndOfMessage:
        """The connection ended, and so did the body."""
        return END


# States of ChunkedDecoder: what comes next.
IN_SIZE = 0  # a chunk-size line
IN_DATA = 1  # octets of a chunk
IN_DATA_END = 2  # the CRLF after them
IN_TRAILERS = 3  # field lines and the empty line
IN_END = 4  # nothing: the message is complete

_PLACES = {"bad-chunk-size": "chunk size", "bad-chunk-extension": "chunk extension", "bad-chunk-end": "end of a chunk"}


class ChunkedDecoder(Decoder):
    """A body in chunks (RFC 9112 §7.1).

    Chunk extensions are skipped, but bounded and checked octet by octet: an LF hidden in one has smuggled requests.

    Args:
        limits: ``max_body_size``, ``max_chunk_line_size``, ``max_chunk_extensions_size`` and, for trailers, those of
            ``FieldBlock`` apply.
        lenient: True for what a server sends: white space after the size and lines that end with LF alone are let
            through.
    """

    def __init__(self, limits: Limits, lenient: bool) -> None:
        self.at = 0
        self.lenient = lenient
        self.state = IN_SIZE
        self.remaining = 0
        self.allowed = limits.max_body_size or NO_LIMIT
        self.max_line = limits.max_chunk_line_size or NO_LIMIT
        self.extensions_allowed = limits.max_chunk_extensions_size or NO_LIMIT
        self.trailers = FieldBlock(limits, lenient, "trailer")

    def read(self, data: bytes, start: int, stop: int) -> Data | EndOfMessage | None:
        """Take framing until there is a piece of a chunk or the end."""
        at = start
        while True:
            self.at = at
            if self.state == IN_DATA:
                if at == stop:
                    return None
                end = at + self.remaining if stop - at > self.remaining else stop
                self.remaining -= end - at
                self.at = end
                if self.remaining == 0:
                    self.state = IN_DATA_END
                    return Data(data[at:end], True)
                return Data(data[at:end])
            if self.state == IN_SIZE:
                at = self._read_size(data, at, stop)
            elif self.state == IN_DATA_END:
                at = self._read_data_end(data, at, stop)
            elif self.state == IN_TRAILERS:
                done = self.trailers.read(data, at, stop)
                self.at = self.trailers.at
                if not done:
                    return None
                self.state = IN_END
                if self.trailers.count:
                    return EndOfMessage(self.trailers.headers)
                return END
            else:
                return END
            if at < 0:
                return None

    def end(self) -> EndOfMessage:
        """Fail unless the last chunk and the trailers have come: a truncated body is never complete."""
        if self.state == IN_END:
            return END
        raise RemoteProtocolError(
            "incomplete-body",
            where="body",
            problem="the connection ended early",
            expected="the last chunk and an empty line",
        )

    def _read_size(self, data: bytes, start: int, stop: int) -> int:
        """Take a chunk-size line; return the index after it, or -1 when it is cut."""
        p = data
        at = start
        size = 0
        while at < stop:
            octet = p[at]
            if 48 <= octet <= 57:
                digit = octet - 48
            elif 97 <= octet <= 102 or 65 <= octet <= 70:
                digit = (octet & 0x5F) - 55
            else:
                break
            if at - start == MAX_DIGITS or size >= MAX_SIZE >> 4:
                raise _bad_size("size is too great", data[start : at + 1])
            size = size * 16 + digit
            at += 1
        if at == stop:
            return -1
        if at == start:
            raise _bad_size("size starts with", data[at : at + 1])
        digits_end = at
        if self.lenient:
            while at < stop and (p[at] == SPACE or p[at] == TAB):
                at += 1
                if at - start > self.max_line:
                    raise self._line_too_long()
            if at == stop:
                return -1
        code = "bad-chunk-size"
        if p[at] == SEMICOLON:
            code = "bad-chunk-extension"
            at = self._skip_extension(data, start, at, stop)
            if at < 0:
                return -1
        after = self._line_end(data, at, stop, code)
        if after < 0:
            return -1
        self.extensions_allowed -= at - digits_end
        if self.extensions_allowed < 0:
            raise RemoteProtocolError(
                "chunk-extensions-too-long",
                where="chunk extension",
                problem="more octets in one message than the limit",
                expected="at most max_chunk_extensions_size",
            )
        self._start_chunk(size)
        return after

    def _start_chunk(self, size: int) -> None:
        if size == 0:
            self.state = IN_TRAILERS
            return
        if size > self.allowed:
            raise body_too_long()
        self.allowed -= size
        self.remaining = size
        self.state = IN_DATA

    def _skip_extension(self, data: bytes, start: int, at: int, stop: int) -> int:
        """Return the index of the line end, or -1 when it has not come."""
        end = start + self.max_line + 1 if stop - start > self.max_line else stop
        if at > end:
            raise self._line_too_long()
        at = octets.skip_value(data, at, end)
        if at < end:
            return at
        if end - start > self.max_line:
            raise self._line_too_long()
        return -1

    def _read_data_end(self, data: bytes, at: int, stop: int) -> int:
        if at == stop:
            return -1
        after = self._line_end(data, at, stop, "bad-chunk-end")
        if after > 0:
            self.state = IN_SIZE
        return after

    def _line_end(self, data: bytes, at: int, stop: int, code: str) -> int:
        """Return the index after the line end at ``at``, or -1 when it is cut."""
        octet = data[at]
        if octet == LF and self.lenient:
            return at + 1
        if octet == CR:
            if at + 1 == stop:
                return -1
            if data[at + 1] == LF:
                return at + 2
        raise RemoteProtocolError(
            code,
            where=_PLACES[code],
            seen=data[at : at + 2] if octet == CR else data[at : at + 1],
            expected="CR LF",
        )

    def _line_too_long(self) -> RemoteProtocolError:
        return RemoteProtocolError(
            "chunk-line-too-long",
            where="chunk size",
            problem="line is longer than the limit",
            expected=f"at most {self.max_line} octets (max_chunk_line_size)",
        )


def _bad_size(problem: str, seen: bytes) -> RemoteProtocolError:
    return RemoteProtocolError(
        "bad-chunk-size",
        where="chunk size",
        problem=problem,
        seen=seen,
        expected="1 to 16 hexadecimal digits below 2**62",
    )


def body_too_long() -> RemoteProtocolError:
    """Return the error of a body beyond ``max_body_size``; ``status_hint`` is 413."""
    return RemoteProtocolError("body-too-long", where="body", problem="more octets than the limit (max_body_size)")
