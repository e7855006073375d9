"""LRU caches, a hash that keeps typed text out, and numbers that are kept once."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping
    from collections.abc import Set as AbstractSet

Key = TypeVar("Key")
Value = TypeVar("Value")

KEY_BYTES = 32
HASH_BYTES = 16
"""Long enough that two texts never share a hash, even chosen ones."""


SHARED_NUMBERS = tuple(range(1_024))
"""Most weights in an index are less."""


def share_number(number: int) -> int:
    """Return a number, always the same object if it is small.

    Python makes any number above 256 anew wherever it is read. A fact has hundreds, which then lie
    all over the memory and are slow to come by.
    """
    return SHARED_NUMBERS[number] if 0 <= number < len(SHARED_NUMBERS) else number


class KeyedHash:
    """A hash that lets a cache recognise typed text without keeping it.

    The key is made at each start and kept nowhere else, so a hash tells nothing to anybody
    without it.
    """

    def __init__(self, key: bytes, public: AbstractSet[str] = frozenset()) -> None:
        """Take a secret key, and words that may be kept."""
        self._key = key
        self._public = public
        # Copying a hash that already has its key is faster than making another.
        self._keyed = blake2b(key=key, digest_size=HASH_BYTES)

    def __call__(self, text: str) -> bytes | str:
        """Return a text's hash, or a public word itself."""
        if text in self._public:
            return text
        hashed = self._keyed.copy()
        # Half of a surrogate pair can be typed, too.
        hashed.update(text.encode("utf-8", "surrogatepass"))
        return hashed.digest()

    def except_for(self, public: AbstractSet[str]) -> KeyedHash:
        """Return a hash with the same key and other public words."""
        return KeyedHash(self._key, public)


def _keep_key(key: Key) -> Key:
    return key


def _is_never(_value: object) -> bool:
    return False


class BatchCache(Generic[Key, Value]):
    """An LRU cache that loads all missing keys in one call.

    An index never changes, so nothing in it goes stale.
    """

    def __init__(
        self,
        maxsize: int,
        load: Callable[[list[Key]], Mapping[Key, Value]],
        hide: Callable[[Key], Hashable] = _keep_key,
        is_indexed: Callable[[Value], object] = _is_never,
    ) -> None:
        """Take the size, the loader, and the hash for typed keys.

        `hide` turns a key that somebody typed into one that may be kept; see `KeyedHash`.
        `is_indexed` tells by its value whether packs or the lexicon have the key as well. Such a
        key is no secret, and is found without hashing it: most of a question's are.
        """
        self._maxsize = maxsize
        self._load = load
        self._hide = hide
        self._is_indexed = is_indexed
        # The key used longest ago comes first. A question asks for a hundred keys, and the library
        # of caches takes three times as long for each.
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return the value of a key, if it has one."""
        hidden = key if key in self._values else self._hide(key)
        value = self._values.get(hidden)
        if value is None:
            return self.get_many((key,)).get(key)
        self._values.move_to_end(hidden)
        return value

    def get_many(self, keys: Collection[Key]) -> dict[Key, Value]:
        """Return the values of those keys that have one, in order."""
        values, hide = self._values, self._hide
        found: dict[Key, Value] = {}
        missing: dict[Key, Hashable] = {}
        for key in keys:
            hidden = key if key in values else hide(key)
            value = values.get(hidden)
            if value is None:
                missing[key] = hidden
            else:
                values.move_to_end(hidden)
                found[key] = value
        if not missing:
            return found
        loaded = self._load(list(missing))
        for key, value in loaded.items():
            values[key if self._is_indexed(value) else missing[key]] = value
        while len(values) > self._maxsize:
            values.popitem(last=False)
        found.update(loaded)
        return {key: found[key] for key in keys if key in found}

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
