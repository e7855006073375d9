"""A question held against the documents that may answer it: evidence, score, confidence.

A document is a fact or a quotation as the matcher sees it: the features of every way of asking for
it. A feature is a stem ("w:album"), an idea of the lexicon ("i:release") or a name ("n:heffron").
The weights below were fitted (tests/bench/fit.py), never set by hand for one question.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Mapping

    from bot.answering.question import Mention, Question, Term

NAME_WEIGHT = 0.5
"""What a name tells, beside words that tell 0.15 to 1: who is meant, not what is asked."""
IDEA_SHARE = 0.8
"""How much of a match remains where two words only share an idea."""
KIND_SHARE = 0.04
"""A fact answers a kind of question if this share of its sample questions are of that kind."""
STRICT_KINDS = frozenset(
    {"when", "where", "who", "why", "how_many", "how_long", "how_old", "title"}
)
"""Kinds that a fact must be able to answer; "what", "how" and yes-or-no fit any fact."""
ASKED_ALIKE = 0.66
"""A sample question about somebody's age when they did this is no answer to "how old are they":
an attribute is answered only where a question says this share of what such a sample says."""
CLOSELY = 12
"""So many of the likeliest documents are compared phrasing by phrasing."""
HARDLY = 0.1
"""A word with less affinity than this is hardly a word for the document at all."""
ONE = 100
"""Weights and affinities are kept in hundredths."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the matcher knows of one fact or quotation."""

    pack: str
    id: str
    subject: frozenset[str]
    """The name features of what it is about."""
    names: frozenset[str]
    """The name features of everything it speaks of, the subject included."""
    kinds: Mapping[str, float]
    """Kinds of question it is asked by, each with its share of the phrasings, 0 to 1."""
    attributes: Mapping[str, tuple[int, ...]]
    """The seldom-answered attributes that it does answer, each with the phrasings that ask for
    it; none where the author says under `covers` that it answers it however it is asked."""
    kin: frozenset[str]
    """Ids of the facts related to it, in either direction: they say much the same."""
    affinity: Mapping[str, int]
    """How much more often each of its features is used to ask for it than for others, in
    hundredths of a natural logarithm, halved."""
    postings: Mapping[str, array[int]]
    """For each feature, (phrasing, weight in hundredths) pairs, flat."""
    weights: array[int]
    """The total weight of each phrasing, in hundredths."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a document, and how much in all."""

    document: Document
    likeness: float
    """To the phrasing most like the question: a weighted Dice coefficient, 0 to 1 but for words of
    the question that share an idea with several of the phrasing's."""
    likeness3: float
    """To the three most like it, on average."""
    support: float
    """How typical the question's words are of this document, up to about 1.7."""
    cover: float
    """The share of the question's weight that the document has words for, 0 to 1."""
    weak: float
    """The share of the weight that the document has no words for, or hardly any."""
    strange: float
    """The weight of the most telling word that it has none for, 0 to 1."""
    weight: float
    """The weight of all that was compared."""
    named: int
    """How many names in the question are the document's subject."""
    misnamed: int
    """How many it does not speak of at all."""
    kind: float
    """How well it answers this kind of question, 0 to 1."""
    is_other_kind: bool
    """Whether the kind of question is one it cannot answer."""
    answered: frozenset[str]
    """Seldom-answered attributes that are asked about and that it answers."""
    unanswered: frozenset[str]
    """Those that it does not."""
    uncovered: tuple[str, ...]
    """The question's words that it has none for."""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each piece of evidence in the score."""

    likeness: float
    likeness3: float
    support: float
    cover: float
    named: float
    misnamed: float
    kind: float
    other_kind: float
    answered: float


FACTS = Weights(
    likeness=1.27,
    likeness3=6.09,
    support=7.73,
    cover=3.78,
    named=0.66,
    misnamed=-1.96,
    kind=2.05,
    other_kind=-1.84,
    answered=0.83,
)

QUOTES = FACTS


def term_features(term: Term) -> tuple[str, ...]:
    """Return a term's features, stems before ideas."""
    forms = sorted(f"w:{form}" for form in term.forms)
    return (*forms, *sorted(f"i:{idea}" for idea in term.ideas))


def mention_features(mention: Mention) -> tuple[str, ...]:
    """Return the features of a name."""
    return tuple(sorted(f"n:{name}" for name in mention.names))


@dataclass(frozen=True, slots=True)
class Asked:
    """A term or name of a question, as it is compared."""

    features: tuple[str, ...]
    weight: float
    text: str
    is_aside: bool
    """Outside the clauses that ask, a word counts where it fits and not where it does not."""


def features_of(question: Question) -> list[Asked]:
    """Return what is compared of each term and name of a question."""
    terms = [
        Asked(term_features(term), term.weight, term.text, term.is_aside) for term in question.terms
    ]
    names = [
        Asked(mention_features(name), NAME_WEIGHT * name.weight, name.text, name.is_aside)
        for name in question.mentions
    ]
    return terms + names


def rank(question: Question, documents: Iterable[Document], weights: Weights) -> list[Evidence]:
    """Return the evidence for the likeliest of the documents, at most `CLOSELY`, the best first."""
    asked = features_of(question)
    glanced = [_glance(question, asked, document, weights) for document in documents]
    glanced.sort(key=_score, reverse=True)
    looked = [_look(evidence, asked, weights) for evidence in glanced[:CLOSELY]]
    return sorted(looked, key=_score, reverse=True)


