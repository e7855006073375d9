"""A question held against the documents that may answer it: evidence, score, confidence.

A document is a fact or a quotation as the matcher sees it: the features of every way of asking for
it. What a document is asked for by is a naive Bayes class; the few likeliest are then compared with
the question phrasing by phrasing.
The weights below were fitted (tests/bench/fit.py), never set by hand for one question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul, truediv
from typing import TYPE_CHECKING, NamedTuple

from bot.answering.features import NAME_PREFIX, SCALE, QueryPart, mention_features, query_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.answering.phrasing_matrix import PhrasingMatrix
    from bot.answering.query import Query

RERANK_K = 4
"""So many of the likeliest documents are compared phrasing by phrasing."""
WEAK_LOG_ODDS = 2.8
"""A word with less affinity than this is hardly a word for the document at all: it is used for
others about as often."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the matcher knows of one fact or quotation."""

    pack: str
    id: str
    subject: frozenset[str]
    """The name features of what it is about."""
    names: frozenset[str]
    """The name features of everything it speaks of, the subject included."""
    attributes: frozenset[str]
    """The seldom-answered attributes that it does answer."""
    related: frozenset[str]
    """Ids of the facts related to it, in either direction: they say much the same."""
    log_odds: Mapping[str, int]
    """How much more often each of its features is used to ask for it than for others, in
    hundredths of a natural logarithm; see `compute_log_odds`."""
    postings: PhrasingMatrix
    """What of it each phrasing says."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a document, and how much in all."""

    document: Document
    max_similarity: float
    """To the phrasing most like the question: a weighted Dice coefficient, 0 to 1."""
    top3_similarity: float
    """To the three most like it, on average."""
    support: float
    """How typical all that the question says is of this document, 0 to about 20."""
    uncovered_mass: float
    """The share of the weight that the document has no words for, or hardly any."""
    max_oov_weight: float
    """The weight of the most telling word that it has none for, 0 to 1."""
    named: int
    """How many names in the question are the document's subject."""
    unmatched_mentions: int
    """How many it does not speak of at all."""
    answered: frozenset[str]
    """Seldom-answered attributes that are asked about and that it answers."""
    unanswered_attributes: frozenset[str]
    """Those that it does not."""
    oov_terms: tuple[str, ...]
    """The question's words that it has none for."""
    score: float = 0.0
    """The pieces above by their `Weights`: a natural logarithm of odds between documents."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each piece of evidence in the score."""

    top3_similarity: float
    support: float
    named: float
    unmatched_mentions: float
    answered: float


FACTS = Weights(
    top3_similarity=7.97,
    support=1.5,
    named=0.92,
    unmatched_mentions=-1.21,
    answered=1.23,
)

QUOTES = FACTS
"""Those of the facts: there are too few themes to fit weights of their own. What makes quotes
different is fitted where it is judged, `decision.QUOTES`."""


def rank(
    question: Query,
    told: Mapping[str, float],
    documents: Iterable[Document],
    weights: Weights,
    rerank_k: int = RERANK_K,
) -> list[Evidence]:
    """Return the evidence for the likeliest of the documents, at most `rerank_k`, the best first.

    `told` holds the question's features, `query_features` or `content_features` as for the
    documents' phrasings.
    """
    heard = _Heard(
        told=told,
        scale=SCALE * math.sqrt(sum(told.values()) or 1.0),
        names=[frozenset(mention_features(mention)) for mention in question.mentions],
        attributes=question.attributes,
        asked=query_parts(question),
    )
    glances = [_glance(heard, document, weights) for document in documents]
    glances.sort(key=_score, reverse=True)
    looked = [_look(glance, heard, weights) for glance in glances[:rerank_k]]
    return sorted(looked, key=_score, reverse=True)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is the same of a question for all documents."""

    told: Mapping[str, float]
    scale: float
    """What a sum of weights and affinities is divided by: the more is said, the more adds up."""
    names: Sequence[frozenset[str]]
    attributes: frozenset[str]
    asked: Sequence[QueryPart]


class _Glance(NamedTuple):
    """What speaks for a document, but for what costs more to tell than the likeliest are worth."""

    document: Document
    support: float
    named: int
    unmatched_mentions: int
    answered: frozenset[str]
    score: float


def _score(evidence: _Glance | Evidence) -> float:
    return evidence.score


def _glance(heard: _Heard, document: Document, weights: Weights) -> _Glance:
    """Return the evidence that every document is ranked by: no words, no single phrasings."""
    compute_log_odds = map(document.log_odds.get, heard.told, repeat(0))
    support = sum(map(mul, heard.told.values(), compute_log_odds)) / heard.scale
    named = unmatched_mentions = 0
    for name in heard.names:
        named += not name.isdisjoint(document.subject)
        unmatched_mentions += name.isdisjoint(document.names)
    answered = heard.attributes & document.attributes
    score = (
        weights.support * support
        + weights.named * min(named, 2)
        + weights.unmatched_mentions * unmatched_mentions
        + weights.answered * len(answered)
    )
    return _Glance(document, support, named, unmatched_mentions, answered, score)


def _look(glance: _Glance, heard: _Heard, weights: Weights) -> Evidence:
    """Return all the evidence for a document."""
    closest_word = _nearest(heard.told, glance.document) or [0.0]
    top3_similarity = sum(closest_word) / 3
    words = _words(heard.asked, glance.document)
    return Evidence(
        document=glance.document,
        max_similarity=closest_word[0],
        top3_similarity=top3_similarity,
        support=glance.support,
        uncovered_mass=words.uncovered_mass,
        max_oov_weight=words.max_oov_weight,
        named=glance.named,
        unmatched_mentions=glance.unmatched_mentions,
        answered=glance.answered,
        unanswered_attributes=heard.attributes - glance.answered,
        oov_terms=words.oov_terms,
        score=glance.score + weights.top3_similarity * top3_similarity,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How a question's words fit a document."""

    uncovered_mass: float
    max_oov_weight: float
    oov_terms: tuple[str, ...]


def _words(asked: Iterable[QueryPart], document: Document) -> _Words:
    uncovered_mass = max_oov_weight = total = 0.0
    oov_terms: list[str] = []
    for term in asked:
        log_odds = _affinity(term.features, document)
        if log_odds is None and term.is_context:
            continue
        total += term.weight
        if log_odds is None or log_odds < WEAK_LOG_ODDS:
            uncovered_mass += term.weight
        if log_odds is not None:
            continue
        oov_terms.append(term.text)
        if not term.features[0].startswith(NAME_PREFIX):
            max_oov_weight = max(max_oov_weight, term.weight)
    return _Words(uncovered_mass / (total or 1.0), max_oov_weight, tuple(oov_terms))


def _affinity(features: tuple[str, ...], document: Document) -> float | None:
    return max(
        [
            document.log_odds[feature] / SCALE
            for feature in features
            if feature in document.log_odds
        ],
        default=None,
    )


def _nearest(told: Mapping[str, float], document: Document) -> list[float]:
    """Return the likeness of the question to the three phrasings most like it, best first."""
    if not told:
        return []
    postings = document.postings
    total = sum(told.values()) * SCALE
    likenesses = map(truediv, postings.shared(told), map(add, postings.weights, repeat(total)))
    return [2 * max_similarity for max_similarity in sorted(likenesses, reverse=True)[:3]]
