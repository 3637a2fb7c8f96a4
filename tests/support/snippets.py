"""The Python snippets of a Markdown page, and how they are run."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PORT = "8080"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Snippet:
    """A fenced block of a page."""

    page: Path
    """The Markdown file."""
    line: int
    """Line of the page that it starts on."""
    code: str
    """The program."""

    @property
    def serves(self) -> bool:
        """True for a program that runs until it is stopped."""
        return "run_app(" in self.code

    @property
    def fetches(self) -> bool:
        """True for a program that needs the server of its page."""
        return f":{PORT}/" in self.code


def snippets_of(page: Path) -> list[Snippet]:
    """Return the snippets of a page in order."""
    text = page.read_text("utf-8")
    return [Snippet(page, text.count("\n", 0, match.start(1)) + 1, match[1]) for match in FENCE.finditer(text)]


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def command(code: str, port: int) -> list[str]:
    """Return the command that runs a snippet as it is written, but on another port."""
    return [sys.executable, "-W", "error", "-c", code.replace(PORT, str(port))]


@contextmanager
def served(snippet: Snippet) -> Iterator[int]:
    """Run a snippet that serves, give its port once it listens, and end it as Ctrl-C does.

    Raises:
        AssertionError: It ended by itself, did not listen in time, or did not end cleanly.
    """
    port = free_port()
    with subprocess.Popen(command(snippet.code, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            await_listener(process, port)
            yield port
            process.send_signal(2)
            output = process.communicate(timeout=WAIT_S)[0].decode()
            assert process.returncode == 0, output
            assert "Traceback" not in output, output
        finally:
            process.kill()


def await_listener(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until somebody listens on ``port``."""
    deadline = time.monotonic() + WAIT_S
    while True:
        assert process.poll() is None, process.communicate()[0].decode()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens after {WAIT_S} s"
            time.sleep(0.02)
        else:
            return


def run(snippet: Snippet, port: int) -> str:
    """Run a snippet that ends by itself and return what it printed.

    Raises:
        AssertionError: It failed or did not end in time.
    """
    done = subprocess.run(command(snippet.code, port), check=False, capture_output=True, timeout=WAIT_S)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b"", done.stderr.decode()
    return done.stdout.decode()
