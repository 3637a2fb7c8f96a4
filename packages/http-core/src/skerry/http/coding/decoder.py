"""Undo a content coding: octets in, bounded pieces out.

A decoder is given input and asked for output, and does no more than it is asked for: a step hands out at most
``STEP_OCTETS``, however much the input would make. Nothing is gathered; what was fed and not yet decoded is kept, and
``pending_octets`` says how much that is. Limits are accounted for the whole body. A decoder raises once and is then
closed for good.

``EngineDecoder`` is the one implementation for codings that a library knows how to inflate: it keeps the input, counts
the members and the octets, and speaks to the library through ``Engine``.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from ..errors import RemoteProtocolError
from ..limits import Limits

STEP_OCTETS = 262144
"""Octets that one step hands out at the most."""
SLICE_OCTETS = 32768
"""Octets of input that a library is given at a time. What it leaves over is copied in every step; this bounds it."""


class Decoder(Protocol):
    """What undoes one or more content codings of one body."""

    @property
    def needs_input(self) -> bool:
        """True when ``read`` has nothing to give before more is fed."""

    @property
    def pending_octets(self) -> int:
        """Octets that were fed and not decoded yet."""

    @property
    def is_finished(self) -> bool:
        """True when what was fed is a complete body and all of it was handed out; more members may still follow."""

    def feed(self, data: bytes) -> None:
        """Give the next octets of the coded body. They are kept until they are decoded."""

    def read(self, max_octets: int = STEP_OCTETS) -> bytes:
        """Return the next decoded octets; ``b""`` when more must be fed, and only then.

        Args:
            max_octets: At most so many, 1 or more; never more than ``STEP_OCTETS``.

        Raises:
            RemoteProtocolError: The coding is broken or a limit exceeded; the decoder is closed for good.
            ValueError: ``max_octets`` is less than 1.
        """

    def finish(self) -> None:
        """Say that the coded body has ended; to be called when ``read`` has nothing more to give.

        A body without a single octet is an empty one: servers put Content-Encoding on such responses.

        Raises:
            RemoteProtocolError: The coded body is not complete (``incomplete-content-coding``).
            RuntimeError: There is output that was not read.
        """


class Engine(Protocol):
    """One member of a coded body, inflated by a library: what ``EngineDecoder`` asks of it."""

    @property
    def needs_input(self) -> bool:
        """True when nothing can come out before more goes in."""

    @property
    def eof(self) -> bool:
        """True when the member has ended."""

    @property
    def unused_data(self) -> bytes:
        """Octets behind the end of the member."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return up to ``max_length`` octets, or somewhat more where the library cannot be told so precisely.

        Args:
            data: More input; empty unless ``needs_input``.
            max_length: 1 or more.

        Raises:
            EngineError: The input is broken.
        """


class EngineError(Exception):
    """A library does not understand its input; the text is the library's. ``EngineDecoder`` turns it into a code."""


