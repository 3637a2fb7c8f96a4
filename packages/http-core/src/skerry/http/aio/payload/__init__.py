"""Payloads: what aiohttp's programs give as ``data=``, with its names; and the registry that finds one for a value.

A payload is a body (``BodySource``) with fields, a file name and a way to write itself. New code has no need of them:
``skerry.http.body`` and ``skerry.http.aio`` have bodies that say more clearly what they are.
"""

from .base import Payload, PayloadWriter
from .files import BufferedReaderPayload, BytesIOPayload, IOBasePayload, TextIOPayload
from .memory import BytesPayload, JsonBytesPayload, JsonPayload, StringIOPayload, StringPayload
from .registry import (
    PAYLOAD_REGISTRY,
    Order,
    PayloadLookupError,
    PayloadRegistry,
    get_payload,
    payload_type,
    register_payload,
)
from .streams import AsyncIterablePayload, BodyPayload, StreamReaderPayload

__all__ = [
    "PAYLOAD_REGISTRY",
    "AsyncIterablePayload",
    "BodyPayload",
    "BufferedReaderPayload",
    "BytesIOPayload",
    "BytesPayload",
    "IOBasePayload",
    "JsonBytesPayload",
    "JsonPayload",
    "Order",
    "Payload",
    "PayloadLookupError",
    "PayloadRegistry",
    "PayloadWriter",
    "StreamReaderPayload",
    "StringIOPayload",
    "StringPayload",
    "TextIOPayload",
    "get_payload",
    "payload_type",
    "register_payload",
]
