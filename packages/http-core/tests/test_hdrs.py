"""The names of fields and methods."""

import re

from multidict import CIMultiDict, istr

from skerry.http import hdrs

FIELDS = {name: text for name, text in vars(hdrs).items() if isinstance(text, istr)}


def test_constants_are_named_after_the_fields_they_hold() -> None:
    assert {name: text for name, text in FIELDS.items() if name != text.upper().replace("-", "_")} == {}


def test_field_names_are_tokens() -> None:
    assert [text for text in FIELDS.values() if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", text)] == []


def test_names_compare_without_case_as_keys() -> None:
    fields = CIMultiDict({hdrs.CONTENT_TYPE: "text/plain"})
    assert fields["content-type"] == "text/plain"


def test_all_methods_are_in_the_set_of_all_methods() -> None:
    methods = {text for name, text in vars(hdrs).items() if name.startswith("METH_") and isinstance(text, str)}
    assert methods - {hdrs.METH_ANY} == hdrs.METH_ALL
