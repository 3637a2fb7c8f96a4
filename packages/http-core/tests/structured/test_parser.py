"""Structured fields are read as a whole or not at all."""

from decimal import Decimal
from typing import Any

import pytest

from skerry.http.errors import RemoteProtocolError
from skerry.http.limits import Limits
from skerry.http.structured import (
    Date,
    DisplayString,
    InnerList,
    Item,
    Token,
    parse_dictionary,
    parse_item,
    parse_list,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("42", 42, id="rfc9651-3.3.1-integer"),
        pytest.param("-0", 0, id="rfc9651-3.3.1-minus-zero"),
        pytest.param("007", 7, id="rfc9651-3.3.1-leading-zeros"),
        pytest.param("999999999999999", 999999999999999, id="rfc9651-3.3.1-15-digits"),
        pytest.param("4.5", Decimal("4.5"), id="rfc9651-3.3.2-decimal"),
        pytest.param("-123456789012.125", Decimal("-123456789012.125"), id="rfc9651-3.3.2-12-and-3-digits"),
        pytest.param('"a b"', "a b", id="rfc9651-3.3.3-string"),
        pytest.param('""', "", id="rfc9651-3.3.3-empty-string"),
        pytest.param('"a\\"b\\\\"', 'a"b\\', id="rfc9651-3.3.3-escapes"),
        pytest.param("foo123/456", Token("foo123/456"), id="rfc9651-3.3.4-token"),
        pytest.param("*a:b!", Token("*a:b!"), id="rfc9651-3.3.4-star"),
        pytest.param(":aGVsbG8=:", b"hello", id="rfc9651-3.3.5-bytes"),
        pytest.param("::", b"", id="rfc9651-3.3.5-no-bytes"),
        pytest.param(":aGVsbG8:", b"hello", id="rfc9651-4.2.7-missing-padding"),
        pytest.param(":iZ==:", b"\x89", id="rfc9651-4.2.7-bits-that-are-left-over"),
        pytest.param("?1", True, id="rfc9651-3.3.6-true"),
        pytest.param("?0", False, id="rfc9651-3.3.6-false"),
        pytest.param("@1659578233", Date(1659578233), id="rfc9651-3.3.7-date"),
        pytest.param("@-1", Date(-1), id="rfc9651-3.3.7-before-1970"),
        pytest.param(
            '%"This is intended for display to %c3%bcsers."',
            DisplayString("This is intended for display to \xfcsers."),
            id="rfc9651-3.3.8-display-string",
        ),
        pytest.param('%"%22%25"', DisplayString('"%'), id="rfc9651-3.3.8-escaped-ascii"),
        pytest.param("  1  ", 1, id="rfc9651-4.2-outer-spaces"),
    ],
)
def test_an_item_has_the_type_of_its_syntax(text: str, value: object) -> None:
    item = parse_item(text)
    assert item == Item(value)  # type: ignore[arg-type]
    assert type(item.value) is type(value)


