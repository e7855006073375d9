"""A text in, a question read out, with all that the store knows of its words and names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answering.lexicon import phrasebook
from bot.answering.question import Question, read
from bot.answering.words import SHORTEST_CORRECTED, Spelling, clauses, deletions, nearest

if TYPE_CHECKING:
    from bot.answering.lexicon import Lexicon
    from bot.knowledge.reader import Scope, StoreReader

LONGEST = 300
"""Characters of a question that are read; Discord's option limits it to as many."""


class Interpreter:
    """Reads questions against one store."""

    def __init__(self, store: StoreReader, lexicon: Lexicon) -> None:
        self._store = store
        self._lexicon = lexicon

    async def read(self, text: str, scope: Scope) -> Question:
        """Read a question: its spelling put right, its names and ideas recognised."""
        heard = clauses(text[:LONGEST], self._lexicon)
        words = {word for clause in heard for word in clause.words}
        commonness = await self._store.commonness(words)
        corrections = await self._corrections(words - commonness.keys(), scope)
        meant = {part for word in corrections.values() for part in self._spelt_out(word)}
        if meant:
            commonness |= await self._store.commonness(meant)
        names = await self._store.names(words | meant, scope)
        return read(heard, self._lexicon, Spelling(corrections, commonness), phrasebook(names))

    async def _corrections(self, strange: set[str], scope: Scope) -> dict[str, str]:
        """Return what each strange word is taken for, where it is taken for anything."""
        doubtful = {
            word
            for word in strange - self._lexicon.words
            if len(word) >= SHORTEST_CORRECTED and word.isalpha()
        }
        if doubtful:
            doubtful -= await self._store.known(doubtful, scope)
        corrections: dict[str, str] = {}
        for word in sorted(doubtful):
            uses = await self._store.misspelt(deletions(word), scope)
            meant = nearest(word, uses.items())
            if meant is not None:
                corrections[word] = meant
        return corrections

    def _spelt_out(self, word: str) -> tuple[str, ...]:
        return self._lexicon.spellings.get(word, (word,))
