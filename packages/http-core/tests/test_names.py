"""The table of known field names, and the kinds that decide about framing."""

import pytest
from multidict import istr

from skerry.http import hdrs, names


@pytest.mark.parametrize("spelling", [b"Content-Length", b"content-length"])
def test_usual_spellings_are_in_the_table(spelling: bytes) -> None:
    known = names.KNOWN[spelling]
    assert isinstance(known.text, istr)
    assert known.text == spelling.decode()
    assert known.kind == names.CONTENT_LENGTH


def test_every_registered_name_is_found_as_senders_spell_it() -> None:
    texts = [text for text in vars(hdrs).values() if isinstance(text, istr)]
    spellings = {spelling for text in texts for spelling in (str(text), text.title(), text.lower())}
    assert {raw.decode() for raw in names.KNOWN} == spellings


def test_the_text_of_an_entry_is_its_octets() -> None:
    assert [raw for raw, known in names.KNOWN.items() if known.text.encode() != raw] == []


def test_the_kind_of_a_name_is_the_same_in_every_spelling() -> None:
    for raw, known in names.KNOWN.items():
        assert names.kind_of(raw) == known.kind, raw
        assert names.kind_of(raw.swapcase()) == known.kind, raw


@pytest.mark.parametrize(
    ("raw_name", "kind"),
    [
        pytest.param(b"cOnTeNt-LeNgTh", names.CONTENT_LENGTH, id="smuggling-rfc9112-11.2-length"),
        pytest.param(b"TRANSFER-encoding", names.TRANSFER_ENCODING, id="smuggling-rfc9112-11.2-coding"),
        pytest.param(b"hOST", names.HOST, id="rfc9112-3.2-host"),
        pytest.param(b"X-Anything", names.ORDINARY, id="unknown"),
        pytest.param(b"Content_Length", names.ORDINARY, id="underscore-is-another-name"),
    ],
)
def test_an_unusual_spelling_does_not_escape_the_rules(raw_name: bytes, kind: int) -> None:
    assert names.kind_of(raw_name) == kind


def test_kinds_that_may_stand_once_are_all_different() -> None:
    kinds = [kind for kind in names.FRAMING_NAMES.values() if kind >= names.SINGLETON]
    assert len(kinds) == len(set(kinds)) >= 10
    assert names.HOST in kinds
    assert names.CONTENT_LENGTH in kinds


def test_lists_are_no_singletons() -> None:
    for raw_name in (b"accept", b"cookie", b"via", b"transfer-encoding", b"connection"):
        assert names.kind_of(raw_name) < names.SINGLETON
