"""JSON as a body to send (RFC 8259)."""

import json
from collections.abc import Callable
from typing import Any

from .sources import BytesBody


class JsonBody(BytesBody):
    """A value as JSON.

    Args:
        value: What ``dumps`` takes.
        dumps: Makes the JSON; text is written in UTF-8 (RFC 8259 §8.1), octets are sent as they are.
        content_type: Value for Content-Type.

    Raises:
        TypeError: From ``dumps``, for a value of a type that JSON does not have.
        ValueError: From ``dumps``, for a value that contains itself.
    """

    def __init__(
        self,
        value: Any,
        *,
        dumps: Callable[[Any], str | bytes] = json.dumps,
        content_type: str | None = "application/json",
    ) -> None:
        raw = dumps(value)
        super().__init__(raw.encode("utf-8") if isinstance(raw, str) else raw, content_type=content_type)
