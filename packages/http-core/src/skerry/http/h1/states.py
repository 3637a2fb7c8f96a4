"""The two halves of an exchange and their steps, as data.

A connection has a request half and a response half, the same ones at both ends: at the server the request half is what
comes in, at the client it is what goes out. Each event is a step in one half; a step that the table does not hold is an
error of whoever made it.

::

    request   IDLE --head--> BODY --data--> BODY --end--> DONE --next--> IDLE
    response  IDLE --asked--> AWAITED --informational--> AWAITED --head--> BODY ... as above
    both      ... --switch--> SWITCHED      ... --close--> CLOSED      anything --error--> ERROR
"""

import enum
from typing import Final


class State(enum.IntEnum):
    """Where a half stands."""

    IDLE = 0
    """Nothing of this exchange has passed."""
    AWAITED = 1
    """Response only: the request has begun, the head of the response is due."""
    BODY = 2
    """The head has passed, the end has not."""
    DONE = 3
    """The message is complete."""
    SWITCHED = 4
    """Another protocol has the connection."""
    CLOSED = 5
    """The sender of this half will send no more."""
    ERROR = 6
    """A rule was broken; nothing more is read or written in this half."""


class Step(enum.IntEnum):
    """What can happen in a half."""

    ASKED = 0
    INFORMATIONAL = 1
    HEAD = 2
    DATA = 3
    END = 4
    NEXT = 5
    SWITCH = 6
    CLOSE = 7
    FAIL = 8


REQUEST_STEPS: Final[dict[tuple[State, Step], State]] = {
    (State.IDLE, Step.HEAD): State.BODY,
    (State.BODY, Step.DATA): State.BODY,
    (State.BODY, Step.END): State.DONE,
    (State.DONE, Step.NEXT): State.IDLE,
    (State.DONE, Step.SWITCH): State.SWITCHED,
    (State.IDLE, Step.CLOSE): State.CLOSED,
    (State.DONE, Step.CLOSE): State.CLOSED,
    (State.CLOSED, Step.CLOSE): State.CLOSED,
}
"""Steps of the request half."""

RESPONSE_STEPS: Final[dict[tuple[State, Step], State]] = {
    (State.IDLE, Step.ASKED): State.AWAITED,
    # A server may answer what it could not read (400, 408): there was never a request.
    (State.IDLE, Step.HEAD): State.BODY,
    (State.AWAITED, Step.INFORMATIONAL): State.AWAITED,
    (State.AWAITED, Step.HEAD): State.BODY,
    (State.AWAITED, Step.SWITCH): State.SWITCHED,
    (State.BODY, Step.DATA): State.BODY,
    (State.BODY, Step.END): State.DONE,
    (State.DONE, Step.NEXT): State.IDLE,
    (State.IDLE, Step.CLOSE): State.CLOSED,
    (State.DONE, Step.CLOSE): State.CLOSED,
    (State.CLOSED, Step.CLOSE): State.CLOSED,
}
"""Steps of the response half."""

# The members of State and Step as plain numbers, for the modules that are compiled.
IDLE = int(State.IDLE)
AWAITED = int(State.AWAITED)
BODY = int(State.BODY)
DONE = int(State.DONE)
SWITCHED = int(State.SWITCHED)
CLOSED_STATE = int(State.CLOSED)
ERROR = int(State.ERROR)
ASKED = int(Step.ASKED)
INFORMATIONAL = int(Step.INFORMATIONAL)
HEAD = int(Step.HEAD)
ENDED = int(Step.END)
NEXT = int(Step.NEXT)
SWITCH = int(Step.SWITCH)
CLOSE = int(Step.CLOSE)

REFUSED: Final = 255
"""What the flat tables hold for a step that is refused."""
STEPS: Final = len(Step)
"""Columns of the flat tables."""


def _flatten(steps: dict[tuple[State, Step], State]) -> bytes:
    table = bytearray([REFUSED]) * (len(State) * STEPS)
    for (state, step), after in steps.items():
        table[state * STEPS + step] = after
    for state in State:
        table[state * STEPS + Step.FAIL] = State.ERROR
    return bytes(table)


REQUEST_TABLE: Final = _flatten(REQUEST_STEPS)
"""``REQUEST_STEPS`` as octets: state * STEPS + step -> state, or REFUSED."""
RESPONSE_TABLE: Final = _flatten(RESPONSE_STEPS)
"""``RESPONSE_STEPS`` as octets."""
