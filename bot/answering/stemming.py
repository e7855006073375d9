"""Stems of English words, by the Snowball English (Porter2) algorithm."""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING

from snowballstemmer import stemmer

from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from bot.index.keyed_hash import KeyedHash

MOST_STEMS = 16_384
"""So many words are remembered, by their hash."""


def stem(word: str) -> str:
    """Return a word's stem."""
    found = str(_stemmer().stemWord(word))
    _stemmer().stemWord("")  # it keeps the last word that it was given
    return found


class TypedStems:
    """Stems of words that people type: remembered, for stemming is slow, but not the words.

    A stem is its word's beginning, with a few letters behind at most. How many of the word's
    letters stay, and those behind, tell nothing of the word to anybody who does not have it.
    """

    def __init__(self, hide: KeyedHash) -> None:
        self._cuts = BatchCache(MOST_STEMS, self._load, hide)

    def __call__(self, word: str) -> str:
        """Return a word's stem."""
        length, ending = self._cuts.get([word])[word]
        return word[:length] + ending

    def _load(self, words: list[str]) -> dict[str, tuple[int, str]]:
        return {word: _cut(word, stem(word)) for word in words}


def _cut(word: str, stem_of_it: str) -> tuple[int, str]:
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(word, stem_of_it, strict=False))
    length = sum(1 for _ in alike)
    return length, stem_of_it[length:]


@cache
def _stemmer() -> stemmer:
    made = stemmer("english")
    if hasattr(made, "maxCacheSize"):  # PyStemmer's, where it is installed: it remembers words
        made.maxCacheSize = 0
    return made
