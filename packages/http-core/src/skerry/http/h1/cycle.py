"""Cycle: where the two halves of an exchange stand, and what its messages have said to one another.

The receiving and the sending part of a connection share it; it takes steps and refuses those that the tables do not
hold.
"""

import enum
from typing import Final

from ..errors import LocalProtocolError, RemoteProtocolError
from .states import DONE, ERROR, IDLE, REFUSED, REQUEST_TABLE, RESPONSE_TABLE, STEPS, SWITCH, SWITCHED, State, Step


class Role(enum.Enum):
    """Which end of the connection this is."""

    CLIENT = "client"
    SERVER = "server"


CLIENT: Final = Role.CLIENT
SERVER: Final = Role.SERVER


class Cycle:
    """The state of one end of a connection; the base of ``Connection``.

    Args:
        role: ``CLIENT`` or ``SERVER``.
    """

    def __init__(self, role: Role) -> None:
        self.role = role
        """Which end this is."""
        self.is_server = role is SERVER
        """True at the server."""
        self._request = IDLE
        self._response = IDLE
        self._closing = False
        self._start_exchange()

    def _start_exchange(self) -> None:
        self._method = ""
        self._upgrade = False
        self._is_10 = False
        self._to_send = 0
        self._no_body = False
        self._informational = 0

    @property
    def request_state(self) -> State:
        """Where the request half stands."""
        return State(self._request)

    @property
    def response_state(self) -> State:
        """Where the response half stands."""
        return State(self._response)

    @property
    def is_request_done(self) -> bool:
        """True when the request is complete."""
        return self._request == DONE

    @property
    def is_response_done(self) -> bool:
        """True when the response is complete."""
        return self._response == DONE

    @property
    def is_switched(self) -> bool:
        """True when another protocol has the connection; ``trailing_data`` is its first octets."""
        return self._request == SWITCHED

    def _refused(self, what: str) -> LocalProtocolError:
        code = "connection-in-error" if ERROR in (self._request, self._response) else "unexpected-event"
        return LocalProtocolError(
            code,
            where=f"{self.role.value} to send",
            problem=f"{what} when the request is {self.request_state.name} and the response {self.response_state.name}",
        )

    def _switch(self) -> None:
        if not self.is_server and self._request != DONE:
            raise RemoteProtocolError(
                "unexpected-event",
                where="status line",
                problem="the server switched the protocol before the request was complete",
                expected="a final status",
            )
        self._step_request(SWITCH)
        self._step_response(SWITCH)

    def _step_request(self, step: int) -> None:
        after = REQUEST_TABLE[self._request * STEPS + step]
        if after == REFUSED:
            raise self._refused(f"step {Step(step).name}")
        self._request = after

    def _step_response(self, step: int) -> None:
        after = RESPONSE_TABLE[self._response * STEPS + step]
        if after == REFUSED:
            raise self._refused(f"step {Step(step).name}")
        self._response = after
