"""Structured fields: what is written is read again, and only the documented error comes out."""

from contextlib import suppress
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from skerry.http.errors import RemoteProtocolError
from skerry.http.structured import (
    MAX_INTEGER,
    Date,
    DisplayString,
    InnerList,
    Item,
    Token,
    format_dictionary,
    format_item,
    format_list,
    parse_dictionary,
    parse_item,
    parse_list,
)

INTEGERS = st.integers(-MAX_INTEGER, MAX_INTEGER)
KEYS = st.from_regex(r"[a-z*][a-z0-9_\-.*]*", fullmatch=True)
VALUES = st.one_of(
    INTEGERS,
    INTEGERS.map(lambda number: Decimal(number).scaleb(-3)),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)),
    st.from_regex(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*", fullmatch=True).map(Token),
    st.binary(),
    st.booleans(),
    st.builds(Date, INTEGERS),
    st.builds(DisplayString, st.text()),
)
PARAMETERS = st.dictionaries(KEYS, VALUES, max_size=4)
ITEMS = st.builds(Item, VALUES, PARAMETERS)
MEMBERS = ITEMS | st.builds(InnerList, st.lists(ITEMS, max_size=4).map(tuple), PARAMETERS)
TEXTS = st.text() | st.lists(st.sampled_from([*'"%:@?;=(),.\\* -+', "a", "1", "\t", "%c3", "=1", '"b"', ":aa:"])).map(
    "".join
)


@given(ITEMS)
def test_an_item_is_read_as_it_was_written(item: Item) -> None:
    copy = parse_item(format_item(item))
    assert copy == item
    assert type(copy.value) is type(item.value)
    assert format_item(copy) == format_item(item)


@given(st.lists(MEMBERS))
def test_a_list_is_read_as_it_was_written(members: list[Item | InnerList]) -> None:
    assert parse_list(format_list(members)) == members


@given(st.dictionaries(KEYS, MEMBERS))
def test_a_dictionary_is_read_as_it_was_written(members: dict[str, Item | InnerList]) -> None:
    copy = parse_dictionary(format_dictionary(members))
    assert copy == members
    assert list(copy) == list(members)


@given(TEXTS)
def test_any_text_is_read_or_is_the_documented_error(text: str) -> None:
    with suppress(RemoteProtocolError):
        format_item(parse_item(text))
    with suppress(RemoteProtocolError):
        assert parse_list(format_list(found := parse_list(text))) == found
    with suppress(RemoteProtocolError):
        assert parse_dictionary(format_dictionary(table := parse_dictionary(text))) == table
