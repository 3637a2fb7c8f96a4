"""Errors of the test utilities.

::

    SkerryError
     └ TestingError    base of everything that this distribution raises by itself
"""

from skerry.http import SkerryError


class TestingError(SkerryError):
    """Base of the errors of this distribution."""

    __test__ = False  # its name starts as those of test classes do; pytest must not collect it
