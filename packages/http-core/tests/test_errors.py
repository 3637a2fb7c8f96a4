"""The error tree: who is caught by what, what is kept of the peer's data, what the text says."""

import ast
import pickle
from pathlib import Path

import pytest

import skerry.http
from skerry.http import LocalProtocolError, ProtocolError, RemoteProtocolError, SkerryError
from skerry.http.errors import SEEN_LIMIT, STATUS_HINTS


def make(kind: type[ProtocolError] = RemoteProtocolError, **facts: object) -> ProtocolError:
    return kind("bad-field-name", where="header line 3", **facts)  # type: ignore[arg-type]


def test_every_error_of_the_protocol_is_a_skerry_error() -> None:
    assert issubclass(ProtocolError, SkerryError)
    assert issubclass(LocalProtocolError, ProtocolError)
    assert issubclass(RemoteProtocolError, ProtocolError)


def test_only_a_local_error_is_a_value_error() -> None:
    assert issubclass(LocalProtocolError, ValueError)
    assert not issubclass(RemoteProtocolError, ValueError)


@pytest.mark.parametrize("kind", [LocalProtocolError, RemoteProtocolError])
def test_an_error_survives_pickling_with_all_its_facts(kind: type[ProtocolError]) -> None:
    error = make(kind, problem="name contains", seen=b" ", expected="a token")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
    assert copy.args == error.args


def test_the_text_says_where_what_was_seen_and_what_was_expected() -> None:
    error = make(problem="name contains", seen=b" ", expected="a token")
    assert str(error) == "header line 3: name contains b' ' (0x20), expected a token"


def test_the_text_of_a_missing_thing_shows_no_data() -> None:
    error = RemoteProtocolError("missing-host", where="request head", problem="no Host field")
    assert str(error) == "request head: no Host field"


@pytest.mark.parametrize("seen", [b"x" * 100_000, bytearray(b"x" * 100_000), memoryview(b"x" * 100_000), "x" * 100_000])
def test_no_more_than_the_limit_of_the_peers_data_is_kept(seen: bytes | str) -> None:
    error = make(seen=seen)
    assert len(error.seen) == SEEN_LIMIT
    assert len(str(error)) < SEEN_LIMIT + 100
    assert isinstance(error.seen, bytes | str)


def test_octets_outside_of_ascii_are_escaped_in_the_text() -> None:
    assert str(make(seen=b"\x1b[31m\xff\n")).isprintable()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        pytest.param("bad-method", 400, id="rfc9112-3-malformed"),
        pytest.param("target-too-long", 414, id="rfc9110-15.5.15"),
        pytest.param("unsupported-version", 505, id="rfc9110-15.6.6"),
        pytest.param("too-many-fields", 431, id="rfc6585-5"),
        pytest.param("body-too-long", 413, id="rfc9110-15.5.14"),
        pytest.param("unknown-transfer-coding", 501, id="rfc9112-6.1"),
    ],
)
def test_the_status_hint_is_the_one_of_the_rfc(code: str, status: int) -> None:
    assert RemoteProtocolError(code, where="here").status_hint == status


def test_every_status_hint_is_an_error_status() -> None:
    assert {status for status in STATUS_HINTS.values() if not 400 <= status <= 599} == set()


def test_codes_are_lower_case_words_with_hyphens() -> None:
    assert [code for code in STATUS_HINTS if not code.replace("-", "").isalpha() or code != code.lower()] == []


def codes_in_sources() -> set[str]:
    """Return the codes that stand as text in the sources of the package, outside of the table itself."""
    folder = Path(skerry.http.__file__).parent
    return {
        node.value
        for path in folder.rglob("*.py")
        if path != folder / "errors.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in STATUS_HINTS
    }


def test_every_code_of_the_table_is_raised_somewhere() -> None:
    assert set(STATUS_HINTS) - codes_in_sources() == set()


def test_an_error_with_an_unknown_code_cannot_say_its_status() -> None:
    with pytest.raises(KeyError):
        _ = RemoteProtocolError("no-such-code", where="here").status_hint
