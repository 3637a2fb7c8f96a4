"""FormData: the fields and files of a form to send, urlencoded or multipart as they need it."""

import io
from collections.abc import Iterable
from typing import Any

from multidict import MultiDict, MultiDictProxy

from ... import hdrs
from ...body import FormBody
from ...disposition import format_content_disposition
from ...errors import LocalProtocolError
from ...multipart.encoder import format_part_fields
from ..bodies import file_name
from ..payload import Payload
from .writer import MultipartWriter, make_part

_FieldOfForm = tuple[MultiDict[str], dict[str, str], Any]


class FormData:
    """A form to send. It is called to get its body: urlencoded while all fields are plain text, else multipart.

    Args:
        fields: As for ``add_fields``; also a dict or a MultiDict.
        quote_fields: True to percent-encode names of fields and files that are not plain ASCII; False to send them as
            they are, as browsers do.
        charset: Charset of text; None for UTF-8.
        default_to_multipart: True for multipart in any case.

    Raises:
        TypeError, LocalProtocolError: As for ``add_field``.

    Source: RFC 7578, WHATWG URL §5.2.
    """

    def __init__(
        self,
        fields: Iterable[Any] = (),
        quote_fields: bool = True,
        charset: str | None = None,
        *,
        default_to_multipart: bool = False,
    ) -> None:
        self._fields: list[_FieldOfForm] = []
        self._is_multipart = default_to_multipart
        self._quote_fields = quote_fields
        self._charset = charset
        self._body: MultipartWriter | None = None
        if isinstance(fields, dict):
            fields = list(fields.items())
        elif not isinstance(fields, list | tuple):
            fields = (fields,)
        self.add_fields(*fields)

    @property
    def is_multipart(self) -> bool:
        """True when the body will be multipart."""
        return self._is_multipart

    def add_field(self, name: str, value: Any, *, content_type: str | None = None, filename: str | None = None) -> None:
        """Add a field.

        Args:
            name: Name of the field.
            value: Text; a number, which is sent as text; or what ``get_payload`` makes a payload of, octets or an open
                file for example. All but text and numbers make the form multipart.
            content_type: Content-Type of the field; makes the form multipart.
            filename: Makes the field a file, and the form multipart. An open file has a name by itself.

        Raises:
            TypeError: An argument is of another type.
            LocalProtocolError: An argument has a control character (``bad-field-value``).
        """
        options: MultiDict[str] = MultiDict({"name": _checked("name", name)})
        headers: dict[str, str] = {}
        if filename is not None:
            options["filename"] = _checked("filename", filename)
        elif isinstance(value, io.IOBase):
            options["filename"] = _checked("filename", file_name(value) or name)
        if content_type is not None:
            headers[hdrs.CONTENT_TYPE] = _checked("content_type", content_type)
            format_part_fields(headers)
        if isinstance(value, int | float):
            value = str(value)
        if headers or filename is not None or not isinstance(value, str):
            self._is_multipart = True
        self._fields.append((options, headers, value))
        self._body = None

    def add_fields(self, *fields: Any) -> None:
        """Add several fields.

        Args:
            fields: Open files, pairs of name and value, MultiDicts.

        Raises:
            TypeError: A field is none of these.
            LocalProtocolError: As for ``add_field``.
        """
        for field in fields:
            if isinstance(field, io.IOBase):
                self.add_field(file_name(field) or "unknown", field)
            elif isinstance(field, MultiDict | MultiDictProxy):
                for name, value in field.items():
                    self.add_field(name, value)
            elif isinstance(field, list | tuple) and len(field) == 2:
                self.add_field(field[0], field[1])
            else:
                raise TypeError(
                    f"a field is {field!r}, expected an open file, a pair of name and value, or a MultiDict"
                )

    def __call__(self) -> "MultipartWriter | FormBody":
        """Return the body. A multipart one is the same object until a field is added.

        Raises:
            TypeError: No part can be made of the value of a field.
            LocalProtocolError: A field cannot be sent (``bad-field-value``), or not in the charset
                (``bad-charset``).
        """
        if not self._is_multipart:
            return self._make_urlencoded()
        if self._body is None:
            self._body = self._make_multipart()
        return self._body

    def _make_urlencoded(self) -> FormBody:
        charset = self._charset or "utf-8"
        try:
            return FormBody([(options["name"], value) for options, _, value in self._fields], encoding=charset)
        except (LookupError, UnicodeEncodeError) as error:
            raise _bad_charset(charset) from error

    def _make_multipart(self) -> MultipartWriter:
        writer = MultipartWriter("form-data")
        for options, headers, value in self._fields:
            part = self._make_part(value, headers)
            part.headers[hdrs.CONTENT_DISPOSITION] = format_content_disposition(
                "form-data", options, quote_fields=self._quote_fields, charset=self._charset or "utf-8"
            )
            writer.append_payload(part)
        return writer

    def _make_part(self, value: Any, headers: dict[str, str]) -> Payload:
        if isinstance(value, Payload):
            value.headers.update(headers)
            return value
        try:
            return make_part(value, headers, self._charset)
        except (LookupError, UnicodeEncodeError) as error:
            raise _bad_charset(self._charset or "utf-8") from error


def _bad_charset(charset: str) -> LocalProtocolError:
    return LocalProtocolError("bad-charset", where="form", problem="a field cannot be had in", seen=charset)


def _checked(what: str, text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"the {what} of a field is of type {type(text).__name__}, expected str")
    if any(character < " " or character == "\x7f" for character in text):
        raise LocalProtocolError(
            "bad-field-value", where=f"{what} of a field", seen=text, expected="no control characters"
        )
    return text
