"""Which handler answers a path and a method: patterns, a pure lookup, and the tables that programs write."""

from .pattern import PathPattern
from .router import UrlDispatcher
from .table import AbstractRouteDef, RouteDef, RouteTableDef, delete, get, head, options, patch, post, put, route, view
from .tree import Match, NoMatch, Resource, Route, RouteTree

__all__ = [
    "AbstractRouteDef",
    "Match",
    "NoMatch",
    "PathPattern",
    "Resource",
    "Route",
    "RouteDef",
    "RouteTableDef",
    "RouteTree",
    "UrlDispatcher",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "route",
    "view",
]
