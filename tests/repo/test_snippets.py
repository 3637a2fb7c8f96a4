"""The snippets of every README and of the docs run as they are written; the examples, too."""

import subprocess
import sys
import urllib.request
from contextlib import ExitStack

import pytest

from snippets import Snippet, run, served, snippets_of
from workspace import ROOT

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md")), *sorted(ROOT.glob("docs/**/*.md"))]
SNIPPETS = {page: found for page in PAGES if (found := snippets_of(page))}
NAMES = {page: str(page.relative_to(ROOT)) for page in SNIPPETS}


def test_the_readme_shows_a_server_and_a_client() -> None:
    kinds = [(snippet.serves, snippet.fetches) for snippet in SNIPPETS[ROOT / "README.md"]]
    assert kinds == [(True, False), (False, True)]
    assert all(len(snippet.code.splitlines()) <= 15 for snippet in SNIPPETS[ROOT / "README.md"])


def test_the_readme_has_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "\npython3 -m pip install hatch && hatch run demo\n" in text
    assert "\npython3 -m pip install tox && tox\n" in text


@pytest.mark.parametrize("page", SNIPPETS, ids=NAMES.get)
def test_snippets_of_the_page_run(page: object) -> None:
    found: list[Snippet] = SNIPPETS[page]  # type: ignore[index]
    with ExitStack() as running:
        port = 0
        for snippet in found:
            if snippet.serves:
                port = running.enter_context(served(snippet))
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/Ada", timeout=5) as response:
                    assert response.read() == b"Hello, Ada!"
            else:
                assert port or not snippet.fetches, f"{page}:{snippet.line} fetches before a snippet serves"
                output = run(snippet, port)
                assert not snippet.fetches or output, f"{page}:{snippet.line} prints nothing"


def test_the_demo_shows_what_came_back_and_ends() -> None:
    command = [sys.executable, "-W", "error", str(ROOT / "examples/demo.py")]
    done = subprocess.run(command, check=False, capture_output=True, timeout=15)
    output = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
    assert "serving on http://127.0.0.1:" in output
    assert "1 times 200 Hello, Anonymous!" in output
    assert "20 times 200 Hello, Ada!" in output
    assert "100 requests" in output


def test_the_example_serves_until_it_is_stopped() -> None:
    code = (ROOT / "examples/hello.py").read_text("utf-8")
    with (
        served(Snippet(ROOT / "examples/hello.py", 1, code)) as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response,
    ):
        assert response.read() == b"Hello, Anonymous!"
