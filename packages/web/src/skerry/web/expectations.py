"""Expect: what meets it before a handler runs (RFC 9110 §10.1.1)."""

from multidict import CIMultiDict

from skerry.http import HttpVersion11, ResponseHead, hdrs

from .base_request import BaseRequest
from .http_exceptions import HTTPExpectationFailed
from .stream_response import StreamResponse


async def meet_expectation(request: BaseRequest) -> StreamResponse | None:
    """Answer ``Expect: 100-continue`` with ``100 Continue``; say 417 to everything else.

    What an HTTP/1.0 peer expects is ignored.

    Raises:
        HTTPExpectationFailed: The expectation is unknown.
        ConnectionResetError: The peer is gone.

    Cancellation:
        It never waits.
    """
    if request.version < HttpVersion11:
        return None
    if request.headers.get(hdrs.EXPECT, "").lower() != "100-continue":
        raise HTTPExpectationFailed(text="417: Expectation Failed, expected 100-continue")
    if request.body_exists:
        request.exchange.send_informational(ResponseHead(100, CIMultiDict()))
    return None
