"""Sites: where a server listens."""

import asyncio
import os
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol, cast

ProtocolFactory = Callable[[], object]
"""Makes the protocol of each connection that comes."""


class SiteOwner(Protocol):
    """What a site must know of its runner."""

    @property
    def server(self) -> ProtocolFactory | None:
        """What makes connections; None while the runner is not set up."""

    def add_site(self, site: "BaseSite", /) -> None:
        """Take a site in, to be stopped with the runner."""

    def remove_site(self, site: "BaseSite", /) -> None:
        """Let a site go that was stopped."""


class BaseSite(ABC):
    """A place to listen at.

    Args:
        runner: What makes connections; it is set up before the site is started.
        ssl_context: TLS settings; None for plain text.
        backlog: Connections that the kernel keeps waiting.
    """

    def __init__(self, runner: SiteOwner, *, ssl_context: ssl.SSLContext | None = None, backlog: int = 128) -> None:
        self._runner = runner
        self._ssl_context = ssl_context
        self._backlog = backlog
        self._server: asyncio.Server | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """What to show to people: a URL where there is one."""

    @property
    def scheme(self) -> str:
        """``https`` with TLS, else ``http``."""
        return "http" if self._ssl_context is None else "https"

    @property
    def sockets(self) -> tuple[socket.socket, ...]:
        """Sockets that listen."""
        return () if self._server is None else tuple(self._server.sockets)

    async def start(self) -> None:
        """Start to listen.

        Raises:
            OSError: The place is taken or not to be had; the text names it.
            RuntimeError: It listens already, or the runner is not set up.

        Cancellation:
            It does not listen.
        """
        factory = self._runner.server
        if factory is None:
            raise RuntimeError("call runner.setup() before a site is started")
        if self._server is not None:
            raise RuntimeError(f"{self!r} listens already")
        try:
            self._server = await self._listen(
                asyncio.get_running_loop(), cast("Callable[[], asyncio.BaseProtocol]", factory)
            )
        except OSError as error:
            raise OSError(error.errno, f"cannot listen at {self.place}: {_reason(error)}") from None
        self._runner.add_site(self)

    async def stop(self) -> None:
        """Listen no more; connections that are open stay so. Can be repeated.

        Cancellation:
            It never waits.
        """
        if self._server is not None:
            self._server.close()
            self._server = None
            self._runner.remove_site(self)

    @property
    @abstractmethod
    def place(self) -> str:
        """The place as messages name it."""

    @abstractmethod
    async def _listen(
        self, loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.BaseProtocol]
    ) -> asyncio.Server: ...

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.place}{', listening' if self._server is not None else ''}>"


class TCPSite(BaseSite):
    """A host and a port.

    Args:
        runner: What makes connections.
        host: Name or address; None for every interface.
        port: Port; None for 8080, or 8443 with TLS; 0 for one that the kernel picks.
        ssl_context: TLS settings; None for plain text.
        backlog: Connections that the kernel keeps waiting.
        reuse_address: Whether a port in TIME_WAIT can be taken; None for the habit of the platform.
        reuse_port: Whether several processes may share the port.
    """

    def __init__(
        self,
        runner: SiteOwner,
        host: str | None = None,
        port: int | None = None,
        *,
        ssl_context: ssl.SSLContext | None = None,
        backlog: int = 128,
        reuse_address: bool | None = None,
        reuse_port: bool | None = None,
    ) -> None:
        super().__init__(runner, ssl_context=ssl_context, backlog=backlog)
        self._host = host
        self._wanted_port = (8443 if ssl_context else 8080) if port is None else port
        self._reuse_address = reuse_address
        self._reuse_port = reuse_port

    @property
    def port(self) -> int:
        """The port that is listened at; before that, the one that was asked for."""
        for each in self.sockets:
            return int(each.getsockname()[1])
        return self._wanted_port

    @property
    def name(self) -> str:
        """URL with the real port."""
        host = self._host or "0.0.0.0"
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def place(self) -> str:
        """Host and port."""
        return f"port {self.port} of {self._host or 'every interface'}"

    async def _listen(
        self, loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.BaseProtocol]
    ) -> asyncio.Server:
        return await loop.create_server(
            factory,
            self._host,
            self._wanted_port,
            ssl=self._ssl_context,
            backlog=self._backlog,
            reuse_address=self._reuse_address,
            reuse_port=self._reuse_port,
        )


class SockSite(BaseSite):
    """A socket that the program has bound.

    Args:
        runner: What makes connections.
        sock: The socket; it belongs to the site from now on.
        ssl_context: TLS settings; None for plain text.
        backlog: Connections that the kernel keeps waiting.
    """

    def __init__(
        self, runner: SiteOwner, sock: socket.socket, *, ssl_context: ssl.SSLContext | None = None, backlog: int = 128
    ) -> None:
        super().__init__(runner, ssl_context=ssl_context, backlog=backlog)
        self._sock = sock
        self._place = _describe(sock)

    @property
    def name(self) -> str:
        """URL of the socket, or its path."""
        return (
            self._place if self._sock.family == getattr(socket, "AF_UNIX", None) else f"{self.scheme}://{self._place}"
        )

    @property
    def place(self) -> str:
        """Address that the socket is bound to."""
        return self._place

    async def _listen(
        self, loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.BaseProtocol]
    ) -> asyncio.Server:
        return await loop.create_server(factory, sock=self._sock, ssl=self._ssl_context, backlog=self._backlog)


def _describe(sock: socket.socket) -> str:
    name = sock.getsockname()
    if isinstance(name, tuple):
        return f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"
    return f"unix:{name}"


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else str(error)
