"""Score and rank the entries that may answer a query.

Ranking takes two passes. The coarse pass scores every candidate from its log odds and its names,
which costs a dictionary lookup a feature. The second pass reranks the best few by comparing the
query with each of their phrasings.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise, repeat
from operator import attrgetter, mul
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from bot.answering.features import NAME_PREFIX, SCALE, mention_features, query_parts
from bot.index.cache import share_number
from bot.index.codec import pack_numbers, unpack_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping, Sequence

    from bot.answering.features import QueryPart
    from bot.answering.query import Query

RERANK_K = 4
"""How many of the best documents are compared phrasing by phrasing."""
WEAK_LOG_ODDS = 2.8
"""A word below this is used for other entries about as often: the document hardly covers it."""
SIMILAR_COMPARED = ((1, 12), (2, 40), (3, math.inf))
"""How many of the most similar phrasings count, for documents of up to that many phrasings."""
LENGTH_PENALTY = 0.5
"""Times the logarithm of the number of phrasings: of a hundred, one is similar by chance, and how
much was written about a fact is no reason to answer with it."""
MAX_COUNTED_MENTIONS = 2
"""More names of the subject in one question are no further evidence."""


@dataclass(frozen=True)  # not slotted: the rows are kept when they are first asked for
class PhrasingMatrix:
    """The sparse matrix of feature weights in a document's phrasings."""

    features: Collection[str] = field(compare=False)
    """The feature of each row, in order."""
    row_lengths: array[int]
    cells: bytes
    """All rows, one behind the other."""
    totals: array[int]
    """The sum of all feature weights of each phrasing, in hundredths."""

    @cached_property
    def rows(self) -> dict[str, bytes]:
        """Pairs of phrasing number and weight in hundredths, a byte each, by feature."""
        # Of the documents found for a question, most are never compared phrasing by phrasing.
        ends = pairwise(accumulate(self.row_lengths, initial=0))
        rows = [self.cells[start:end] for start, end in ends]
        return dict(zip(self.features, rows, strict=True))

    @classmethod
    def build(
        cls,
        phrasings: Sequence[Mapping[str, float]],
        kept: Container[str],
        written: Sequence[Mapping[str, float]] | None = None,
    ) -> Self:
        """Build the matrix of some phrasings' features, of those in `kept`.

        `written` are the features without those of related words, where there are any: a phrasing
        is no less similar to a question for the words that it might have used instead.
        """
        rows: defaultdict[str, bytearray] = defaultdict(bytearray)
        for number, features in enumerate(phrasings):
            for feature, weight in features.items():
                if feature in kept:
                    rows[feature] += bytes((number, round(weight * SCALE)))
        # The totals count the features that are not kept as well: a phrasing full of words that
        # the document leaves out is less similar to a question without them.
        totals = array(
            "H", [round(sum(features.values()) * SCALE) for features in written or phrasings]
        )
        return cls(
            tuple(rows), array("H", map(len, rows.values())), b"".join(rows.values()), totals
        )

    def count(self, feature: str) -> int:
        """Return the number of phrasings with a feature."""
        return len(self.rows.get(feature, b"")) // 2

    def shared_weights(self, features: Mapping[str, float]) -> list[int]:
        """Return the weight that a query shares with each phrasing, in hundredths."""
        shared, rows = [0] * len(self.totals), self.rows
        for feature, weight in features.items():
            if feature in rows:
                row = rows[feature]
                lowered = row[1::2].translate(_cap_table(round(weight * SCALE)))
                for phrasing, own in zip(row[::2], lowered, strict=True):
                    shared[phrasing] += own
        return shared

    def top_similarities(self, features: Mapping[str, float], count: int) -> list[float]:
        """Return the best weighted Dice coefficients above zero, in descending order."""
        return sorted(filter(None, self.similarities(features)), reverse=True)[:count]

    def similarities(self, features: Mapping[str, float]) -> list[float]:
        """Return the weighted Dice coefficient with each phrasing."""
        total = sum(features.values()) * SCALE
        shared = self.shared_weights(features)
        return [
            2 * (own / (all_own + total)) if own else 0.0
            for own, all_own in zip(shared, self.totals, strict=True)
        ]

    def names_in_nearest(self, features: Mapping[str, float], count: int) -> list[frozenset[str]]:
        """Return the name features of each of the most similar phrasings, the nearest first."""
        similar = self.similarities(features)
        nearest = sorted(range(len(similar)), key=similar.__getitem__, reverse=True)[:count]
        rows = [(name, row[::2]) for name, row in self.rows.items() if name.startswith(NAME_PREFIX)]
        return [frozenset(name for name, row in rows if number in row) for number in nearest]


