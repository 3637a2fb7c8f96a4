"""The base of the errors of this distribution."""

import pickle

from skerry.http import SkerryError
from skerry.testing import TestingError


def test_the_base_is_caught_with_every_error_of_skerry() -> None:
    assert issubclass(TestingError, SkerryError)


def test_an_error_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(TestingError("gone")))
    assert type(copy) is TestingError
    assert copy.args == ("gone",)
