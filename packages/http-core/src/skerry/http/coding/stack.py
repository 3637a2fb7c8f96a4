"""Codings applied one over the other: what Content-Encoding says, made into one decoder or encoder (RFC 9110 §8.4)."""

from collections.abc import Sequence

from ..errors import LocalProtocolError, ProtocolError, RemoteProtocolError
from ..limits import DEFAULT_LIMITS, Limits
from .decoder import STEP_OCTETS, Decoder, Meter
from .encoder import BaseEncoder, BytesLike, Encoder
from .registry import IDENTITY, Coding, find

BETWEEN_OCTETS = 65536
"""Octets that one decoder hands to the next at a time."""


def parse_codings(value: str) -> list[str]:
    """Return the names in a Content-Encoding field in the order they were applied, in lower case, empty ones left out.

    Names with octets outside of ASCII are left as they are: no coding has one.

    Source: RFC 9110 §8.4, §5.6.1.
    """
    stripped = (part.strip(" \t") for part in value.split(","))
    return [name.lower() if name.isascii() else name for name in stripped if name]


def make_decoder(value: str, limits: Limits = DEFAULT_LIMITS) -> Decoder:
    """Return what undoes the codings of a Content-Encoding field, the last one first.

    Args:
        value: Value of the field; several fields joined with commas. Empty for a body that is not coded.
        limits: ``max_codings``, and all that the decoders keep.

    Raises:
        RemoteProtocolError: A coding is not known, or its library is not installed (``unknown-content-coding``), or
            there are too many (``too-many-codings``). ``status_hint`` is 415.

    Source: RFC 9110 §8.4, §15.5.16.
    """
    names = parse_codings(value)
    if len(names) > limits.max_codings > 0:
        raise RemoteProtocolError(
            "too-many-codings",
            where="Content-Encoding",
            problem=f"{len(names)} content codings",
            expected=f"{limits.max_codings} or fewer (max_codings)",
        )
    codings = [_known(name, RemoteProtocolError) for name in names if name != IDENTITY]
    decoders = [coding.make_decoder(limits) for coding in reversed(codings)]
    if len(decoders) == 1:
        return decoders[0]
    if not decoders:
        return _known(IDENTITY, RemoteProtocolError).make_decoder(limits)
    return StackedDecoder(decoders, limits)


def make_encoder(value: str, *, level: int | None = None, strategy: int | None = None) -> Encoder:
    """Return what applies the codings of a Content-Encoding field, the first one first.

    Args:
        value: Value of the field; empty or ``identity`` for no coding.
        level: Effort, of each coding, as it counts it; None for what is usual.
        strategy: One of zlib's strategies; None for what is usual. Codings that have none ignore it.

    Raises:
        LocalProtocolError: A coding is not known, or its library is not installed (``unknown-content-coding``).
        ValueError: A coding has no such level or strategy.

    Source: RFC 9110 §8.4.
    """
    codings = [_known(name, LocalProtocolError) for name in parse_codings(value) if name != IDENTITY]
    encoders = [coding.make_encoder(level, strategy) for coding in codings]
    if len(encoders) == 1:
        return encoders[0]
    if not encoders:
        return _known(IDENTITY, LocalProtocolError).make_encoder(level, strategy)
    return StackedEncoder(encoders)


def _known(name: str, kind: type[ProtocolError]) -> Coding:
    coding = find(name)
    if coding is None:
        raise kind("unknown-content-coding", where="Content-Encoding", problem="not a known coding:", seen=name)
    if not coding.is_available():
        raise kind(
            "unknown-content-coding",
            where="Content-Encoding",
            problem="the library is not installed for",
            seen=name,
            expected=coding.install_hint,
        )
    return coding


class StackedDecoder:
    """Decoders one behind the other.

    Each keeps the limits of a single coding; beyond that the ratio is taken between what comes out of the last and
    what went into the first: two codings multiply what one can do.

    Args:
        decoders: In the order of decoding: the one whose coding was applied last is the first. At least one.
        limits: ``max_coding_ratio`` and ``coding_ratio_floor`` apply to the whole.
    """

    def __init__(self, decoders: Sequence[Decoder], limits: Limits) -> None:
        self._decoders = tuple(decoders)
        self._meter = Meter(f"{len(decoders)} over each other", limits)
        self._error: RemoteProtocolError | None = None

    @property
    def needs_input(self) -> bool:
        """True when no decoder has anything to give before more is fed."""
        return all(decoder.needs_input for decoder in self._decoders)

    @property
    def pending_octets(self) -> int:
        """Octets that wait before one of the decoders."""
        return sum(decoder.pending_octets for decoder in self._decoders)

    @property
    def is_finished(self) -> bool:
        """True when the first body is complete, and so is every one inside of it."""
        return self._error is None and all(decoder.is_finished for decoder in self._decoders)

    def feed(self, data: bytes) -> None:
        """Give the next octets of the coded body; after an error they are thrown away."""
        if self._error is None:
            self._meter.taken += len(data)
            self._decoders[0].feed(data)

    def read(self, max_octets: int = STEP_OCTETS) -> bytes:
        """Return the next decoded octets; ``b""`` when more must be fed, and only then.

        Raises:
            RemoteProtocolError: A coding is broken or a limit exceeded; the same error is raised ever after.
            ValueError: ``max_octets`` is less than 1.
        """
        if self._error is not None:
            raise self._error
        try:
            return self._pull(max_octets)
        except RemoteProtocolError as error:
            self._error = error
            raise

    def finish(self) -> None:
        """Say that the coded body has ended.

        Raises:
            RemoteProtocolError: One of the bodies is not complete, or there was an error before.
            RuntimeError: There is output that was not read.
        """
        if self._error is not None:
            raise self._error
        try:
            for decoder in self._decoders:
                decoder.finish()
        except RemoteProtocolError as error:
            self._error = error
            raise

    def _pull(self, max_octets: int) -> bytes:
        """Ask the last decoder first, and each one before it only when those behind need input."""
        last = at = len(self._decoders) - 1
        while True:
            decoded = self._decoders[at].read(max_octets if at == last else BETWEEN_OCTETS)
            if decoded and at == last:
                self._meter.count(len(decoded))
                return decoded
            if decoded:
                at += 1
                self._decoders[at].feed(decoded)
            elif at:
                at -= 1
            else:
                return b""


class StackedEncoder(BaseEncoder):
    """Encoders one behind the other.

    Args:
        encoders: In the order in which they are applied. At least one.
    """

    def __init__(self, encoders: Sequence[Encoder]) -> None:
        super().__init__()
        self._encoders = tuple(encoders)

    def _encode(self, data: BytesLike) -> bytes:
        coded = bytes(data)
        for encoder in self._encoders:
            coded = encoder.encode(coded)
        return coded

    def _flush(self) -> bytes:
        coded = b""
        for encoder in self._encoders:
            coded = encoder.encode(coded) + encoder.flush()
        return coded

    def _finish(self) -> bytes:
        coded = b""
        for encoder in self._encoders:
            coded = encoder.encode(coded) + encoder.finish()
        return coded
