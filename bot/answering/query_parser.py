"""A text in, a question read out, with all that the store knows of its words and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.lexicon import build_phrasebook
from bot.answering.query import Query, read
from bot.answering.text import (
    SHORTEST_CORRECTED,
    SHORTEST_SLIP,
    Spelling,
    clauses,
    closest_word,
    deletion_variants,
    is_probable_typo,
)
from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.answering.lexicon import Lexicon, Phrasebook, Phrases
    from bot.index.keyed_hash import KeyedHash
    from bot.index.reader import IndexReader
    from bot.index.scope import Scope

RARE = 3.3
"""Words less common than this in English (Zipf scale) may be slips for others."""
MOST_WORDS = 4_096
"""The names that so many words begin are kept in memory."""
LONGEST = 300
"""Characters of a question that are read; Discord's option limits it to as many."""


class QueryParser:
    """Reads questions against one store."""

    def __init__(self, store: IndexReader, lexicon: Lexicon, hide: KeyedHash) -> None:
        self._vocabulary = store.vocabulary
        self._lexicon = lexicon
        self._begun = BatchCache(MOST_WORDS, self._load_begun, lambda key: (key[0], hide(key[1])))

    def read(self, text: str, scope: Scope) -> Query:
        """Read a question: its spelling put right, its names and ideas recognised."""
        heard = clauses(text[:LONGEST], self._lexicon)
        words = {word for clause in heard for word in clause.words}
        commonness = self._vocabulary.zipf_frequencies(words)
        rare = {word for word in words if commonness.get(word, 0.0) < RARE}
        corrections = self._corrections(rare, commonness.keys(), scope)
        meant = {part for word in corrections.values() for part in self._spelt_out(word)}
        if meant:
            commonness |= self._vocabulary.zipf_frequencies(meant)
        begun = words | meant
        names = self._names(begun | {word.removesuffix("s") for word in begun}, scope)
        return read(heard, self._lexicon, Spelling(corrections, commonness), names)

    def _names(self, words: Collection[str], scope: Scope) -> Phrasebook:
        """Return every name in scope that begins with one of the words."""
        found = self._begun.get([(scope, word) for word in words])
        return {word: names for (_, word), names in found.items() if names}

    def _load_begun(self, keys: list[tuple[Scope, str]]) -> dict[tuple[Scope, str], Phrases]:
        """Return the names that begin with each word; the keys are all of one scope."""
        scope = keys[0][0]
        book = build_phrasebook(self._vocabulary.find_names([word for _, word in keys], scope))
        return {key: book.get(key[1], ()) for key in keys}

    def _corrections(
        self, rare: set[str], english: Collection[str], scope: Scope
    ) -> dict[str, str]:
        """Return what each rare word is taken for, where it is taken for anything.

        A word that English has is taken only for one that the packs use often: "tania" where they
        speak of a Tanya.
        """
        doubtful = {
            word
            for word in rare - self._lexicon.words
            if word.isalpha()
            and len(word) >= (SHORTEST_CORRECTED if word in english else SHORTEST_SLIP)
        }
        if doubtful:
            doubtful -= self._vocabulary.known_words(doubtful, scope)
        corrections: dict[str, str] = {}
        for word in sorted(doubtful):
            uses = self._vocabulary.find_corrections(deletion_variants(word), scope)
            if word in english:
                uses = {
                    other: count
                    for other, count in uses.items()
                    if is_probable_typo(word, other, count)
                }
            elif len(word) < SHORTEST_CORRECTED:
                uses = {other: uses[other] for other in uses.keys() & self._lexicon.stop_words}
            meant = closest_word(word, uses.items())
            if meant is not None:
                corrections[word] = meant
        return corrections

    def _spelt_out(self, word: str) -> tuple[str, ...]:
        return self._lexicon.spellings.get(word, (word,))
