"""How the body of a message ends: one pure function for each role (RFC 9112 §6).

The answer is a number: octets of the body, or one of the two below zero.
"""

from typing import Final

from ..errors import RemoteProtocolError
from ..grammar import split_list
from ..status import has_no_content

CHUNKED: Final = -1
"""The body comes in chunks and says its own end (RFC 9112 §7.1)."""
UNTIL_CLOSE: Final = -2
"""The body ends with the connection; responses only (RFC 9112 §6.3, rule 8)."""


def decide_request_framing(method: str, is_11: bool, content_length: int, codings: bytes | None) -> int:
    """Say how the body of a request ends.

    Args:
        method: Method of the request.
        is_11: True for HTTP/1.1, False for HTTP/1.0.
        content_length: Number of Content-Length, -1 when there is none.
        codings: All values of Transfer-Encoding, joined with commas; None when there is none.

    Returns:
        Octets of the body (0 when there is none), or ``CHUNKED``.

    Raises:
        RemoteProtocolError: Content-Length stands beside Transfer-Encoding, the transfer coding is not exactly
            ``chunked``, without empty members, or comes with HTTP/1.0, or CONNECT announces a body. ``status_hint`` is
            400, or 501 for a transfer coding that is not known.

    Source: RFC 9112 §6.1, §6.3; smuggling: §11.2; CONNECT: RFC 9110 §9.3.6.
    """
    if codings is not None:
        _check_codings(content_length, codings, is_11, False)
    if method == "CONNECT" and (codings is not None or content_length > 0):
        raise RemoteProtocolError(
            "body-not-allowed", where="header", problem="CONNECT announces a body", expected="none (RFC 9110 §9.3.6)"
        )
    if codings is not None:
        return CHUNKED
    return max(content_length, 0)


def decide_response_framing(method: str, status: int, is_11: bool, content_length: int, codings: bytes | None) -> int:
    """Say how the body of a response ends.

    Args:
        method: Method of the request that it answers.
        status: Status code.
        is_11: True for HTTP/1.1, False for HTTP/1.0.
        content_length: Number of Content-Length, -1 when there is none.
        codings: All values of Transfer-Encoding, joined with commas; None when there is none.

    Returns:
        Octets of the body (0 when there is none), ``CHUNKED`` or ``UNTIL_CLOSE``.

    Raises:
        RemoteProtocolError: As for requests.

    Source: RFC 9112 §6.3.
    """
    if method == "HEAD" or has_no_content(status) or (method == "CONNECT" and 200 <= status < 300):
        return 0
    if codings is not None:
        _check_codings(content_length, codings, is_11, True)
        return CHUNKED
    return content_length if content_length >= 0 else UNTIL_CLOSE


def _check_codings(content_length: int, codings: bytes, is_11: bool, lenient: bool) -> None:
    if content_length >= 0:
        # Request smuggling: RFC 9112 §11.2. Whoever wins, somebody on the way may see it the other way.
        raise RemoteProtocolError(
            "length-and-coding",
            where="header",
            problem="Content-Length beside Transfer-Encoding",
            seen=codings,
            expected="one of them",
        )
    if not is_11:
        raise RemoteProtocolError(
            "bad-transfer-coding",
            where="header",
            problem="HTTP/1.0 with Transfer-Encoding",
            seen=codings,
            expected="none",
        )
    members = split_list(codings)
    # Empty members are part of a list (RFC 9110 §5.6.1.2), but a reader on the way that looks at one line or at the
    # whole value sees no `chunked` and no body: request smuggling, RFC 9112 §11.2.
    if members == [b"chunked"] and (lenient or b"," not in codings):
        return
    # `chunked` not last, or more than once, frames nothing that two readers would agree on.
    is_bad = (
        members in ([], [b"chunked"])
        or b"chunked" in members[:-1]
        or (members[-1] != b"chunked" and b"chunked" in codings.lower())
    )
    raise RemoteProtocolError(
        "bad-transfer-coding" if is_bad else "unknown-transfer-coding",
        where="header",
        problem="Transfer-Encoding is",
        seen=codings,
        expected="chunked",
    )
