"""One plain look at a server before it is measured: the answer must be right, or its speed says nothing."""

import http.client

from .errors import BenchError

_TIMEOUT_S = 5.0


def check_answer(port: int, method: str, path: str, *, sent: bytes | None, expected: bytes) -> None:
    """Ask a server on 127.0.0.1 twice on one connection and compare the answers.

    Args:
        port: Where it listens.
        method: Method of the request.
        path: Target of the request.
        sent: Body of the request, or None.
        expected: Body that must come back with status 200.

    Raises:
        BenchError: Another answer came, the server closed the connection between the two, or there is no server.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    try:
        for _ in range(2):
            connection.request(method, path, body=sent)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200 or body != expected:
                raise BenchError(
                    f"{method} {path}: got {response.status} {body[:64]!r}, expected 200 {expected[:64]!r}"
                )
            if response.will_close:
                raise BenchError(f"{method} {path}: the server closes the connection after each answer")
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"{method} {path}: {type(error).__name__}: {error}") from error
    finally:
        connection.close()
