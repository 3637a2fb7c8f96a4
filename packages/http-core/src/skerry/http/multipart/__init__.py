"""Multipart bodies without input or output: octets to parts and parts to octets (RFC 2046 §5.1, RFC 7578)."""

from .boundary import (
    MAX_BOUNDARY_LENGTH,
    MultipartType,
    check_boundary,
    format_multipart_type,
    is_multipart,
    parse_multipart_type,
)
from .decoder import MultipartDecoder, PartCount
from .encoder import MultipartEncoder, format_part_fields
from .events import END_OF_MULTIPART, END_OF_PART, MultipartEnd, PartHead

__all__ = [
    "END_OF_MULTIPART",
    "END_OF_PART",
    "MAX_BOUNDARY_LENGTH",
    "MultipartDecoder",
    "MultipartEncoder",
    "MultipartEnd",
    "MultipartType",
    "PartCount",
    "PartHead",
    "check_boundary",
    "format_multipart_type",
    "format_part_fields",
    "is_multipart",
    "parse_multipart_type",
]
