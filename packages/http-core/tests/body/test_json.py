"""JSON bodies: what cannot be JSON is refused when the body is made."""

import pytest

from skerry.http.body import JsonBody


@pytest.mark.parametrize(
    ("value", "error"),
    [(object(), TypeError), (b"octets", TypeError), ({1, 2}, TypeError)],
    ids=["object", "octets", "set"],
)
def test_a_value_that_json_does_not_have_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error, match="not JSON serializable"):
        JsonBody(value)


def test_a_value_that_contains_itself_is_refused() -> None:
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        JsonBody(circle)


def test_the_encoder_is_the_callers_choice() -> None:
    assert JsonBody([1, 2], dumps=lambda value: "".join(map(str, value))).data == b"12"
