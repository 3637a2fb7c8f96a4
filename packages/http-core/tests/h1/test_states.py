"""The tables of steps: complete, closed, and the same as octets."""

import itertools

import pytest

from skerry.http.h1.states import (
    REFUSED,
    REQUEST_STEPS,
    REQUEST_TABLE,
    RESPONSE_STEPS,
    RESPONSE_TABLE,
    STEPS,
    State,
    Step,
)

TABLES = [
    pytest.param(REQUEST_STEPS, REQUEST_TABLE, id="request"),
    pytest.param(RESPONSE_STEPS, RESPONSE_TABLE, id="response"),
]
Steps = dict[tuple[State, Step], State]


@pytest.mark.parametrize(("steps", "table"), TABLES)
def test_every_step_in_every_state_is_in_the_table_or_refused(steps: Steps, table: bytes) -> None:
    assert len(table) == len(State) * STEPS
    for state, step in itertools.product(State, Step):
        expected = State.ERROR if step is Step.FAIL else steps.get((state, step), REFUSED)
        assert table[state * STEPS + step] == expected, (state.name, step.name)


@pytest.mark.parametrize(("steps", "table"), TABLES)
def test_nothing_leads_out_of_the_last_states_but_an_error(steps: Steps, table: bytes) -> None:
    for state in (State.SWITCHED, State.ERROR):
        allowed = {step for step in Step if table[state * STEPS + step] != REFUSED}
        assert allowed == {Step.FAIL}
    assert {after for (state, _), after in steps.items() if state is State.CLOSED} == {State.CLOSED}


@pytest.mark.parametrize(("steps", "table"), TABLES)
def test_every_state_but_error_is_reached_from_idle_by_a_step_of_the_table(steps: Steps, table: bytes) -> None:
    reached = {State.IDLE}
    while more := {after for (state, _), after in steps.items() if state in reached} - reached:
        reached |= more
    missing = set(State) - reached - {State.ERROR}
    assert missing == ({State.AWAITED} if table is REQUEST_TABLE else set())


@pytest.mark.parametrize(("steps", "table"), TABLES)
def test_a_body_is_left_by_its_end_alone(steps: Steps, table: bytes) -> None:
    assert {step: after for (state, step), after in steps.items() if state is State.BODY} == {
        Step.DATA: State.BODY,
        Step.END: State.DONE,
    }


def test_states_and_steps_fit_an_octet() -> None:
    assert max(State) < REFUSED
    assert len(State) * len(Step) <= 256
    assert [int(step) for step in Step] == list(range(STEPS))
    assert [int(state) for state in State] == list(range(len(State)))