BAD_ITEMS = [
    pytest.param("", id="empty"),
    pytest.param("1 2", id="rfc9651-4.2-text-behind"),
    pytest.param("\t1", id="rfc9651-4.2-tab"),
    pytest.param("1\n", id="line-end"),
    pytest.param("-", id="rfc9651-4.2.4-sign-alone"),
    pytest.param("--1", id="rfc9651-4.2.4-two-signs"),
    pytest.param("+1", id="rfc9651-4.2.4-plus"),
    pytest.param("1000000000000000", id="rfc9651-4.2.4-16-digits"),
    pytest.param("1" * 1000, id="rfc9651-4.2.4-many-digits"),
    pytest.param("1.", id="rfc9651-4.2.4-nothing-behind-the-point"),
    pytest.param(".1", id="rfc9651-4.2.4-nothing-before-the-point"),
    pytest.param("1.2345", id="rfc9651-4.2.4-4-digits-behind-the-point"),
    pytest.param("1234567890123.1", id="rfc9651-4.2.4-13-digits-before-the-point"),
    pytest.param("1.2.3", id="rfc9651-4.2.4-two-points"),
    pytest.param("1_0", id="underscore"),
    pytest.param("\u0661", id="arabic-digit"),
    pytest.param('"a', id="rfc9651-4.2.5-open-string"),
    pytest.param('"a\\b"', id="rfc9651-4.2.5-unknown-escape"),
    pytest.param('"a\\', id="rfc9651-4.2.5-escape-at-the-end"),
    pytest.param('"\t"', id="rfc9651-4.2.5-tab"),
    pytest.param('"\xe9"', id="rfc9651-4.2.5-beyond-ascii"),
    pytest.param("'a'", id="rfc9651-4.2.5-single-quotes"),
    pytest.param("\u017ft", id="rfc9651-4.2.6-long-s"),
    pytest.param(":aGVsbG8=", id="rfc9651-4.2.7-open-bytes"),
    pytest.param(":a:", id="rfc9651-4.2.7-one-digit"),
    pytest.param(":aaaaa:", id="rfc9651-4.2.7-five-digits"),
    pytest.param(":=aGVsbG8=:", id="rfc9651-4.2.7-padding-in-front"),
    pytest.param(":aGVsbG8==:", id="rfc9651-4.2.7-too-much-padding"),
    pytest.param(":=:", id="rfc9651-4.2.7-padding-alone"),
    pytest.param(":aGV sbG8=:", id="rfc9651-4.2.7-space"),
    pytest.param(":_-Ah:", id="rfc9651-4.2.7-alphabet-of-urls"),
    pytest.param("?", id="rfc9651-4.2.8-no-value"),
    pytest.param("?2", id="rfc9651-4.2.8-other-value"),
    pytest.param("?true", id="rfc9651-4.2.8-word"),
    pytest.param("@", id="rfc9651-4.2.9-no-number"),
    pytest.param("@1.5", id="rfc9651-4.2.9-decimal"),
    pytest.param("@a", id="rfc9651-4.2.9-word"),
    pytest.param("@@1", id="rfc9651-4.2.9-two-signs"),
    pytest.param("%", id="rfc9651-4.2.10-sign-alone"),
    pytest.param('% "a"', id="rfc9651-4.2.10-space"),
    pytest.param('%"a', id="rfc9651-4.2.10-open"),
    pytest.param('%"%C3%BC"', id="rfc9651-4.2.10-upper-case"),
    pytest.param('%"%c"', id="rfc9651-4.2.10-one-digit"),
    pytest.param('%"%ff"', id="rfc9651-4.2.10-no-utf-8"),
    pytest.param('%"\xfc"', id="rfc9651-4.2.10-not-encoded"),
    pytest.param("(1)", id="rfc9651-4.2.3-inner-list-is-no-item"),
    pytest.param("1;", id="rfc9651-4.2.3.2-no-key"),
    pytest.param("1;A", id="rfc9651-4.2.3.3-upper-case-key"),
    pytest.param("1;a=", id="rfc9651-4.2.3.2-no-value"),
    pytest.param("1 ;a", id="rfc9651-4.2.3.2-space-before-the-semicolon"),
    pytest.param("1;a =1", id="rfc9651-4.2.3.2-space-before-the-equals-sign"),
    pytest.param("1;a=(1)", id="rfc9651-4.2.3.2-inner-list-as-value"),
]


@pytest.mark.parametrize("text", BAD_ITEMS)
def test_what_is_no_item_is_an_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_item(text)
    assert caught.value.code == "bad-structured-field"
    assert caught.value.status_hint == 400


@pytest.mark.parametrize("text", [case for case in BAD_ITEMS if case.values[0] not in ("", "\t1", "(1)")])
def test_a_list_and_a_dictionary_fail_with_their_member(text: str) -> None:
    for read, whole in ((parse_list, f"1, {text}"), (parse_dictionary, f"a={text}")):
        with pytest.raises(RemoteProtocolError):
            read(whole)


def test_parameters_are_kept_in_order_and_the_last_of_two_counts() -> None:
    item = parse_item('abc;a=1;  b; *c="x";a=2;d-_.*0=?0')
    assert item.value == Token("abc")
    assert list(item.parameters.items()) == [("a", 2), ("b", True), ("*c", "x"), ("d-_.*0", False)]


