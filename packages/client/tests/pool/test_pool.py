"""The pool as a table of decisions: nothing here opens, closes or awaits anything."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from skerry.client.pool.key import ConnectionKey
from skerry.client.pool.pool import MAX_PASSED, Dial, Outcome, Pool, Reuse, Wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from skerry.http import ClientConnection, ClientExchange

A = ConnectionKey("a.test", 80, False)
B = ConnectionKey("b.test", 80, False)
C = ConnectionKey("c.test", 80, False)


class FakeConnection:
    """A connection that carries ``most`` exchanges at a time."""

    def __init__(self, most: int = 1) -> None:
        self.most = most
        self.active = 0
        self.is_open = True

    @property
    def capacity(self) -> int:
        return self.most - self.active if self.is_open else 0

    def open_exchange(self) -> ClientExchange:
        raise NotImplementedError

    def set_listener(self, on_change: Callable[[ClientConnection], None]) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self.is_open = False

    async def wait_closed(self) -> None:
        raise NotImplementedError


def dial(pool: Pool, key: ConnectionKey, most: int = 1, now: float = 0.0) -> FakeConnection:
    """Have the pool decide to dial, and fill the place with a connection on which one exchange runs."""
    decision = pool.acquire(key)
    assert isinstance(decision, Dial)
    assert decision.evicted is None
    return fill(pool, decision, most, now)


def fill(pool: Pool, decision: Dial, most: int = 1, now: float = 0.0) -> FakeConnection:
    connection = FakeConnection(most)
    connection.active = 1
    assert pool.connected(decision.member, connection, now) == Outcome()
    return connection


def end(pool: Pool, connection: FakeConnection, now: float = 0.0) -> Outcome:
    """End an exchange."""
    connection.active -= 1
    return pool.changed(connection, now)


def lose(pool: Pool, connection: FakeConnection) -> Outcome:
    """The peer leaves."""
    connection.is_open = False
    return pool.changed(connection, 0.0)


def wait(pool: Pool, key: ConnectionKey) -> Wait:
    ticket = pool.acquire(key)
    assert isinstance(ticket, Wait)
    return ticket


def test_an_empty_pool_dials() -> None:
    pool = Pool()
    assert isinstance(pool.acquire(A), Dial)
    assert pool.count == 1
    assert pool.take(A) is None


def test_a_connection_is_used_again_when_its_exchange_has_ended() -> None:
    pool = Pool()
    connection = dial(pool, A)
    assert isinstance(pool.acquire(A), Dial)
    assert end(pool, connection) == Outcome()
    assert pool.take(B) is None
    assert pool.take(A) is connection
    connection.active = 1
    assert pool.take(A) is None


def test_acquire_prefers_what_is_there() -> None:
    pool = Pool()
    connection = dial(pool, A)
    end(pool, connection)
    decision = pool.acquire(A)
    assert isinstance(decision, Reuse)
    assert decision.member.connection is connection


def test_the_connection_used_last_is_used_first() -> None:
    pool = Pool()
    first, second = dial(pool, A), dial(pool, A)
    end(pool, first)
    end(pool, second)
    assert pool.take(A) is second


def test_a_connection_for_three_exchanges_carries_three() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A, most=3)
    for _ in range(2):
        assert pool.take(A) is connection
        connection.active += 1
    assert pool.take(A) is None
    first, second = wait(pool, A), wait(pool, A)
    outcome = end(pool, connection)
    assert [ticket for ticket, _ in outcome.grants] == [first]
    assert pool.take(A) is None, "the place is promised"
    connection.active -= 1
    assert [ticket for ticket, _ in pool.changed(connection, 0.0).grants] == [second]


def test_a_new_connection_with_room_serves_those_who_wait() -> None:
    pool = Pool(limit=1)
    decision = pool.acquire(A)
    assert isinstance(decision, Dial)
    tickets = [wait(pool, A) for _ in range(3)]
    connection = FakeConnection(most=3)
    connection.active = 1
    outcome = pool.connected(decision.member, connection, 0.0)
    assert [ticket for ticket, _ in outcome.grants] == tickets[:2]


def test_the_limit_counts_what_is_dialled_too() -> None:
    pool = Pool(limit=2)
    assert isinstance(pool.acquire(A), Dial)
    assert isinstance(pool.acquire(B), Dial)
    assert isinstance(pool.acquire(C), Wait)
    assert pool.count == 2


def test_the_limit_of_a_host_leaves_other_hosts_alone() -> None:
    pool = Pool(limit_per_host=1)
    connection = dial(pool, A)
    ticket = wait(pool, A)
    dial(pool, B)
    outcome = end(pool, connection)
    assert [granted for granted, _ in outcome.grants] == [ticket]


def test_at_the_limit_the_connection_that_is_idle_for_the_longest_is_given_up() -> None:
    pool = Pool(limit=2)
    old, young = dial(pool, A), dial(pool, B)
    end(pool, old, now=1.0)
    end(pool, young, now=2.0)
    decision = pool.acquire(C)
    assert isinstance(decision, Dial)
    assert decision.evicted is old
    assert pool.count == 2


def test_who_waits_is_served_in_the_order_of_coming() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    tickets = [wait(pool, A) for _ in range(3)]
    for ticket in tickets:
        (grant,) = end(pool, connection).grants
        assert grant[0] is ticket
        decision = grant[1]
        assert isinstance(decision, Reuse)
        assert pool.redeem(decision.member) is connection
        connection.active = 1
    assert pool.waiting == 0


def test_a_place_that_becomes_free_goes_to_who_waits_for_another_host() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    ticket = wait(pool, B)
    outcome = lose(pool, connection)
    ((granted, decision),) = outcome.grants
    assert granted is ticket
    assert isinstance(decision, Dial)
    assert decision.member.key == B


def test_an_idle_connection_makes_room_for_who_waits_for_another_host() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    ticket = wait(pool, B)
    outcome = end(pool, connection)
    assert outcome.close == [connection]
    ((granted, decision),) = outcome.grants
    assert granted is ticket
    assert isinstance(decision, Dial)
    assert pool.count == 1


def test_nobody_is_passed_over_for_ever() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    stranger = wait(pool, B)
    for _ in range(MAX_PASSED):
        ticket = wait(pool, A)
        ((granted, decision),) = end(pool, connection).grants
        assert granted is ticket
        assert isinstance(decision, Reuse)
        pool.redeem(decision.member)
        connection.active = 1
    patient = wait(pool, A)
    outcome = end(pool, connection)
    assert outcome.close == [connection]
    assert [granted for granted, _ in outcome.grants] == [stranger]
    pool.withdraw(patient)


def test_who_withdraws_is_not_served() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    gone, here = wait(pool, A), wait(pool, A)
    pool.withdraw(gone)
    pool.withdraw(gone)
    assert [granted for granted, _ in end(pool, connection).grants] == [here]
    assert pool.waiting == 0


def test_what_was_granted_and_is_given_back_goes_to_the_next() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    first, second = wait(pool, A), wait(pool, A)
    ((granted, decision),) = end(pool, connection).grants
    assert granted is first
    assert isinstance(decision, Reuse)
    outcome = pool.give_back(decision.member, 0.0)
    assert [granted for granted, _ in outcome.grants] == [second]


def test_what_was_granted_and_is_lost_is_nothing() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A)
    wait(pool, A)
    ((_, decision),) = end(pool, connection).grants
    assert isinstance(decision, Reuse)
    lose(pool, connection)
    assert pool.redeem(decision.member) is None
    assert pool.count == 0


def test_a_place_that_stays_empty_goes_to_the_next() -> None:
    pool = Pool(limit=1)
    decision = pool.acquire(A)
    assert isinstance(decision, Dial)
    ticket = wait(pool, B)
    assert [granted for granted, _ in pool.failed(decision.member).grants] == [ticket]
    assert pool.count == 1


def test_a_lost_connection_leaves_the_pool() -> None:
    pool = Pool()
    connection = dial(pool, A)
    end(pool, connection)
    assert lose(pool, connection) == Outcome()
    assert pool.take(A) is None
    assert pool.count == 0
    assert pool.changed(connection, 0.0) == Outcome(), "it is a stranger now"


def test_a_fresh_connection_is_dialled_although_an_old_one_is_free() -> None:
    pool = Pool()
    connection = dial(pool, A)
    end(pool, connection)
    decision = pool.acquire(A, fresh=True)
    assert isinstance(decision, Dial)
    assert decision.evicted is None


@pytest.mark.parametrize("limits", [{"limit": 1}, {"limit_per_host": 1}], ids=["all", "host"])
def test_a_fresh_connection_takes_the_place_of_an_old_one_at_the_limit(limits: dict[str, Any]) -> None:
    pool = Pool(**limits)
    connection = dial(pool, A)
    end(pool, connection)
    decision = pool.acquire(A, fresh=True)
    assert isinstance(decision, Dial)
    assert decision.evicted is connection
    assert pool.count == 1


def test_who_wants_a_fresh_connection_takes_an_old_one_before_he_waits() -> None:
    pool = Pool(limit=1)
    connection = dial(pool, A, most=3)
    decision = pool.acquire(A, fresh=True)
    assert isinstance(decision, Reuse)
    assert decision.member.connection is connection


def test_idle_connections_expire_and_busy_ones_do_not() -> None:
    pool = Pool(keepalive_timeout_s=15.0)
    old, young, busy = dial(pool, A), dial(pool, A), dial(pool, A)
    end(pool, old, now=100.0)
    end(pool, young, now=105.0)
    assert pool.expire(114.9) == ([], 115.0)
    assert pool.expire(115.0) == ([old], 120.0)
    assert pool.take(A) is young
    young.active = 1
    assert pool.expire(1000.0) == ([], None)
    assert busy.is_open
    assert pool.count == 2


def test_without_a_keepalive_timeout_nothing_expires() -> None:
    pool = Pool(keepalive_timeout_s=None)
    end(pool, dial(pool, A))
    assert pool.expire(1e9) == ([], None)


def test_force_close_closes_after_one_exchange() -> None:
    pool = Pool(limit=1, force_close=True)
    connection = dial(pool, A)
    ticket = wait(pool, A)
    outcome = end(pool, connection)
    assert outcome.close == [connection]
    ((granted, decision),) = outcome.grants
    assert granted is ticket
    assert isinstance(decision, Dial)


def test_closing_hands_out_everything() -> None:
    pool = Pool(limit=2)
    idle, busy = dial(pool, A), dial(pool, B)
    ticket = wait(pool, C)
    lost = dial(Pool(), A)
    end(pool, lost)
    assert pool.close() == ([idle, busy], [ticket])
    assert (pool.count, pool.waiting) == (0, 0)
    assert end(pool, idle) == Outcome()


def test_a_place_that_is_kept_outlives_the_pool_without_harm() -> None:
    pool = Pool(limit=1)
    decision = pool.acquire(A)
    assert isinstance(decision, Dial)
    assert pool.close() == ([], [])
    assert pool.failed(decision.member) == Outcome()
    assert pool.count == 0


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_the_limits_hold_and_nobody_waits_while_there_is_room(seed: int) -> None:
    chance = random.Random(seed)
    limit, per_host = chance.choice([0, 1, 3, 7]), chance.choice([0, 1, 2])
    pool = Pool(limit=limit, limit_per_host=per_host, keepalive_timeout_s=5.0, force_close=chance.random() < 0.2)
    dialling: list[Dial] = []
    running: list[FakeConnection] = []
    connections: list[FakeConnection] = []
    waiting: list[Wait] = []
    promised: list[Reuse] = []

    def carry_out(outcome: Outcome) -> None:
        for connection in outcome.close:
            assert connection.active == 0
            connection.close()
        for ticket, decision in outcome.grants:
            waiting.remove(ticket)
            take(decision, is_granted=True)

    def take(decision: Reuse | Dial | Wait, *, is_granted: bool = False) -> None:
        if isinstance(decision, Wait):
            waiting.append(decision)
        elif isinstance(decision, Dial):
            if decision.evicted is not None:
                assert decision.evicted.active == 0
                decision.evicted.close()
            dialling.append(decision)
        elif is_granted:
            promised.append(decision)
        else:
            use(decision.member.connection)

    def use(connection: ClientConnection | None) -> None:
        if connection is not None:
            assert isinstance(connection, FakeConnection)
            assert connection.capacity > 0
            connection.active += 1
            running.append(connection)

    for now in range(400):
        action = chance.randrange(8)
        if action <= 2:
            take(pool.acquire(chance.choice([A, B, C]), fresh=chance.random() < 0.1))
        elif action == 3 and dialling:
            decision = dialling.pop(chance.randrange(len(dialling)))
            if chance.random() < 0.3:
                carry_out(pool.failed(decision.member))
            else:
                connection = FakeConnection(chance.choice([1, 1, 3]))
                connections.append(connection)
                connection.active = 1
                running.append(connection)
                carry_out(pool.connected(decision.member, connection, now))
        elif action == 4 and running:
            connection = running.pop(chance.randrange(len(running)))
            connection.active -= 1
            carry_out(pool.changed(connection, now))
        elif action == 5 and promised:
            promise = promised.pop(0)
            if chance.random() < 0.3:
                carry_out(pool.give_back(promise.member, now))
            else:
                use(pool.redeem(promise.member))
        elif action == 6 and waiting and chance.random() < 0.3:
            pool.withdraw(waiting.pop(chance.randrange(len(waiting))))
        elif action == 7 and connections and chance.random() < 0.3:
            connection = connections.pop(chance.randrange(len(connections)))
            connection.is_open = False
            carry_out(pool.changed(connection, now))
            for expired in pool.expire(now)[0]:
                expired.close()
        open_now = [connection for connection in connections if connection.is_open]
        assert pool.count == len(open_now) + len(dialling)
        assert pool.waiting == len(waiting)
        assert not limit or pool.count <= limit
        if waiting and limit and not per_host:
            assert pool.count == limit
        if waiting:
            assert limit or per_host
        assert all(pool.take(ticket.key) is None for ticket in waiting), "who waits has nothing to take"
