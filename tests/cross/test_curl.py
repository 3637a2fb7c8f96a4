"""curl fetches from the server."""

import asyncio
import shutil
from pathlib import Path

import pytest

CURL = shutil.which("curl")
pytestmark = pytest.mark.skipif(CURL is None, reason="curl is not installed")


async def curl(*arguments: str, data: bytes | None = None) -> tuple[str, str]:
    """Run curl verbosely and return what it printed: the body, and what it tells of the exchange."""
    process = await asyncio.create_subprocess_exec(
        str(CURL),
        *("--silent", "--verbose", "--show-error", "--max-time", "20", "--noproxy", "*", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, told = await process.communicate(data)
    assert process.returncode == 0, told.decode()
    return out.decode(), told.decode().replace("\r", "")


async def test_a_greeting(base: str) -> None:
    out, told = await curl(f"{base}/hello/Ada")
    assert out == "Hello, Ada!"
    assert "< HTTP/1.1 200 OK\n" in told
    assert "< Content-Type: text/plain; charset=utf-8\n" in told
    assert "< Content-Length: 11\n" in told


async def test_two_fetches_share_a_connection(base: str) -> None:
    out, told = await curl(f"{base}/port", f"{base}/port")
    assert len(out) % 2 == 0
    assert out[: len(out) // 2] == out[len(out) // 2 :]
    assert "Re-using existing connection" in told


async def test_head_has_the_length_and_leaves_the_connection_open(base: str) -> None:
    out, told = await curl("--head", f"{base}/hello/Ada", "--next", f"{base}/hello/Eve")
    assert "Content-Length: 11" in out
    assert out.endswith("Hello, Eve!")
    assert told.count("< HTTP/1.1 200 OK\n") == 2


@pytest.mark.parametrize("path", ["/echo", "/echo-stream"])
async def test_a_chunked_upload_comes_back(base: str, tmp_path: Path, path: str) -> None:
    body = b"0123456789abcdef" * 65_536
    out, told = await curl(
        *("--request", "POST", "--header", "Transfer-Encoding: chunked", "--upload-file", "-", base + path), data=body
    )
    assert "> Transfer-Encoding: chunked\n" in told
    assert out.encode() == body


async def test_an_upload_waits_for_100_continue(base: str) -> None:
    _, told = await curl("--header", "Expect: 100-continue", "--data-binary", "abc", f"{base}/echo")
    assert told.index("> Expect: 100-continue\n") < told.index("< HTTP/1.1 100 Continue\n")
    assert told.index("< HTTP/1.1 100 Continue\n") < told.index("< HTTP/1.1 200 OK\n")


async def test_an_upload_to_nowhere_is_not_sent(base: str) -> None:
    out, told = await curl("--header", "Expect: 100-continue", "--data-binary", "abc", f"{base}/nowhere/at/all")
    assert out == "404: Not Found"
    assert "100 Continue" not in told


async def test_another_expectation_fails(base: str) -> None:
    out, _ = await curl("--header", "Expect: tea", "--data-binary", "abc", f"{base}/echo")
    assert out.startswith("417: ")


async def test_a_stream_comes_chunked_and_for_http_1_0_until_the_end(base: str) -> None:
    out, told = await curl(f"{base}/big")
    assert len(out) == 3_000_000
    assert "< Transfer-Encoding: chunked\n" in told
    out, told = await curl("--http1.0", f"{base}/big")
    assert len(out) == 3_000_000
    assert "Transfer-Encoding" not in told


async def test_a_query_and_fields_arrive(base: str) -> None:
    out, _ = await curl("--get", "--data-urlencode", "q=a b&c", "--header", "X-Test: välue", f"{base}/describe")
    assert '"q": "a b&c"' in out
    assert '"x-test": "v\\u00e4lue"' in out
