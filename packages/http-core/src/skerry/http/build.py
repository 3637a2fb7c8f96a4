"""Which build this is: the same source runs compiled or interpreted (see the notes on the native build)."""

from . import heads

is_compiled: bool = not heads.__file__.endswith(".py")
"""True when the hot modules are native code."""
