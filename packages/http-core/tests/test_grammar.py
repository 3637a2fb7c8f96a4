"""The grammar of small parts of a head, on octets alone."""

import pytest

from skerry.http.grammar import MAX_LENGTH, is_authority, is_target, is_token, lower_ascii, parse_length, split_list

TOKEN_OCTETS = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def test_a_token_is_made_of_tchar() -> None:
    for octet in range(256):
        assert is_token(bytes([octet])) is (octet in TOKEN_OCTETS)


def test_a_token_has_at_least_one_octet_and_nothing_behind_it() -> None:
    assert not is_token(b"")
    assert not is_token(b"a\n")
    assert not is_token(b"a b")


def test_a_host_is_made_of_the_octets_of_rfc_3986() -> None:
    for octet in range(256):
        allowed = octet in b"-._~!$&'()*+,;=" or (chr(octet).isascii() and chr(octet).isalnum())
        raw = b"a%cb" % octet
        assert is_authority(raw) is allowed


@pytest.mark.parametrize(
    ("raw", "field", "uri", "connect"),
    [
        pytest.param(b"", True, False, False, id="rfc9112-3.2-empty-host-in-the-field-alone"),
        pytest.param(b":80", True, False, False, id="rfc9110-4.2.1-port-without-host"),
        pytest.param(b"h", True, True, False, id="host"),
        pytest.param(b"h:", True, True, False, id="empty-port"),
        pytest.param(b"h:1", True, True, True, id="port"),
        pytest.param(b"[::]:1", True, True, True, id="ipv6"),
        pytest.param(b"h:65536", False, False, False, id="port-too-great"),
        pytest.param(b"h\n", False, False, False, id="line-end"),
        pytest.param(b"[::]\n", False, False, False, id="line-end-after-ipv6"),
        pytest.param(b"h:1\n", False, False, False, id="line-end-after-port"),
    ],
)
def test_host_and_port_must_be_there_where_the_place_asks_for_them(
    raw: bytes, field: bool, uri: bool, connect: bool
) -> None:
    assert is_authority(raw) is field
    assert is_authority(raw, needs_host=True) is uri
    assert is_authority(raw, needs_host=True, needs_port=True) is connect


@pytest.mark.parametrize(
    ("method", "raw", "fits"),
    [
        pytest.param("GET", b"/", True, id="rfc9112-3.2.1-origin"),
        pytest.param("GET", b"", False, id="rfc9112-3.2.1-empty"),
        pytest.param("GET", b"*", False, id="rfc9112-3.2.4-asterisk"),
        pytest.param("OPTIONS", b"*", True, id="rfc9112-3.2.4-options"),
        pytest.param("OPTIONS", b"**", False, id="rfc9112-3.2.4-two"),
        pytest.param("GET", b"HTTPS://h?q", True, id="rfc9112-3.2.2-query"),
        pytest.param("GET", b"1http://h/", False, id="rfc3986-3.1-scheme-starts-with-letter"),
        pytest.param("GET", b"mailto:a", False, id="no-authority"),
        pytest.param("GET", b"h:80", False, id="rfc9112-3.2.3-authority-without-connect"),
        pytest.param("CONNECT", b"h:80", True, id="rfc9112-3.2.3-connect"),
        pytest.param("CONNECT", b"/", False, id="rfc9112-3.2.3-path"),
        pytest.param("CONNECT", b"*", False, id="rfc9112-3.2.3-asterisk"),
    ],
)
def test_a_target_has_the_form_that_its_method_asks_for(method: str, raw: bytes, fits: bool) -> None:
    assert is_target(method, raw) is fits


@pytest.mark.parametrize(
    ("raw", "length"),
    [
        pytest.param(b"0", 0, id="zero"),
        pytest.param(b"007", 7, id="rfc9110-8.6-leading-zeros"),
        pytest.param(b"9223372036854775807", MAX_LENGTH, id="greatest"),
        pytest.param(b"9223372036854775808", -1, id="one-above"),
        pytest.param(b"00000000000000000001", -1, id="more-digits-than-the-greatest"),
        pytest.param(b"", -1, id="empty"),
        pytest.param(b"+1", -1, id="sign"),
        pytest.param(b"-0", -1, id="minus-zero"),
        pytest.param(b"1_0", -1, id="underscore"),
        pytest.param(b"1 ", -1, id="space"),
        pytest.param(b"1\n", -1, id="line-end"),
        pytest.param(b"0x1", -1, id="hexadecimal"),
        pytest.param(b"1.0", -1, id="fraction"),
        pytest.param(b"1,1", -1, id="list"),
        pytest.param("\u0661".encode(), -1, id="arabic-digit"),
        pytest.param(b"\xb2", -1, id="superscript-two"),
    ],
)
def test_a_length_is_ascii_digits(raw: bytes, length: int) -> None:
    assert parse_length(raw) == length


@pytest.mark.parametrize(
    ("raw", "members"),
    [
        pytest.param(b"", [], id="rfc9110-5.6.1-empty"),
        pytest.param(b"A", [b"a"], id="one"),
        pytest.param(b" a ,\tB\t", [b"a", b"b"], id="white-space"),
        pytest.param(b",, a,,b ,", [b"a", b"b"], id="rfc9110-5.6.1.2-empty-members"),
        pytest.param(b"a b", [b"a b"], id="inner-space-separates-nothing"),
        pytest.param(b"\x0ba", [b"\x0ba"], id="vertical-tab-is-no-white-space"),
        pytest.param(b"\xc5\xbf", [b"\xc5\xbf"], id="long-s-stays"),
    ],
)
def test_a_list_is_cut_at_commas(raw: bytes, members: list[bytes]) -> None:
    assert split_list(raw) == members


@pytest.mark.parametrize(
    ("text", "lower"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("AbZ[@{09", "abz[@{09", id="ascii"),
        pytest.param("K\u212a\u0130\xc4Z", "k\u212a\u0130\xc4z", id="other-letters-stay"),
    ],
)
def test_only_ascii_letters_get_lower_case(text: str, lower: str) -> None:
    assert lower_ascii(text) == lower
