"""The heads of messages: what HTTP/1.1, HTTP/2 and a wire in memory have in common."""

from typing import Any

from multidict import CIMultiDict

from .versions import HttpVersion, HttpVersion11


class RequestHead:
    """The start of a request.

    A received head is complete and checked. A head that is made to be sent is checked when it is sent.

    Args:
        method: Method token; its case is significant (RFC 9110 §9.1).
        target: Request target as it stands on the wire (RFC 9112 §3.2).
        headers: Fields in order. The head keeps the object and does not copy it.
        version: Version the sender speaks.
    """

    def __init__(
        self, method: str, target: str, headers: CIMultiDict[str], version: HttpVersion = HttpVersion11
    ) -> None:
        self.method = method
        """Method token."""
        self.target = target
        """Request target: origin-form, absolute-form, authority-form or ``*``."""
        self.version = version
        """Version of the sender."""
        self.headers = headers
        """Fields in the order of the wire, compared without case."""
        self.raw_fields = b""
        """Field lines as they came (HTTP/1.1), empty in a head made here."""
        self.content_length = -1
        """Octets of the body, or -1 when they are not announced."""
        self.chunked = False
        """True when the body is framed by the chunked coding (HTTP/1.1)."""
        self.keep_alive = True
        """True when the sender agrees to go on with the connection afterwards."""
        self.expect_continue = False
        """True when the sender waits for ``100 Continue`` before its body (RFC 9110 §10.1.1)."""
        self.upgrade = False
        """True when the sender asks for another protocol: CONNECT, or Upgrade named by Connection."""

    @property
    def has_body(self) -> bool:
        """True when a body follows, even if it may turn out to be empty."""
        return self.chunked or self.content_length > 0

    @property
    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Pairs of name and value in the octets of the wire; made anew at each call."""
        return raw_pairs(self.raw_fields, self.headers)

    def __repr__(self) -> str:
        return f"<RequestHead {self.method} {self.target!r} HTTP/{self.version[0]}.{self.version[1]}>"


class ResponseHead:
    """The start of a response, informational or final.

    Args:
        status: Status code, 100 to 999.
        headers: Fields in order. The head keeps the object and does not copy it.
        reason: Reason phrase; None stands for the registered one.
        version: Version the sender speaks.
    """

    def __init__(
        self,
        status: int,
        headers: CIMultiDict[str],
        reason: str | None = None,
        version: HttpVersion = HttpVersion11,
    ) -> None:
        self.status = status
        """Status code."""
        self.reason = reason
        """Reason phrase, empty when the peer sent none; None stands for the registered one."""
        self.version = version
        """Version of the sender."""
        self.headers = headers
        """Fields in the order of the wire, compared without case."""
        self.raw_fields = b""
        """Field lines as they came (HTTP/1.1), empty in a head made here."""
        self.content_length = -1
        """Octets of the body, or -1 when they are not announced."""
        self.chunked = False
        """True when the body is framed by the chunked coding (HTTP/1.1)."""
        self.keep_alive = True
        """True when the sender agrees to go on with the connection afterwards."""
        self.upgrade = False
        """True when the connection speaks another protocol from here on (101, or 2xx to CONNECT)."""

    @property
    def raw_headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Pairs of name and value in the octets of the wire; made anew at each call."""
        return raw_pairs(self.raw_fields, self.headers)

    def __repr__(self) -> str:
        return f"<ResponseHead {self.status} HTTP/{self.version[0]}.{self.version[1]}>"


def raw_pairs(raw_fields: bytes, headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    """Return name and value of each field in octets, from the wire when there was one.

    Args:
        raw_fields: Field lines that a parser has accepted; empty when there are none.
        headers: The same fields as text, used when ``raw_fields`` is empty.
    """
    if not raw_fields:
        return tuple((name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in headers.items())
    pairs: list[tuple[bytes, bytes]] = []
    for line in raw_fields.splitlines():
        if line[:1] in (b" ", b"\t") and pairs:  # obsolete folding, accepted in responses
            name, value = pairs[-1]
            pairs[-1] = (name, (value + b" " + line.strip(b" \t")).strip(b" "))
        elif line:
            name, _, value = line.partition(b":")
            pairs.append((name, value.strip(b" \t")))
    return tuple(pairs)
