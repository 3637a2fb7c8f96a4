"""Challenges and credentials of HTTP authentication: WWW-Authenticate, Authorization and their kin for proxies.

One field may carry challenges of several schemes, and commas stand both between challenges and between the parameters
of one. Reading goes forward only and decides at each comma by what follows it. Values are written in quoted strings
that nothing breaks out of. What is secret is shown neither by ``repr`` nor by an error.

Source: RFC 9110 §11; RFC 7617 (Basic), RFC 6750 (Bearer), RFC 7616 (Digest).
"""

import re
from binascii import Error as BinasciiError
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .errors import LocalProtocolError, RemoteProtocolError
from .grammar import lower_ascii
from .limits import DEFAULT_LIMITS, Limits
from .quoted import is_token, quote, read_value, skip_space, skip_token

__all__ = [
    "Challenge",
    "Credentials",
    "decode_basic_auth",
    "encode_basic_auth",
    "encode_bearer_auth",
    "format_challenges",
    "format_credentials",
    "parse_challenges",
    "parse_credentials",
]

_TOKEN68: Final = re.compile(r"[A-Za-z0-9\-._~+/]++=*+")
_SPACES: Final = re.compile(r" *+")
_COMMAS: Final = re.compile(r"[ \t,]*+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")

# Parameters of Digest that are never quoted when they are sent (RFC 7616 §3.3, §3.4, §3.5).
_BARE_IN_CHALLENGE: Final = frozenset({"algorithm", "stale", "userhash"})
_BARE_IN_CREDENTIALS: Final = frozenset({"algorithm", "nc", "qop", "userhash"})


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks for: one scheme, and either ``token68`` or parameters."""

    scheme: str
    """Name of the scheme as it was written."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Names in lower case with their values, quotation resolved, in order; each name once."""
    token68: str = ""
    """The one word behind the scheme, when there is one in place of parameters."""

    def is_scheme(self, name: str) -> bool:
        """Return True when the scheme is ``name``, compared without case (RFC 9110 §11.1)."""
        return lower_ascii(self.scheme) == lower_ascii(name)

    def get(self, name: str) -> str | None:
        """Return the value of a parameter, its name in lower case, or None."""
        return _find(self.parameters, name)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client answers: one scheme, and either ``token68`` or parameters."""

    scheme: str
    """Name of the scheme as it was written."""
    parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Names in lower case with their values, quotation resolved, in order; each name once."""
    token68: str = field(default="", repr=False)
    """The one word behind the scheme, as of Basic and Bearer."""

    def is_scheme(self, name: str) -> bool:
        """Return True when the scheme is ``name``, compared without case (RFC 9110 §11.1)."""
        return lower_ascii(self.scheme) == lower_ascii(name)

    def get(self, name: str) -> str | None:
        """Return the value of a parameter, its name in lower case, or None."""
        return _find(self.parameters, name)


def _find(parameters: tuple[tuple[str, str], ...], name: str) -> str | None:
    for key, value in parameters:
        if key == name:
            return value
    return None


def parse_challenges(text: str, limits: Limits = DEFAULT_LIMITS) -> list[Challenge]:
    """Return the challenges of a WWW-Authenticate or Proxy-Authenticate field, in order.

    Args:
        text: Field value; several fields are joined with commas before.
        limits: ``max_list_members`` for the challenges, ``max_parameters`` for each.

    Raises:
        RemoteProtocolError: The grammar is broken, a challenge names a parameter twice, or there are too many;
            ``code`` is ``bad-challenge``.

    Source: RFC 9110 §11.2, §11.3, §11.6.1.
    """
    challenges: list[Challenge] = []
    at = _skip(_COMMAS, text, 0)
    while at < len(text):
        if limits.max_list_members and len(challenges) >= limits.max_list_members:
            raise _bad_challenge(at, f"at most {limits.max_list_members} challenges")
        scheme, parameters, token68, stop = _read_one(text, at, limits.max_parameters)
        if not scheme or (stop < len(text) and text[stop] != ","):
            raise _bad_challenge(stop, "a scheme, then a word or parameters")
        challenges.append(Challenge(scheme, parameters, token68))
        at = _skip(_COMMAS, text, stop)
    return challenges


