"""The look at a server before it is measured."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from benches.errors import BenchError
from benches.probe import check_answer


class Answer(BaseHTTPRequestHandler):
    """Answers GET with a constant; the path says what is wrong with it."""

    protocol_version = "HTTP/1.1"
    statuses: ClassVar[dict[str, int]] = {"/missing": 404}

    def do_GET(self) -> None:
        self.send_response(self.statuses.get(self.path, 200))
        self.send_header("Content-Length", "2")
        if self.path == "/closing":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"no" if self.path == "/other" else b"ok")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def server() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.01,)).start()
        try:
            yield listening.server_port
        finally:
            listening.shutdown()


def test_a_right_answer_passes() -> None:
    with server() as port:
        check_answer(port, "GET", "/", sent=None, expected=b"ok")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("/missing", "got 404", id="status"),
        pytest.param("/other", "got 200 b'no', expected 200 b'ok'", id="body"),
        pytest.param("/closing", "closes the connection", id="close"),
    ],
)
def test_a_wrong_answer_is_refused(path: str, message: str) -> None:
    with server() as port, pytest.raises(BenchError, match=message):
        check_answer(port, "GET", path, sent=None, expected=b"ok")


def test_no_server_is_an_error() -> None:
    with server() as port:
        pass
    with pytest.raises(BenchError, match="ConnectionRefusedError"):
        check_answer(port, "GET", "/", sent=None, expected=b"ok")
