"""Content-Disposition: read and written, with file names in any script.

Read: a kind and its parameters; ``name*=utf-8''%e2%82%ac`` (RFC 8187) is decoded at once, the pieces of
``name*0``, ``name*1*`` … (RFC 2231 §3) are kept as they came and joined when the whole is asked for. What breaks the
grammar gives a warning and no exception, since a part of a form with a bad label is still a part. The text of a warning
holds nothing of the peer's: Python remembers each text that it has warned with, and a peer must not fill that memory.
What was seen is in ``warning.seen``.

Written: in quotes, percent-encoded in quotes, or as RFC 8187, as the place needs it.

The name of a file is what the peer says: it can be ``../../etc/passwd``. Whoever makes a path of it cleans it first.
"""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote as percent_encode
from urllib.parse import unquote_to_bytes

from .charsets import find_charset
from .errors import SEEN_LIMIT, LocalProtocolError
from .limits import DEFAULT_LIMITS
from .quoted import is_token, quote, read_value, skip_space, skip_token

__all__ = [
    "BadContentDispositionHeader",
    "BadContentDispositionParam",
    "ContentDisposition",
    "content_disposition_filename",
    "format_attachment",
    "format_content_disposition",
    "parse_content_disposition",
]

# attribute, then for a piece of a value its number, then "*" when it is percent-encoded (RFC 2231 §7, without "**").
_NAME = re.compile(r"[^*]++(?:\*[^*]++)?\*?")
# attr-char of RFC 8187 §3.2.1 beyond the letters, digits and "-._~" that percent-encoding leaves alone anyway.
_ATTRIBUTE_CHARACTERS = "!#$&+^`|"
# What would end a quoted string, or the line, in the middle of a name.
_UNQUOTABLE = re.compile(r'[\x00-\x1f\x7f"\\]')


class BadContentDispositionHeader(RuntimeWarning):
    """A Content-Disposition could not be read; it counts as missing."""

    def __init__(self, problem: str, seen: str = "") -> None:
        super().__init__(problem)
        self.seen = seen[:SEEN_LIMIT]
        """What the peer sent, bounded."""


class BadContentDispositionParam(RuntimeWarning):
    """One parameter of a Content-Disposition could not be read; it is left out, the others count."""

    def __init__(self, problem: str, seen: str = "") -> None:
        super().__init__(problem)
        self.seen = seen[:SEEN_LIMIT]
        """What the peer sent, bounded."""


