"""Fields in ``application/x-www-form-urlencoded``: read and written."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from .errors import LocalProtocolError, RemoteProtocolError
from .limits import DEFAULT_LIMITS


def parse_urlencoded(
    raw: bytes, charset: str = "utf-8", *, max_fields: int = DEFAULT_LIMITS.max_parts
) -> list[tuple[str, str]]:
    """Read the fields of a form.

    Args:
        raw: The whole form; white space at its end is left out.
        charset: Python's name of the charset, as ``find_charset`` returns it.
        max_fields: Fields at the most; 0 for any number.

    Returns:
        Names and values in their order. A name without ``=`` has an empty value; what is between two ``&`` and empty
        is no field. Percent-encoded octets that are not of the charset become replacement characters.

    Raises:
        RemoteProtocolError: There are more fields (``too-many-parts``).
        UnicodeDecodeError: The octets that are not percent-encoded are not of the charset.
        LookupError: The charset is not known to Python.

    Source: WHATWG URL §5.1.
    """
    text = raw.decode(charset).rstrip()
    if text.count("&") >= max_fields > 0:
        raise RemoteProtocolError(
            "too-many-parts",
            where="urlencoded form",
            problem="more fields than the limit",
            expected=f"at most {max_fields} (max_parts)",
        )
    return parse_qsl(text, keep_blank_values=True, encoding=charset)


def format_urlencoded(fields: Iterable[tuple[str, str]], charset: str = "utf-8") -> bytes:
    """Write the fields of a form; a space becomes ``+``.

    Args:
        fields: Names and values.
        charset: Charset of what is percent-encoded.

    Raises:
        LocalProtocolError: A name or value cannot be had in the charset, or Python does not know it
            (``unknown-charset``).

    Source: WHATWG URL §5.2.
    """
    try:
        return urlencode(list(fields), encoding=charset, errors="strict").encode("ascii")
    except (LookupError, UnicodeEncodeError) as error:
        raise LocalProtocolError(
            "unknown-charset", where="urlencoded form", problem="a field cannot be had in", seen=charset
        ) from error
