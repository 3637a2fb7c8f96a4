"""Limits: one frozen object, every value at least 0."""

from dataclasses import FrozenInstanceError, fields

import pytest

from skerry.http.limits import DEFAULT_LIMITS, Limits

NAMES = [field.name for field in fields(Limits)]


def test_what_applies_by_default_is_an_object_without_arguments() -> None:
    assert Limits() == DEFAULT_LIMITS


@pytest.mark.parametrize("name", NAMES)
def test_a_negative_limit_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is -1, expected 0"):
        Limits(**{name: -1})


@pytest.mark.parametrize("name", NAMES)
def test_zero_is_allowed_and_switches_off(name: str) -> None:
    assert getattr(Limits(**{name: 0}), name) == 0


def test_limits_cannot_be_changed_once_handed_down() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT_LIMITS.max_headers = 1  # type: ignore[misc]


def test_times_say_their_unit() -> None:
    assert [name for name in NAMES if "timeout" in name and not name.endswith("_s")] == []
