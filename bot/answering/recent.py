"""What was looked up lately, kept in memory: a store never changes, so nothing goes stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Looks things up, several at once, and remembers those used last."""

    def __init__(
        self, most: int, load: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Value]]]
    ) -> None:
        """Take how many are kept, and how those not at hand are looked up."""
        self._most = most
        self._load = load
        self._kept: dict[Key, Value] = {}

    async def get(self, keys: Sequence[Key]) -> list[Value]:
        """Return the values of those keys that have one, in the keys' order."""
        found = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in keys if key not in found]
        if missing:
            found.update(await self._load(missing))
        for key, value in found.items():
            self._kept.pop(key, None)
            self._kept[key] = value  # a dict keeps its order: what was used last stands last
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return [found[key] for key in keys if key in found]
