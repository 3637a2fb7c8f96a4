import re
import time

import pytest

from skerry.web import dates


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(0, "Thu, 01 Jan 1970 00:00:00 GMT", id="epoch"),
        pytest.param(784111777, "Sun, 06 Nov 1994 08:49:37 GMT", id="rfc9110-5.6.7-example"),
        pytest.param(1709164800, "Thu, 29 Feb 2024 00:00:00 GMT", id="leap-day"),
    ],
)
def test_a_date_is_an_imf_fixdate(seconds: int, text: str) -> None:
    assert dates.format_date(seconds) == text


def test_the_text_of_a_second_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 784111777.2
    monkeypatch.setattr(time, "time", lambda: now)
    first = dates.date_now()
    now = 784111777.9
    assert dates.date_now() is first
    now = 784111778.0
    assert dates.date_now() == "Sun, 06 Nov 1994 08:49:38 GMT"


def test_the_date_is_that_of_now() -> None:
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", dates.date_now())
