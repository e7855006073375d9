"""A hash of typed text, under a key that no two starts share."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

KEY_BYTES = 32
HASH_BYTES = 16
"""Long enough that two texts never share one, whoever chooses them."""


class KeyedHash:
    """Lets a cache recognise what was typed without keeping it.

    The key is made at each start and kept nowhere else, so a hash tells nothing to anybody
    without it.
    """

    def __init__(self, key: bytes, public: AbstractSet[str] = frozenset()) -> None:
        """Take a secret key, and the words that may stand for themselves."""
        self._key = key
        self._public = public
        # A copy of a hash that has its key already is made faster than another.
        self._keyed = blake2b(key=key, digest_size=HASH_BYTES)

    def __call__(self, text: str) -> bytes | str:
        """Return a text's hash; of a public word, the word."""
        if text in self._public:
            return text
        hashed = self._keyed.copy()
        # Half of a surrogate pair can be typed, too.
        hashed.update(text.encode("utf-8", "surrogatepass"))
        return hashed.digest()

    def except_for(self, public: AbstractSet[str]) -> KeyedHash:
        """Return one that leaves these words as they are."""
        return KeyedHash(self._key, public)
