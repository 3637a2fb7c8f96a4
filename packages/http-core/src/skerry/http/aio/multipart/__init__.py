"""Multipart bodies on streams: read part by part, written from parts; forms both ways."""

from .form import FileField, FormValue, read_form
from .form_data import FormData
from .part import BodyPartReader
from .reader import MultipartMessage, MultipartReader, MultipartResponseWrapper
from .source import OctetStream
from .writer import MultipartWriter

__all__ = [
    "BodyPartReader",
    "FileField",
    "FormData",
    "FormValue",
    "MultipartMessage",
    "MultipartReader",
    "MultipartResponseWrapper",
    "MultipartWriter",
    "OctetStream",
    "read_form",
]
