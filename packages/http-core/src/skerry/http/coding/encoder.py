"""Apply a content coding: octets in, coded octets out.

An encoder keeps what it needs to compress well, and gives it out at ``flush`` or ``finish`` at the latest.
"""

from abc import ABC, abstractmethod
from typing import Protocol

BytesLike = bytes | bytearray | memoryview


class Encoder(Protocol):
    """What applies one or more content codings to one body."""

    def encode(self, data: BytesLike) -> bytes:
        """Take the next octets of the body and return coded octets, as far as there are any yet.

        Raises:
            RuntimeError: The body was finished.
        """

    def flush(self) -> bytes:
        """Return what is kept back, so that all octets given so far can be decoded by the peer. Costs compression.

        Raises:
            RuntimeError: The body was finished.
        """

    def finish(self) -> bytes:
        """Return the last coded octets; to be called once, also for an empty body.

        Raises:
            RuntimeError: The body was finished.
        """


class BaseEncoder(ABC):
    """Base of the encoders: knows whether the body was finished."""

    def __init__(self) -> None:
        self._finished = False

    def encode(self, data: BytesLike) -> bytes:
        """Take the next octets of the body and return coded octets, as far as there are any yet.

        Raises:
            RuntimeError: The body was finished.
        """
        self._check()
        return self._encode(data) if data else b""

    def flush(self) -> bytes:
        """Return what is kept back, so that all octets given so far can be decoded by the peer.

        Raises:
            RuntimeError: The body was finished.
        """
        self._check()
        return self._flush()

    def finish(self) -> bytes:
        """Return the last coded octets.

        Raises:
            RuntimeError: The body was finished.
        """
        self._check()
        self._finished = True
        return self._finish()

    def _check(self) -> None:
        if self._finished:
            raise RuntimeError("the coded body is finished")

    @abstractmethod
    def _encode(self, data: BytesLike) -> bytes: ...

    @abstractmethod
    def _flush(self) -> bytes: ...

    @abstractmethod
    def _finish(self) -> bytes: ...
