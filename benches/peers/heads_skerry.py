"""skerry parsing heads into a CIMultiDict."""

from collections.abc import Callable
from itertools import repeat

from skerry.http.h1 import CLIENT, SERVER, Connection

from ..builds import skerry_build
from ..machine import version_of
from .roles import HeadKind


class SkerryHeads:
    """The parser of skerry-http-core, compiled or interpreted as the process has it."""

    version = version_of("skerry-http-core")

    def build(self) -> str:
        """Say which build does the work."""
        return skerry_build()


PEER = SkerryHeads()
