"""What a question says, as features with weights: what it is compared by.

A feature is a stem ("w:album"), an idea of the lexicon ("i:release"), a name ("n:heffron"), a kind
of question ("k:when") or a turn of phrase ("u:he", "p:^ who").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.answering.query import Mention, Query, Term

NAME_PREFIX = "n:"
CONTENT_PREFIXES = ("w:", "i:", NAME_PREFIX)
"""Features of words and names; the others are everybody's."""
NGRAM_PREFIXES = ("u:", "p:")
NAME_WEIGHT = 0.5
"""A name's weight in `Evidence.uncovered_mass`, beside words that weigh 0.15 to 1: it says of whom,
not what is asked."""
IDEA_SHARE = 0.8
"""How much of a match remains where two words only share an idea."""
KIND = 0.6
"""What the kind of a question tells, beside words that tell 0.15 to 1."""
SCALE = 100
"""Weights and affinities are kept in hundredths."""


def term_features(term: Term) -> tuple[str, ...]:
    """Return a term's features, stems before ideas."""
    stems = sorted([f"w:{form}" for form in term.forms])
    return (*stems, *sorted([f"i:{idea}" for idea in term.concepts]))


def mention_features(mention: Mention) -> tuple[str, ...]:
    """Return the features of a name."""
    return tuple(sorted(f"{NAME_PREFIX}{name}" for name in mention.names))


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A term or name of a question, as it is compared."""

    features: tuple[str, ...]
    weight: float
    text: str
    is_context: bool
    """Outside the clauses that ask, a word counts where it fits and not where it does not."""


def query_parts(question: Query) -> list[QueryPart]:
    """Return what is compared of each term and name of a question."""
    terms = [
        QueryPart(term_features(term), term.weight, term.text, term.is_context)
        for term in question.terms
    ]
    names = [
        QueryPart(mention_features(name), NAME_WEIGHT * name.weight, name.text, name.is_context)
        for name in question.mentions
    ]
    return terms + names


def query_features(question: Query) -> dict[str, float]:
    """Return every feature of a question, turns of phrase and kind included, with its weight."""
    kinds = dict.fromkeys((f"k:{kind}" for kind in question.kinds), KIND)
    return {**question.ngrams, **kinds, **content_features(question)}


def content_features(question: Query) -> dict[str, float]:
    """Return the features of a question's words and names alone: what a theme is asked for by."""
    weights: dict[str, float] = {}
    for term in question.terms:
        for feature in term_features(term):
            weight = term.weight * (IDEA_SHARE if feature[0] == "i" else 1.0)
            if weights.get(feature, 0.0) < weight:
                weights[feature] = weight
    for mention in question.mentions:
        weights |= dict.fromkeys(mention_features(mention), mention.weight)
    return weights
