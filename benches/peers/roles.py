"""What a peer offers in each role. A peer is a module-level object, so that its imports happen in the child alone."""

import socket
from collections.abc import Callable
from typing import Literal, Protocol

HeadKind = Literal["request", "response"]
StreamKind = Literal["decode", "encode"]


class Peer(Protocol):
    """What every peer can say about itself."""

    @property
    def version(self) -> str:
        """Version of the distribution that is measured."""

    def build(self) -> str:
        """Say whether ``compiled`` or ``interpreted`` code does the work."""


class HeadPeer(Peer, Protocol):
    """A parser of heads."""

    def fields(self, kind: HeadKind, data: bytes) -> list[tuple[str, str]]:
        """Parse one head and return its fields; to see that the work is done."""

    def repeat(self, kind: HeadKind, data: bytes) -> Callable[[int], None]:
        """Return a function that parses ``data``, one whole head, as often as it is told, on one connection."""


class StreamPeer(Peer, Protocol):
    """A coder of gzip that works on a stream."""

    def result(self, kind: StreamKind, pieces: list[bytes]) -> bytes:
        """Send the pieces through and return all that comes out; to see that the work is done."""

    def repeat(self, kind: StreamKind, pieces: list[bytes]) -> Callable[[int], None]:
        """Return a function that does so as often as it is told, each time with a new coder, and keeps nothing."""


class MultipartPeer(Peer, Protocol):
    """A reader of multipart bodies."""

    def count(self, pieces: list[bytes]) -> tuple[int, int]:
        """Read one body and return its parts and their octets; to see that the work is done."""

    def repeat(self, pieces: list[bytes]) -> Callable[[int], None]:
        """Return a function that reads the body as often as it is told, each time with a new reader."""


class ServerPeer(Peer, Protocol):
    """A server: GET / answers ``Hello, World!`` as text/plain, POST /echo answers its body."""

    async def serve(self, listener: socket.socket, on_ready: Callable[[], None]) -> None:
        """Serve on a bound socket until cancelled; call ``on_ready`` once it listens.

        Cancellation:
            The only way to end it; connections are dropped.
        """


class ClientPeer(Peer, Protocol):
    """A client that fetches one URL again and again."""

    async def fetch(self, url: str, body: bytes, concurrency: int, is_over: Callable[[], bool]) -> int:
        """Fetch ``url`` over one session, ``concurrency`` at a time, until ``is_over()``; return the number of fetches.

        Raises:
            ValueError: An answer was not 200 with ``body``.

        Cancellation:
            The session is closed.
        """
