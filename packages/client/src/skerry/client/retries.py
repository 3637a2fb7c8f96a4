"""May a request be sent again? A pure decision."""

IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"})
"""Methods that mean the same when they are sent twice (RFC 9110 §9.2.2)."""


def may_send_again(
    method: str, *, is_reused: bool, has_response_begun: bool, is_replayable: bool, attempts: int
) -> bool:
    """Say whether a request whose connection died is sent once more, on a fresh connection.

    A server may close an idle connection at the moment in which a request is sent on it. The request was then not acted
    upon, most likely; only "most likely", so the method has to be one that can be repeated.

    Args:
        method: Method token.
        is_reused: The connection had carried other exchanges before.
        has_response_begun: A single octet of the response has come.
        is_replayable: The body can be sent again.
        attempts: How often the request was sent.

    Source: RFC 9110 §9.2.2, RFC 9112 §9.3.1.
    """
    return is_reused and attempts == 1 and not has_response_begun and is_replayable and method in IDEMPOTENT_METHODS
