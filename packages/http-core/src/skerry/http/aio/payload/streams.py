"""Payloads of asynchronous iterables, of streams that are passed on, and of any body."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Any

from ...body import AsyncIterableBody, BodySource
from ...body.sources import cut
from ...typedefs import Byteish, LooseHeaders
from ..stream import StreamReader
from .base import PulledPayload


class AsyncIterablePayload(PulledPayload):
    """Octets that come from an asynchronous iterable. They can be written once, or again after ``as_bytes``.

    Args:
        value: Gives the pieces.
        headers: As ``Payload``.
        kwargs: As ``Payload``.

    Raises:
        TypeError: ``value`` is not an asynchronous iterable.
    """

    _autoclose = True
    _is_single = True
    _value: AsyncIterable[Byteish]

    def __init__(self, value: AsyncIterable[Byteish], headers: LooseHeaders | None = None, **kwargs: Any) -> None:
        self._body = AsyncIterableBody(value)
        self._held: bytes | None = None
        super().__init__(value, headers, **kwargs)

    @property
    def size(self) -> int | None:
        """None until ``as_bytes`` has gathered the octets."""
        return None if self._held is None else len(self._held)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the octets that ``as_bytes`` has gathered as text; see ``Payload.decode``."""
        return super().decode() if self._held is None else self._held.decode(encoding, errors)

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Gather the octets, keep them for the next write, and return them; see ``Payload.as_bytes``."""
        if self._held is None:
            self._held = await super().as_bytes()
            self._is_single = self._consumed = False
        return self._held

    def _pieces(self) -> AsyncGenerator[Byteish, None]:
        return self._body.pieces() if self._held is None else cut(self._held)

    async def _release(self) -> None:
        if self._held is None:
            self._consumed = True
            await self._body.aclose()


class StreamReaderPayload(AsyncIterablePayload):
    """What a ``StreamReader`` reads, passed on as it arrives.

    Args:
        value: The reader.
        headers: As ``Payload``.
        kwargs: As ``Payload``.
    """

    def __init__(self, value: StreamReader, headers: LooseHeaders | None = None, **kwargs: Any) -> None:
        super().__init__(value.iter_any(), headers, **kwargs)


class BodyPayload(PulledPayload):
    """Any body as a payload: so that what is written for payloads takes bodies too, a ``MultipartWriter`` for one.

    Args:
        value: The body; ``close`` closes it.
        headers: As ``Payload``.
        content_type: Value for Content-Type; by default that of the body.
        kwargs: As ``Payload``.
    """

    _value: BodySource

    def __init__(
        self, value: BodySource, headers: LooseHeaders | None = None, content_type: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(value, headers, content_type=content_type or value.content_type, **kwargs)
        self._is_single = not value.replayable

    @property
    def size(self) -> int | None:
        """Octets of the body, or None when unknown."""
        return self._value.size

    def _pieces(self) -> AsyncGenerator[Byteish, None]:
        return self._value.pieces()

    async def _release(self) -> None:
        self._consumed = True
        await self._value.aclose()
