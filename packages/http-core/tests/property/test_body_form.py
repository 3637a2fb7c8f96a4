"""Forms: what is written is read again, and no octets make the parser fail in another way than documented."""

import contextlib
from encodings.aliases import aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skerry.http import RemoteProtocolError
from skerry.http.body import format_form, parse_form

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=20))
def test_what_is_written_is_read_again(fields: list[tuple[str, str]]) -> None:
    assert parse_form(format_form(fields)) == fields


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=20))
def test_what_is_written_is_ascii_without_controls(fields: list[tuple[str, str]]) -> None:
    assert all(0x20 < octet < 0x7F for octet in format_form(fields))


@given(st.binary(), st.sampled_from(["utf-8", "latin-1", "utf-16", "shift_jis", "euc_kr"]), st.integers(0, 5))
def test_any_octets_are_fields_or_the_documented_error(raw: bytes, encoding: str, limit: int) -> None:
    if limit and raw.count(b"&") >= limit:
        with pytest.raises(RemoteProtocolError, match="more fields"):
            parse_form(raw, encoding=encoding, max_fields=limit)
    else:
        fields = parse_form(raw, encoding=encoding, max_fields=limit)
        assert len(fields) == sum(1 for part in raw.split(b"&") if part)


@given(st.text(max_size=20) | st.sampled_from(sorted(aliases)))
def test_any_name_of_a_charset_is_one_or_the_documented_error(name: str) -> None:
    with contextlib.suppress(RemoteProtocolError):
        assert parse_form(b"%ff=\xff", encoding=name)
