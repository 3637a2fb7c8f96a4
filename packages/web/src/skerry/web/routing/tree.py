"""The lookup: (method, path) -> a route, or which methods the path knows. Pure.

Resources are indexed by the longest run of literal segments that starts them. A lookup visits the index from the whole
path up to its root; within one entry the order of registration decides. So a literal path is found by one dictionary
access however many there are, and beats a pattern that starts higher up, as in aiohttp.
"""

from collections.abc import Iterable
from typing import Final, Generic, NamedTuple

from ..handlers import ExpectHandler, Handler, RequestT
from .pattern import PathPattern

ANY_METHOD: Final = "*"


class Resource(Generic[RequestT]):
    """A path pattern with a route for each method.

    Args:
        pattern: Which paths it stands for.
        name: Name to find it by, or None.
    """

    __slots__ = ("name", "pattern", "routes")

    def __init__(self, pattern: PathPattern, name: str | None = None) -> None:
        self.pattern = pattern
        """Which paths it stands for."""
        self.name = name
        """Name, or None."""
        self.routes: dict[str, Route[RequestT]] = {}
        """Method to route; ``*`` stands for every other method."""

    @property
    def canonical(self) -> str:
        """The path without regular expressions: ``/users/{id}``."""
        return self.pattern.canonical

    def route_for(self, method: str) -> "Route[RequestT] | None":
        """Return the route that answers a method, or None."""
        return self.routes.get(method) or self.routes.get(ANY_METHOD)

    def __repr__(self) -> str:
        return f"<Resource {self.pattern.template!r} {sorted(self.routes)}>"


class Route(Generic[RequestT]):
    """One method of a resource and what answers it."""

    __slots__ = ("chain", "expect_handler", "handler", "method", "resource")

    def __init__(
        self,
        method: str,
        resource: Resource[RequestT],
        handler: Handler[RequestT],
        expect_handler: ExpectHandler[RequestT] | None = None,
    ) -> None:
        self.method = method
        """Method in upper case, or ``*``."""
        self.resource = resource
        """Where the route belongs."""
        self.handler = handler
        """What answers."""
        self.expect_handler = expect_handler
        """What meets an Expect field; None stands for the default."""
        self.chain = handler
        """The handler with the middlewares of the application around it; set when the application is frozen."""

    @property
    def name(self) -> str | None:
        """Name of the resource."""
        return self.resource.name

    def __repr__(self) -> str:
        return f"<Route {self.method} {self.resource.pattern.template!r} -> {self.handler!r}>"


Match = tuple[Route[RequestT], dict[str, str]]
"""A route was found: it, and the parts of the path that vary, decoded. A plain tuple, since each request makes one."""


class NoMatch(NamedTuple):
    """No route was found."""

    allowed_methods: frozenset[str]
    """Methods the path knows; empty when no resource has the path."""


class RouteTree(Generic[RequestT]):
    """Resources in order of registration, indexed; does not change any more.

    Args:
        resources: In order of registration.
    """

    def __init__(self, resources: Iterable[Resource[RequestT]]) -> None:
        self._index: dict[str, list[Resource[RequestT]]] = {}
        resources = list(resources)
        for resource in resources:
            self._index.setdefault(resource.pattern.index_key, []).append(resource)
        self._depth = max((key.count("/") for key in self._index), default=0)
        self.literals: dict[str, dict[str, Route[RequestT]]] = self._find_literals(resources)
        """Raw target, then method, to the route that ``find`` would return: a short cut that needs no decoding."""

    def _find_literals(self, resources: list[Resource[RequestT]]) -> dict[str, dict[str, Route[RequestT]]]:
        literals: dict[str, dict[str, Route[RequestT]]] = {}
        for resource in resources:
            path = resource.pattern.literal
            if resource.pattern.is_dynamic or "?" in path or "#" in path:
                continue
            for method in resource.routes:
                found = self.find(method, path)
                if not isinstance(found, NoMatch) and found[0].resource is resource and method != ANY_METHOD:
                    literals.setdefault(path, {})[method] = found[0]
        return literals

    def find(self, method: str, path: str) -> Match[RequestT] | NoMatch:
        """Return the route for a method and a path.

        Args:
            method: Case matters.
            path: A path that went through ``decode_path``.
        """
        allowed: set[str] | None = None
        key = self._cut(path)
        while True:
            for resource in self._index.get(key, ()):
                values = resource.pattern.match(path)
                if values is None:
                    continue
                route = resource.route_for(method)
                if route is not None:
                    return route, values
                allowed = resource.routes.keys() | (allowed or ())
            if key == "/":
                return NoMatch(frozenset(allowed or ()))
            key = key[: key.rfind("/")] or "/" if "/" in key else "/"

    def _cut(self, path: str) -> str:
        """Return the start of the path that is as deep as the deepest resource: nothing is indexed below it."""
        # Without this a path of thousands of slashes would cost as many lookups.
        at = -1
        for _ in range(self._depth + 1):
            at = path.find("/", at + 1)
            if at < 0:
                return path
        return path[:at] or "/"
