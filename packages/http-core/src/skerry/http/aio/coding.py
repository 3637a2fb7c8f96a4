"""Content codings beside an event loop: small steps are done at once, large ones in a thread.

The libraries let go of the interpreter while they work, so a thread is a second core, and the loop goes on meanwhile.
To hand a step over and take its result costs 30 to 70 µs; inflating 16 KiB of gzip to 64 KiB, or deflating 16 KiB,
costs 150 to 200 µs. Below that size a thread costs more than it gives; above it the loop would stand still too long.

There is never more than one step of a coder under way.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor

from ..coding import STEP_OCTETS, Decoder, Encoder
from ..events import Data, EndOfMessage
from ..exchange import BodyFeed, BytesLike

__all__ = ["AsyncEncoder", "DecodedFeed"]

DECODE_INLINE_OCTETS = 16384
"""Octets of coded input up to which a step is done at once."""
DECODE_INLINE_STEP = 65536
"""Octets that such a step hands out at the most; when it leaves more behind, the next ones are done in a thread."""
ENCODE_INLINE_OCTETS = 16384
"""Octets up to which a piece is encoded at once."""

_Outcome = tuple[bytes, Exception | None]


class DecodedFeed:
    """The body of an exchange with its content codings undone; a ``BodyFeed`` as well.

    It pulls from the exchange only when the decoder has nothing more to give: a piece of what came is held at a time,
    and a reader that stops reading stops the peer. A step hands out at most ``STEP_OCTETS``.

    The end of an HTTP chunk is reported behind everything that its octets have made, alone if they have made nothing.
    Trailers come as they are.

    Args:
        feed: The exchange, or another ``BodyFeed``. Nobody else may read from it.
        decoder: A fresh decoder for its codings.
        executor: Where large steps are done; None for the default executor of the loop.
        inline_octets: Octets of coded input up to which a step is done at once; 0 for none.
    """

    def __init__(
        self,
        feed: BodyFeed,
        decoder: Decoder,
        *,
        executor: Executor | None = None,
        inline_octets: int = DECODE_INLINE_OCTETS,
    ) -> None:
        self._feed = feed
        self._decoder = decoder
        self._executor = executor
        self._inline_octets = inline_octets
        self._step: asyncio.Future[_Outcome] | None = None
        self._found: Data | EndOfMessage | Exception | None = None  # by a wait, for the next receive
        self._is_behind = False  # the last step left more behind, so the next one is large
        self._chunk_ends = False  # with the octets fed last
        self._is_awaited = False
        self.total_raw_bytes = 0
        """Coded octets taken from the exchange so far."""

    def receive_nowait(self) -> Data | EndOfMessage | None:
        """Take the next piece of the decoded body, the end of the message, or None when it must be waited for.

        Raises:
            RemoteProtocolError: The peer broke the framing or the coding, or a limit is exceeded.
            ConnectionResetError: The connection is gone before the end of the message.
        """
        found, self._found = self._found, None
        if found is None:
            return self._advance()
        if isinstance(found, Exception):
            raise found
        return found

    async def wait_readable(self) -> None:
        """Wait until ``receive_nowait`` has something to give or to raise.

        Raises:
            RuntimeError: Another task waits already.

        Cancellation:
            Nothing is lost: a step under way in a thread goes on, and the next call takes what it has made.
        """
        if self._is_awaited:
            raise RuntimeError("another task waits for this body already")
        self._is_awaited = True
        try:
            while self._found is None:
                try:
                    self._found = self._advance()
                except Exception as error:
                    self._found = error
                if self._found is None:
                    await self._wait()
        finally:
            self._is_awaited = False

    def _advance(self) -> Data | EndOfMessage | None:
        """Do what can be done at once."""
        decoder = self._decoder
        if self._step is not None:
            if not self._step.done():
                return None
            data = self._take_step(self._step)
            if data:
                return self._piece(data)
        while True:
            if decoder.needs_input:
                self._is_behind = False
                if self._chunk_ends:
                    return self._piece(b"")
                event = self._feed.receive_nowait()
                if event is None:
                    return None
                if isinstance(event, EndOfMessage):
                    decoder.finish()
                    return event
                self._take(event)
                continue
            if self._is_large():
                return None
            data = decoder.read(DECODE_INLINE_STEP)
            self._is_behind = not decoder.needs_input
            if data:
                return self._piece(data)

    def _take(self, event: Data) -> None:
        self.total_raw_bytes += len(event.data)
        self._chunk_ends = event.chunk_end
        self._decoder.feed(event.data)

    def _piece(self, data: bytes) -> Data:
        """Make the next piece; it ends the chunk when the octets of the chunk are used up."""
        ends = self._chunk_ends and self._decoder.needs_input
        if ends:
            self._chunk_ends = False
        return Data(data, ends)

    def _is_large(self) -> bool:
        return self._is_behind or self._decoder.pending_octets > self._inline_octets or not self._inline_octets

    async def _wait(self) -> None:
        """Wait for what the next step needs: a thread, or the exchange."""
        if self._step is None and not self._decoder.needs_input:
            loop = asyncio.get_running_loop()
            self._step = loop.run_in_executor(self._executor, _attempt, self._read)
        if self._step is not None:
            await asyncio.shield(self._step)
        else:
            await self._feed.wait_readable()

    def _read(self) -> bytes:
        return self._decoder.read(STEP_OCTETS)

    def _take_step(self, step: asyncio.Future[_Outcome]) -> bytes:
        data, error = step.result()
        self._step = None
        if error is not None:
            raise error
        self._is_behind = not self._decoder.needs_input
        return data


class AsyncEncoder:
    """An encoder whose large steps are done in a thread. One task at a time may use it.

    Args:
        encoder: A fresh encoder.
        executor: Where large steps are done; None for the default executor of the loop.
        inline_octets: Octets up to which a piece is encoded at once; 0 for none.
    """

    def __init__(
        self, encoder: Encoder, *, executor: Executor | None = None, inline_octets: int = ENCODE_INLINE_OCTETS
    ) -> None:
        self._encoder = encoder
        self._executor = executor
        self._inline_octets = inline_octets
        self._work: deque[tuple[Callable[[], bytes], int]] = deque()
        self._step: asyncio.Future[_Outcome] | None = None
        self._made: list[bytes] = []
        self._kept = 0  # octets taken since the last flush: what a flush has to work on
        self._is_busy = False

    async def encode(self, data: BytesLike) -> bytes:
        """Take the next octets of the body and return coded octets, as far as there are any yet.

        Raises:
            RuntimeError: The body was finished, or another task uses the encoder.

        Cancellation:
            The octets were accepted; what they make comes out of the next call.
        """
        size = len(data) if isinstance(data, bytes) else memoryview(data).nbytes
        # A thread may still be at work when a cancelled caller writes into its buffer again.
        octets = bytes(data) if size > self._inline_octets else data
        self._kept += size
        return await self._run(lambda: self._encoder.encode(octets), size)

    async def flush(self) -> bytes:
        """Return what is kept back, so that all octets given so far can be decoded by the peer.

        Raises:
            RuntimeError: The body was finished, or another task uses the encoder.

        Cancellation:
            What was kept back comes out of the next call.
        """
        size, self._kept = self._kept, 0
        return await self._run(self._encoder.flush, size)

    async def finish(self) -> bytes:
        """Return the last coded octets; to be called once, also for an empty body.

        Raises:
            RuntimeError: The body was finished, or another task uses the encoder.

        Cancellation:
            The body is finished; its last octets are lost.
        """
        size, self._kept = self._kept, 0
        return await self._run(self._encoder.finish, size)

    async def _run(self, work: Callable[[], bytes], size: int) -> bytes:
        """Do what was left by cancelled calls and then ``work``, one after the other; return what all have made."""
        if self._is_busy:
            raise RuntimeError("another task uses this encoder")
        self._work.append((work, size))
        self._is_busy = True
        try:
            while self._step is not None or self._work:
                if self._step is None:
                    self._start(*self._work.popleft())
                if self._step is not None:
                    await asyncio.shield(self._step)
                    self._take_step(self._step)
        finally:
            self._is_busy = False
        coded = b"".join(self._made)
        self._made.clear()
        return coded

    def _start(self, work: Callable[[], bytes], size: int) -> None:
        if size <= self._inline_octets:
            self._made.append(work())
        else:
            self._step = asyncio.get_running_loop().run_in_executor(self._executor, _attempt, work)

    def _take_step(self, step: asyncio.Future[_Outcome]) -> None:
        coded, error = step.result()
        self._step = None
        if error is not None:
            raise error
        self._made.append(coded)


def _attempt(work: Callable[[], bytes]) -> _Outcome:
    """Do a step in a thread; an error comes back as a value, so that a step nobody waits for any more ends quietly."""
    try:
        return work(), None
    except Exception as error:
        return b"", error
