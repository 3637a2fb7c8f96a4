from __future__ import annotations

import asyncio
import socket
import ssl
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from skerry.client import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientSession,
)
from skerry.client.pool.dial import DialOptions, default_context, dial, make_context
from skerry.client.pool.key import ConnectionKey
from skerry.http.aio import H1ClientConnection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conftest import ScriptedServer

    from skerry.http import ClientConnection

AUTHORITY = trustme.CA()


@pytest.fixture
async def tls_port() -> AsyncIterator[int]:
    """Port of a server that speaks TLS for ``localhost`` and says ``ok``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2", "http/1.1"])
    AUTHORITY.issue_cert("localhost").configure_cert(context)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    assert handler is not None

    def ignore_refused_handshakes(loop: asyncio.AbstractEventLoop, complaint: dict[str, Any]) -> None:
        if "incoming connection" not in complaint["message"]:
            handler(loop, complaint)

    loop.set_exception_handler(ignore_refused_handshakes)
    yield server.sockets[0].getsockname()[1]
    server.close()


def trusting() -> ssl.SSLContext:
    context = make_context(True)
    AUTHORITY.configure_trust(context)
    return context


async def connect(key: ConnectionKey, **options: Any) -> ClientConnection:
    return await dial(key, H1ClientConnection, DialOptions(**options), asyncio.get_running_loop())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_name_or_an_address_is_reached(server: ScriptedServer, host: str) -> None:
    connection = await connect(ConnectionKey(host, server.port, False))
    assert connection.is_open
    assert connection.capacity == 1
    connection.close()
    await connection.wait_closed()


async def test_addresses_are_tried_one_after_the_other(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(*args: Any, **options: Any) -> Any:
        stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*stream, ("127.0.0.1", 1)), (*stream, ("127.0.0.1", server.port))]

    class Loop:
        getaddrinfo = staticmethod(resolve)

        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio.get_running_loop(), name)

    loop: Any = Loop()
    for delay in (None, 0.25):
        options = DialOptions(happy_eyeballs_delay_s=delay)
        connection = await dial(ConnectionKey("a.test", 80, False), H1ClientConnection, options, loop)
        connection.close()
        await connection.wait_closed()
    assert server.accepted == 2


async def test_a_port_that_nobody_listens_on(server: ScriptedServer) -> None:
    await server.stop()
    with pytest.raises(ClientConnectorError, match=rf"127.0.0.1:{server.port}: TCP: ") as caught:
        await connect(ConnectionKey("127.0.0.1", server.port, False))
    assert isinstance(caught.value.os_error, ConnectionRefusedError)
    assert caught.value.errno == caught.value.os_error.errno


@pytest.mark.parametrize("host", ["nowhere.invalid", "x" * 64 + ".test"], ids=["unknown", "label-too-long"])
async def test_a_name_that_is_not_known(host: str) -> None:
    with pytest.raises(ClientConnectorDNSError, match=r":80: DNS: ."):
        await connect(ConnectionKey(host, 80, False))


async def test_tls_with_a_certificate_that_is_trusted(tls_port: int) -> None:
    async with ClientSession() as session:
        context = trusting()
        for _ in range(2):
            async with session.get(f"https://localhost:{tls_port}/", ssl=context) as response:
                assert await response.text() == "ok"
        connection = await connect(ConnectionKey("localhost", tls_port, True, context))
        info: Any = connection
        assert info.is_secure
        assert info.alpn_protocol == "http/1.1"
        connection.close()
        await connection.wait_closed()


async def test_tls_for_another_name(tls_port: int) -> None:
    key = ConnectionKey("127.0.0.1", tls_port, True, trusting())
    with pytest.raises(ClientConnectorCertificateError, match="TLS"):
        await connect(key)
    connection = await connect(key._replace(server_hostname="localhost"))
    connection.close()
    await connection.wait_closed()


async def test_tls_with_a_certificate_that_nobody_vouches_for(tls_port: int) -> None:
    with pytest.raises(ClientConnectorCertificateError, match="certificate") as caught:
        await connect(ConnectionKey("localhost", tls_port, True))
    assert caught.value.may_retry is False
    connection = await connect(ConnectionKey("localhost", tls_port, True, False))
    connection.close()
    await connection.wait_closed()


async def test_tls_with_a_server_that_speaks_none(server: ScriptedServer) -> None:
    async def script(talk: Any) -> None:
        await talk.reader.read(10)
        talk.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server.script = script
    with pytest.raises(ClientConnectorSSLError, match=f"127.0.0.1:{server.port}: TLS: "):
        await connect(ConnectionKey("127.0.0.1", server.port, True))


async def test_a_server_that_leaves_during_the_handshake(server: ScriptedServer) -> None:
    async def script(talk: Any) -> None:
        await talk.reader.read(10)

    server.script = script
    with pytest.raises(ClientConnectorError):
        await connect(ConnectionKey("127.0.0.1", server.port, True))


async def test_the_default_context_is_made_once_and_is_strict() -> None:
    loop = asyncio.get_running_loop()
    context = await default_context(True, loop)
    assert context is await default_context(True, loop)
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert not context.hostname_checks_common_name
    trusting_everybody = await default_context(False, loop)
    assert trusting_everybody is not context
    assert trusting_everybody.verify_mode == ssl.CERT_NONE
