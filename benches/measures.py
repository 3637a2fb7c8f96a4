"""Series of measurements, the ratios between them, and the goals they are held against. Pure.

Candidates are measured in turn, round after round: A B C, A B C. A ratio is taken within a round, where both saw the
same minute of the machine; the median of the ratios is what is reported.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from .errors import BenchError

Statistic = Literal["median", "min"]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one repetition has shown.

    Raises:
        BenchError: Nothing was done, or it took no time: that is no measurement.
    """

    count: int
    """Things done: heads parsed, requests answered. More than 0."""
    elapsed_s: float
    """Seconds they took. More than 0."""

    def __post_init__(self) -> None:
        if self.count < 1 or not self.elapsed_s > 0:
            raise BenchError(f"{self.count} in {self.elapsed_s:g} s is not a measurement")

    @property
    def rate(self) -> float:
        """Things done per second."""
        return self.count / self.elapsed_s

    @property
    def cost_us(self) -> float:
        """Microseconds for one of them."""
        return self.elapsed_s / self.count * 1e6


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one candidate, one per round."""

    candidate: str
    """Name in the table."""
    build: str
    """Version, and whether it is compiled or interpreted."""
    values: tuple[float, ...]
    """In the order of the rounds; all more than 0."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on the ratio of two candidates, or on the value of one."""

    candidate: str
    """Whose value is divided."""
    against: str | None
    """By whose value; None where the value itself is bounded, which only fits what does not depend on the machine."""
    bound: float
    """What is just good enough."""
    kind: Literal["at most", "at least"]
    """Which side of the bound is good."""

    def is_reached(self, figure: float) -> bool:
        """Say whether a ratio or value is on the good side, the bound included."""
        return figure <= self.bound if self.kind == "at most" else figure >= self.bound


@dataclass(frozen=True, slots=True)
class Result:
    """One table: what was measured, of whom, and the goals."""

    title: str
    """What was measured."""
    unit: str
    """Unit of the values."""
    digits: int
    """Digits after the point that the values deserve."""
    series: tuple[Series, ...]
    """At least one. The first is the reference: its ratio to each other one is shown."""
    goals: tuple[Goal, ...] = ()
    """Goals between candidates; those that name an absent candidate are left out of the table."""
    statistic: Statistic = "median"
    """How the values of a series become one: the median, or the least where noise can only add."""

    def figure_of(self, goal: Goal) -> float | None:
        """Return the ratio or value that a goal bounds, or None when a candidate of it took no part."""
        by_name = {series.candidate: series for series in self.series}
        candidate = by_name.get(goal.candidate)
        if candidate is None:
            return None
        if goal.against is None:
            return summary_of(candidate.values, self.statistic)
        against = by_name.get(goal.against)
        return None if against is None else ratio_of(candidate, against, self.statistic)


def take_rounds(
    measures: Mapping[str, Callable[[], float]], rounds: int, on_value: Callable[[str, float], None] | None = None
) -> dict[str, tuple[float, ...]]:
    """Measure all candidates in turn, ``rounds`` times.

    Args:
        measures: What takes one measurement, by name of the candidate.
        rounds: How often each is measured; at least 1.
        on_value: Told of each measurement as it is taken.

    Returns:
        The values of each candidate, in the order of the rounds.

    Raises:
        BenchError: A measurement failed, or its value is not more than 0.
    """
    values: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            value = measure()
            if not value > 0:
                raise BenchError(f"{name}: measured {value!r}, expected more than 0")
            values[name].append(value)
            if on_value is not None:
                on_value(name, value)
    return {name: tuple(taken) for name, taken in values.items()}


def summary_of(values: Sequence[float], statistic: Statistic) -> float:
    """Make one value of a series.

    Raises:
        BenchError: There are no values.
    """
    if not values:
        raise BenchError("a series without values")
    return min(values) if statistic == "min" else median(values)


def ratios_of(dividend: Series, divisor: Series, statistic: Statistic = "median") -> tuple[float, ...]:
    """Divide one series by another.

    Returns:
        One ratio per round; or, for the statistic ``min``, the one ratio of the least values.

    Raises:
        BenchError: The series are empty or not of the same length.
    """
    if not dividend.values or len(dividend.values) != len(divisor.values):
        raise BenchError(f"{dividend.candidate} and {divisor.candidate}: series of unlike length, or empty")
    if statistic == "min":
        return (min(dividend.values) / min(divisor.values),)
    return tuple(a / b for a, b in zip(dividend.values, divisor.values, strict=True))


def ratio_of(dividend: Series, divisor: Series, statistic: Statistic = "median") -> float:
    """Return the median of the ratios of two series.

    Raises:
        BenchError: As ``ratios_of``.
    """
    return median(ratios_of(dividend, divisor, statistic))
