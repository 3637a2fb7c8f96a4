"""The test utilities: the error tree and the version; the rest is to come."""

from ._version import __version__
from .errors import TestingError

__all__ = ["TestingError", "__version__"]
