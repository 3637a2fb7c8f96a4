"""The base of the errors of this distribution."""

import pickle

from skerry.http import SkerryError
from skerry.websocket import WebSocketError


def test_the_base_is_caught_with_every_error_of_skerry() -> None:
    assert issubclass(WebSocketError, SkerryError)


def test_an_error_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(WebSocketError("gone")))
    assert type(copy) is WebSocketError
    assert copy.args == ("gone",)
