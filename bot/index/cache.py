"""What was looked up lately, kept in memory: a store never changes, so nothing goes stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Looks things up, several at once, and remembers those used last."""

    def __init__(self, most: int, load: Callable[[list[Key]], Mapping[Key, Value]]) -> None:
        """Take how many are kept, and how those not at hand are looked up."""
        self._most = most
        self._load = load
        self._kept: dict[Key, Value] = {}

    def get(self, keys: Collection[Key]) -> dict[Key, Value]:
        """Return the values of those keys that have one, in the keys' order."""
        kept = self._kept
        missing = [key for key in keys if key not in kept]
        loaded = self._load(missing) if missing else {}
        found: dict[Key, Value] = {}
        for key in keys:
            # A dict keeps its order: what was used last stands last.
            value = kept.pop(key) if key in kept else loaded.get(key)
            if value is not None:
                kept[key] = found[key] = value
        while len(kept) > self._most:
            del kept[next(iter(kept))]
        return found
