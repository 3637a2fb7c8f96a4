"""Errors of the WebSocket layer.

::

    SkerryError
     └ WebSocketError    base of everything that this distribution raises by itself
"""

from skerry.http import SkerryError


class WebSocketError(SkerryError):
    """Base of the errors of this distribution."""
