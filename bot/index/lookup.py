"""Read everything in the index that bears on a question's features.

The question's words are read before, from the vocabulary: its features depend on their names and
frequencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.index.reader import IndexReader, StoredDocument
    from bot.index.scope import EntryKind, Scope

MAX_CACHED_DOCUMENTS = 512

Document = TypeVar("Document")


@dataclass(frozen=True, slots=True)
class QuestionFeatures:
    """The features of one question, by their part in its lookup."""

    content: Collection[str]
    """Features that entries are found by."""
    names: Collection[str]
    """Those of the content features that are names."""
    out_of_domain: Collection[str]
    """Features that are compared with out-of-domain topics."""
    sample: str | None = None
    """The feature of the question word for word, by which sample questions are found."""


@dataclass(frozen=True, slots=True)
class QuestionData(Generic[Document]):
    """Everything in the index that bears on one question."""

    candidates: tuple[Document, ...]
    """The documents to which the content features point most, best first."""
    samples: tuple[Document, ...]
    """The documents of which it is a sample question, two at most."""
    ood_log_odds: Mapping[str, Mapping[int, int]]
    """The log odds of features by the out-of-domain topics that have them."""


class QuestionLookup(Generic[Document]):
    """Reads the index for questions, and keeps the last documents decoded."""

    def __init__(self, index: IndexReader, decode: Callable[[StoredDocument], Document]) -> None:
        """Take the index, and the decoder of its documents."""
        self._index = index
        self._decode = decode
        self._documents = BatchCache(MAX_CACHED_DOCUMENTS, self._load_documents)

    def read_question_data(
        self, kind: EntryKind, features: QuestionFeatures, scope: Scope, limit: int
    ) -> QuestionData[Document]:
        """Return everything that bears on a question, with at most `limit` candidates."""
        find_top = self._index.inverted_index.find_top
        candidates = find_top(kind, features.content, features.names, scope, limit)
        samples: list[int] = []
        if features.sample is not None:
            # Two are enough to see that it is a sample question of more than one.
            samples = find_top(kind, [features.sample], (), scope, 2)
        documents = self._documents.get_many([*candidates, *samples])
        return QuestionData(
            candidates=tuple(documents[number] for number in candidates),
            samples=tuple(documents[number] for number in samples),
            ood_log_odds=self._index.vocabulary.read_ood_log_odds(features.out_of_domain),
        )

    def clear_caches(self) -> None:
        """Forget all documents in memory."""
        self._documents.clear()

    def _load_documents(self, numbers: list[int]) -> dict[int, Document]:
        return {
            stored.number: self._decode(stored) for stored in self._index.load_documents(numbers)
        }
