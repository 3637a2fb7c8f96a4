"""Structured fields are written in one form."""

from decimal import Decimal
from typing import Any

import pytest

from skerry.http.errors import LocalProtocolError
from skerry.http.structured import (
    Date,
    DisplayString,
    InnerList,
    Item,
    Token,
    format_dictionary,
    format_item,
    format_list,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(-7, "-7", id="rfc9651-4.1.4-integer"),
        pytest.param(True, "?1", id="rfc9651-4.1.9-true-is-no-1"),
        pytest.param(False, "?0", id="rfc9651-4.1.9-false"),
        pytest.param(Decimal("1.50"), "1.5", id="rfc9651-4.1.5-no-zeros-at-the-end"),
        pytest.param(Decimal(2), "2.0", id="rfc9651-4.1.5-at-least-one-digit"),
        pytest.param(Decimal("0.0015"), "0.002", id="rfc9651-4.1.5-rounded-to-even-up"),
        pytest.param(Decimal("0.0025"), "0.002", id="rfc9651-4.1.5-rounded-to-even-down"),
        pytest.param(Decimal("-0.0001"), "0.0", id="rfc9651-4.1.5-no-minus-zero"),
        pytest.param(Decimal("1E-99999"), "0.0", id="rfc9651-4.1.5-tiny"),
        pytest.param(Decimal("999999999999.9994"), "999999999999.999", id="rfc9651-4.1.5-greatest"),
        pytest.param(2.5, "2.5", id="float"),
        pytest.param('a"b\\', '"a\\"b\\\\"', id="rfc9651-4.1.6-string"),
        pytest.param(Token("*a/b"), "*a/b", id="rfc9651-4.1.7-token"),
        pytest.param(b"hello", ":aGVsbG8=:", id="rfc9651-4.1.8-bytes"),
        pytest.param(b"\xff\xef" * 100, ":" + "/+//7//v" * 33 + "/+8=:", id="rfc9651-4.1.8-long-bytes-on-one-line"),
        pytest.param(Date(-1), "@-1", id="rfc9651-4.1.10-date"),
        pytest.param(DisplayString('\xfc "%\n'), '%"%c3%bc %22%25%0a"', id="rfc9651-4.1.11-display-string"),
    ],
)
def test_a_value_is_written_as_its_type(value: Any, text: str) -> None:
    assert format_item(Item(value)) == text


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(10**15, id="rfc9651-4.1.4-16-digits"),
        pytest.param(-(10**15), id="rfc9651-4.1.4-16-digits-below-zero"),
        pytest.param(10**5000, id="more-digits-than-python-prints"),
        pytest.param(Decimal(10**12), id="rfc9651-4.1.5-13-digits"),
        pytest.param(Decimal("999999999999.9995"), id="rfc9651-4.1.5-13-digits-by-rounding"),
        pytest.param(Decimal("1E+999999"), id="rfc9651-4.1.5-huge"),
        pytest.param(Decimal("NaN"), id="no-number"),
        pytest.param(float("inf"), id="infinite"),
        pytest.param("\xe9", id="rfc9651-4.1.6-beyond-ascii"),
        pytest.param("a\r\nX: y", id="rfc9651-4.1.6-line-end"),
        pytest.param("a\n", id="rfc9651-4.1.6-line-end-at-the-end"),
        pytest.param(Token(""), id="rfc9651-4.1.7-empty-token"),
        pytest.param(Token("1a"), id="rfc9651-4.1.7-digit-in-front"),
        pytest.param(Token("a, b"), id="rfc9651-4.1.7-comma"),
        pytest.param(Token("a\n"), id="rfc9651-4.1.7-line-end"),
        pytest.param(Date(10**15), id="rfc9651-4.1.10-too-late"),
        pytest.param(DisplayString("\ud800"), id="rfc9651-4.1.11-surrogate"),
        pytest.param(None, id="none"),
        pytest.param(["a"], id="other-type"),
    ],
)
def test_a_value_that_cannot_be_written_is_refused(value: Any) -> None:
    for member in (Item(value), Item(1, {"a": value}), InnerList((Item(value),)), InnerList((), {"a": value})):
        with pytest.raises(LocalProtocolError) as caught:
            format_list([member])
        assert caught.value.code == "bad-structured-field"
        with pytest.raises(LocalProtocolError):
            format_dictionary({"a": member})


@pytest.mark.parametrize("key", ["", "A", "1", "a b", "a\n", "\xe4", "-a"])
def test_a_key_that_cannot_be_written_is_refused(key: str) -> None:
    with pytest.raises(LocalProtocolError):
        format_item(Item(1, {key: 2}))
    for member in (Item(1), Item(True)):
        with pytest.raises(LocalProtocolError):
            format_dictionary({key: member})


def test_a_bare_value_is_no_member() -> None:
    with pytest.raises(LocalProtocolError, match="an Item or an InnerList"):
        format_list([1])  # type: ignore[list-item]


def test_members_and_parameters_are_written_in_order() -> None:
    inner = InnerList((Item(Token("a"), {"x": True}), Item(1)), {"y": False, "z": b""})
    assert format_list([inner, Item("b")]) == '(a;x 1);y=?0;z=::, "b"'
    assert format_list([InnerList(())]) == "()"
    assert format_dictionary({"b": Item(True, {"q": 1}), "a": Item(False), "c": inner}) == (
        "b;q=1, a=?0, c=(a;x 1);y=?0;z=::"
    )


def test_nothing_is_written_as_nothing() -> None:
    assert format_list([]) == ""
    assert format_dictionary({}) == ""
