"""What can go wrong in skerry, as one tree.

::

    SkerryError                     base of every error of every skerry distribution
     ├ BodyConsumedError            a body that can be sent once was to be sent again (also a RuntimeError)
     └ ProtocolError                the rules of HTTP were broken
        ├ LocalProtocolError        by the caller: nothing was put on the wire (also a ValueError)
        └ RemoteProtocolError       by the peer: the connection cannot go on
           └ LineTooLongError       a line of a body has no end within its limit (also a ValueError)

The facts are attributes; the text is made from them when it is asked for, and its wording is not part of the API.
``code`` is: it is one of the names in ``STATUS_HINTS``, it does not change, and programs may compare it.
"""

from typing import Any

SEEN_LIMIT = 64
"""Octets of the peer's data that an error keeps at the most."""

STATUS_HINTS = {
    # the start line
    "bad-method": 400,
    "bad-target": 400,
    "bad-version": 400,
    "bad-status": 400,
    "bad-reason": 400,
    "bad-line-end": 400,
    "target-too-long": 414,
    "line-too-long": 400,
    "unsupported-version": 505,
    # fields
    "bad-field-name": 400,
    "bad-field-value": 400,
    "obsolete-folding": 400,
    "duplicate-field": 400,
    "bad-host": 400,
    "missing-host": 400,
    "field-too-long": 431,
    "too-many-fields": 431,
    "head-too-long": 431,
    "bad-cookie": 400,
    "bad-structured-field": 400,
    "bad-challenge": 400,
    "bad-credentials": 400,
    "bad-range": 416,
    # framing
    "bad-content-length": 400,
    "length-and-coding": 400,
    "bad-transfer-coding": 400,
    "unknown-transfer-coding": 501,
    "body-not-allowed": 400,
    "body-too-long": 413,
    "body-length-differs": 400,
    "bad-chunk-size": 400,
    "bad-chunk-extension": 400,
    "bad-chunk-end": 400,
    "chunk-line-too-long": 400,
    "chunk-extensions-too-long": 400,
    # multipart
    "not-multipart": 415,
    "bad-boundary": 400,
    "bad-delimiter": 400,
    "incomplete-multipart": 400,
    "preamble-too-long": 400,
    "too-many-parts": 413,
    "part-too-long": 413,
    "multipart-too-long": 413,
    "multipart-too-deep": 400,
    "bad-part-encoding": 400,
    "unknown-part-encoding": 415,
    "missing-part-name": 400,
    "field-not-allowed": 400,
    "bad-field-text": 400,
    "boundary-in-part": 400,
    # the conversation
    "incomplete-head": 400,
    "incomplete-body": 400,
    "unexpected-event": 400,
    "unexpected-data": 400,
    "too-many-informational": 400,
    "connection-in-error": 400,
    # content codings
    "unknown-content-coding": 415,
    "too-many-codings": 415,
    "bad-content-coding": 400,
    "incomplete-content-coding": 400,
    "too-many-members": 400,
    "content-too-long": 413,
    "coding-ratio": 413,
    # forms and text
    "too-many-form-fields": 413,
    "bad-charset": 415,
    "body-line-too-long": 400,
}
"""Each ``code``, and the status a server answers with when it meets it."""


class SkerryError(Exception):
    """Base of every error that a skerry distribution defines."""


class BodyConsumedError(SkerryError, RuntimeError):
    """A body was sent, or closed, and cannot be sent again."""

    code = "body-consumed"
    """Stable name of the mistake."""

    def __str__(self) -> str:
        return "the body was sent or closed already and cannot be replayed, expected one that is replayable"


class ProtocolError(SkerryError):
    """A rule of HTTP was broken.

    Args:
        code: One of the keys of ``STATUS_HINTS``.
        where: The place in the message: ``"request line"``, ``"header line 3"``, ``"chunk size"``.
        problem: What was found there, as the start of a sentence that ``seen`` ends.
        seen: The octets or the text at fault; the first ``SEEN_LIMIT`` are kept.
        expected: What would have been right.
    """

    def __init__(self, code: str, *, where: str, problem: str = "found", seen: Any = None, expected: str = "") -> None:
        if isinstance(seen, bytes | bytearray | memoryview):
            seen = bytes(seen[:SEEN_LIMIT])
        elif isinstance(seen, str):
            seen = seen[:SEEN_LIMIT]
        super().__init__(code, where, problem, seen, expected)
        self.code = code
        """Stable name of the rule."""
        self.where = where
        """Place in the message."""
        self.problem = problem
        """Start of the sentence about ``seen``."""
        self.seen = seen
        """The octets or text at fault, bounded; None when something is missing."""
        self.expected = expected
        """What would have been right; empty when the problem says it all."""

    @property
    def status_hint(self) -> int:
        """Status code that a server answers with (RFC 9110 §15.5, RFC 6585 §5)."""
        return STATUS_HINTS[self.code]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.where, self.problem, self.seen, self.expected)

    def __str__(self) -> str:
        text = f"{self.where}: {self.problem}"
        if self.seen is not None:
            text += f" {self.seen!r}"
            if isinstance(self.seen, bytes) and len(self.seen) == 1:
                text += f" (0x{self.seen[0]:02x})"
        if self.expected:
            text += f", expected {self.expected}"
        return text


class LocalProtocolError(ProtocolError, ValueError):
    """The caller asked for something that HTTP does not allow; nothing was put on the wire."""


class RemoteProtocolError(ProtocolError):
    """The peer broke a rule; the connection is closed for good after the answer, if there is one."""


class LineTooLongError(RemoteProtocolError, ValueError):
    """A line was asked for, and the body has no separator within the limit; what was looked at is dropped."""


def _rebuild(kind: type[ProtocolError], code: str, where: str, problem: str, seen: Any, expected: str) -> ProtocolError:
    return kind(code, where=where, problem=problem, seen=seen, expected=expected)
