"""The heads that parsers are measured with."""

import pytest

from benches.heads import CASES


def test_small_request_has_its_43_octets() -> None:
    assert len(CASES["small_request"].data) == 43


@pytest.mark.parametrize("name", ["browser_request", "nginx_response"])
def test_large_heads_have_12_fields(name: str) -> None:
    case = CASES[name]

    assert len(case.fields) == 12
    assert case.data.count(b"\r\n") == 14
    assert case.data.endswith(b"\r\n\r\n")
    assert case.data.startswith(case.start.encode() + b"\r\n")
