"""Names of types: that they are there, and stand for what programs annotate with them."""

import typing
from http.cookies import SimpleCookie

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from skerry.http import typedefs


@pytest.mark.parametrize("name", typedefs.__all__)
def test_every_name_can_be_evaluated(name: str) -> None:
    def annotated(value: typing.Any) -> None: ...

    annotated.__annotations__["value"] = getattr(typedefs, name)
    assert typing.get_type_hints(annotated)["value"] == getattr(typedefs, name)


@pytest.mark.parametrize(
    ("alias", "value"),
    [
        pytest.param(typedefs.Byteish, memoryview(b""), id="octets"),
        pytest.param(typedefs.StrOrURL, URL("http://a"), id="url"),
        pytest.param(typedefs.LooseHeaders, CIMultiDict[str](), id="headers"),
        pytest.param(typedefs.LooseHeaders, CIMultiDictProxy(CIMultiDict[str]()), id="read-only-headers"),
        pytest.param(typedefs.LooseHeaders, [("a", "b")], id="pairs"),
        pytest.param(typedefs.LooseCookies, SimpleCookie(), id="cookies"),
        pytest.param(typedefs.Query, "a=b", id="query"),
    ],
)
def test_a_union_has_the_kinds_of_values_it_is_for(alias: typing.Any, value: object) -> None:
    kinds = [typing.get_origin(kind) or kind for kind in typing.get_args(alias)]
    assert any(isinstance(value, kind) for kind in kinds)


def test_json_is_that_of_python_when_a_program_names_nothing_else() -> None:
    assert typedefs.DEFAULT_JSON_DECODER(typedefs.DEFAULT_JSON_ENCODER({"a": [1]})) == {"a": [1]}
