"""Multipart bodies on streams: read part by part, written from parts, forms both ways."""

from .form import FileField, FormValue, read_form
from .part import BodyPartReader
from .reader import MultipartMessage, MultipartReader, MultipartResponseWrapper
from .source import OctetStream

__all__ = [
    "BodyPartReader",
    "FileField",
    "FormValue",
    "MultipartMessage",
    "MultipartReader",
    "MultipartResponseWrapper",
    "OctetStream",
    "read_form",
]
