"""Which candidates take part in a run, and their processes."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from .children import Child, ChildSpec, Clock
from .errors import BenchError
from .machine import Cpus
from .measures import Series, take_rounds


@dataclass(frozen=True, slots=True)
class Options:
    """How to run a benchmark."""

    cpus: Cpus
    """Where the two ends run."""
    rounds: int = 7
    """Rounds; each candidate is measured once in each."""
    seconds: float | None = None
    """Length of one measurement; None leaves it to the benchmark."""
    loop: str = "uvloop"
    """Kind of event loop for all, ``asyncio`` or ``uvloop``."""
    clock: Clock = "wall"
    """What a second is: one of the wall, or one of the CPU that the measured process had."""
    pure: bool = False
    """True to measure skerry from its Python source."""
    only: tuple[str, ...] = ()
    """Names of the candidates that take part; empty for all."""
    on_progress: Callable[[str], None] = lambda _: None
    """Told what is being done, in one line."""

    @property
    def second(self) -> str:
        """Name of a second, for units."""
        return "s" if self.clock == "wall" else "CPU s"

    def seconds_or(self, usual: float) -> float:
        """Return the length of one measurement, given what is usual for a benchmark."""
        return usual if self.seconds is None else self.seconds


def choose(specs: Sequence[ChildSpec], options: Options) -> list[ChildSpec]:
    """Return the candidates that take part, skerry as its interpreted build when that is asked for.

    Raises:
        BenchError: None is left.
    """
    chosen: list[ChildSpec] = []
    for spec in specs:
        ours = spec.peer.endswith("_skerry:PEER")
        asked = as_interpreted(spec) if options.pure and ours else spec
        if asked not in chosen and (not options.only or asked.candidate in options.only):
            chosen.append(asked)
    if not chosen:
        raise BenchError(f"no candidate is left; there are {', '.join(spec.candidate for spec in specs)}")
    return chosen


def as_interpreted(spec: ChildSpec) -> ChildSpec:
    """Return the same candidate of skerry run from its Python source, under a name that says so."""
    name = spec.candidate if spec.interpreted else f"{spec.candidate} interpreted"
    return replace(spec, candidate=name, interpreted=True, build="interpreted")


def start_children(stack: ExitStack, specs: Sequence[ChildSpec], options: Options) -> dict[str, Child]:
    """Start a process for each candidate, bound to the CPU of the subject; ``stack`` ends them.

    Raises:
        BenchError: One did not start or is the wrong build.
    """
    return {spec.candidate: stack.enter_context(Child(spec, options.cpus.subject, options.loop)) for spec in specs}


def measure_series(
    children: Mapping[str, Child], measures: Mapping[str, Callable[[], float]], options: Options, title: str
) -> tuple[Series, ...]:
    """Measure all candidates in turn and return their series, in the order given.

    Raises:
        BenchError: A measurement failed.
    """
    values = take_rounds(
        measures, options.rounds, lambda name, value: options.on_progress(f"{title}: {name} {value:,.2f}")
    )
    return tuple(Series(name, children[name].build, taken) for name, taken in values.items())
