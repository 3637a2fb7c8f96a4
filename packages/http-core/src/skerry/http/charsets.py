"""Names of character sets as peers write them -> names that may be given to Python.

Python's registry takes names of any kind from anyone: it imports modules by them, remembers for good each name that it
does not know, and has codecs that take quadratic time (``idna``, ``punycode``) or run ahead of every check (``utf-7``).
So a name from a peer is looked up in a closed table first.
"""

from encodings.aliases import aliases

__all__ = ["find_charset"]

# No charset of text, or one that must not be chosen by a peer.
_REFUSED = {
    "base64_codec",
    "bz2_codec",
    "hex_codec",
    "idna",
    "mbcs",
    "oem",
    "punycode",
    "quopri_codec",
    "raw_unicode_escape",
    "rot_13",
    "undefined",
    "unicode_escape",
    "utf_7",
    "uu_codec",
    "zlib_codec",
}

# Python knows these by the names of their modules alone.
_BY_MODULE = ("cp1006", "cp720", "cp737", "cp856", "cp874", "cp875", "koi8_t", "koi8_u", "mac_farsi", "utf_8_sig")


def _fold(name: str) -> str:
    return name.replace("-", "_").replace(" ", "_").replace(".", "_").lower()


_CODECS = {_fold(alias): codec for alias, codec in aliases.items() if codec not in _REFUSED}
_CODECS.update((codec, codec) for codec in {*_CODECS.values(), *_BY_MODULE})

MAX_NAME_LENGTH = 40
"""Characters of the longest name that is looked at; the longest registered name has 45, the longest in use 31."""


def find_charset(name: str) -> str | None:
    """Return Python's name for the character set that a peer names.

    Args:
        name: Name as in ``charset=``: case, ``-``, ``_`` and ``.`` make no difference.

    Returns:
        A name for ``bytes.decode``, ready to use: it is a charset of text, and decoding takes linear time. None when
        the name is not known or not to be used.
    """
    if len(name) > MAX_NAME_LENGTH or not name.isascii():
        return None
    return _CODECS.get(_fold(name.strip(" \t")))
