"""Processes that are measured: started bound to a CPU, asked one question at a time, ended by their id.

A child speaks lines of JSON: one about itself when it is ready, then one for each question that it reads. It ends
when its standard input is closed, so none is left behind when the runner dies.
"""

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from .errors import BenchError
from .machine import pinned
from .measures import Measured

_ROOT = Path(__file__).resolve().parents[1]
_START_TIMEOUT_S = 20.0
_STOP_TIMEOUT_S = 5.0
_SPARE_S = 30.0

Clock = Literal["wall", "cpu"]


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What to run in a child."""

    candidate: str
    """Name in the tables and in errors."""
    role: str
    """``heads``, ``streams``, ``multiparts``, ``server`` or ``client``: what ``benches.child`` does with the peer."""
    peer: str
    """``module:attribute`` below ``benches.peers``."""
    interpreted: bool = False
    """True to run skerry from its Python source."""
    build: str = "compiled"
    """The build that the child must turn out to be: ``compiled`` or ``interpreted``."""


class Child:
    """A running peer.

    Args:
        spec: What to run.
        cpu: CPU to bind it to, or None.
        loop: Kind of event loop, ``asyncio`` or ``uvloop``.

    Raises:
        BenchError: It did not start, or is another build than ``spec.build``.
    """

    def __init__(self, spec: ChildSpec, cpu: int | None, loop: str) -> None:
        self._spec = spec
        self._rest = b""
        command = [sys.executable, "-m", "benches.child", spec.role, spec.peer, "--loop", loop]
        if spec.interpreted:
            command.append("--interpreted")
        self._process = subprocess.Popen(
            pinned(command, cpu),
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the runner, which then closes the line
        )
        try:
            hello = self._read(_START_TIMEOUT_S)
            self.port = int(str(hello.get("port", 0)))
            """Port on 127.0.0.1 that a server listens on; 0 for the other roles."""
            self.build = f"{hello['version']}, {hello['build']}"
            """Version and build, for the table."""
            self._check_build(str(hello["build"]))
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def measure(self, seconds: float, clock: Clock, **question: str) -> Measured:
        """Have the child work for about ``seconds`` and return what it did, its time taken by ``clock``.

        Raises:
            BenchError: The child failed, ended, or did not answer in time.
        """
        line = json.dumps({"seconds": seconds, "clock": clock, **question}).encode() + b"\n"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
        except BrokenPipeError:
            raise BenchError(f"{self._spec.candidate}: the process has ended") from None
        answer = self._read(seconds + _SPARE_S)
        return Measured(int(str(answer["count"])), float(str(answer["elapsed_s"])))

    def cpu_seconds(self) -> float:
        """Return the CPU time that the process has had, in steps of the kernel's tick (1/100 s as a rule).

        Raises:
            BenchError: The system does not tell (no ``/proc``), or the process has ended.
        """
        # fields 14 and 15 of proc(5), counted from after the name in parentheses
        ticks = self._proc("stat").rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def resident_octets(self) -> int:
        """Return the memory that the process holds in RAM.

        Raises:
            BenchError: The system does not tell (no ``/proc``), or the process has ended.
        """
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        """End the process: politely, then by force. Can be repeated."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _proc(self, name: str) -> str:
        """Return what the kernel says about the process."""
        try:
            return Path(f"/proc/{self.pid}/{name}").read_text(encoding="ascii", errors="replace")
        except OSError as error:
            raise BenchError(f"{self._spec.candidate}: the kernel does not tell: {error}") from error

    def _check_build(self, build: str) -> None:
        """Refuse a build that is not the one asked for: nobody shall measure the wrong thing."""
        if build == self._spec.build:
            return
        if self._spec.candidate.startswith("skerry"):
            raise BenchError(
                f"{self._spec.candidate} is {build} here, not {self._spec.build}: install the workspace with "
                "SKERRY_REQUIRE_EXTENSIONS=1, or ask for --pure"
            )
        raise BenchError(
            f"{self._spec.candidate} is {build} here, not {self._spec.build}: the comparison would be unfair"
        )

    def _read(self, timeout_s: float) -> dict[str, object]:
        """Return the next line of the child."""
        assert self._process.stdout is not None
        deadline = time.monotonic() + timeout_s
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise BenchError(f"{self._spec.candidate}: no answer within {timeout_s:g} s")
            piece = self._process.stdout.read(65536)
            if not piece:
                raise BenchError(f"{self._spec.candidate}: the process ended; its message stands above")
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, object] = json.loads(line)
        if "error" in answer:
            raise BenchError(f"{self._spec.candidate}: {answer['error']}")
        return answer
