"""Rounds, ratios and goals."""

import pytest

from benches.errors import BenchError
from benches.measures import Goal, Measured, Series, ratio_of, ratios_of, summary_of, take_rounds


def series(name: str, *values: float) -> Series:
    return Series(name, "1.0, compiled", values)


def test_candidates_are_measured_in_turn() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    values = take_rounds({"a": lambda: measure("a"), "b": lambda: measure("b")}, rounds=3)

    assert order == ["a", "b", "a", "b", "a", "b"]
    assert values == {"a": (1.0, 3.0, 5.0), "b": (2.0, 4.0, 6.0)}


def test_each_measurement_is_told() -> None:
    told: list[tuple[str, float]] = []

    take_rounds({"a": lambda: 2.0}, 2, lambda name, value: told.append((name, value)))

    assert told == [("a", 2.0), ("a", 2.0)]


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan")])
def test_a_value_that_cannot_be_is_refused(value: float) -> None:
    with pytest.raises(BenchError, match="a: measured"):
        take_rounds({"a": lambda: value}, 1)


def test_a_failed_measurement_ends_the_rounds() -> None:
    def fail() -> float:
        raise BenchError("timed out")

    with pytest.raises(BenchError, match="timed out"):
        take_rounds({"a": lambda: 1.0, "b": fail}, 5)


def test_ratios_are_taken_within_a_round() -> None:
    # the machine is half as fast in the second round; the ratio of the two does not change
    assert ratios_of(series("a", 100, 50, 100), series("b", 50, 25, 50)) == (2.0, 2.0, 2.0)


def test_the_median_of_the_ratios_is_not_the_ratio_of_the_medians() -> None:
    a, b = series("a", 1, 2, 9), series("b", 4, 1, 3)

    assert ratio_of(a, b) == 2.0
    assert summary_of(a.values, "median") / summary_of(b.values, "median") == pytest.approx(2 / 3)


def test_least_values_are_compared_when_noise_only_adds() -> None:
    assert ratios_of(series("a", 9, 3, 7), series("b", 2, 8, 5), "min") == (1.5,)
    assert summary_of((9, 3, 7), "min") == 3


@pytest.mark.parametrize("other", [series("b"), series("b", 1), series("b", 1, 2, 3)])
def test_series_of_unlike_length_are_refused(other: Series) -> None:
    with pytest.raises(BenchError, match="unlike length"):
        ratios_of(series("a", 1, 2), other)


def test_a_series_without_values_has_no_summary() -> None:
    with pytest.raises(BenchError, match="without values"):
        summary_of((), "median")


def test_rate_and_cost_of_a_measurement() -> None:
    measured = Measured(count=500, elapsed_s=0.25)

    assert measured.rate == 2000
    assert measured.cost_us == 500


def test_a_goal_includes_its_bound() -> None:
    at_most, at_least = Goal("a", "b", 0.65, "at most"), Goal("a", "b", 1.8, "at least")

    assert [at_most.is_reached(ratio) for ratio in (0.5, 0.65, 0.66)] == [True, True, False]
    assert [at_least.is_reached(ratio) for ratio in (1.79, 1.8, 2.0)] == [False, True, True]
