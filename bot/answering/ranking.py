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

from bot.answering.features import NAME, ONE, Part, features_of, mention_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.answering.phrasing_matrix import Postings
    from bot.answering.query import Question

CLOSELY = 4
"""So many of the likeliest documents are compared phrasing by phrasing."""
HARDLY = 2.8
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
    kin: frozenset[str]
    """Ids of the facts related to it, in either direction: they say much the same."""
    affinity: Mapping[str, int]
    """How much more often each of its features is used to ask for it than for others, in
    hundredths of a natural logarithm; see `affinities`."""
    postings: Postings
    """What of it each phrasing says."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a document, and how much in all."""

    document: Document
    likeness: float
    """To the phrasing most like the question: a weighted Dice coefficient, 0 to 1."""
    likeness3: float
    """To the three most like it, on average."""
    support: float
    """How typical all that the question says is of this document, 0 to about 20."""
    weak: float
    """The share of the weight that the document has no words for, or hardly any."""
    strange: float
    """The weight of the most telling word that it has none for, 0 to 1."""
    named: int
    """How many names in the question are the document's subject."""
    misnamed: int
    """How many it does not speak of at all."""
    answered: frozenset[str]
    """Seldom-answered attributes that are asked about and that it answers."""
    unanswered: frozenset[str]
    """Those that it does not."""
    uncovered: tuple[str, ...]
    """The question's words that it has none for."""
    score: float = 0.0
    """The pieces above by their `Weights`: a natural logarithm of odds between documents."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each piece of evidence in the score."""

    likeness3: float
    support: float
    named: float
    misnamed: float
    answered: float


FACTS = Weights(
    likeness3=7.97,
    support=1.5,
    named=0.92,
    misnamed=-1.21,
    answered=1.23,
)

QUOTES = FACTS
"""Those of the facts: there are too few themes to fit weights of their own. What makes quotes
different is fitted where it is judged, `verdict.QUOTES`."""


def rank(
    question: Question,
    told: Mapping[str, float],
    documents: Iterable[Document],
    weights: Weights,
    closely: int = CLOSELY,
) -> list[Evidence]:
    """Return the evidence for the likeliest of the documents, at most `closely`, the best first.

    `told` is what the question says, `said` or `wording`, as the documents' phrasings were taken.
    """
    heard = _Heard(
        told=told,
        scale=ONE * math.sqrt(sum(told.values()) or 1.0),
        names=[frozenset(mention_features(mention)) for mention in question.mentions],
        attributes=question.attributes,
        asked=features_of(question),
    )
    glances = [_glance(heard, document, weights) for document in documents]
    glances.sort(key=_score, reverse=True)
    looked = [_look(glance, heard, weights) for glance in glances[:closely]]
    return sorted(looked, key=_score, reverse=True)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is the same of a question for all documents."""

    told: Mapping[str, float]
    scale: float
    """What a sum of weights and affinities is divided by: the more is said, the more adds up."""
    names: Sequence[frozenset[str]]
    attributes: frozenset[str]
    asked: Sequence[Part]


class _Glance(NamedTuple):
    """What speaks for a document, but for what costs more to tell than the likeliest are worth."""

    document: Document
    support: float
    named: int
    misnamed: int
    answered: frozenset[str]
    score: float


def _score(evidence: _Glance | Evidence) -> float:
    return evidence.score


def _glance(heard: _Heard, document: Document, weights: Weights) -> _Glance:
    """Return the evidence that every document is ranked by: no words, no single phrasings."""
    affinities = map(document.affinity.get, heard.told, repeat(0))
    support = sum(map(mul, heard.told.values(), affinities)) / heard.scale
    named = misnamed = 0
    for name in heard.names:
        named += not name.isdisjoint(document.subject)
        misnamed += name.isdisjoint(document.names)
    answered = heard.attributes & document.attributes
    score = (
        weights.support * support
        + weights.named * min(named, 2)
        + weights.misnamed * misnamed
        + weights.answered * len(answered)
    )
    return _Glance(document, support, named, misnamed, answered, score)


def _look(glance: _Glance, heard: _Heard, weights: Weights) -> Evidence:
    """Return all the evidence for a document."""
    nearest = _nearest(heard.told, glance.document) or [0.0]
    likeness3 = sum(nearest) / 3
    words = _words(heard.asked, glance.document)
    return Evidence(
        document=glance.document,
        likeness=nearest[0],
        likeness3=likeness3,
        support=glance.support,
        weak=words.weak,
        strange=words.strange,
        named=glance.named,
        misnamed=glance.misnamed,
        answered=glance.answered,
        unanswered=heard.attributes - glance.answered,
        uncovered=words.uncovered,
        score=glance.score + weights.likeness3 * likeness3,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How a question's words fit a document."""

    weak: float
    strange: float
    uncovered: tuple[str, ...]


def _words(asked: Iterable[Part], document: Document) -> _Words:
    weak = strange = total = 0.0
    uncovered: list[str] = []
    for term in asked:
        affinity = _affinity(term.features, document)
        if affinity is None and term.is_aside:
            continue
        total += term.weight
        if affinity is None or affinity < HARDLY:
            weak += term.weight
        if affinity is not None:
            continue
        uncovered.append(term.text)
        if not term.features[0].startswith(NAME):
            strange = max(strange, term.weight)
    return _Words(weak / (total or 1.0), strange, tuple(uncovered))


def _affinity(features: tuple[str, ...], document: Document) -> float | None:
    return max(
        [document.affinity[feature] / ONE for feature in features if feature in document.affinity],
        default=None,
    )


def _nearest(told: Mapping[str, float], document: Document) -> list[float]:
    """Return the likeness of the question to the three phrasings most like it, best first."""
    if not told:
        return []
    postings = document.postings
    total = sum(told.values()) * ONE
    likenesses = map(truediv, postings.shared(told), map(add, postings.weights, repeat(total)))
    return [2 * likeness for likeness in sorted(likenesses, reverse=True)[:3]]
