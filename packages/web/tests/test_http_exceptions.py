from http import HTTPStatus

import pytest

from skerry import web
from skerry.http import reason_of

CLASSES = {
    value.status_code: value
    for value in vars(web).values()
    if isinstance(value, type)
    and issubclass(value, web.HTTPException)
    and value.status_code > 0
    and value is not web.HTTPInvalidJSON
}
# aiohttp has no class for these either: 418 is a joke, 425, 208, 226 and 508 belong to other protocols than plain HTTP.
WITHOUT_CLASS = {208, 226, 207, 418, 423, 425, 508}


def test_every_final_status_has_its_class() -> None:
    assert {status.value for status in HTTPStatus if status >= 200} - CLASSES.keys() == WITHOUT_CLASS


@pytest.mark.parametrize("status", sorted(CLASSES))
def test_a_class_has_the_base_of_its_hundred_and_its_reason(status: int) -> None:
    kind = CLASSES[status]
    base = {2: web.HTTPSuccessful, 3: web.HTTPRedirection, 4: web.HTTPClientError, 5: web.HTTPServerError}[
        status // 100
    ]
    assert issubclass(kind, base)
    assert issubclass(kind, web.HTTPError) == (status >= 400)
    assert kind.empty_body == (status in {204, 205, 304})
    if status not in {405, 413, 451} and not issubclass(kind, web.HTTPMove):
        error = kind()
        assert error.status == status
        assert error.reason == reason_of(status) != ""
        assert error.text == (None if kind.empty_body else f"{status}: {error.reason}")


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_the_moves_need_a_location(status: int) -> None:
    assert issubclass(CLASSES[status], web.HTTPMove)
    with pytest.raises(TypeError):
        CLASSES[status]()


def test_a_json_error_tells_where() -> None:
    error = web.HTTPInvalidJSON("Expecting value", "a\nbc", 3)
    assert (error.msg, error.doc, error.pos, error.lineno, error.colno) == ("Expecting value", "a\nbc", 3, 2, 2)
