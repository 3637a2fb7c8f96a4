"""The registry: which payload is made for a value."""

import pytest

from skerry.http import SkerryError
from skerry.http.aio.payload import (
    PAYLOAD_REGISTRY,
    BytesPayload,
    Order,
    Payload,
    PayloadLookupError,
    PayloadRegistry,
    get_payload,
    payload_type,
    register_payload,
)


@pytest.mark.parametrize("wrong", [None, 1, [b"a"], {"a": 1}, object], ids=repr)
def test_nothing_is_registered_for_other_values(wrong: object) -> None:
    with pytest.raises(PayloadLookupError, match="no payload is registered for"):
        get_payload(wrong)
    assert issubclass(PayloadLookupError, SkerryError)
    assert issubclass(PayloadLookupError, LookupError)


class Base:
    """A type of a program."""


class Derived(Base):
    """A subtype of it."""


def make_kind(name: str) -> type[Payload]:
    return type(name, (BytesPayload,), {"__init__": lambda self, value: BytesPayload.__init__(self, b"")})


A, B, C = make_kind("A"), make_kind("B"), make_kind("C")


def test_an_exact_type_wins_over_a_base_and_what_is_tried_first_over_both() -> None:
    registry = PayloadRegistry()
    registry.register(A, Base)
    assert type(registry.get(Derived())) is A
    registry.register(B, Derived)
    assert (type(registry.get(Derived())), type(registry.get(Base()))) == (B, A)
    registry.register(C, (Base, int), order=Order.try_first)
    registry.register(A, Base, order=Order.try_first)
    assert (type(registry.get(Derived())), type(registry.get(1))) == (C, C)
    with pytest.raises(PayloadLookupError):
        registry.get("text")
    registry.register(B, object, order=Order.try_last)
    assert type(registry.get("text")) is B
    payload = BytesPayload(b"")
    assert registry.get(payload) is payload


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order is 'x'"):
        PayloadRegistry().register(A, Base, order="x")  # type: ignore[arg-type]


def test_the_registry_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_first", "_normal", "_last", "_by_type"):
        monkeypatch.setattr(PAYLOAD_REGISTRY, name, getattr(PAYLOAD_REGISTRY, name).copy())
    register_payload(A, Base)
    assert type(get_payload(Base())) is A
    decorated = payload_type(Derived, order=Order.try_first)(B)
    assert decorated is B
    assert type(get_payload(Derived())) is B
    assert type(get_payload(b"")) is BytesPayload
