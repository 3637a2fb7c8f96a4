"""MatchInfo: what the routing found for a request."""

from typing import Any, Generic

from .errors import HTTPException
from .handlers import Handler, RequestT
from .routing import Route


class MatchInfo(dict[str, str], Generic[RequestT]):
    """The parts of the path that vary, by name, and the route.

    Args:
        route: The route that was found, or None.
        values: Parts of the path, decoded.
        handler: What answers.
        http_exception: Why there is no route.
    """

    __slots__ = ("handler", "http_exception", "route")

    def __init__(
        self,
        route: Route[RequestT] | None,
        values: dict[str, str],
        handler: Handler[RequestT],
        http_exception: HTTPException | None = None,
    ) -> None:
        dict.__init__(self, values)
        self.route = route
        """The route, or None when there is none."""
        self.handler = handler
        """What answers: the handler of the route, or one that raises ``http_exception``."""
        self.http_exception = http_exception
        """The answer when there is no route (404 or 405), else None."""

    def get_info(self) -> dict[str, Any]:
        """Return what the route stands for: ``{"path": ...}`` of a literal, ``{"formatter": ...}`` of a pattern."""
        if self.route is None:
            return {"http_exception": self.http_exception}
        key = "formatter" if self.route.resource.pattern.is_dynamic else "path"
        return {key: self.route.resource.canonical}
