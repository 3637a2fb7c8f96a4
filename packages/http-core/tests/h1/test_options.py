"""Options of the Connection field that matter to framing."""

import pytest

from skerry.http.h1.options import CLOSE, KEEP_ALIVE, UPGRADES, read_options


@pytest.mark.parametrize(
    ("value", "bits"),
    [
        pytest.param(b"close", CLOSE, id="close"),
        pytest.param(b"Close", CLOSE, id="close-title"),
        pytest.param(b"CLOSE", CLOSE, id="close-upper"),
        pytest.param(b"keep-alive", KEEP_ALIVE, id="keep-alive"),
        pytest.param(b"Keep-Alive", KEEP_ALIVE, id="keep-alive-title"),
        pytest.param(b"KEEP-alive", KEEP_ALIVE, id="keep-alive-mixed"),
        pytest.param(b"Upgrade", UPGRADES, id="upgrade"),
        pytest.param(b"keep-alive, Upgrade", KEEP_ALIVE | UPGRADES, id="two"),
        pytest.param(b",close,,", CLOSE, id="rfc9110-5.6.1.2-empty-members"),
        pytest.param(b"close;q=1", 0, id="parameter"),
        pytest.param(b"close keep-alive", 0, id="no-comma"),
        pytest.param(b"x-close", 0, id="part-of-another"),
        pytest.param("\u212aeep-alive".encode(), 0, id="kelvin-sign-is-no-k"),
        pytest.param("clo\u017fe".encode(), 0, id="long-s-is-no-s"),
        pytest.param(b"", 0, id="empty"),
    ],
)
def test_options_are_read_without_case_and_as_a_whole(value: bytes, bits: int) -> None:
    assert read_options(value) == bits


def test_each_option_has_a_bit_of_its_own() -> None:
    assert len({CLOSE, KEEP_ALIVE, UPGRADES, CLOSE | KEEP_ALIVE | UPGRADES}) == 4