@dataclass(frozen=True, slots=True)
class ContentDisposition:
    """What a Content-Disposition says, as clients see it."""

    type: str | None
    """``attachment``, ``form-data`` …, in lower case; None when the field could not be read."""
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Parameters as ``parse_content_disposition`` returns them, read only."""
    filename: str | None = None
    """Name of the file, decoded and joined; None when there is none."""


def parse_content_disposition(
    header: str | None, *, max_parameters: int = DEFAULT_LIMITS.max_parameters
) -> tuple[str | None, dict[str, str]]:
    """Read a Content-Disposition.

    Args:
        header: Field value; None and an empty one are a missing field.
        max_parameters: How many parameters a readable field has at the most; 0 for any number.

    Returns:
        The type in lower case and the parameters, names in lower case. A parameter ``name*`` is decoded and keeps its
        star; ``name*0``, ``name*1*`` … are as they came: ``content_disposition_filename`` puts them together. An
        unreadable field is ``(None, {})``.

    Warns:
        BadContentDispositionHeader: Nothing can be read: the type is no token, a parameter has no value, a quoted
            string no end, a name comes twice, there are too many parameters, or something else is between them. Or a
            parameter is empty, and the others count.
        BadContentDispositionParam: The name of a parameter cannot be, or a ``name*`` is in a charset that is not known,
            or not what it says; it is left out. Each of the two comes once at the most.

    Source: RFC 6266 §4.1, RFC 7578 §4.2, RFC 8187 §3.2, RFC 2231 §3.
    """
    if not header:
        return None, {}
    start = skip_space(header, 0)
    at = skip_token(header, start)
    kind = header[start:at].lower()
    parameters: dict[str, str] = {}
    problems: dict[type[Warning], Warning] = {}  # one of a kind: a peer must not fill the log of a server
    count = 0
    at = skip_space(header, at)
    while kind and at < len(header):
        start = skip_space(header, at + 1)
        if header[at] != ";" or start == len(header):
            break
        if header[start] == ";":
            if BadContentDispositionHeader not in problems:
                problem: Warning = BadContentDispositionHeader("Content-Disposition: an empty parameter", header)
                problems[type(problem)] = problem
            at = start
            continue
        read = _read_parameter(header, start)
        if read is None or read[0] in parameters or count == (max_parameters or -1):
            break
        count += 1
        name, value, at = read
        if value is not None:
            parameters[name] = value
        elif BadContentDispositionParam not in problems:
            problem = BadContentDispositionParam("Content-Disposition: a parameter is left out", header[start:at])
            problems[type(problem)] = problem
        at = skip_space(header, at)
    if not kind or at < len(header):
        problem = BadContentDispositionHeader("Content-Disposition: not readable", header)
        kind, parameters, problems = "", {}, {type(problem): problem}
    for problem in problems.values():
        warnings.warn(problem, stacklevel=2)
    return kind or None, parameters


def _read_parameter(text: str, start: int) -> tuple[str, str | None, int] | None:
    """Return name, decoded value or None when it is left out, and the place behind; None when this is no parameter."""
    end = skip_token(text, start)
    equals = skip_space(text, end)
    if text[equals : equals + 1] != "=":
        return None
    value_start = skip_space(text, equals + 1)
    read = read_value(text, value_start)
    if read is None:
        return None
    name = text[start:end].lower()
    value: str | None = read[0]
    if _NAME.fullmatch(name) is None:
        value = None
    elif name.endswith("*"):
        # RFC 8187 knows no quotes here: what comes in them was not written as an extended value.
        if text[value_start] == '"':
            value = None
        elif name.count("*") == 1:
            value = _decode_extended(read[0])
    return name, value, read[1]


def _decode_extended(text: str) -> str | None:
    """Return what ``charset'language'percent-encoded`` stands for, or None; without a charset it is UTF-8."""
    parts = text.split("'", 3)
    return _decode(_unquote(parts[2]), parts[0]) if len(parts) == 3 else None


def _unquote(text: str) -> bytes:
    """Return the octets of percent-encoded text; a lone surrogate gives octets that no charset has."""
    return unquote_to_bytes(text.encode("utf-8", "surrogatepass"))


def _decode(raw: bytes | bytearray, charset: str) -> str | None:
    codec = find_charset(charset or "utf-8")
    if codec is None:
        return None
    try:
        return raw.decode(codec)
    except UnicodeError:
        return None


def content_disposition_filename(params: Mapping[str, str], name: str = "filename") -> str | None:
    """Return the value of a parameter in whichever of its three forms it came.

    The extended form ``name*`` wins over the plain one, and that over pieces ``name*0``, ``name*1*`` …, which are
    joined in the order of their numbers up to the first that is missing.

    Args:
        params: Parameters from ``parse_content_disposition``.
        name: Which parameter; in forms the name of the field is ``"name"``.

    Returns:
        The text; None when there is none, or pieces that cannot be decoded.

    Source: RFC 6266 §4.3, RFC 2231 §3 and §4.1.
    """
    for key in (f"{name}*", name):
        if key in params:
            return params[key]
    return _join_pieces(params, name)


def _join_pieces(params: Mapping[str, str], name: str) -> str | None:
    charset = ""
    text: list[str] = []
    raw = bytearray()  # encoded pieces in a row: one character may be spread over two of them
    number = 0
    while True:
        plain = params.get(f"{name}*{number}")
        piece = params.get(f"{name}*{number}*") if plain is None else plain
        if plain is not None or piece is None:
            decoded = _decode(raw, charset)
            if decoded is None or (piece is None and number == 0):
                return None
            text.append(decoded)
            raw.clear()
        if piece is None:
            return "".join(text)
        if plain is not None:
            text.append(plain)
        else:
            if number == 0:
                head = piece.split("'", 2)
                charset, piece = (head[0], head[2]) if len(head) == 3 else ("", piece)
            raw += _unquote(piece)
        number += 1


def format_content_disposition(
    kind: str, params: Mapping[str, str], *, quote_fields: bool = True, charset: str = "utf-8", max_piece_size: int = 0
) -> str:
    """Return a Content-Disposition as parts of forms and of mail have it.

    Args:
        kind: ``form-data``, ``attachment``, ``inline``.
        params: Names and values. The order is kept.
        quote_fields: True: a file name is percent-encoded inside its quotes; another value that is not printable ASCII
            is sent as ``name*=charset''…``. False: values are put in quotes as they are, with a backslash before ``"``
            and the backslash, as browsers and many servers expect of a form.
        charset: Character set for percent-encoding.
        max_piece_size: Octets of one percent-encoded value; a longer one goes on in ``name*1*``, ``name*2*`` ….
            0 never cuts: HTTP has no use for pieces (RFC 8187 §3.1), mail has. At least 64, so that the first holds the
            name of any charset.

    Raises:
        LocalProtocolError: The kind or a name is no token, a value has a control character and ``quote_fields`` is
            off, or it cannot be encoded in ``charset`` (``bad-field-value``).
        ValueError: ``max_piece_size`` is 1 .. 63.

    Source: RFC 2183 §2, RFC 7578 §4.2, RFC 8187 §3.2, RFC 2231 §3.
    """
    if 0 < max_piece_size < 64:
        raise ValueError(f"max_piece_size is {max_piece_size!r}, expected 0 or at least 64")
    parts = [_checked(kind, "type")]
    for name, value in params.items():
        where = f"Content-Disposition parameter {_checked(name, 'parameter name')}"
        if not quote_fields:
            parts.append(f"{name}={quote(value, where=where)}")
        elif name == "filename" and not max_piece_size:
            parts.append(f'{name}="{_encode(value, charset, "", where)}"')
        elif value.isascii() and value.isprintable() and len(value) <= (max_piece_size or len(value)):
            parts.append(f"{name}={quote(value, where=where)}")
        else:
            encoded = _encode(value, charset, _ATTRIBUTE_CHARACTERS, where)
            parts.extend(_cut(name, f"{charset}''{encoded}", max_piece_size))
    return "; ".join(parts)


def format_attachment(filename: str | None, kind: Literal["attachment", "inline"] = "attachment") -> str:
    """Return the Content-Disposition of a response that is to be saved under a name.

    A name that plain quotes can carry everywhere is put in quotes. Any other is sent twice: percent-encoded as UTF-8
    for all that know RFC 8187, and before it for the rest with ``_`` for each character that they could misread.

    Args:
        filename: Name without a path; None sends none.
        kind: ``attachment`` saves, ``inline`` shows.

    Raises:
        LocalProtocolError: ``kind`` is no token, or ``filename`` has a lone surrogate (``bad-field-value``).

    Source: RFC 6266 §4.3, §5 and appendix D.
    """
    text = _checked(kind, "type")
    if filename is None:
        return text
    if filename.isascii() and "%" not in filename and _UNQUOTABLE.search(filename) is None:
        return f'{text}; filename="{filename}"'
    plain = _UNQUOTABLE.sub("_", filename.encode("ascii", "replace").decode("ascii").replace("?", "_"))
    encoded = _encode(filename, "utf-8", _ATTRIBUTE_CHARACTERS, "Content-Disposition parameter filename")
    return f"{text}; filename=\"{plain.replace('%', '_')}\"; filename*=UTF-8''{encoded}"


def _checked(text: str, what: str) -> str:
    if not is_token(text):
        raise LocalProtocolError(
            "bad-field-value", where=f"Content-Disposition {what}", seen=text, expected="a token (RFC 9110 §5.6.2)"
        )
    return text


def _encode(text: str, charset: str, safe: str, where: str) -> str:
    try:
        return percent_encode(text, safe=safe, encoding=charset, errors="strict")
    except (UnicodeError, LookupError) as error:
        raise LocalProtocolError(
            "bad-field-value", where=where, problem=f"not to be had in {charset}:", seen=text
        ) from error


def _cut(name: str, value: str, size: int) -> list[str]:
    """Return an extended value as one parameter, or as pieces of at most ``size`` octets; no escape is cut in two."""
    if not size or len(value) <= size:
        return [f"{name}*={value}"]
    pieces: list[str] = []
    start = 0
    while start < len(value):
        end = start + size
        cut = value.rfind("%", end - 2, end) if end < len(value) else -1
        end = end if cut < 0 else cut
        pieces.append(f"{name}*{len(pieces)}*={value[start:end]}")
        start = end
    return pieces