@lru_cache(SCALE + 1)
def _cap_table(limit: int) -> bytes:
    """Return a `bytes.translate` table that lowers bytes to a limit."""
    return bytes(min(limit, byte) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Document:
    """A fact or quotation as ranking sees it."""

    pack: str
    id: str
    subject: frozenset[str]
    """The name features of its subject."""
    names: frozenset[str]
    """The name features of everything it speaks of, the subject included."""
    pronouns: frozenset[str]
    """The pronouns that may mean somebody whom it speaks of."""
    answered_attributes: frozenset[str]
    """The seldom-answered attributes that it does answer."""
    related: frozenset[str]
    """The ids of facts related to it in either direction, which say much the same."""
    log_odds: Mapping[str, int]
    """How typical each feature is of it, in hundredths; see `compute_log_odds`."""
    phrasings: PhrasingMatrix
    unanswered: PhrasingMatrix | None = None
    """Questions near it that nothing in its pack answers."""


def encode_document(document: Document) -> tuple[str, bytes]:
    """Encode a document as JSON and bytes: its log odds and phrasings."""
    matrix = document.phrasings
    body: dict[str, object] = {
        "subject": sorted(document.subject),
        "names": sorted(document.names),
        "pronouns": sorted(document.pronouns),
        "attributes": sorted(document.answered_attributes),
        "related": sorted(document.related),
        # One text is read in a tenth of the time of a hundred.
        "features": "\n".join(matrix.features),
        "phrasings": len(matrix.totals),
    }
    log_odds = [document.log_odds[feature] for feature in matrix.features]
    data = pack_numbers("H", [*log_odds, *matrix.row_lengths, *matrix.totals]) + matrix.cells
    if (unanswered := document.unanswered) is not None:
        body["unanswered"] = {
            "features": "\n".join(unanswered.features),
            "phrasings": len(unanswered.totals),
            "begins": len(data),
        }
        data += pack_numbers("H", [*unanswered.row_lengths, *unanswered.totals])
        data += unanswered.cells
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False), data


def decode_document(
    pack: str, key: str, text: str, data: bytes, *, is_kept: bool = True
) -> Document:
    """Decode a document from `encode_document`.

    `is_kept` says that it stays in memory, where documents share most of their features.
    """
    body = json.loads(text)
    unanswered: PhrasingMatrix | None = None
    if part := body.get("unanswered"):
        unanswered = _decode_matrix(part, data[part["begins"] :], is_kept=is_kept)
        data = data[: part["begins"]]
    features = body["features"].splitlines()
    if is_kept:
        features = list(map(intern, features))
    rows = len(features)
    cells_begin = 2 * (2 * rows + body["phrasings"])
    numbers = unpack_numbers("H", data[:cells_begin])
    log_odds = dict(zip(features, map(share_number, numbers[:rows]), strict=True))
    return Document(
        pack=pack,
        id=key,
        subject=frozenset(body["subject"]),
        names=frozenset(body["names"]),
        pronouns=frozenset(body["pronouns"]),
        answered_attributes=frozenset(body["attributes"]),
        related=frozenset(body["related"]),
        log_odds=log_odds,
        phrasings=PhrasingMatrix(
            log_odds, numbers[rows : 2 * rows], data[cells_begin:], numbers[2 * rows :]
        ),
        unanswered=unanswered,
    )


