"""The registry: names, aliases, order, own codings; libraries are imported when they are needed."""

import subprocess
import sys

import pytest

from codings import decoded
from skerry.http.coding import Coding, accept_encoding, available, find, make_decoder, register, registry
from skerry.http.coding.identity import IdentityDecoder, IdentityEncoder


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_codings", dict(registry._codings))


def coding_of(name: str, *aliases: str) -> Coding:
    return Coding(
        name=name,
        aliases=aliases,
        make_decoder=IdentityDecoder,
        make_encoder=lambda _level, _strategy: IdentityEncoder(),
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("gzip", "gzip", id="rfc9110-8.4.1.3"),
        pytest.param("x-gzip", "gzip", id="rfc9110-8.4.1.3-alias"),
        pytest.param("GZip", "gzip", id="rfc9110-8.4.1-any-case"),
        pytest.param("deflate", "deflate", id="rfc9110-8.4.1.2"),
        pytest.param("br", "br", id="rfc7932"),
        pytest.param("zstd", "zstd", id="rfc8878"),
        pytest.param("identity", "identity", id="rfc9110-12.5.3"),
    ],
)
def test_codings_are_found_by_name(name: str, found: str) -> None:
    coding = find(name)
    assert coding is not None
    assert coding.name == found


@pytest.mark.parametrize("name", ["", "compress", "gzip ", "gz\u0131p", "\u212a", "g\udcffip"])
def test_what_is_no_coding_is_not_found(name: str) -> None:
    assert find(name) is None


@pytest.mark.usefixtures("own_registry")
def test_a_kelvin_sign_is_no_k() -> None:
    register(coding_of("k"))
    assert find("K") is find("k") is not None
    assert find("\u212a") is None


def test_accept_encoding_names_what_is_there_in_a_fixed_order() -> None:
    assert available() == ("gzip", "deflate", "br", "zstd")
    assert accept_encoding() == "gzip, deflate, br, zstd"


@pytest.mark.usefixtures("own_registry")
def test_a_coding_of_ones_own_is_found_offered_and_used() -> None:
    register(coding_of("plain", "x-plain"))
    assert available()[-1] == "plain"
    assert "x-plain" not in accept_encoding()
    assert decoded(make_decoder("X-Plain, gzip"), []) == b""


@pytest.mark.usefixtures("own_registry")
def test_a_coding_can_be_replaced() -> None:
    register(coding_of("gzip"))
    assert decoded(make_decoder("gzip"), [b"as it is"]) == b"as it is"
    assert available()[0] == "gzip"


@pytest.mark.parametrize("name", ["", "G", "a b", "a,b", "\u0131", "a\n"])
def test_a_name_must_be_a_token_in_lower_case(name: str) -> None:
    for names in ((name,), ("fine", name)):
        with pytest.raises(ValueError, match="expected a token in lower case"):
            coding_of(*names)


def test_no_library_is_imported_before_it_is_needed() -> None:
    program = """
import sys
from skerry.http import coding
assert not {"brotli", "brotlicffi", "backports.zstd", "compression.zstd"} & set(sys.modules)
coding.make_decoder("gzip")
assert not {"brotli", "brotlicffi", "backports.zstd", "compression.zstd"} & set(sys.modules)
coding.make_decoder("br")
assert "brotli" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
