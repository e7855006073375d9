"""A text in, a question read out, with all that the store knows of its words and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.lexicon import phrasebook
from bot.answering.question import Question, read
from bot.answering.words import (
    SHORTEST_CORRECTED,
    SHORTEST_SLIP,
    Spelling,
    clauses,
    deletions,
    is_likelier,
    nearest,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.answering.lexicon import Lexicon
    from bot.knowledge.reach import Scope
    from bot.knowledge.reader import StoreReader

RARE = 3.3
"""Words less common than this in English (Zipf scale) may be slips for others."""
LONGEST = 300
"""Characters of a question that are read; Discord's option limits it to as many."""


class Interpreter:
    """Reads questions against one store."""

    def __init__(self, store: StoreReader, lexicon: Lexicon) -> None:
        self._words = store.words
        self._lexicon = lexicon

    def read(self, text: str, scope: Scope) -> Question:
        """Read a question: its spelling put right, its names and ideas recognised."""
        heard = clauses(text[:LONGEST], self._lexicon)
        words = {word for clause in heard for word in clause.words}
        commonness = self._words.commonness(words)
        rare = {word for word in words if commonness.get(word, 0.0) < RARE}
        corrections = self._corrections(rare, commonness.keys(), scope)
        meant = {part for word in corrections.values() for part in self._spelt_out(word)}
        if meant:
            commonness |= self._words.commonness(meant)
        begun = words | meant
        names = self._words.names(begun | {word.removesuffix("s") for word in begun}, scope)
        return read(heard, self._lexicon, Spelling(corrections, commonness), phrasebook(names))

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
            doubtful -= self._words.known(doubtful, scope)
        corrections: dict[str, str] = {}
        for word in sorted(doubtful):
            uses = self._words.misspelt(deletions(word), scope)
            if word in english:
                uses = {
                    other: count for other, count in uses.items() if is_likelier(word, other, count)
                }
            elif len(word) < SHORTEST_CORRECTED:
                uses = {other: uses[other] for other in uses.keys() & self._lexicon.filler}
            meant = nearest(word, uses.items())
            if meant is not None:
                corrections[word] = meant
        return corrections

    def _spelt_out(self, word: str) -> tuple[str, ...]:
        return self._lexicon.spellings.get(word, (word,))
