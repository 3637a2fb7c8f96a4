"""Routes as values and as decorators, to be added to an application later."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, overload

from skerry.http import hdrs

from ..handlers import ExpectHandler, Handler, RequestT

RequestT_co = TypeVar("RequestT_co", covariant=True)
RequestT_contra = TypeVar("RequestT_contra", contravariant=True)
HandlerT = TypeVar("HandlerT", bound=Callable[..., Any])


class RouteAdder(Protocol[RequestT_co]):
    """What a definition registers itself on: the router."""

    def add_route(
        self,
        method: str,
        path: str,
        handler: Handler[RequestT_co],
        *,
        name: str | None = None,
        expect_handler: ExpectHandler[RequestT_co] | None = None,
    ) -> Any:
        """Add one route."""

    def add_get(
        self,
        path: str,
        handler: Handler[RequestT_co],
        *,
        name: str | None = None,
        allow_head: bool = True,
        expect_handler: ExpectHandler[RequestT_co] | None = None,
    ) -> Any:
        """Add a GET route, and one for HEAD with it."""


class AbstractRouteDef(Protocol[RequestT_contra]):
    """What ``add_routes`` takes: anything that knows how to register itself."""

    def register(self, router: RouteAdder[RequestT_contra], /) -> Any:
        """Add what the definition stands for to the router."""


@dataclass(frozen=True, slots=True, repr=False)
class RouteDef(Generic[RequestT]):
    """A route that is not added yet."""

    method: str
    """Method, or ``*`` for every one."""
    path: str
    """Path template."""
    handler: Handler[RequestT]
    """What answers."""
    name: str | None = None
    """Name of the resource."""
    allow_head: bool = False
    """True when HEAD is answered by the same handler."""
    expect_handler: ExpectHandler[RequestT] | None = None
    """What meets an Expect field."""

    def register(self, router: RouteAdder[RequestT], /) -> None:
        """Add the route.

        Raises:
            ValueError: The path, the method or the name is not valid.
            RuntimeError: The resource has the method already, or the application has started.
        """
        if self.allow_head:
            router.add_get(self.path, self.handler, name=self.name, expect_handler=self.expect_handler)
        else:
            router.add_route(self.method, self.path, self.handler, name=self.name, expect_handler=self.expect_handler)

    def __repr__(self) -> str:
        return f"<RouteDef {self.method} {self.path!r} -> {getattr(self.handler, '__qualname__', self.handler)!r}>"


def route(
    method: str,
    path: str,
    handler: Handler[RequestT],
    *,
    name: str | None = None,
    expect_handler: ExpectHandler[RequestT] | None = None,
) -> RouteDef[RequestT]:
    """Return a route for a method; ``*`` stands for every method."""
    return RouteDef(method, path, handler, name, False, expect_handler)


def get(
    path: str,
    handler: Handler[RequestT],
    *,
    name: str | None = None,
    allow_head: bool = True,
    expect_handler: ExpectHandler[RequestT] | None = None,
) -> RouteDef[RequestT]:
    """Return a route for GET, which answers HEAD too unless ``allow_head`` is false."""
    return RouteDef(hdrs.METH_GET, path, handler, name, allow_head, expect_handler)


class _Definer:
    """One of ``post``, ``put`` … : a function that makes routes for its method."""

    def __init__(self, method: str) -> None:
        self._method = method
        self.__doc__ = f"Return a route for {method}."

    def __call__(
        self,
        path: str,
        handler: Handler[RequestT],
        *,
        name: str | None = None,
        expect_handler: ExpectHandler[RequestT] | None = None,
    ) -> RouteDef[RequestT]:
        return RouteDef(self._method, path, handler, name, False, expect_handler)


head = _Definer(hdrs.METH_HEAD)
post = _Definer(hdrs.METH_POST)
put = _Definer(hdrs.METH_PUT)
patch = _Definer(hdrs.METH_PATCH)
delete = _Definer(hdrs.METH_DELETE)
options = _Definer(hdrs.METH_OPTIONS)


def view(
    path: str,
    handler: Handler[RequestT],
    *,
    name: str | None = None,
    expect_handler: ExpectHandler[RequestT] | None = None,
) -> RouteDef[RequestT]:
    """Return a route for every method, answered by a ``View`` class."""
    return RouteDef(hdrs.METH_ANY, path, handler, name, False, expect_handler)


class RouteTableDef(Sequence[RouteDef[Any]]):
    """A list of routes that handlers are put on by decorators.

    ::

        routes = web.RouteTableDef()

        @routes.get("/{name}")
        async def hello(request): ...

        app.add_routes(routes)
    """

    def __init__(self) -> None:
        self._items: list[RouteDef[Any]] = []

    @overload
    def __getitem__(self, index: int) -> RouteDef[Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[RouteDef[Any]]: ...

    def __getitem__(self, index: int | slice) -> RouteDef[Any] | list[RouteDef[Any]]:
        return self._items[index]

    def __iter__(self) -> Iterator[RouteDef[Any]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __repr__(self) -> str:
        return f"<RouteTableDef of {len(self._items)}>"

    def route(self, method: str, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for a method; options are those of ``web.route``."""

        def keep(handler: HandlerT) -> HandlerT:
            self._items.append(route(method, path, handler, **options))
            return handler

        return keep

    def get(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for GET; options are those of ``web.get``."""

        def keep(handler: HandlerT) -> HandlerT:
            self._items.append(get(path, handler, **options))
            return handler

        return keep

    def head(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for HEAD."""
        return self.route(hdrs.METH_HEAD, path, **options)

    def post(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for POST."""
        return self.route(hdrs.METH_POST, path, **options)

    def put(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for PUT."""
        return self.route(hdrs.METH_PUT, path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for PATCH."""
        return self.route(hdrs.METH_PATCH, path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for DELETE."""
        return self.route(hdrs.METH_DELETE, path, **options)

    def options(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a handler with a route for OPTIONS."""
        return self.route(hdrs.METH_OPTIONS, path, **options)

    def view(self, path: str, **options: Any) -> Callable[[HandlerT], HandlerT]:
        """Decorate a ``View`` class with a route for every method."""
        return self.route(hdrs.METH_ANY, path, **options)
