"""Path templates: ``/users/{name}``, ``/files/{path:.*}``. Compile and match; pure."""

import re

from ..target import decode_part, decode_path

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEFAULT_REGEX = "[^{}/]+"


class PathPattern:
    """A path as a program writes it, ready to be matched against decoded paths.

    Args:
        template: Literal text with ``{name}`` or ``{name:regex}`` in it; starts with ``/``, or is empty.

    Raises:
        ValueError: The template does not start with ``/``, a brace has no partner, a name is no identifier or stands
            twice, or a regular expression does not compile.
    """

    def __init__(self, template: str) -> None:
        if template and not template.startswith("/"):
            raise ValueError(f"path {template!r} starts with {template[:1]!r}, expected '/' or an empty path")
        self.template = template
        """The template as it was given."""
        self._parts = list(_split(template))
        self._regex: re.Pattern[str] | None = None
        if any(name for name, _ in self._parts):
            self._regex = self._compile()
            self.literal = ""
        else:
            self.literal = decode_path("".join(text for _, text in self._parts))
        """The decoded path when nothing in it varies, else empty."""

    @property
    def is_dynamic(self) -> bool:
        """True when some part varies."""
        return self._regex is not None

    @property
    def index_key(self) -> str:
        """The longest run of whole segments before the first part that varies, ``/`` at the least."""
        if self._regex is None:
            return self.literal.rstrip("/") or "/"
        return decode_path(self._parts[0][1]).rpartition("/")[0].rstrip("/") or "/"

    @property
    def canonical(self) -> str:
        """The template without its regular expressions."""
        return "".join(f"{{{name}}}" if name else text for name, text in self._parts)

    def match(self, path: str) -> dict[str, str] | None:
        """Return the values of the parts that vary, decoded, or None when the path does not fit.

        Args:
            path: A path that went through ``decode_path``.
        """
        if self._regex is None:
            return {} if path == self.literal else None
        hit = self._regex.fullmatch(path)
        if hit is None:
            return None
        values = hit.groupdict("")
        if "%" in path:
            return {name: decode_part(value) for name, value in values.items()}
        return values

    def _compile(self) -> re.Pattern[str]:
        source = []
        for name, text in self._parts:
            source.append(f"(?P<{name}>{text})" if name else re.escape(decode_path(text)))
        try:
            return re.compile("".join(source))
        except re.error as error:
            raise ValueError(f"path {self.template!r} is no pattern: {error}") from None

    def __repr__(self) -> str:
        return f"<PathPattern {self.template!r}>"


def _split(template: str) -> list[tuple[str, str]]:
    """Cut a template into pairs: (name, regex) of a part that varies, ("", text) of a literal one."""
    parts: list[tuple[str, str]] = []
    at = 0
    while at < len(template):
        opening = template.find("{", at)
        text = template[at:] if opening < 0 else template[at:opening]
        if "}" in text:
            raise ValueError(f"path {template!r} has a '}}' without a '{{'")
        if text or not parts:
            parts.append(("", text))
        if opening < 0:
            break
        at = _closing(template, opening)
        name, colon, regex = template[opening + 1 : at - 1].partition(":")
        if not _NAME.fullmatch(name) or (colon and not regex):
            raise ValueError(f"path {template!r} has {template[opening:at]!r}, expected {{name}} or {{name:regex}}")
        parts.append((name, regex or _DEFAULT_REGEX))
    return parts


def _closing(template: str, opening: int) -> int:
    """Return the index after the brace that closes the one at ``opening``; a regex may have braces of its own."""
    depth = 0
    for at in range(opening, len(template)):
        if template[at] == "{":
            depth += 1
        elif template[at] == "}":
            depth -= 1
            if depth == 0:
                return at + 1
    raise ValueError(f"path {template!r} has a '{{' without a '}}'")
