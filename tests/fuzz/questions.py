"""Questions: any 300 characters are answered, with work that is bounded whatever they say.

Two things are counted, not timed: the steps of SQLite's virtual machine, which are all the work of
reading the store, and the postings that the matcher goes through in the documents it looks at.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from hypothesis import strategies as some

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.ranking import PhrasingMatrix
from bot.answering.results import Found, Unknown, Unsure
from bot.packs.loader import load_packs
from tests.fuzz.target import Target
from tests.support.packs import HIDE, LANTERN_FILE, REAL_FILE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from bot.answering.ranking import Document
    from tests.fuzz.target import Check

LONGEST = 300
EVERY = 100
"""SQLite is heard of after each so many steps of its virtual machine."""
MOST_STEPS = 100_000
"""Of SQLite's virtual machine, for one question: three times the most that was seen (33,000)."""
MOST_POSTINGS = 15_000
"""That the matcher goes through for one question: four times the most that was seen (3,400)."""


@dataclass
class Work:
    """What questions cost so far, and the most that one did."""

    steps: int = 0
    postings: int = 0
    worst_steps: int = 0
    worst_postings: int = 0

    def step(self) -> None:
        """Hear of SQLite's progress; None tells it to go on."""
        self.steps += EVERY

    def settle(self) -> None:
        """Hold a question's work against the bounds, and begin anew."""
        self.worst_steps = max(self.worst_steps, self.steps)
        self.worst_postings = max(self.worst_postings, self.postings)
        assert self.steps <= MOST_STEPS
        assert self.postings <= MOST_POSTINGS
        self.steps = self.postings = 0


@dataclass(frozen=True)
class CountedPhrasings(PhrasingMatrix):
    """A document's phrasings, which count the entries that a question goes through."""

    work: Work

    def shared_weights(self, features: Mapping[str, float]) -> list[int]:
        self.work.postings += sum(map(self.count, features))
        return super().shared_weights(features)


def count_work(knowledge: KnowledgeBase) -> Work:
    """Let everything that a knowledge base does be counted from here on."""
    work = Work()
    knowledge._own.index._connection._db.set_progress_handler(work.step, EVERY)
    lookup = knowledge._own.engine._lookup
    decode = lookup._decode
    lookup._decode = lambda stored: _counting(decode(stored), work)
    return work


def forget(knowledge: KnowledgeBase) -> None:
    """Let a knowledge base forget all that it keeps in memory of earlier questions."""
    knowledge._own.index.clear_caches()
    knowledge._own.engine._lookup.clear_caches()
    knowledge._own.engine._templates.clear()
    knowledge._detector._words.clear()
    knowledge._readings.clear()


def _counting(document: Document, work: Work) -> Document:
    own = document.phrasings
    counted = CountedPhrasings(own.features, own.row_lengths, own.cells, own.totals, work)
    return replace(document, phrasings=counted)


STORE = "both"
WORDS = sorted(
    {
        word
        for path in (REAL_FILE, LANTERN_FILE)
        for word in path.read_text(encoding="utf-8").split()
        if len(word) < LONGEST
    }
)
SPOKEN = some.lists(some.sampled_from(WORDS) | some.text(max_size=9), max_size=60).map(" ".join)
QUESTIONS = (some.text(max_size=LONGEST) | SPOKEN).map(lambda text: text[:LONGEST])


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Check]:
    store = folder / f"{STORE}.sqlite"
    if not store.exists():
        compile_packs(load_packs([REAL_FILE, LANTERN_FILE]), store, STORE)
    async with await KnowledgeBase.open(store, HIDE) as knowledge:
        work = count_work(knowledge)

        async def check(question: str) -> None:
            forget(knowledge)  # each question pays for its own reading
            answer = await knowledge.answer(question, knowledge.packs)
            work.settle()
            assert isinstance(answer, Found | Unsure | Unknown)
            await knowledge.choose_quote(knowledge.packs, Random(1), about=question)
            work.settle()
            await knowledge.search_release(question, knowledge.packs)
            work.settle()
            assert len(knowledge.complete_question(question, knowledge.packs)) <= 25

        yield check


TARGET = Target("questions", QUESTIONS, opened)
