"""Which payload is made for a value, by its type."""

import enum
import io
from collections.abc import AsyncIterable, Callable
from typing import Any, TypeVar

from ...body import BodySource
from ...errors import SkerryError
from ..stream import StreamReader
from .base import Payload
from .files import BufferedReaderPayload, BytesIOPayload, IOBasePayload, TextIOPayload
from .memory import BytesPayload, StringIOPayload, StringPayload
from .streams import AsyncIterablePayload, BodyPayload, StreamReaderPayload

PayloadClass = TypeVar("PayloadClass", bound=type[Payload])


class Order(enum.StrEnum):
    """When an entry of the registry is looked at."""

    normal = "normal"
    """By its exact type first, then in the order of registration."""
    try_first = "try_first"
    """Before all others."""
    try_last = "try_last"
    """After all others."""


class PayloadLookupError(SkerryError, LookupError):
    """No payload is registered for a value."""

    code = "no-payload"
    """Stable name of the mistake."""


class PayloadRegistry:
    """Types and the payloads that are made for them. An instance is part of the program, not of one session."""

    def __init__(self) -> None:
        self._first: list[tuple[type[Payload], Any]] = []
        self._normal: list[tuple[type[Payload], Any]] = []
        self._last: list[tuple[type[Payload], Any]] = []
        self._by_type: dict[type, type[Payload]] = {}

    def register(self, factory: type[Payload], type: Any, *, order: Order = Order.normal) -> None:
        """Have ``factory`` make the payloads of a type.

        Args:
            factory: Called with the value, and with what ``get`` was given besides.
            type: A type, or a tuple of types; instances of subclasses count.
            order: When it is looked at. Within the same order, what was registered first wins, but an exact type wins
                over a base.

        Raises:
            ValueError: ``order`` is unknown.
        """
        if order is Order.try_first:
            self._first.append((factory, type))
        elif order is Order.normal:
            self._normal.append((factory, type))
            for one in type if isinstance(type, tuple) else (type,):
                self._by_type[one] = factory
        elif order is Order.try_last:
            self._last.append((factory, type))
        else:
            raise ValueError(f"order is {order!r}, expected a member of Order")

    def get(self, data: Any, *args: Any, **kwargs: Any) -> Payload:
        """Return a payload for a value; one that is a payload is returned as it is.

        Args:
            data: The value.
            args: For the factory.
            kwargs: For the factory.

        Raises:
            PayloadLookupError: Nothing is registered for its type.
        """
        if isinstance(data, Payload):
            return data
        factory = self._find(data)
        if factory is None:
            raise PayloadLookupError(f"no payload is registered for {type(data).__name__}")
        return factory(data, *args, **kwargs)

    def _find(self, data: Any) -> type[Payload] | None:
        for factory, kind in self._first:
            if isinstance(data, kind):
                return factory
        exact = self._by_type.get(type(data))
        if exact is not None:
            return exact
        for entries in (self._normal, self._last):
            for factory, kind in entries:
                if isinstance(data, kind):
                    return factory
        return None


PAYLOAD_REGISTRY = PayloadRegistry()
"""The registry that ``get_payload`` uses."""


def get_payload(data: Any, *args: Any, **kwargs: Any) -> Payload:
    """Return a payload for a value from ``PAYLOAD_REGISTRY``.

    Raises:
        PayloadLookupError: Nothing is registered for its type.
    """
    return PAYLOAD_REGISTRY.get(data, *args, **kwargs)


def register_payload(factory: type[Payload], type: Any, *, order: Order = Order.normal) -> None:
    """Have ``factory`` make the payloads of a type in ``PAYLOAD_REGISTRY``; see ``PayloadRegistry.register``.

    Raises:
        ValueError: ``order`` is unknown.
    """
    PAYLOAD_REGISTRY.register(factory, type, order=order)


def payload_type(type: Any, *, order: Order = Order.normal) -> Callable[[PayloadClass], PayloadClass]:
    """Return a decorator that registers a class of payloads in ``PAYLOAD_REGISTRY`` for a type.

    Raises:
        ValueError: ``order`` is unknown; raised by the decorator.
    """

    def register(factory: PayloadClass) -> PayloadClass:
        register_payload(factory, type, order=order)
        return factory

    return register


PAYLOAD_REGISTRY.register(BytesPayload, (bytes, bytearray, memoryview))
PAYLOAD_REGISTRY.register(StringPayload, str)
PAYLOAD_REGISTRY.register(StringIOPayload, io.StringIO)
PAYLOAD_REGISTRY.register(TextIOPayload, io.TextIOBase)
PAYLOAD_REGISTRY.register(BytesIOPayload, io.BytesIO)
PAYLOAD_REGISTRY.register(BufferedReaderPayload, (io.BufferedReader, io.BufferedRandom))
PAYLOAD_REGISTRY.register(IOBasePayload, io.IOBase)
PAYLOAD_REGISTRY.register(StreamReaderPayload, StreamReader)
PAYLOAD_REGISTRY.register(BodyPayload, BodySource, order=Order.try_last)
PAYLOAD_REGISTRY.register(AsyncIterablePayload, AsyncIterable, order=Order.try_last)
