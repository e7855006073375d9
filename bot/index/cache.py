"""LRU caches in front of the index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping

Key = TypeVar("Key")
Value = TypeVar("Value")


def _keep_key(key: Key) -> Key:
    return key


class BatchCache(Generic[Key, Value]):
    """An LRU cache that loads all missing keys in one call.

    An index never changes, so nothing in it goes stale.
    """

    def __init__(
        self,
        maxsize: int,
        load: Callable[[list[Key]], Mapping[Key, Value]],
        hide: Callable[[Key], Hashable] = _keep_key,
    ) -> None:
        """Take the size, the loader, and the hash for typed keys.

        `hide` turns a key that somebody typed into one that may be kept; see `KeyedHash`.
        """
        self._load = load
        self._hide = hide
        self._values: LRUCache[Hashable, Value] = LRUCache(maxsize)

    def get(self, keys: Collection[Key]) -> dict[Key, Value]:
        """Return the values of those keys that have one, in order."""
        values = self._values
        hidden = [(key, self._hide(key)) for key in keys]
        missing = [key for key, stored in hidden if stored not in values]
        loaded = self._load(missing) if missing else {}
        found: dict[Key, Value] = {}
        for key, stored in hidden:
            # Asked for first: storing another key may evict this one before its turn.
            value = loaded[key] if key in loaded else values.get(stored)
            if value is not None:
                found[key] = value
        for key in loaded:
            values[self._hide(key)] = loaded[key]
        return found

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
