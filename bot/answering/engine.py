"""What a question comes to: read, its candidates found and ranked, and judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answering.decision import Decision, best_per_pack, decide, select_quotes
from bot.answering.features import (
    CONTENT_PREFIXES,
    NAME_PREFIX,
    content_features,
    mention_features,
    query_features,
)
from bot.answering.indexer import document_from, sample_feature
from bot.answering.out_of_domain import mask_entities, score_out_of_domain
from bot.answering.query_parser import QueryParser
from bot.answering.ranking import FACTS, QUOTES, rank
from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.answering.lexicon import Lexicon
    from bot.answering.query import Query
    from bot.answering.ranking import Document, Evidence
    from bot.index.keyed_hash import KeyedHash
    from bot.index.reader import IndexReader
    from bot.index.scope import EntryKind, Scope

MOST_CANDIDATES = 16
"""So many entries are looked at closely for a question."""
MOST_KEPT = 512
"""So many documents are kept in memory."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a question was read, what was weighed, and what came of it."""

    question: Query
    evidence: tuple[Evidence, ...]
    beyond: float | None
    """How typical it is of what notes seldom tell, on the scale of `Evidence.support`; None for a
    sample question, which is not weighed against it."""
    decision: Decision


class Engine:
    """Finds what a question asks for in one store."""

    def __init__(self, store: IndexReader, lexicon: Lexicon, hide: KeyedHash) -> None:
        self._store = store
        self._lexicon = lexicon
        self._interpreter = QueryParser(store, lexicon, hide)
        self._documents = BatchCache(MOST_KEPT, self._load_documents)

    def explain(self, question: str, scope: Scope) -> Explanation:
        """Return how a question would be answered, and why."""
        asked = self._interpreter.read(question, scope)
        told = query_features(asked)
        ranked = rank(asked, told, self._likeliest("fact", told, scope), FACTS)
        sample = sample_feature(question, self._lexicon)
        numbers = self._store.inverted_index.find_top("fact", [sample], (), scope, MOST_CANDIDATES)
        if len(numbers) == 1 and len(best_per_pack(ranked)) <= 1:
            own = rank(asked, told, self._documents.get(numbers).values(), FACTS)
            others = [e for e in ranked if e.document is not own[0].document]
            reason = "it is a sample question of this fact"
            decision = Decision(own[0], (), 1.0, reason, is_sample=True)
            return Explanation(asked, (*own, *others), None, decision)
        beyond = self._beyond(told)
        return Explanation(asked, tuple(ranked), beyond, decide(asked, ranked, beyond))

    def quotes(self, about: str, scope: Scope) -> list[tuple[str, str]]:
        """Return (pack, quote) for the quotes that fit a theme, best first."""
        asked = self._interpreter.read(about, scope)
        told = content_features(asked)
        ranked = rank(asked, told, self._likeliest("quote", told, scope), QUOTES, MOST_CANDIDATES)
        fitting = select_quotes(asked, ranked, self._beyond(query_features(asked)))
        return [(e.document.pack, e.document.id) for e in fitting]

    def named(self, text: str, scope: Scope) -> set[str]:
        """Return the features of everything in scope that a text names."""
        asked = self._interpreter.read(text, scope)
        return {feature for mention in asked.mentions for feature in mention_features(mention)}

    def _beyond(self, told: Mapping[str, float]) -> float:
        """Return how typical what a question says is of what notes seldom tell."""
        told = mask_entities(told)
        return score_out_of_domain(told, self._store.vocabulary.ood_log_odds(told))

    def _likeliest(
        self, kind: EntryKind, told: Mapping[str, float], scope: Scope
    ) -> Collection[Document]:
        features = [feature for feature in told if feature.startswith(CONTENT_PREFIXES)]
        names = [feature for feature in features if feature.startswith(NAME_PREFIX)]
        candidates = self._store.inverted_index
        numbers = candidates.find_top(kind, features, names, scope, MOST_CANDIDATES)
        return self._documents.get(numbers).values()

    def _load_documents(self, numbers: list[int]) -> dict[int, Document]:
        return {
            found.number: document_from(found.pack, found.id, found.document, found.pairs)
            for found in self._store.load_documents(numbers)
        }
