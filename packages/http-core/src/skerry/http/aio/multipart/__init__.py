"""Multipart bodies on streams: read part by part, written from parts, forms both ways."""

from .part import BodyPartReader
from .reader import MultipartMessage, MultipartReader, MultipartResponseWrapper
from .source import OctetStream

__all__ = [
    "BodyPartReader",
    "MultipartMessage",
    "MultipartReader",
    "MultipartResponseWrapper",
    "OctetStream",
]
