"""Link: references from a message to other resources, as frozen records.

Reading follows the lenient algorithm of the RFC and goes forward only: no character is looked at more than a fixed
number of times, whatever is missing. Nothing that a peer sends is an error.

Source: RFC 8288 §3, appendix B.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from multidict import MultiDict, MultiDictProxy
from yarl import URL

from .errors import LocalProtocolError
from .grammar import lower_ascii
from .limits import DEFAULT_LIMITS, Limits
from .quoted import is_token, quote, quote_if_needed, read_quoted, skip_space, skip_token

__all__ = ["Link", "format_link", "make_link_mapping", "parse_links"]

_TARGET: Final = re.compile(r"[^\x00-\x20<>\x7f]*")
# A value that is not quoted goes on to the next separator, whatever it is made of.
_BARE_VALUE: Final = re.compile(r"[^,;]*+")


@dataclass(frozen=True, slots=True)
class Link:
    """One link."""

    target: str
    """Reference to the target, as it stands between ``<`` and ``>``; relative to the URL of the message."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names in lower case with their values, quotation resolved, in order; a value that is not there is empty."""

    def get(self, name: str) -> str | None:
        """Return the first parameter of that name in lower case, or None."""
        for key, value in self.parameters:
            if key == name:
                return value
        return None

    @property
    def relations(self) -> tuple[str, ...]:
        """Relation types of the first ``rel``, in lower case (RFC 8288 §3.3)."""
        words = lower_ascii(self.get("rel") or "").replace("\t", " ").split(" ")
        return tuple([word for word in words if word])

    @property
    def title(self) -> str:
        """Text for people: ``title*`` when it can be read, else ``title``, else empty (RFC 8288 §3.4.1)."""
        extended = self.get("title*")
        text = _decode_extended(extended) if extended is not None else None
        return text if text is not None else self.get("title") or ""


def parse_links(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Link]:
    """Return the links of a Link field.

    What stands between two links and is none is read over, up to the next comma. Nothing is read behind a target or
    a quoted string that has no end.

    Args:
        text: Field value; several fields are joined with commas before.
        limits: ``max_list_members`` bounds the links, ``max_parameters`` the parameters of one; what stands behind them
            is left out.

    Source: RFC 8288 appendix B.2, B.3.
    """
    links: list[Link] = []
    at = 0
    while at < len(text) and not (limits.max_list_members and len(links) >= limits.max_list_members):
        at = skip_space(text, at)
        if text[at : at + 1] == "<":
            end = text.find(">", at)
            if end < 0:
                break
            target = text[at + 1 : end].strip(" \t")
            parameters, at = _read_parameters(text, end + 1, limits.max_parameters)
            if at < 0:
                break
            links.append(Link(target, tuple(parameters)))
        comma = text.find(",", at)
        if comma < 0:
            break
        at = comma + 1
    return links


def _read_parameters(text: str, at: int, most: int) -> tuple[list[tuple[str, str]], int]:
    """Read parameters up to a comma or the end; return them and the place, or -1 when a quoted string has no end."""
    found: list[tuple[str, str]] = []
    while True:
        at = skip_space(text, at)
        if text[at : at + 1] != ";":
            return found, at
        start = skip_space(text, at + 1)
        at = skip_token(text, start)
        name = text[start:at].lower()
        value = ""
        equals = skip_space(text, at)
        if text[equals : equals + 1] == "=":
            at = skip_space(text, equals + 1)
            read = read_quoted(text, at) if text[at : at + 1] == '"' else _read_bare(text, at)
            if read is None:
                return found, -1
            value, at = read
        if name and not (most and len(found) >= most):
            found.append((name, value))


def _read_bare(text: str, at: int) -> tuple[str, int]:
    hit = _BARE_VALUE.match(text, at)
    end = hit.end() if hit else at
    return text[at:end].strip(" \t"), end


def _decode_extended(value: str) -> str | None:
    # RFC 8187 §3.2.1 knows two charsets; UTF-8 is the one that is still written.
    charset, _, rest = value.partition("'")
    _, quotation, encoded = rest.partition("'")
    if not quotation or lower_ascii(charset) != "utf-8":
        return None
    try:
        return unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        return None


def format_link(link: Link) -> str:
    """Return one link of a Link field; several are joined with commas.

    Values are quoted where they are no token; an empty one is written as ``name=""``. ``name*`` is taken as encoded.

    Raises:
        LocalProtocolError: The target holds ``<``, ``>``, white space or a control character, the name of a parameter
            is no token, its value holds a control character, or that of a ``name*`` is no token; ``code`` is
            ``bad-field-value``.

    Source: RFC 8288 §3.
    """
    if not _TARGET.fullmatch(link.target):
        raise _bad_link("target", link.target, "a reference without '<', '>', white space and control characters")
    parts = [f"<{link.target}>"]
    for name, value in link.parameters:
        if not is_token(name):
            raise _bad_link("parameter", name, "a token")
        if name.endswith("*") and not is_token(value):
            raise _bad_link(name, value, "an extended value such as UTF-8''%e2%82%ac")
        # rel and title are quoted by custom, and some readers know them in no other way
        is_bare = name.endswith("*") or name not in ("rel", "rev", "title", "type", "anchor")
        write = quote_if_needed if is_bare else quote
        parts.append(f"{name}={write(value, where=f'Link {name}')}")
    return "; ".join(parts)


def _bad_link(where: str, seen: str, expected: str) -> LocalProtocolError:
    return LocalProtocolError("bad-field-value", where=f"Link {where}", seen=seen, expected=expected)


def make_link_mapping(links: Iterable[Link], base: URL) -> MultiDictProxy[MultiDictProxy[str | URL]]:
    """Return links in the shape of aiohttp's ``ClientResponse.links``.

    The key is the first ``rel`` as it was written, or the target when there is none; each value has the parameters and
    ``url``, the target joined to ``base``. A link whose target is no URL is left out.

    Args:
        links: What ``parse_links`` returned.
        base: URL of the message.
    """
    mapping: MultiDict[MultiDictProxy[str | URL]] = MultiDict()
    for link in links:
        try:
            url = base.join(URL(link.target))
        except ValueError:
            continue
        inner: MultiDict[str | URL] = MultiDict(link.parameters)
        inner["url"] = url
        mapping.add(link.get("rel") or link.target, MultiDictProxy(inner))
    return MultiDictProxy(mapping)
