"""Tokens, quoted strings, parameters and lists."""

import pytest

from skerry.http import LocalProtocolError
from skerry.http.quoted import (
    format_parameters,
    is_token,
    quote,
    quote_if_needed,
    read_parameters,
    read_quoted,
    read_value,
    skip_space,
    skip_token,
    split_list,
)

TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("code", [*range(256), 0x130, 0x17F, 0x212A, 0x661, 0xDC80, 0x1F600])
def test_a_token_is_made_of_tchar_in_ascii(code: int) -> None:
    character = chr(code)
    assert is_token(character) is (character in TOKEN_CHARACTERS)
    assert skip_token(f"a{character}", 0) == 1 + (character in TOKEN_CHARACTERS)


def test_a_token_is_not_empty_and_has_no_line_end_behind_it() -> None:
    assert not is_token("")
    assert not is_token("a\n")


def test_space_is_spaces_and_tabs_alone() -> None:
    assert skip_space(" \t \x0ba", 0) == 3
    assert skip_space("a", 0) == 0
    assert skip_space("a", 5) == 1


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param('""', ("", 2), id="rfc9110-5.6.4-empty"),
        pytest.param('"a b"c', ("a b", 5), id="rfc9110-5.6.4-ends-at-the-quote"),
        pytest.param(r'"a\"b"', ('a"b', 6), id="rfc9110-5.6.4-quoted-pair"),
        pytest.param(r'"a\\"b"', ("a\\", 5), id="rfc9110-5.6.4-backslash-quoted"),
        pytest.param(r'"a\b"', ("ab", 5), id="rfc9110-5.6.4-needless-backslash"),
        pytest.param('"a\tb"', ("a\tb", 5), id="rfc9110-5.6.4-tab"),
        pytest.param('"\xe4\u20ac\udcff"', ("\xe4\u20ac\udcff", 5), id="rfc9110-5.6.4-obs-text"),
        pytest.param('"a', None, id="no-end"),
        pytest.param(r'"a\"', None, id="end-is-escaped"),
        pytest.param("a", None, id="no-start"),
        pytest.param("", None, id="nothing"),
        pytest.param('"a\x00b"', None, id="nul"),
        pytest.param('"a\\\nb"', None, id="escaped-line-end"),
        pytest.param('"a\r\n b"', None, id="folded"),
        pytest.param('"a\x7fb"', None, id="delete"),
    ],
)
def test_a_quoted_string_is_read_to_its_closing_quote(text: str, read: tuple[str, int] | None) -> None:
    assert read_quoted(text, 0) == read


def test_a_value_is_a_token_or_a_quoted_string() -> None:
    assert read_value("x=ab;", 2) == ("ab", 4)
    assert read_value('x="a;b";', 2) == ("a;b", 7)
    assert read_value("x=;", 2) is None


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        pytest.param("", [], "", id="nothing"),
        pytest.param(";a=b", [("a", "b")], "", id="rfc9110-5.6.6-one"),
        pytest.param(' ; A="x;y" ;b=2', [("a", "x;y"), ("b", "2")], "", id="rfc9110-5.6.6-quoted-and-space"),
        pytest.param("; ;;a=b; ", [("a", "b")], "", id="rfc9110-5.6.6-empty-parameters"),
        pytest.param(";a=1;a=2", [("a", "1"), ("a", "2")], "", id="two-alike"),
        pytest.param(";a=b, c", [("a", "b")], ", c", id="next-member"),
        pytest.param(";a=b ,c", [("a", "b")], ",c", id="next-member-after-space"),
        pytest.param(";a=b c", [("a", "b")], " c", id="something-else"),
        pytest.param(";a=b;c", [("a", "b")], ";c", id="no-value"),
        pytest.param(";a=b;=c", [("a", "b")], ";=c", id="no-name"),
        pytest.param(";a =b", [], ";a =b", id="rfc9110-5.6.6-no-space-before-equals"),
        pytest.param(";a= b", [], ";a= b", id="rfc9110-5.6.6-no-space-after-equals"),
        pytest.param(';a="b', [], ';a="b', id="no-end-of-quotes"),
        pytest.param(";\u017f=1", [], ";\u017f=1", id="long-s-is-no-s"),
        pytest.param("a=b", [], "a=b", id="no-semicolon"),
    ],
)
def test_parameters_are_read_as_far_as_the_grammar_holds(text: str, found: list[tuple[str, str]], rest: str) -> None:
    parameters, at = read_parameters(text, 0)
    assert parameters == found
    assert text[at:] == rest


def test_no_more_parameters_are_read_than_the_limit() -> None:
    text = ";a=b" * 65
    parameters, at = read_parameters(text, 0)
    assert len(parameters) == 64
    assert text[at:] == ";a=b"
    assert len(read_parameters(text, 0, max_parameters=0)[0]) == 65


@pytest.mark.parametrize(
    ("text", "members"),
    [
        pytest.param("", [], id="rfc9110-5.6.1-empty"),
        pytest.param(" a , b\t", ["a", "b"], id="rfc9110-5.6.1-space"),
        pytest.param(",, a,,b ,", ["a", "b"], id="rfc9110-5.6.1.2-empty-members"),
        pytest.param('a="x,y", b', ['a="x,y"', "b"], id="comma-in-quotes"),
        pytest.param(r'"x\",y", b', [r'"x\",y"', "b"], id="escaped-quote"),
        pytest.param('a, "b, c', ["a", '"b, c'], id="quotes-without-end"),
        pytest.param('a, "b, c\\', ["a", '"b, c\\'], id="backslash-at-the-end"),
        pytest.param('"a""b,c",d', ['"a""b,c"', "d"], id="two-strings"),
    ],
)
def test_a_list_is_cut_at_the_commas_outside_of_quotes(text: str, members: list[str]) -> None:
    assert split_list(text) == members


def test_members_beyond_the_limit_are_left_out() -> None:
    assert split_list("a,b,c", max_members=2) == ["a", "b"]
    assert split_list("a,b,c", max_members=3) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        pytest.param("", '""', id="empty"),
        pytest.param("a b", '"a b"', id="space"),
        pytest.param('a"b\\c', r'"a\"b\\c"', id="rfc9110-5.6.4-escaped"),
        pytest.param("\xe4\t", '"\xe4\t"', id="as-it-is"),
    ],
)
def test_quotes_are_written_with_what_must_be_escaped(text: str, quoted: str) -> None:
    assert quote(text) == quoted
    assert quote_if_needed(text) == quoted


@pytest.mark.parametrize("code", [*range(9), *range(10, 32), 127])
def test_a_control_character_cannot_be_quoted(code: int) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        quote(f"a{chr(code)}b", where="here")
    assert (caught.value.code, caught.value.where) == ("bad-field-value", "here")


def test_parameters_are_written_with_quotes_where_needed() -> None:
    assert format_parameters([("a", "b"), ("c", "d e"), ("f", "")]) == '; a=b; c="d e"; f=""'
    assert format_parameters([]) == ""


@pytest.mark.parametrize("name", ["", "a b", "a=b", "\xe4", "a\r\nb"])
def test_a_parameter_needs_a_token_for_a_name(name: str) -> None:
    with pytest.raises(LocalProtocolError, match="parameter name"):
        format_parameters([(name, "x")])
