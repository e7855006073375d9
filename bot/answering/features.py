"""Turn queries into weighted features, and compute their log odds.

A feature is a stem ("w:album"), a concept of the lexicon ("i:release"), a name ("n:heffron"), a
question type ("k:when"), or an n-gram of function words ("u:he", "p:^ who").
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answering.query import Mention, Query, Term

NAME_PREFIX = "n:"
CONTENT_PREFIXES = ("w:", "i:", NAME_PREFIX)
"""Features of words and names. The others are found in questions about anything."""
NGRAM_PREFIXES = ("u:", "p:")
NAME_COVERAGE_WEIGHT = 0.5
"""A name's weight in `Evidence.uncovered_mass`, beside words that weigh 0.15 to 1: it says of whom,
not what is asked."""
CONCEPT_DISCOUNT = 0.8
"""What remains of a word's weight where two words only share a concept."""
QUESTION_TYPE_WEIGHT = 0.6
SCALE = 100
"""Weights and log odds are stored as whole hundredths."""
LOG_ODDS_GAIN = 30
"""How fast log odds grow where a feature is more frequent than in other classes."""
MIN_NGRAM_SHARE = 0.01
"""An n-gram in a smaller share of a class's phrasings than this is no habit, but chance."""
BACKGROUND_PRIOR = 0.003
"""Added to every background frequency, so that rare features do not get extreme log odds."""


@dataclass(frozen=True, slots=True)
class QueryPart:
    """One term or name of a query, as its coverage is measured."""

    features: tuple[str, ...]
    weight: float
    text: str
    is_context: bool
    """Whether it stands outside the clauses that ask, where it counts only if it is covered."""


def query_parts(query: Query) -> list[QueryPart]:
    """Return the terms and names of a query with their features."""
    terms = [
        QueryPart(term_features(term), term.weight, term.text, term.is_context)
        for term in query.terms
    ]
    names = [
        QueryPart(
            mention_features(mention),
            NAME_COVERAGE_WEIGHT * mention.weight,
            mention.text,
            mention.is_context,
        )
        for mention in query.mentions
    ]
    return terms + names


def query_features(query: Query) -> dict[str, float]:
    """Return all features of a query with their weights."""
    types = dict.fromkeys((f"k:{name}" for name in query.question_types), QUESTION_TYPE_WEIGHT)
    return {**query.ngrams, **types, **content_features(query)}


def content_features(query: Query) -> dict[str, float]:
    """Return the features of a query's words and names alone."""
    weights: dict[str, float] = {}
    for term in query.terms:
        for feature in term_features(term):
            weight = term.weight * (CONCEPT_DISCOUNT if feature.startswith("i:") else 1.0)
            if weights.get(feature, 0.0) < weight:
                weights[feature] = weight
    for mention in query.mentions:
        weights |= dict.fromkeys(mention_features(mention), mention.weight)
    return weights


def term_features(term: Term) -> tuple[str, ...]:
    """Return a term's features, stems before concepts."""
    stems = sorted([f"w:{form}" for form in term.forms])
    return (*stems, *sorted([f"i:{concept}" for concept in term.concepts]))


def mention_features(mention: Mention) -> tuple[str, ...]:
    """Return the features of a name."""
    return tuple(sorted(f"{NAME_PREFIX}{name}" for name in mention.names))


def bare_name_features(query: Query) -> tuple[str, ...]:
    """Return the features of a query that is a name alone."""
    return mention_features(query.mentions[0]) if query.is_bare_name else ()


def sample_feature(words: Sequence[str]) -> str:
    """Return the feature of a sample question word for word."""
    return f"q:{' '.join(words)}"


def compute_log_odds(
    classes: Sequence[Sequence[Mapping[str, float]]], min_classes: int = 1
) -> list[dict[str, int]]:
    """Return the log odds of each class's features, in hundredths.

    A class is a fact, a quotation or an out-of-domain topic, given as the features of each of its
    phrasings. Fewer than `min_classes` are weighed as if that many were there. The logarithm is
    that of a naive Bayes classifier smoothed with the background, the average over all classes
    (F. Jelinek, R. L. Mercer, 1980), so a feature that a class never uses has no weight at all.
    """
    frequencies = [_feature_frequencies(phrasings) for phrasings in classes]
    background: defaultdict[str, float] = defaultdict(float)
    for own in frequencies:
        for feature, frequency in own.items():
            background[feature] += frequency / max(len(frequencies), min_classes)
    return [
        {
            feature: round(
                SCALE
                * math.log(1 + LOG_ODDS_GAIN * frequency / (background[feature] + BACKGROUND_PRIOR))
            )
            for feature, frequency in own.items()
        }
        for own in frequencies
    ]


def _feature_frequencies(phrasings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean weight of each feature, without chance n-grams."""
    weights: defaultdict[str, float] = defaultdict(float)
    uses: Counter[str] = Counter()
    for features in phrasings:
        uses.update(features.keys())
        for feature, weight in features.items():
            weights[feature] += weight
    min_uses = MIN_NGRAM_SHARE * len(phrasings)
    return {
        feature: weight / len(phrasings)
        for feature, weight in weights.items()
        if uses[feature] >= min_uses or not feature.startswith(NGRAM_PREFIXES)
    }
