"""What was looked up lately, kept in memory: a store never changes, so nothing goes stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping

Key = TypeVar("Key")
Value = TypeVar("Value")


def _as_it_is(key: Key) -> Key:
    return key


class BatchCache(Generic[Key, Value]):
    """Looks things up, several at once, and remembers those used last."""

    def __init__(
        self,
        most: int,
        load: Callable[[list[Key]], Mapping[Key, Value]],
        hide: Callable[[Key], Hashable] = _as_it_is,
    ) -> None:
        """Take how many are kept, and how those not at hand are looked up.

        `hide` makes of a key that somebody typed what may be kept of it; see `KeyedHash`.
        """
        self._most = most
        self._load = load
        self._hide = hide
        self._kept: dict[Hashable, Value] = {}

    def get(self, keys: Collection[Key]) -> dict[Key, Value]:
        """Return the values of those keys that have one, in the keys' order."""
        kept = self._kept
        hidden = [(key, self._hide(key)) for key in keys]
        missing = [key for key, stored in hidden if stored not in kept]
        loaded = self._load(missing) if missing else {}
        found: dict[Key, Value] = {}
        for key, stored in hidden:
            # A dict keeps its order: what was used last stands last.
            value = kept.pop(stored) if stored in kept else loaded.get(key)
            if value is not None:
                kept[stored] = found[key] = value
        while len(kept) > self._most:
            del kept[next(iter(kept))]
        return found