def _decode_matrix(part: Mapping[str, Any], data: bytes, *, is_kept: bool) -> PhrasingMatrix:
    """Decode the matrix of the questions that nothing answers."""
    features = part["features"].splitlines()
    rows = len(features)
    cells_begin = 2 * (rows + part["phrasings"])
    numbers = unpack_numbers("H", data[:cells_begin])
    return PhrasingMatrix(
        tuple(map(intern, features)) if is_kept else tuple(features),
        numbers[:rows],
        data[cells_begin:],
        numbers[rows:],
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence that a document answers a query."""

    document: Document
    max_similarity: float
    """Weighted Dice coefficient with the nearest phrasing, 0 to 1."""
    top3_similarity: float
    """The mean of the best similarities, three or fewer; see `SIMILAR_COMPARED`."""
    nb_score: float
    """Naive Bayes score: how typical the query's features are of the document, 0 to about 20."""
    uncovered_mass: float
    """The share of the query's weight that the document has no words for, or hardly any."""
    max_oov_weight: float
    """The weight of the most informative word that the document never uses, 0 to 1."""
    matched_mentions: int
    """How many names in the query are the document's subject."""
    unmatched_mentions: int
    """How many names and pronouns in the query mean nobody whom the document speaks of."""
    answered_attributes: frozenset[str]
    """Seldom-answered attributes that the query asks for and the document answers."""
    unanswered_attributes: frozenset[str]
    """Seldom-answered attributes that the query asks for and the document does not answer."""
    oov_terms: tuple[str, ...]
    """The words of the query that the document never uses."""
    score: float = 0.0
    """The weighted sum of the evidence: log odds between documents."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each piece of evidence in the score.

    They are fitted by tests/bench/fit.py, never set by hand.
    """

    top3_similarity: float
    nb_score: float
    matched_mentions: float
    unmatched_mentions: float
    answered_attributes: float


FACTS = Weights(
    top3_similarity=7.97,
    nb_score=1.5,
    matched_mentions=0.92,
    unmatched_mentions=-1.21,
    answered_attributes=1.23,
)

QUOTES = replace(FACTS, matched_mentions=0.3)
"""The weights of the facts, since there are too few themes to fit weights of their own. Only a
speaker's name counts for less: whoever names one besides a theme asks for the theme."""


def rank(
    query: Query,
    features: Mapping[str, float],
    documents: Iterable[Document],
    weights: Weights,
    rerank_k: int = RERANK_K,
) -> list[Evidence]:
    """Rank documents by their evidence, best first.

    At most `rerank_k` are returned. `features` are the query's own, `query_features` or
    `content_features`, taken in the same way as those of the documents' phrasings.
    """
    ranker = _Ranker(query, features, weights)
    by_score = attrgetter("score")
    coarse = sorted(map(ranker.score_coarse, documents), key=by_score, reverse=True)
    return sorted(map(ranker.rerank, coarse[:rerank_k]), key=by_score, reverse=True)


def measure_unanswered(document: Document, features: Mapping[str, float]) -> float:
    """Return the similarity of the nearest question that a document is said not to answer."""
    if document.unanswered is None:
        return 0.0
    return max(document.unanswered.similarities(features), default=0.0)


def is_rather_untold(evidence: Evidence, features: Mapping[str, float]) -> bool:
    """Return whether a question is more like what a document is said not to answer.

    As many ways of asking are compared with it as for `Evidence.top3_similarity`: of many, one is
    similar by chance.
    """
    return measure_unanswered(evidence.document, features) > evidence.top3_similarity


def find_nearest(document: Document, features: Mapping[str, float]) -> tuple[int, float]:
    """Return the number and the similarity of a document's most similar phrasing."""
    similarities = document.phrasings.similarities(features) if features else []
    best = max(similarities, default=0.0)
    return (similarities.index(best) if best else 0), best


class _CoarseScore(NamedTuple):
    """The evidence of the first pass, without words and single phrasings."""

    document: Document
    nb_score: float
    matched_mentions: int
    unmatched_mentions: int
    answered_attributes: frozenset[str]
    score: float


class _Ranker:
    """Scores documents for one query."""

    def __init__(self, query: Query, features: Mapping[str, float], weights: Weights) -> None:
        self._features = features
        self._feature_weights = tuple(features.values())
        self._weights = weights
        # The more a question says, the more adds up: the root keeps long and short ones comparable.
        self._norm = SCALE * math.sqrt(sum(features.values()) or 1.0)
        self._mentions = [frozenset(mention_features(mention)) for mention in query.mentions]
        self._pronouns = query.pronouns
        self._attributes = query.attributes
        self._parts = query_parts(query)

    def score_coarse(self, document: Document) -> _CoarseScore:
        """Score a document by its log odds, names and attributes alone."""
        weights = self._weights
        log_odds = map(document.log_odds.get, self._features, repeat(0))
        nb_score = sum(map(mul, self._feature_weights, log_odds)) / self._norm
        matched, unmatched = 0, len(self._pronouns - document.pronouns)
        for mention in self._mentions:
            matched += not mention.isdisjoint(document.subject)
            unmatched += mention.isdisjoint(document.names)
        answered = self._attributes & document.answered_attributes
        score = (
            weights.nb_score * nb_score
            + weights.matched_mentions * min(matched, MAX_COUNTED_MENTIONS)
            + weights.unmatched_mentions * unmatched
            + weights.answered_attributes * len(answered)
        )
        return _CoarseScore(document, nb_score, matched, unmatched, answered, score)

    def rerank(self, coarse: _CoarseScore) -> Evidence:
        """Add the evidence of single phrasings and words to a coarse score."""
        document = coarse.document
        best = document.phrasings.top_similarities(self._features, 3) or [0.0]
        # The third best of a hundred says as much as the best of ten.
        count = len(document.phrasings.totals)
        compared = next(k for k, most in SIMILAR_COMPARED if count <= most)
        top3_similarity = sum(best[:compared]) / compared
        coverage = measure_coverage(self._parts, document.log_odds)
        return Evidence(
            document=document,
            max_similarity=best[0],
            top3_similarity=top3_similarity,
            nb_score=coarse.nb_score,
            uncovered_mass=coverage.uncovered_mass,
            max_oov_weight=coverage.max_oov_weight,
            matched_mentions=coarse.matched_mentions,
            unmatched_mentions=coarse.unmatched_mentions,
            answered_attributes=coarse.answered_attributes,
            unanswered_attributes=self._attributes - coarse.answered_attributes,
            oov_terms=coverage.oov_terms,
            score=coarse.score
            + self._weights.top3_similarity * top3_similarity
            - LENGTH_PENALTY * math.log(count),
        )


class Coverage(NamedTuple):
    """How much of a query a document has words for."""

    uncovered_mass: float
    max_oov_weight: float
    oov_terms: tuple[str, ...]


def measure_coverage(parts: Iterable[QueryPart], log_odds: Mapping[str, int]) -> Coverage:
    """Measure how far a document's features cover the parts of a query."""
    uncovered = total = max_oov_weight = 0.0
    oov_terms: list[str] = []
    for part in parts:
        known = [log_odds[feature] for feature in part.features if feature in log_odds]
        if not known and part.is_context:
            continue  # beside the question proper, a word may count for a document only
        total += part.weight
        if not known:
            uncovered += part.weight
            oov_terms.append(part.text)
            # A name that is missing counts as an unmatched mention already.
            if not part.features[0].startswith(NAME_PREFIX):
                max_oov_weight = max(max_oov_weight, part.weight)
        elif max(known) / SCALE < WEAK_LOG_ODDS:
            uncovered += part.weight
    return Coverage(uncovered / (total or 1.0), max_oov_weight, tuple(oov_terms))
