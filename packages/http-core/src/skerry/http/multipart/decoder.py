"""Octets of a multipart body -> its parts (RFC 2046 §5.1, RFC 7578).

What comes out is, for each part: a ``PartHead``, pieces of ``Data`` as they arrive, ``END_OF_PART``; then
``END_OF_MULTIPART``. Nothing of a part is gathered: what is held back is a piece of a line, or the few octets at the
end of the input that may turn out to be the start of a delimiter.

Line ends are CR LF and nothing else. A delimiter that ends with LF alone, or that goes on after the boundary, is an
error and not data: two readers that see different parts in one body are how filters are passed by.

A place from which to search is kept, so that no octet is looked at again because more has come: pieces that cannot end
a line are put aside unjoined, and what was searched for a delimiter is handed out at once.
"""

from .. import octets
from ..errors import RemoteProtocolError
from ..events import CLOSED, NEED_DATA, Data, Pause
from ..h1.fields import FieldBlock
from ..limits import DEFAULT_LIMITS, Limits
from .boundary import MAX_BOUNDARY_LENGTH
from .events import END_OF_MULTIPART, END_OF_PART, MultipartEnd, PartHead

CR = 13
LF = 10
TAB = 9
SPACE = 32
HYPHEN = 45
NO_LIMIT = 2**62
MAX_PADDING = 256

# What is read next; the table of the states:
#   PREAMBLE  octets before the first delimiter        -> DELIMITER
#   DELIMITER the two octets behind a boundary         -> PADDING, or EPILOGUE after "--"
#   PADDING   white space up to the end of that line   -> HEAD
#   HEAD      field lines of a part                    -> BODY
#   BODY      octets of a part, up to a delimiter      -> DELIMITER
#   EPILOGUE  octets behind the last delimiter, up to the end
#   ERROR     for good
PREAMBLE = 0
DELIMITER = 1
PADDING = 2
HEAD = 3
BODY = 4
EPILOGUE = 5
ERROR = 6

Event = PartHead | Data | MultipartEnd | Pause


class PartCount:
    """How many parts a multipart body has had so far, those of the bodies inside it included."""

    def __init__(self) -> None:
        self.parts = 0
        """Parts begun."""


