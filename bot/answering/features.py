"""What a question says, as features with weights: what it is compared by.

A feature is a stem ("w:album"), an idea of the lexicon ("i:release"), a name ("n:heffron"), a kind
of question ("k:when") or a turn of phrase ("u:he", "p:^ who").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.answering.query import MOST_TERMS

if TYPE_CHECKING:
    from bot.answering.query import Mention, Question, Term

NAME = "n:"
CONTENT = ("w:", "i:", NAME)
"""Features of words and names; the others are everybody's."""
TURNS = ("u:", "p:")
NAME_WEIGHT = 0.5
"""What a name tells of how well a document covers a question (`Evidence.weak`), beside words that
tell 0.15 to 1: who is meant, not what is asked."""
IDEA_SHARE = 0.8
"""How much of a match remains where two words only share an idea."""
KIND = 0.6
"""What the kind of a question tells, beside words that tell 0.15 to 1."""
ONE = 100
"""Weights and affinities are kept in hundredths."""


def term_features(term: Term) -> tuple[str, ...]:
    """Return a term's features, stems before ideas."""
    return _features(term.forms, term.ideas)


@lru_cache(MOST_TERMS)
def _features(forms: frozenset[str], ideas: frozenset[str]) -> tuple[str, ...]:
    stems = sorted([f"w:{form}" for form in forms])
    return (*stems, *sorted([f"i:{idea}" for idea in ideas]))


def mention_features(mention: Mention) -> tuple[str, ...]:
    """Return the features of a name."""
    return tuple(sorted(f"{NAME}{name}" for name in mention.names))


@dataclass(frozen=True, slots=True)
class Part:
    """A term or name of a question, as it is compared."""

    features: tuple[str, ...]
    weight: float
    text: str
    is_aside: bool
    """Outside the clauses that ask, a word counts where it fits and not where it does not."""


def features_of(question: Question) -> list[Part]:
    """Return what is compared of each term and name of a question."""
    terms = [
        Part(term_features(term), term.weight, term.text, term.is_aside) for term in question.terms
    ]
    names = [
        Part(mention_features(name), NAME_WEIGHT * name.weight, name.text, name.is_aside)
        for name in question.mentions
    ]
    return terms + names


def said(question: Question) -> dict[str, float]:
    """Return every feature of a question, turns of phrase and kind included, with its weight."""
    kinds = dict.fromkeys((f"k:{kind}" for kind in question.kinds), KIND)
    return {**question.turns, **kinds, **wording(question)}


def wording(question: Question) -> dict[str, float]:
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
