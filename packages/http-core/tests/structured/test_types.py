"""The types of structured fields: equal when their values are, and as hard to change."""

import dataclasses

import pytest

from skerry.http.structured import Date, DisplayString, InnerList, Item, Token


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (Token("a"), Token("a"), Token("A")),
        (Date(5), Date(5), Date(6)),
        (DisplayString("é"), DisplayString("é"), DisplayString("e")),
        (Item(1, {"a": True}), Item(1, {"a": True}), Item(1)),
        (InnerList((Item(1),)), InnerList((Item(1),)), InnerList((Item(2),))),
    ],
)
def test_values_are_equal_by_what_they_hold(one: object, same: object, other: object) -> None:
    assert one == same
    assert one != other


@pytest.mark.parametrize(("one", "other"), [(Token("a"), "a"), (Date(5), 5), (DisplayString("a"), "a")])
def test_a_type_is_not_the_plain_value_that_it_holds(one: object, other: object) -> None:
    assert one != other


@pytest.mark.parametrize(("value", "name"), [(Token("a"), "text"), (Date(1), "seconds"), (Item(1), "value")])
def test_values_cannot_be_changed(value: object, name: str) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, 2)


def test_parameters_are_empty_unless_given() -> None:
    assert dict(Item(1).parameters) == {}
    assert dict(InnerList(()).parameters) == {}
