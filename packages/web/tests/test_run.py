"""run_app in a process of its own, ended by signals."""

import asyncio
import signal
import socket
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from skerry import web
from skerry.web.run import pick_loop_factory

PROGRAM = """
import asyncio
from skerry import web

async def handle(request):
    await asyncio.sleep(float(request.query.get("wait", 0)))
    return web.Response(text=f"Hello, {request.match_info.get('name', 'Anonymous')}!")

async def loop_name(request):
    return web.Response(text=type(asyncio.get_running_loop()).__module__)

async def ended(app):
    print("ended", flush=True)

app = web.Application()
app.on_cleanup.append(ended)
app.add_routes([web.get("/", handle), web.get("/loop", loop_name), web.get("/{name}", handle)])
"""


@contextmanager
def running(call: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the program with this last line; the value is the process and the URL it printed."""
    process = subprocess.Popen(
        [sys.executable, "-X", "dev", "-c", textwrap.dedent(PROGRAM) + call],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        banner = process.stdout.readline()
        assert process.stdout.readline() == "(Press CTRL+C to quit)\n", process.communicate()
        yield process, banner.removeprefix("======== Running on ").removesuffix(" ========\n")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        return str(response.read().decode())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    with running("web.run_app(app, host='127.0.0.1', port=0)") as (process, url):
        assert fetch(url) == "Hello, Anonymous!"
        assert fetch(url + "/Ada") == "Hello, Ada!"
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_a_request_that_runs_is_answered_before_the_end() -> None:
    with running("web.run_app(app, host='127.0.0.1', port=0)") as (process, url):
        port = int(url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:
            sock.sendall(b"GET /Ada?wait=0.5 HTTP/1.1\r\nHost: h\r\n\r\nx")
            fetch(url)
            process.terminate()
            data = b"".join(iter(lambda: sock.recv(65536), b""))
        out, err = process.communicate(timeout=10)
    assert data.endswith(b"\r\n\r\nHello, Ada!")
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_the_application_can_be_made_on_the_loop() -> None:
    call = textwrap.dedent("""
        async def make():
            await asyncio.sleep(0)
            return app

        web.run_app(make(), host=["127.0.0.1"], port=0)
    """)
    with running(call) as (_, url):
        assert fetch(url) == "Hello, Anonymous!"


def test_uvloop_is_used_when_it_is_there_unless_another_loop_is_asked_for() -> None:
    expected = "uvloop" if pick_loop_factory() else "asyncio.unix_events"
    with running("web.run_app(app, host='127.0.0.1', port=0)") as (_, url):
        assert fetch(url + "/loop") == expected
    call = "web.run_app(app, host='127.0.0.1', port=0, loop_factory=asyncio.new_event_loop)"
    with running(call) as (_, url):
        assert fetch(url + "/loop") == "asyncio.unix_events"
    with running("web.run_app(app, host='127.0.0.1', port=0, loop=asyncio.new_event_loop())") as (_, url):
        assert fetch(url + "/loop") == "asyncio.unix_events"


def test_several_places_are_all_named() -> None:
    call = textwrap.dedent("""
        import socket
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        web.run_app(app, host=["127.0.0.1", "127.0.0.2"], port=0, sock=sock)
    """)
    with running(call) as (_, urls):
        assert len(urls.split(", ")) == 3
        for url in urls.split(", "):
            assert fetch(url) == "Hello, Anonymous!"


def test_a_port_in_use_ends_it_with_one_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} of 127.0.0.1: Address already in use"):
            web.run_app(web.Application(), host="127.0.0.1", port=port, print=None)


def test_only_one_kind_of_loop_can_be_asked_for() -> None:
    loop = asyncio.new_event_loop()
    with pytest.raises(ValueError, match="one of them"):
        web.run_app(web.Application(), loop=loop, loop_factory=asyncio.new_event_loop)
    loop.close()


def test_it_can_be_stopped_from_within_without_signals() -> None:
    log: list[str] = []

    async def stop(app: web.Application) -> None:
        log.append("started")
        asyncio.get_running_loop().call_later(0.05, _interrupt)

    def _interrupt() -> None:
        raise KeyboardInterrupt

    async def ended(app: web.Application) -> None:
        log.append("ended")

    app = web.Application()
    app.on_startup.append(stop)
    app.on_cleanup.append(ended)
    web.run_app(app, host="127.0.0.1", port=0, handle_signals=False, print=lambda *lines, **_: log.extend(lines))
    assert log[0] == "started"
    assert log[1].startswith("======== Running on http://127.0.0.1:")
    assert log[2:] == ["ended"]
