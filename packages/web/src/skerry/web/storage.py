"""Storage: the mapping that applications, requests and responses are, besides what else they are."""

from collections.abc import Iterator, MutableMapping
from typing import Any


class Storage(MutableMapping[str, Any]):
    """A mapping for the program's own values; no dictionary exists before the first one is stored.

    Two of them are equal only when they are the same object, and each is true even when nothing is stored.
    """

    __slots__ = ()

    _state: dict[str, Any] | None

    def __getitem__(self, key: str) -> Any:
        if self._state is None:
            raise KeyError(key)
        return self._state[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if self._state is None:
            self._state = {}
        self._state[key] = value

    def __delitem__(self, key: str) -> None:
        if self._state is None:
            raise KeyError(key)
        del self._state[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._state or ())

    def __len__(self) -> int:
        return len(self._state or ())

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__