def _score(evidence: Evidence) -> float:
    return evidence.score


def _glance(
    question: Question, asked: list[Asked], document: Document, weights: Weights
) -> Evidence:
    """Return all the evidence but the likeness to single phrasings, which costs the most."""
    words = _words(asked, document)
    named, misnamed = _names(question.mentions, document)
    kind = max((document.kinds.get(kind, 0.0) for kind in question.kinds), default=0.0)
    kind = min(1.0, 3 * kind) if kind >= KIND_SHARE else 0.0
    is_other_kind = kind == 0.0 and bool(question.kinds & STRICT_KINDS)
    answered = frozenset(name for name in question.attributes if _answers(name, document, asked))
    return Evidence(
        document=document,
        likeness=0.0,
        likeness3=0.0,
        support=words.support,
        cover=words.cover,
        weak=words.weak,
        strange=words.strange,
        weight=words.weight,
        named=named,
        misnamed=misnamed,
        kind=kind,
        is_other_kind=is_other_kind,
        answered=answered,
        unanswered=question.attributes - answered,
        uncovered=words.uncovered,
        score=weights.support * words.support
        + weights.cover * words.cover
        + weights.named * min(named, 2)
        + weights.misnamed * misnamed
        + weights.kind * kind
        + weights.other_kind * is_other_kind
        + weights.answered * len(answered),
    )


def _look(evidence: Evidence, asked: list[Asked], weights: Weights) -> Evidence:
    """Return the evidence with the likeness to the document's phrasings added."""
    likes = _likenesses(asked, evidence.weight, evidence.document)
    nearest = nlargest(3, likes) or [0.0]
    likeness, likeness3 = nearest[0], sum(nearest) / 3
    more = weights.likeness * likeness + weights.likeness3 * likeness3
    return replace(evidence, likeness=likeness, likeness3=likeness3, score=evidence.score + more)


@dataclass(frozen=True, slots=True)
class _Words:
    """How a question's words fit a document."""

    support: float
    cover: float
    weak: float
    strange: float
    weight: float
    uncovered: tuple[str, ...]


def _words(asked: list[Asked], document: Document) -> _Words:
    support = cover = weak = strange = total = 0.0
    uncovered: list[str] = []
    counted = 0
    for term in asked:
        affinity = _affinity(term.features, document)
        if affinity is None and term.is_aside:
            continue
        total += term.weight
        counted += 1
        if affinity is None or affinity < HARDLY:
            weak += term.weight
        if affinity is not None:
            cover += term.weight
            support += term.weight * affinity
            continue
        uncovered.append(term.text)
        if not term.features[0].startswith("n:"):
            strange = max(strange, term.weight)
    total = total or 1.0
    return _Words(
        support=support / (1 + 0.3 * counted),
        cover=cover / total,
        weak=weak / total,
        strange=strange,
        weight=total,
        uncovered=tuple(uncovered),
    )


def _affinity(features: tuple[str, ...], document: Document) -> float | None:
    best: float | None = None
    for feature in features:
        affinity = document.affinity.get(feature)
        if affinity is not None:
            share = IDEA_SHARE if feature.startswith("i:") else 1.0
            best = max(best or 0.0, affinity * share / ONE)
    return best


def _likenesses(asked: list[Asked], total: float, document: Document) -> list[float]:
    """Return the likeness of the question to each phrasing that it shares anything with."""
    shared: defaultdict[int, float] = defaultdict(float)
    for term in asked:
        met: set[int] = set()
        for feature in term.features:
            postings = document.postings.get(feature)
            if postings is None:
                continue
            part = term.weight * (IDEA_SHARE if feature.startswith("i:") else 1.0)
            for phrasing, weight in zip(postings[::2], postings[1::2], strict=True):
                if phrasing not in met:
                    met.add(phrasing)
                    shared[phrasing] += part + weight / ONE
    weights = document.weights
    return [common / (total + weights[at] / ONE) for at, common in shared.items()]


def _answers(attribute: str, document: Document, asked: list[Asked]) -> bool:
    """Tell whether a document answers an attribute in a question like this one."""
    phrasings = document.attributes.get(attribute)
    if phrasings is None:
        return False
    return not phrasings or any(
        _recalled(number, document, asked) >= ASKED_ALIKE for number in phrasings
    )


def _recalled(phrasing: int, document: Document, asked: list[Asked]) -> float:
    """Return the share of a phrasing that a question says too, 0 to 1."""
    said = 0
    for term in asked:
        for feature in term.features:
            postings = document.postings.get(feature, ())
            weight = next(
                (postings[at + 1] for at in range(0, len(postings), 2) if postings[at] == phrasing),
                0,
            )
            if weight:
                said += weight
                break
    return said / (document.weights[phrasing] or 1)


def _names(mentions: tuple[Mention, ...], document: Document) -> tuple[int, int]:
    named = misnamed = 0
    for mention in mentions:
        features = set(mention_features(mention))
        named += bool(features & document.subject)
        misnamed += not features & document.names
    return named, misnamed


def affinities(shares: Mapping[str, float], background: Mapping[str, float]) -> dict[str, int]:
    """Return a document's affinity to each feature, from the shares of phrasings that use it.

    `shares` are the document's own; `background` the averages over all documents of its pack.
    """
    return {
        feature: max(5, round(ONE / 2 * math.log((share + 0.03) / (background[feature] + 0.03))))
        for feature, share in shares.items()
    }
