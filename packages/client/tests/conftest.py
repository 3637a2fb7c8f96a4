"""Servers that say exactly what a test tells them to say."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from skerry.client import ClientSession

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable


class Conversation:
    """One connection, seen from the server."""

    def __init__(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.number = number
        self.reader = reader
        self.writer = writer

    async def head(self) -> bytes:
        """Return the next head of a request; ``b""`` when the client has left."""
        try:
            return await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return b""

    def say(self, raw: bytes) -> None:
        self.writer.write(raw)

    async def hear_end(self) -> bytes:
        """Return everything until the client leaves."""
        try:
            return await self.reader.read()
        except ConnectionResetError:
            return b""


class ScriptedServer:
    """A server on the loopback interface that follows a script for each connection."""

    def __init__(self) -> None:
        self.script: Callable[[Conversation], Awaitable[None]] = self._answer_all
        self.answers: list[bytes] = []
        self.heads: list[bytes] = []
        self.accepted = 0
        self._open = 0
        self._change = asyncio.Event()
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> int:
        """Connections that are open."""
        return self._open

    def _count(self, change: int) -> None:
        self._open += change
        self._change.set()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.accepted += 1
        self._count(1)
        try:
            await self.script(Conversation(self.accepted, reader, writer))
        except asyncio.CancelledError:
            pass
        finally:
            self._count(-1)
            self._tasks.discard(task)
            writer.close()

    async def _answer_all(self, talk: Conversation) -> None:
        """Give each request the next answer; the last one again and again."""
        while head := await talk.head():
            self.heads.append(head)
            talk.say(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    async def until_open(self, count: int) -> None:
        """Wait until as many connections are open."""
        while self._open != count:
            self._change.clear()
            await self._change.wait()

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    """A server that answers ``ok`` to everything until the test says otherwise."""
    server = ScriptedServer()
    server.answers = [OK]
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """A session that is closed after the test."""
    async with ClientSession() as session:
        yield session
