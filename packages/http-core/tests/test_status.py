"""Status codes: phrases in the words of RFC 9110, and who has a body."""

import pytest

from skerry.http import has_no_content, reason_of
from skerry.http.status import REASONS


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (100, "Continue"),
        (200, "OK"),
        (404, "Not Found"),
        (413, "Content Too Large"),
        (414, "URI Too Long"),
        (416, "Range Not Satisfiable"),
        (422, "Unprocessable Content"),
        (505, "HTTP Version Not Supported"),
        (299, ""),
        (999, ""),
    ],
)
def test_the_phrase_is_the_registered_one_or_empty(status: int, reason: str) -> None:
    assert reason_of(status) == reason


def test_every_phrase_can_stand_in_a_status_line() -> None:
    assert {status for status, reason in REASONS.items() if not (reason.isascii() and reason.isprintable())} == set()
    assert min(REASONS) >= 100


def test_only_1xx_204_and_304_never_have_a_body() -> None:
    without = {status for status in range(100, 1000) if has_no_content(status)}
    assert without == {*range(100, 200), 204, 304}
