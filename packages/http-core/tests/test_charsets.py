"""Names of character sets: which may be given to Python, and that each of these is what it claims to be."""

import encodings

import pytest

from skerry.http.charsets import find_charset


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        pytest.param("utf-8", "utf_8", id="rfc8187-3.2-utf-8"),
        pytest.param("UTF8", "utf_8", id="alias"),
        pytest.param(" Utf-8\t", "utf_8", id="space-and-case"),
        pytest.param("ISO-8859-1", "latin_1", id="latin-1"),
        pytest.param("us-ascii", "ascii", id="ascii"),
        pytest.param("windows-1252", "cp1252", id="windows"),
        pytest.param("koi8-r", "koi8_r", id="known-by-module"),
        pytest.param("Shift_JIS", "shift_jis", id="japanese"),
        pytest.param("utf-16le", "utf_16_le", id="utf-16"),
    ],
)
def test_a_charset_is_known_by_its_names(name: str, codec: str) -> None:
    assert find_charset(name) == codec


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nonsense",
        "idna",
        "punycode",
        "utf-7",
        "unicode_escape",
        "raw-unicode-escape",
        "zip",
        "zlib_codec",
        "base64",
        "rot13",
        "hex",
        "undefined",
        "mbcs",
        "utf-8\0",
        "utf-8\n",
        "../os",
        "\uff55tf-8",
        "\u212aoi8-r",
        "utf-8" * 20,
    ],
)
def test_what_is_no_charset_of_text_is_not_found(name: str) -> None:
    assert find_charset(name) is None


def test_every_charset_that_is_found_decodes_octets_to_text() -> None:
    found = {codec for alias in encodings.aliases.aliases if (codec := find_charset(alias))}
    assert len(found) > 80
    for codec in found:
        assert isinstance(b"a\0\0\0".decode(codec, "replace"), str)


def test_a_name_from_a_peer_does_not_reach_the_registry_of_python() -> None:
    before = len(encodings._cache)
    assert [find_charset(f"made-up-{number}") for number in range(100)] == [None] * 100
    assert len(encodings._cache) == before