@pytest.mark.parametrize(
    ("text", "members"),
    [
        pytest.param("", [], id="rfc9651-4.2-empty"),
        pytest.param("  ", [], id="rfc9651-4.2-spaces"),
        pytest.param("sugar, tea, rum", [Item(Token(word)) for word in ("sugar", "tea", "rum")], id="rfc9651-3.1"),
        pytest.param("1\t,\t 2 \t", [Item(1), Item(2)], id="rfc9651-4.2.1-white-space"),
        pytest.param(
            '("foo"; a=1;b=2);lvl=5, ("bar" "baz");lvl=1',
            [
                InnerList((Item("foo", {"a": 1, "b": 2}),), {"lvl": 5}),
                InnerList((Item("bar"), Item("baz")), {"lvl": 1}),
            ],
            id="rfc9651-3.1.2",
        ),
        pytest.param("(  ), ( 1  2 )", [InnerList(()), InnerList((Item(1), Item(2)))], id="rfc9651-4.2.1.2-spaces"),
    ],
)
def test_a_list_has_items_and_inner_lists(text: str, members: list[Any]) -> None:
    assert parse_list(text) == members


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1,", id="rfc9651-4.2.1-comma-at-the-end"),
        pytest.param("1, ", id="rfc9651-4.2.1-comma-and-space-at-the-end"),
        pytest.param(",1", id="rfc9651-4.2.1-comma-in-front"),
        pytest.param("1,,2", id="rfc9651-4.2.1-empty-member"),
        pytest.param("1 2", id="rfc9651-4.2.1-no-comma"),
        pytest.param("(1", id="rfc9651-4.2.1.2-open"),
        pytest.param("(1(2))", id="rfc9651-4.2.1.2-nested"),
        pytest.param("(1\t2)", id="rfc9651-4.2.1.2-tab"),
        pytest.param('("a""b")', id="rfc9651-4.2.1.2-no-space"),
        pytest.param("(1,2)", id="rfc9651-4.2.1.2-comma"),
        pytest.param("1)", id="closing-alone"),
    ],
)
def test_what_is_no_list_is_an_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError):
        parse_list(text)


def test_a_dictionary_has_values_by_key() -> None:
    members = parse_dictionary('en="Applepie", b, c;foo=bar, rating=1.5, feelings=(joy sadness), a=?0, b=2')
    assert members == {
        "en": Item("Applepie"),
        "b": Item(2),
        "c": Item(True, {"foo": Token("bar")}),
        "rating": Item(Decimal("1.5")),
        "feelings": InnerList((Item(Token("joy")), Item(Token("sadness")))),
        "a": Item(False),
    }
    assert list(members)[:2] == ["en", "b"]
    assert parse_dictionary("") == {}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a=1,", id="rfc9651-4.2.2-comma-at-the-end"),
        pytest.param("a=1 b=2", id="rfc9651-4.2.2-no-comma"),
        pytest.param("a =1", id="rfc9651-4.2.2-space-before-the-equals-sign"),
        pytest.param("a= 1", id="rfc9651-4.2.2-space-behind-the-equals-sign"),
        pytest.param("A=1", id="rfc9651-4.2.3.3-upper-case"),
        pytest.param("1=1", id="rfc9651-4.2.3.3-digit-in-front"),
        pytest.param("=1", id="rfc9651-4.2.3.3-no-key"),
    ],
)
def test_what_is_no_dictionary_is_an_error(text: str) -> None:
    with pytest.raises(RemoteProtocolError):
        parse_dictionary(text)


def test_the_error_says_where_and_shows_little() -> None:
    with pytest.raises(RemoteProtocolError, match="character 3") as caught:
        parse_list("1, " + "%" * 100_000)
    assert len(str(caught.value)) < 200


def test_as_many_members_are_read_as_the_rfc_asks_for_and_no_more() -> None:
    assert len(parse_list(", ".join(["1"] * 1024))) == 1024
    assert len(parse_dictionary(", ".join(f"a{number}" for number in range(1024)))) == 1024
    assert len(parse_item("1" + "".join(f";a{number}" for number in range(256))).parameters) == 256
    inner = parse_list(f"({' '.join(['1'] * 256)})")[0]
    assert isinstance(inner, InnerList)
    assert len(inner.items) == 256
    for text in (", ".join(["1"] * 1025), f"({' '.join(['1'] * 257)})"):
        with pytest.raises(RemoteProtocolError, match="at most"):
            parse_list(text)
    with pytest.raises(RemoteProtocolError, match="at most"):
        parse_dictionary(", ".join(["a"] * 1025))
    with pytest.raises(RemoteProtocolError, match="at most"):
        parse_item("1" + ";a" * 257)


def test_the_limits_can_be_switched_off() -> None:
    off = Limits(max_structured_members=0, max_structured_inner_members=0)
    assert len(parse_list(", ".join(["1"] * 5000), off)) == 5000
    assert parse_item("1" + ";a" * 5000, off) == Item(1, {"a": True})