class MultipartDecoder:
    """Reads one multipart body. It is fed, asked for events, and told when the input ends.

    Args:
        boundary: Octets of the boundary, without the hyphens before it: 1 .. 70.
        limits: ``max_parts``, ``max_part_headers``, ``max_part_field_size``, ``max_part_head_size``,
            ``max_part_size``, ``max_multipart_size`` and ``max_preamble_size`` apply.
        count: Shared with the decoder of the body around this one, so that ``max_parts`` holds for both together.

    Raises:
        ValueError: ``boundary`` is empty or longer than 70 octets.

    Source: RFC 2046 §5.1.1, RFC 7578 §4.
    """

    def __init__(self, boundary: bytes, limits: Limits = DEFAULT_LIMITS, *, count: PartCount | None = None) -> None:
        if not 0 < len(boundary) <= MAX_BOUNDARY_LENGTH:
            raise ValueError(f"the boundary has {len(boundary)} octets, expected 1 .. {MAX_BOUNDARY_LENGTH}")
        self._delimiter = b"\r\n--" + boundary
        self._size_of_delimiter = len(self._delimiter)
        self._count = PartCount() if count is None else count
        self._fields = FieldBlock(limits, False, "part header")
        self._fields.max_line = self._max_line = limits.max_part_field_size or NO_LIMIT
        self._fields.max_count = limits.max_part_headers or NO_LIMIT
        self._fields.max_total = limits.max_part_head_size or NO_LIMIT
        self._max_parts = limits.max_parts or NO_LIMIT
        self._max_part = limits.max_part_size or NO_LIMIT
        self._max_all = limits.max_multipart_size or NO_LIMIT
        self._max_preamble = limits.max_preamble_size or NO_LIMIT
        # The first delimiter needs no line end before it: one is put there, and not counted.
        self._data = b"\r\n"
        self._at = 0
        self._search = 0
        self._arrived: list[bytes] = []
        self._arrived_size = 0
        self._arrived_line = False
        self._eof = False
        self._state = PREAMBLE
        self._size = -2
        self._all_size = 0
        self._error: RemoteProtocolError | None = None

    @property
    def is_ended(self) -> bool:
        """True when the close delimiter was seen."""
        return self._state == EPILOGUE

    def receive_data(self, data: bytes) -> None:
        """Take octets that have arrived; they are kept, not copied.

        Args:
            data: Any number of octets.
        """
        if data and self._state != ERROR:
            self._arrived.append(data)
            self._arrived_size += len(data)
            if not self._arrived_line:
                self._arrived_line = b"\n" in data

    def receive_eof(self) -> None:
        """Take notice that no octets will follow."""
        self._eof = True

    def next_event(self) -> Event:
        """Return the next event, ``NEED_DATA`` when more must arrive first, ``CLOSED`` behind the end of the input.

        Raises:
            RemoteProtocolError: The body breaks the grammar (``bad-delimiter``, ``bad-line-end``, or a code of
                fields), a limit (``too-many-parts``, ``part-too-long``, ``multipart-too-long``, ``preamble-too-long``,
                ``field-too-long``, ``too-many-fields``, ``head-too-long``), or ends before its close delimiter
                (``incomplete-multipart``). Each later call raises the same.
        """
        if self._error is not None:
            raise self._error
        try:
            while True:
                event = self._step()
                if event is not NEED_DATA:
                    if event is not None:
                        return event
                elif not self._refill():
                    return self._no_more() if self._eof else NEED_DATA
        except RemoteProtocolError as error:
            self._error = error
            self._state = ERROR
            self._data = b""
            self._arrived.clear()
            raise

    def _step(self) -> Event | None:
        """Go on from where the state says; None when the state has changed and there is nothing to tell."""
        state = self._state
        if state == BODY:
            return self._read_body()
        if state == DELIMITER:
            return self._read_delimiter()
        if state == PADDING:
            return self._read_padding()
        if state == HEAD:
            return self._read_head()
        if state == PREAMBLE:
            return self._read_preamble()
        return self._skip_epilogue()

    def _refill(self) -> bool:
        """Put what has arrived behind what is left; False when there is nothing, or nothing that would help."""
        if not self._arrived:
            return False
        rest = self._data
        size = len(rest) - self._at + self._arrived_size
        if self._state == HEAD and not self._arrived_line and not self._eof and size <= self._max_line:
            # No line end came: the pieces are joined when one does, or when the line is too long.
            return False
        # The line end behind a head stays until it is known whether it starts a delimiter.
        start = self._search if self._state == BODY and self._search < self._at else self._at
        if start < len(rest):
            self._arrived.insert(0, rest[start:])
        self._data = self._arrived[0] if len(self._arrived) == 1 else b"".join(self._arrived)
        self._search = max(self._search - start, 0)
        self._at -= start
        self._arrived.clear()
        self._arrived_size = 0
        self._arrived_line = False
        return True

    def _read_body(self) -> Event:
        data = self._data
        at = self._at
        hit = octets.find_delimiter(data, self._delimiter, self._search)
        if hit == at or hit == at - 2 >= 0:
            # The empty line behind a head may be the start of a delimiter: then there is no body at all.
            self._at = hit + self._size_of_delimiter
            self._state = DELIMITER
            return END_OF_PART
        stop = self._first_of_delimiter() if hit < 0 else hit
        self._search = stop
        if stop <= at:
            return NEED_DATA
        self._at = stop
        self._count_size(stop - at)
        return Data(data[at:stop])

    def _first_of_delimiter(self) -> int:
        """Return the first place from which on the data may be a cut delimiter, or the end of the data."""
        data = self._data
        stop = len(data)
        at = max(self._search, stop - self._size_of_delimiter + 1)
        while True:
            at = data.find(b"\r", at)
            if at < 0:
                return stop
            if self._delimiter.startswith(data[at:]):
                return at
            at += 1

    def _read_preamble(self) -> Event | None:
        hit = octets.find_delimiter(self._data, self._delimiter, self._search)
        stop = self._first_of_delimiter() if hit < 0 else hit
        self._skip(stop - self._at, "preamble")
        self._at = self._search = stop
        if hit < 0:
            return NEED_DATA
        self._at += self._size_of_delimiter
        self._state = DELIMITER
        return None

    def _read_delimiter(self) -> Event | None:
        data = self._data
        at = self._at
        if at == len(data):
            return NEED_DATA
        if data[at] == HYPHEN:
            if at + 1 == len(data):
                return NEED_DATA
            if data[at + 1] != HYPHEN:
                raise self._bad_delimiter(data[at : at + 2])
            self._at = at + 2
            self._size = 0
            self._state = EPILOGUE
            return END_OF_MULTIPART
        self._size = 0
        self._state = PADDING
        return None

    def _read_padding(self) -> Event | None:
        """Take transport padding and the end of the line."""
        data = self._data
        at = self._at
        stop = len(data)
        while at < stop and (data[at] == SPACE or data[at] == TAB):
            at += 1
        self._size += at - self._at
        self._at = at
        if self._size > MAX_PADDING:
            raise self._bad_delimiter(b" ")
        if at == stop:
            return NEED_DATA
        if data[at] != CR:
            if data[at] == LF:
                raise self._fault("bad-line-end", "delimiter", "line ends with a bare LF", expected="CR LF")
            raise self._bad_delimiter(data[at : at + 1])
        if at + 1 == stop:
            return NEED_DATA
        if data[at + 1] != LF:
            raise self._fault("bad-line-end", "delimiter", "CR followed by", data[at + 1 : at + 2], expected="LF")
        self._at = at + 2
        self._count.parts += 1
        if self._count.parts > self._max_parts:
            raise self._fault(
                "too-many-parts",
                "multipart body",
                "more parts than the limit",
                expected=f"at most {self._max_parts} (max_parts)",
            )
        self._fields.reset()
        self._state = HEAD
        return None

    def _read_head(self) -> Event:
        fields = self._fields
        at = self._at
        done = fields.read(self._data, at, len(self._data))
        self._at = fields.at
        if not done:
            return NEED_DATA
        self._size = 0
        self._count_all(fields.size)
        self._search = self._at - 2
        self._state = BODY
        return PartHead(fields.headers)

    def _skip_epilogue(self) -> Event:
        self._skip(len(self._data) - self._at, "epilogue")
        self._at = self._search = len(self._data)
        return NEED_DATA

    def _no_more(self) -> Event:
        """Say what the end of the input means."""
        if self._state == EPILOGUE:
            return CLOSED
        raise self._fault(
            "incomplete-multipart", "multipart body", "the end of the input", expected="the close delimiter"
        )

    def _skip(self, size: int, part: str) -> None:
        self._size += size
        if self._size > self._max_preamble:
            raise self._fault(
                "preamble-too-long",
                f"multipart {part}",
                "longer than the limit",
                expected=f"at most {self._max_preamble} octets (max_preamble_size)",
            )

    def _count_size(self, size: int) -> None:
        self._size += size
        if self._size > self._max_part:
            raise self._fault(
                "part-too-long",
                f"part {self._count.parts}",
                "longer than the limit",
                expected=f"at most {self._max_part} octets (max_part_size)",
            )
        self._count_all(size)

    def _count_all(self, size: int) -> None:
        self._all_size += size
        if self._all_size > self._max_all:
            raise self._fault(
                "multipart-too-long",
                "multipart body",
                "longer than the limit",
                expected=f"at most {self._max_all} octets (max_multipart_size)",
            )

    def _bad_delimiter(self, seen: bytes) -> RemoteProtocolError:
        return self._fault(
            "bad-delimiter", "delimiter", "the boundary is followed by", seen, expected="-- or the end of the line"
        )

    def _fault(
        self, code: str, where: str, problem: str, seen: bytes | None = None, *, expected: str
    ) -> RemoteProtocolError:
        return RemoteProtocolError(code, where=where, problem=problem, seen=seen, expected=expected)
