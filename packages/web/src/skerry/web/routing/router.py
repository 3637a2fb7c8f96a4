"""UrlDispatcher: where an application's routes are registered."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Generic

from skerry.http import hdrs

from ..handlers import ExpectHandler, Handler, RequestT
from .pattern import PathPattern
from .table import AbstractRouteDef
from .tree import ANY_METHOD, Resource, Route, RouteTree

_METHOD = re.compile(r"[!#$%&'+\-.^_`|~0-9A-Za-z][!#$%&'*+\-.^_`|~0-9A-Za-z]*")
_NAME = re.compile(r"[A-Za-z_]\w*(?:[-.:][A-Za-z_]\w*)*", re.ASCII)


class UrlDispatcher(Generic[RequestT]):
    """The routes of one application, in order of registration."""

    def __init__(self) -> None:
        self._resources: list[Resource[RequestT]] = []
        self._named: dict[str, Resource[RequestT]] = {}
        self._tree: RouteTree[RequestT] | None = None
        self._frozen = False

    @property
    def frozen(self) -> bool:
        """True when no route can be added any more."""
        return self._frozen

    @property
    def tree(self) -> RouteTree[RequestT]:
        """The lookup over what is registered now."""
        if self._tree is None:
            self._tree = RouteTree(self._resources)
        return self._tree

    def freeze(self) -> None:
        """Let nothing be added any more. Can be repeated."""
        self._frozen = True

    def add_resource(self, path: str, *, name: str | None = None) -> Resource[RequestT]:
        """Return a resource for a path template; the last one registered is used again if it is for the same.

        Raises:
            ValueError: The path or the name is not valid, or another resource has the name.
            RuntimeError: The application has started.
        """
        if self._frozen:
            raise RuntimeError(f"cannot add {path!r}: the application has started and its router is frozen")
        if self._resources:
            last = self._resources[-1]
            if last.pattern.template == path and last.name == name:
                return last
        resource: Resource[RequestT] = Resource(PathPattern(path), name)
        if name is not None:
            self._check_name(name)
            self._named[name] = resource
        self._resources.append(resource)
        return resource

    def _check_name(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"route name {name!r}: expected identifiers joined by '-', '.' or ':'")
        if name in self._named:
            raise ValueError(f"route name {name!r} is taken by {self._named[name]!r}")

    def add_route(
        self,
        method: str,
        path: str,
        handler: Handler[RequestT],
        *,
        name: str | None = None,
        expect_handler: ExpectHandler[RequestT] | None = None,
    ) -> Route[RequestT]:
        """Add a route.

        Args:
            method: Token, made upper case; ``*`` stands for every method.
            path: Path template, as ``PathPattern`` reads it.
            handler: Coroutine function of a request, or a ``View`` class.
            name: Name of the resource.
            expect_handler: What meets an Expect field; None stands for the default.

        Raises:
            TypeError: The handler cannot be called.
            ValueError: The method, the path or the name is not valid.
            RuntimeError: The resource has the method already, or the application has started.
        """
        if not callable(handler):
            raise TypeError(f"handler for {path!r} is {handler!r}, expected a coroutine function or a View class")
        if method != ANY_METHOD and not _METHOD.fullmatch(method):
            raise ValueError(f"method {method!r} is not a token (RFC 9110 §9.1)")
        method = method.upper()
        resource = self.add_resource(path, name=name)
        known = resource.route_for(method)
        if known is not None:
            raise RuntimeError(f"{method} {path!r} would never be reached, {known!r} is registered already")
        route = Route(method, resource, handler, expect_handler)
        resource.routes[method] = route
        self._tree = None
        return route

    def add_get(
        self,
        path: str,
        handler: Handler[RequestT],
        *,
        name: str | None = None,
        allow_head: bool = True,
        expect_handler: ExpectHandler[RequestT] | None = None,
    ) -> Route[RequestT]:
        """Add a route for GET, and for HEAD with it unless ``allow_head`` is false. Raises as ``add_route``."""
        if allow_head:
            self.add_route(hdrs.METH_HEAD, path, handler, name=name, expect_handler=expect_handler)
        return self.add_route(hdrs.METH_GET, path, handler, name=name, expect_handler=expect_handler)

    def add_head(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a route for HEAD."""
        return self.add_route(hdrs.METH_HEAD, path, handler, **options)

    def add_post(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a route for POST."""
        return self.add_route(hdrs.METH_POST, path, handler, **options)

    def add_put(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a route for PUT."""
        return self.add_route(hdrs.METH_PUT, path, handler, **options)

    def add_patch(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a route for PATCH."""
        return self.add_route(hdrs.METH_PATCH, path, handler, **options)

    def add_delete(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a route for DELETE."""
        return self.add_route(hdrs.METH_DELETE, path, handler, **options)

    def add_options(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a route for OPTIONS."""
        return self.add_route(hdrs.METH_OPTIONS, path, handler, **options)

    def add_view(self, path: str, handler: Handler[RequestT], **options: Any) -> Route[RequestT]:
        """Add a ``View`` class for every method."""
        return self.add_route(ANY_METHOD, path, handler, **options)

    def add_routes(self, routes: Iterable[AbstractRouteDef[RequestT]]) -> None:
        """Add route definitions in order. Raises as ``add_route``."""
        for route in routes:
            route.register(self)

    def resources(self) -> tuple[Resource[RequestT], ...]:
        """Return the resources in order of registration."""
        return tuple(self._resources)

    def routes(self) -> tuple[Route[RequestT], ...]:
        """Return the routes of all resources."""
        return tuple(route for resource in self._resources for route in resource.routes.values())

    def named_resources(self) -> Mapping[str, Resource[RequestT]]:
        """Return the resources that have a name, by name."""
        return MappingProxyType(self._named)

    def __getitem__(self, name: str) -> Resource[RequestT]:
        return self._named[name]

    def __contains__(self, name: object) -> bool:
        return name in self._named

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)
