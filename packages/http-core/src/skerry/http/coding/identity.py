"""The coding that changes nothing (RFC 9110 §8.4.1, §12.5.3)."""

from collections import deque

from ..errors import RemoteProtocolError
from ..limits import Limits
from .decoder import STEP_OCTETS, Meter
from .encoder import BaseEncoder, BytesLike


class IdentityDecoder:
    """Hands out what it is fed, in bounded steps.

    Args:
        limits: ``max_decoded_size`` applies.
    """

    def __init__(self, limits: Limits) -> None:
        self._meter = Meter("identity", limits)
        self._queue: deque[bytes] = deque()
        self._at = 0
        self._error: RemoteProtocolError | None = None

    @property
    def needs_input(self) -> bool:
        """True when all was handed out."""
        return not self._queue

    @property
    def pending_octets(self) -> int:
        """Octets that were fed and not handed out."""
        return self._meter.taken - self._meter.given

    @property
    def is_finished(self) -> bool:
        """True when all was handed out: every body is complete."""
        return not self._queue and self._error is None

    def feed(self, data: bytes) -> None:
        """Give the next octets of the body; after an error they are thrown away."""
        if data and self._error is None:
            self._queue.append(data)
            self._meter.taken += len(data)

    def read(self, max_octets: int = STEP_OCTETS) -> bytes:
        """Return the next octets; ``b""`` when more must be fed.

        Raises:
            RemoteProtocolError: There are more than ``max_decoded_size``; the same error is raised ever after.
            ValueError: ``max_octets`` is less than 1.
        """
        if max_octets < 1:
            raise ValueError(f"max_octets is {max_octets!r}, expected 1 or more")
        if self._error is not None:
            raise self._error
        if not self._queue:
            return b""
        piece = self._queue[0]
        data = piece[self._at : self._at + min(max_octets, STEP_OCTETS)]
        self._at += len(data)
        if self._at == len(piece):
            self._queue.popleft()
            self._at = 0
        try:
            self._meter.count(len(data))
        except RemoteProtocolError as error:
            self._error = error
            self._queue.clear()
            raise
        return data

    def finish(self) -> None:
        """Say that the body has ended.

        Raises:
            RemoteProtocolError: There was an error before.
            RuntimeError: There is output that was not read.
        """
        if self._error is not None:
            raise self._error
        if self._queue:
            raise RuntimeError("finish() was called before read() had nothing more to give")


class IdentityEncoder(BaseEncoder):
    """Hands out what it is given."""

    def _encode(self, data: BytesLike) -> bytes:
        return bytes(data)

    def _flush(self) -> bytes:
        return b""

    def _finish(self) -> bytes:
        return b""