def parse_credentials(text: str, limits: Limits = DEFAULT_LIMITS) -> Credentials:
    """Return the credentials of an Authorization or Proxy-Authorization field.

    Args:
        text: Field value.
        limits: ``max_parameters``.

    Raises:
        RemoteProtocolError: The grammar is broken, a parameter is named twice, or there are too many; ``code`` is
            ``bad-credentials``. The error does not show what was sent.

    Source: RFC 9110 §11.4, §11.6.2.
    """
    scheme, parameters, token68, stop = _read_one(text, skip_space(text, 0), limits.max_parameters)
    if not scheme or stop < len(text):
        raise _bad_credentials("a scheme, then a word or parameters")
    return Credentials(scheme, parameters, token68)


def _read_one(text: str, at: int, most: int) -> tuple[str, tuple[tuple[str, str], ...], str, int]:
    """Read one scheme with what belongs to it; return these and the place behind, white space included.

    The place is short of the next comma or the end when something is there that belongs to no scheme.
    """
    end = skip_token(text, at)
    scheme = text[at:end]
    start = _skip(_SPACES, text, end)
    stop = skip_space(text, end)
    if start == end or stop == len(text) or text[stop] == ",":
        return scheme, (), "", stop
    hit = _TOKEN68.match(text, start)
    if hit is not None:
        stop = skip_space(text, hit.end())
        if stop == len(text) or text[stop] == ",":
            return scheme, (), hit[0], stop
    parameters: list[tuple[str, str]] = []
    names: set[str] = set()
    at = start
    while read := _read_parameter(text, at):
        name, value, stop = read
        if name in names or (most and len(names) >= most):
            return scheme, (), "", at
        names.add(name)
        parameters.append((name, value))
        at = skip_space(text, stop)
        following = _skip(_COMMAS, text, at)
        if at == len(text) or text[at] != "," or not _is_parameter(text, following):
            return scheme, tuple(parameters), "", at
        at = following
    return scheme, tuple(parameters), "", at


def _read_parameter(text: str, at: int) -> tuple[str, str, int] | None:
    end = skip_token(text, at)
    equals = skip_space(text, end)
    if end == at or text[equals : equals + 1] != "=":
        return None
    read = read_value(text, skip_space(text, equals + 1))
    return (text[at:end].lower(), *read) if read else None


def _is_parameter(text: str, at: int) -> bool:
    """Return True when a name and an equals sign stand at ``at``: no scheme, then."""
    end = skip_token(text, at)
    equals = skip_space(text, end)
    return end > at and text[equals : equals + 1] == "="


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    hit = pattern.match(text, at)
    return hit.end() if hit else at


def format_challenges(challenges: Iterable[Challenge]) -> str:
    """Return the value of a WWW-Authenticate or Proxy-Authenticate field.

    Args:
        challenges: In the order in which they are to stand. Two of a scheme are better sent in two fields: some clients
            read only one challenge of a field.

    Raises:
        LocalProtocolError: A scheme or a name is no token, ``token68`` has other characters or stands beside
            parameters, a value holds a control character, or a name stands twice; ``code`` is ``bad-challenge``.

    Source: RFC 9110 §11.3, §11.5.
    """
    parts = [
        _format_one(challenge.scheme, challenge.parameters, challenge.token68, _BARE_IN_CHALLENGE, "bad-challenge")
        for challenge in challenges
    ]
    return ", ".join(parts)


def format_credentials(credentials: Credentials) -> str:
    """Return the value of an Authorization or Proxy-Authorization field.

    Raises:
        LocalProtocolError: As for ``format_challenges``; ``code`` is ``bad-credentials``. The error does not show
            values.

    Source: RFC 9110 §11.4; RFC 7616 §3.4 (what is not quoted).
    """
    parameters, token68 = credentials.parameters, credentials.token68
    return _format_one(credentials.scheme, parameters, token68, _BARE_IN_CREDENTIALS, "bad-credentials")


