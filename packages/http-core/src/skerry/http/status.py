"""Status codes: their registered reason phrases and what they mean for the body (RFC 9110 §15)."""

from http import HTTPStatus
from typing import Final

REASONS: Final[dict[int, str]] = {status.value: status.phrase for status in HTTPStatus} | {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
"""Registered phrases in the words of RFC 9110, the same on every version of Python."""


def reason_of(status: int) -> str:
    """Return the registered reason phrase of ``status``, or an empty string."""
    return REASONS.get(status, "")


def has_no_content(status: int) -> bool:
    """Return True when a response with ``status`` never has a body: 1xx, 204, 304 (RFC 9112 §6.3)."""
    return status < 200 or status in (204, 304)
