import pytest

from skerry import web


def test_a_new_storage_is_empty_and_true() -> None:
    app = web.Application()
    assert len(app) == 0
    assert list(app) == []
    assert app
    assert "key" not in app


def test_values_are_kept_changed_and_deleted() -> None:
    response = web.Response()
    response["key"] = 1
    response["key"] = 2
    assert dict(response) == {"key": 2}
    del response["key"]
    assert len(response) == 0


def test_a_missing_key_is_a_key_error() -> None:
    app = web.Application()
    with pytest.raises(KeyError):
        app["key"]
    with pytest.raises(KeyError):
        del app["key"]


def test_two_are_equal_only_when_they_are_the_same() -> None:
    one, other = web.Response(), web.Response()
    assert one == one
    assert one != other
    assert len({one, other}) == 2
