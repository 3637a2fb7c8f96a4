"""run_app: serve an application until the process is told to stop."""

import asyncio
import contextlib
import signal
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from skerry.http import Limits

from .app import Application
from .runner import AppRunner
from .sites import BaseSite, SockSite, TCPSite

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def run_app(
    app: Application | Awaitable[Application],
    *,
    host: str | Iterable[str] | None = None,
    port: int | None = None,
    sock: socket.socket | Iterable[socket.socket] | None = None,
    ssl_context: ssl.SSLContext | None = None,
    shutdown_timeout: float = 60.0,
    keepalive_timeout: float = 75.0,
    print: Callable[..., None] | None = print,
    backlog: int = 128,
    handle_signals: bool = True,
    reuse_address: bool | None = None,
    reuse_port: bool | None = None,
    limits: Limits | None = None,
    loop: asyncio.AbstractEventLoop | None = None,
    loop_factory: LoopFactory | None = None,
) -> None:
    """Serve an application until SIGINT or SIGTERM, then stop gracefully and return.

    Args:
        app: The application, or an awaitable that makes it; it is awaited on the loop that serves.
        host: Names or addresses; None for every interface (unless ``sock`` is given).
        port: Port; None for 8080, or 8443 with TLS; 0 for one that the kernel picks.
        sock: Sockets that are bound already.
        ssl_context: TLS settings; None for plain text.
        shutdown_timeout: Seconds that handlers may go on after the signal.
        keepalive_timeout: Seconds that an idle connection is kept.
        print: Shows where it listens; None for silence.
        backlog: Connections that the kernel keeps waiting at each site.
        handle_signals: False leaves the signals to the program.
        reuse_address: Whether a port in TIME_WAIT can be taken; None for the habit of the platform.
        reuse_port: Whether several processes may share the port.
        limits: Bounds of every connection; None for the default ones.
        loop: Event loop to use; it is closed at the end.
        loop_factory: Makes the event loop; None for uvloop when it is installed, else that of asyncio.

    Raises:
        OSError: A place to listen at is taken or not to be had; the text names it.
        ValueError: ``loop`` and ``loop_factory`` are both given.
    """
    if loop is not None and loop_factory is not None:
        raise ValueError("loop and loop_factory are given, expected one of them")
    given = loop

    async def main() -> None:
        stopped = asyncio.Event()
        release = _catch_signals(stopped) if handle_signals else None
        runner = AppRunner(
            app if isinstance(app, Application) else await app,
            limits=limits,
            keepalive_timeout=keepalive_timeout,
            shutdown_timeout=shutdown_timeout,
        )
        await runner.setup()
        try:
            options: dict[str, Any] = {"ssl_context": ssl_context, "backlog": backlog}
            sites = _make_sites(runner, host, port, sock, reuse_address, reuse_port, options)
            for site in sites:
                await site.start()
            if print is not None:
                names = ", ".join(site.name for site in sites)
                print(f"======== Running on {names} ========\n(Press CTRL+C to quit)", flush=True)
            await stopped.wait()
        finally:
            await runner.cleanup()
            if release is not None:
                release()

    factory = loop_factory or pick_loop_factory() if given is None else lambda: given
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=factory) as asyncio_runner:
        asyncio_runner.run(main())


def pick_loop_factory() -> LoopFactory | None:
    """Return what makes an event loop of uvloop when it is installed, else None."""
    try:
        import uvloop  # noqa: PLC0415  an optional dependency
    except ImportError:
        return None
    return uvloop.new_event_loop


def _make_sites(
    runner: AppRunner,
    host: str | Iterable[str] | None,
    port: int | None,
    sock: socket.socket | Iterable[socket.socket] | None,
    reuse_address: bool | None,
    reuse_port: bool | None,
    options: dict[str, Any],
) -> list[BaseSite]:
    hosts: list[str | None] = []
    if isinstance(host, str):
        hosts.append(host)
    elif host is not None:
        hosts.extend(host)
    elif sock is None or port is not None:
        hosts.append(None)
    sites: list[BaseSite] = [
        TCPSite(runner, each, port, reuse_address=reuse_address, reuse_port=reuse_port, **options) for each in hosts
    ]
    if sock is not None:
        sites.extend(
            SockSite(runner, each, **options) for each in ([sock] if isinstance(sock, socket.socket) else sock)
        )
    return sites


def _catch_signals(stopped: asyncio.Event) -> Callable[[], None] | None:
    """Set the event at SIGINT and SIGTERM; return what undoes it, or None where the platform cannot."""
    loop = asyncio.get_running_loop()
    caught: list[signal.Signals] = []

    def release() -> None:
        for each in caught:
            loop.remove_signal_handler(each)

    try:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stopped.set)
            caught.append(each)
    except (NotImplementedError, ValueError, RuntimeError):  # Windows, or not the main thread
        release()
        return None
    return release
