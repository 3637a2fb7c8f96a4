"""Octets of a field name on the wire -> the ready ``istr``, and what the name means for framing.

The table holds each registered name as senders spell it (``Content-Type``, ``content-type``), so a head is filled
without making a new string for a known name. A name that is not in the table is made anew each time: a cache that a
peer can fill is a cache that a peer can flood.
"""

from multidict import istr

from . import hdrs

# What the parser must know of a field. Every kind from SINGLETON up may stand in a request only once.
ORDINARY = 0
CONNECTION = 1
EXPECT = 2
UPGRADE = 3
TRANSFER_ENCODING = 4
SINGLETON = 16
HOST = 17
CONTENT_LENGTH = 18
OTHER_SINGLETON = 19

_KINDS = {
    hdrs.CONNECTION: CONNECTION,
    hdrs.EXPECT: EXPECT,
    hdrs.UPGRADE: UPGRADE,
    hdrs.TRANSFER_ENCODING: TRANSFER_ENCODING,
    hdrs.HOST: HOST,
    hdrs.CONTENT_LENGTH: CONTENT_LENGTH,
}
# Fields of RFC 9110 that are not lists and on whose value intermediaries and origin must agree.
_SINGLETONS = (
    hdrs.CONTENT_TYPE,
    hdrs.CONTENT_RANGE,
    hdrs.CONTENT_LOCATION,
    hdrs.USER_AGENT,
    hdrs.MAX_FORWARDS,
    hdrs.ETAG,
    hdrs.SERVER,
    hdrs.AUTHORIZATION,
)
_KINDS.update((name, OTHER_SINGLETON + at) for at, name in enumerate(_SINGLETONS))


class FieldName:
    """A known field name as one sender spells it."""

    def __init__(self, text: istr, kind: int) -> None:
        self.text = text
        self.kind = kind


def _table() -> dict[bytes, FieldName]:
    known: dict[bytes, FieldName] = {}
    for text in vars(hdrs).values():
        if isinstance(text, istr):
            for spelling in {str(text), text.title(), text.lower()}:
                known[spelling.encode("ascii")] = FieldName(istr(spelling), _KINDS.get(text, ORDINARY))
    return known


KNOWN = _table()
"""Every spelling of a registered name; read only."""

FRAMING_NAMES = {text.lower().encode("ascii"): kind for text, kind in _KINDS.items()}
"""Lower-case names with a kind of their own: an unusual spelling (``cOnTeNt-LeNgTh``) must not escape the rules."""


def kind_of(raw_name: bytes) -> int:
    """Return the kind of a name that is not in ``KNOWN``, whatever its case."""
    return FRAMING_NAMES.get(raw_name.lower(), ORDINARY)