def _format_one(
    scheme: str, parameters: tuple[tuple[str, str], ...], token68: str, bare: frozenset[str], code: str
) -> str:
    where = code.removeprefix("bad-")
    if not is_token(scheme):
        raise LocalProtocolError(code, where=f"{where} scheme", seen=scheme, expected="a token")
    if token68:
        if parameters or not _TOKEN68.fullmatch(token68):
            raise _bad_value(code, "token68", "letters, digits and -._~+/, with '=' at the end, and no parameters")
        return f"{scheme} {token68}"
    parts: list[str] = []
    names: set[str] = set()
    for name, value in parameters:
        if not is_token(name) or lower_ascii(name) in names:
            raise LocalProtocolError(code, where=f"{where} parameter", seen=name, expected="a token, once")
        names.add(lower_ascii(name))
        if _CONTROL.search(value.replace("\t", "")):
            raise _bad_value(code, name, "text without control characters")
        # what ends in a star is in the form of RFC 8187, which knows no quotation
        is_bare = (name in bare or name.endswith("*")) and is_token(value)
        parts.append(f"{name}={value}" if is_bare else f"{name}={quote(value)}")
    return f"{scheme} {', '.join(parts)}" if parts else scheme


def encode_basic_auth(login: str, password: str = "", encoding: str = "utf-8") -> str:
    """Return the value of an Authorization field for Basic authentication: ``"Basic bG9naW46cGFzcw=="``.

    Args:
        login: User name, without a colon.
        password: Password, any text without control characters.
        encoding: Charset in which the server expects both; RFC 7617 §2.1 knows UTF-8.

    Raises:
        LocalProtocolError: ``login`` has a colon, one of the two a control character or a character that ``encoding``
            does not have; ``code`` is ``bad-credentials``. It is a ``ValueError``, and does not show either.
        LookupError: There is no such encoding.

    Source: RFC 7617 §2.
    """
    if ":" in login:
        raise _bad_value("bad-credentials", "login", "text without ':'")
    if _CONTROL.search(login) or _CONTROL.search(password):
        raise _bad_value("bad-credentials", "login or password", "text without control characters")
    try:
        raw = f"{login}:{password}".encode(encoding)
    except UnicodeEncodeError:
        raise _bad_value("bad-credentials", "login or password", f"characters of {encoding}") from None
    return f"Basic {b2a_base64(raw, newline=False).decode('ascii')}"


def decode_basic_auth(credentials: Credentials, encoding: str = "utf-8") -> tuple[str, str]:
    """Return the login and the password of Basic credentials.

    Args:
        credentials: What ``parse_credentials`` returned.
        encoding: Charset of the two.

    Raises:
        RemoteProtocolError: The scheme is another one, or what follows is no base64, not in ``encoding`` or without a
            colon; ``code`` is ``bad-credentials``. The error does not show what was sent.
        LookupError: There is no such encoding.

    Source: RFC 7617 §2.
    """
    if not credentials.is_scheme("Basic"):
        raise _bad_credentials("the scheme Basic")
    # what the strict mode of binascii makes of wrong padding differs between versions of Python
    if len(credentials.token68) % 4 or credentials.token68.endswith("==="):
        raise _bad_credentials("base64 with its padding")
    try:
        raw = a2b_base64(credentials.token68, strict_mode=True)
        login, colon, password = raw.decode(encoding).partition(":")
    except (BinasciiError, UnicodeError):
        raise _bad_credentials(f"base64 of text in {encoding}") from None
    if not colon:
        raise _bad_credentials("a login, ':' and a password")
    return login, password


def encode_bearer_auth(token: str) -> str:
    """Return the value of an Authorization field for a bearer token.

    Raises:
        LocalProtocolError: The token has other characters than the RFC allows; ``code`` is ``bad-credentials``. The
            error does not show it.

    Source: RFC 6750 §2.1.
    """
    if not token:
        raise _bad_value("bad-credentials", "token68", "a token")
    return format_credentials(Credentials("Bearer", token68=token))


def _bad_challenge(at: int, expected: str) -> RemoteProtocolError:
    return RemoteProtocolError(
        "bad-challenge", where=f"challenge, character {at}", problem="not readable", expected=expected
    )


def _bad_credentials(expected: str) -> RemoteProtocolError:
    return RemoteProtocolError("bad-credentials", where="credentials", problem="not readable", expected=expected)


def _bad_value(code: str, name: str, expected: str) -> LocalProtocolError:
    where = f"{code.removeprefix('bad-')} {name}"
    return LocalProtocolError(code, where=where, problem="not allowed", expected=expected)
