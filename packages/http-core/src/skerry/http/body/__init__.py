"""Bodies to send: what they are, how long they are, whether they can be sent again, and who closes what.

A body is an object with four answers (``BodySource``): ``size``, ``replayable``, ``pieces`` and ``aclose``. Who sends
it asks for its pieces; nothing is pushed. Files and streams, which need threads or an event loop, are in
``skerry.http.aio``.
"""

from .form import FormBody, FormFields, format_form, parse_form
from .json import JsonBody
from .sources import AsyncIterableBody, BodySource, BytesBody, TextBody

__all__ = [
    "AsyncIterableBody",
    "BodySource",
    "BytesBody",
    "FormBody",
    "FormFields",
    "JsonBody",
    "TextBody",
    "format_form",
    "parse_form",
]