class Meter:
    """Counts the octets of one body on both sides of a coding, and holds them against the limits.

    Args:
        name: The coding or codings, for errors.
        limits: ``max_decoded_size``, ``max_coding_ratio`` and ``coding_ratio_floor`` apply.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._max_size = limits.max_decoded_size
        self._max_ratio = limits.max_coding_ratio
        self._floor = limits.coding_ratio_floor
        self.taken = 0
        """Coded octets that have come."""
        self.given = 0
        """Decoded octets that they made."""

    def count(self, size: int) -> None:
        """Count ``size`` decoded octets.

        Raises:
            RemoteProtocolError: There are too many of them, or too many for what has come.
        """
        self.given = given = self.given + size
        if self._max_size and given > self._max_size:
            raise coding_error(
                "content-too-long", self._name, f"more than {self._max_size} decoded octets (max_decoded_size)"
            )
        if self._max_ratio and given > self._floor and given > self._max_ratio * self.taken:
            raise coding_error(
                "coding-ratio", self._name, f"{self.taken} octets made {given} or more (max_coding_ratio)"
            )


class EngineDecoder:
    """Decoder of one coding that a library inflates.

    Args:
        name: The coding, for errors.
        make_engine: Makes the engine of the next member.
        limits: All limits of content codings but ``max_codings`` apply.
        has_members: True when a body may be several members one after the other, as in gzip and zstd.
    """

    def __init__(self, name: str, make_engine: Callable[[], Engine], limits: Limits, *, has_members: bool) -> None:
        self._name = name
        self._make_engine = make_engine
        self._max_members = limits.max_coding_members if has_members else 1
        self._has_members = has_members
        self._members = 0
        self._meter = Meter(name, limits)
        self._engine: Engine | None = None
        self._error: RemoteProtocolError | None = None
        self._queue: deque[bytes] = deque()
        self._at = 0  # how much of the first piece in the queue was taken
        self._behind = b""  # octets behind the member that has ended; they stand before the queue
        self._queued = 0  # octets in both
        self._spare = b""  # decoded octets beyond what was asked for
        self._spare_at = 0

    @property
    def needs_input(self) -> bool:
        """True when ``read`` has nothing to give before more is fed."""
        if self._spare or self._queued:
            return False
        return self._engine is None or self._engine.needs_input

    @property
    def pending_octets(self) -> int:
        """Octets that were fed and that the library was not given yet."""
        return self._queued

    @property
    def is_finished(self) -> bool:
        """True between two members, when nothing is left to decode."""
        return self._engine is None and self._members > 0 and self.needs_input and self._error is None

    def feed(self, data: bytes) -> None:
        """Give the next octets of the coded body; after an error they are thrown away."""
        if data and self._error is None:
            self._queue.append(data)
            self._queued += len(data)
            self._meter.taken += len(data)

    def read(self, max_octets: int = STEP_OCTETS) -> bytes:
        """Return the next decoded octets; ``b""`` when more must be fed, and only then.

        Raises:
            RemoteProtocolError: The coding is broken or a limit exceeded: ``bad-content-coding``,
                ``too-many-members``, ``content-too-long`` or ``coding-ratio``. The same error is raised ever after.
            ValueError: ``max_octets`` is less than 1.
        """
        if max_octets < 1:
            raise ValueError(f"max_octets is {max_octets!r}, expected 1 or more")
        if self._error is not None:
            raise self._error
        max_octets = min(max_octets, STEP_OCTETS)
        if self._spare:
            return self._take_spare(max_octets)
        try:
            decoded = self._decode(max_octets)
        except RemoteProtocolError as error:
            self._close(error)
            raise
        if len(decoded) > max_octets:
            self._spare, self._spare_at = decoded, 0
            return self._take_spare(max_octets)
        return decoded

    def finish(self) -> None:
        """Say that the coded body has ended.

        Raises:
            RemoteProtocolError: A member is not complete (``incomplete-content-coding``), or there was an error before.
            RuntimeError: There is output that was not read.
        """
        if self._error is not None:
            raise self._error
        if not self.needs_input:
            raise RuntimeError("finish() was called before read() had nothing more to give")
        if self._engine is not None:
            error = coding_error("incomplete-content-coding", self._name, "the body ended early")
            self._close(error)
            raise error

    def _decode(self, max_octets: int) -> bytes:
        while True:
            engine = self._engine
            if engine is None:
                if not self._queued:
                    return b""
                engine = self._start_member()
            data = b""
            if engine.needs_input:
                if not self._queued:
                    return b""
                data = self._take_slice()
            try:
                decoded = engine.decompress(data, max_octets)
            except EngineError as error:
                raise coding_error("bad-content-coding", self._name, str(error)) from error
            if engine.eof:
                self._engine = None
                self._behind = engine.unused_data
                self._queued += len(self._behind)
            if decoded:
                self._meter.count(len(decoded))
                return decoded

    def _start_member(self) -> Engine:
        self._members += 1
        if self._members > self._max_members > 0:
            if self._has_members:
                raise coding_error(
                    "too-many-members", self._name, f"more than {self._max_members} (max_coding_members)"
                )
            raise coding_error("bad-content-coding", self._name, f"{self._queued} octets or more behind the end")
        self._engine = self._make_engine()
        return self._engine

    def _take_slice(self) -> bytes:
        if self._behind:
            data, self._behind = self._behind, b""
        else:
            piece = self._queue[0]
            data = piece[self._at : self._at + SLICE_OCTETS]
            self._at += len(data)
            if self._at == len(piece):
                self._queue.popleft()
                self._at = 0
        self._queued -= len(data)
        return data

    def _take_spare(self, max_octets: int) -> bytes:
        data = self._spare[self._spare_at : self._spare_at + max_octets]
        self._spare_at += len(data)
        if self._spare_at == len(self._spare):
            self._spare = b""
        return data

    def _close(self, error: RemoteProtocolError) -> None:
        self._error = error
        self._engine = None
        self._queue.clear()
        self._behind = b""
        self._queued = 0


def coding_error(code: str, name: str, problem: str) -> RemoteProtocolError:
    """Return the error of a body whose content coding ``name`` cannot be undone."""
    return RemoteProtocolError(code, where=f"content coding {name}", problem=problem)
