"""From evidence to a verdict: answer, suggest, or say that the notes do not say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.matcher import Evidence
    from bot.answering.question import Question

ANSWERED = 0.6
"""From this confidence on a fact is the answer."""
SUGGESTED = 0.15
"""From this confidence on the likeliest facts are suggested."""
QUOTE_LIKENESS = 0.5
MOST_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about a question."""

    answer: Evidence | None
    suggestions: tuple[Evidence, ...]
    confidence: float
    """That the best fact answers the question, 0 to 1."""
    reason: str
    """Why, for `ask --explain`."""


def judge(question: Question, ranked: Sequence[Evidence], related: frozenset[str]) -> Verdict:
    """Judge a question by the evidence for each fact, the best first.

    `related` are the ids that the best fact names as related: they say much the same, so a small
    lead over one of them is no doubt.
    """
    if not ranked:
        return Verdict(None, (), 0.0, "no fact shares a word, idea or name with the question")
    best = ranked[0]
    confidence = _confidence(question, ranked, related)
    suggestions = tuple(ranked[:MOST_SUGGESTED])
    if confidence >= ANSWERED and not best.unanswered:
        return Verdict(best, suggestions, confidence, "confident enough")
    if confidence >= SUGGESTED:
        return Verdict(None, suggestions, confidence, "likely, but not enough to answer")
    return Verdict(None, (), confidence, "too unlike anything the notes say")


def judge_quote(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the quotes that fit a theme, best first; none where the theme is none of theirs."""
    if question.is_empty:
        return []
    return [e for e in ranked if e.likeness >= QUOTE_LIKENESS and not e.unanswered]


def _confidence(
    question: Question, ranked: Sequence[Evidence], related: frozenset[str]
) -> float:
    best = ranked[0]
    second = ranked[1].score if len(ranked) > 1 else 0.0
    rival = next((e.score for e in ranked[1:] if e.document.id not in related), 0.0)
    logit = -7.0 + 0.35 * min(best.score, 20) + 0.2 * min(8, best.score - second)
    logit += 0.25 * min(8, best.score - rival) + 2 * best.cover - 2 * best.weak
    return 1 / (1 + math.exp(-logit))
