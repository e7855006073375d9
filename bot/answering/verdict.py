"""From evidence to a verdict: answer, suggest, or say that the notes do not say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.matcher import Evidence
    from bot.answering.question import Question

ANSWERED = 0.5
"""From this confidence on, the best fact is the answer."""
SUGGESTED = 0.06
"""From this confidence on, the likeliest facts are suggested to a question with a subject."""
SUGGESTED_AT_LARGE = 0.38
"""The same for a question that names and points at nobody: it may be about anything."""
MOST_SUGGESTED = 3
MOST_TERMS = 8
MOST_NAMES = 2
MOST_SCORE = 20.0
NEARLY = 2.5
"""A fact of another pack whose score is within this fits as well: neither is guessed at."""
MOST_LEAD = 8.0
"""More of these tells nothing more."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression of "the best fact answers it" on what is known of the ranking.

    Fitted by tests/bench/fit.py on questions whose answers are known, and that are no sample
    questions of any fact.
    """

    constant: float = -3.089
    score: float = 0.092
    lead: float = 0.082
    """Over the best fact that is not related to the first."""
    cover: float = -0.31
    weak: float = -3.374
    strange: float = -0.855
    """A telling word that the fact has none for, in a question without a subject."""
    unanswered: float = -2.667
    terms: float = 0.221
    names: float = 0.4
    no_subject: float = -0.668
    addressed: float = -0.906
    """Speaking to somebody in a question without a subject: chit-chat, more often than not."""
    share: float = 2.16
    """Of the best fact in the softmax of all scores."""
    family: float = 1.307
    """Of the best fact and those related to it."""


CALIBRATION = Calibration()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about a question."""

    answer: Evidence | None
    suggestions: tuple[Evidence, ...]
    confidence: float
    """That the best fact answers the question, 0 to 1."""
    reason: str
    """Why, for `ask --explain`."""


def judge(question: Question, ranked: Sequence[Evidence]) -> Verdict:
    """Judge a question by the evidence for each fact, the best first."""
    if not ranked:
        return Verdict(None, (), 0.0, "no fact shares a word, idea or name with the question")
    best = ranked[0]
    confidence = probability(signals(question, ranked), CALIBRATION)
    obstacle = _obstacle(best)
    rivals = _one_a_pack(ranked)
    if confidence >= ANSWERED and obstacle is None and len(rivals) == 1:
        return Verdict(best, tuple(ranked[:MOST_SUGGESTED]), confidence, "confident enough")
    reason = obstacle or "likely, but not enough to answer"
    if len(rivals) > 1:
        reason = "it names nothing that only one pack knows, and fits several"
    suggestions = tuple(rivals if len(rivals) > 1 else ranked)[:MOST_SUGGESTED]
    if confidence >= (SUGGESTED if question.has_subject else SUGGESTED_AT_LARGE):
        return Verdict(None, suggestions, confidence, reason)
    return Verdict(None, (), confidence, "too unlike anything the notes say")


def signals(question: Question, ranked: Sequence[Evidence]) -> dict[str, float]:
    """Return what the calibration weighs, by name.

    Facts related to the best say much the same: a small lead over one of them is no doubt.
    """
    best = ranked[0]
    rival = next((e.score for e in ranked[1:] if not _is_kin(e, best)), 0.0)
    odds = [math.exp(evidence.score - best.score) for evidence in ranked]
    kin = sum(
        part
        for part, evidence in zip(odds, ranked, strict=True)
        if evidence is best or _is_kin(evidence, best)
    )
    return {
        "score": min(best.score, MOST_SCORE),
        "lead": min(best.score - rival, MOST_LEAD),
        "cover": best.cover,
        "weak": best.weak,
        "strange": 0.0 if question.has_subject else best.strange,
        "unanswered": float(min(len(best.unanswered), 2)),
        "terms": float(min(len(question.terms), MOST_TERMS)),
        "names": float(min(len(question.mentions), MOST_NAMES)),
        "no_subject": float(not question.has_subject),
        "addressed": float(question.is_addressed and not question.has_subject),
        "share": 1 / sum(odds),
        "family": kin / sum(odds),
    }


def probability(found: dict[str, float], calibration: Calibration) -> float:
    """Return the confidence that a calibration gives to signals, 0 to 1."""
    logit = calibration.constant + sum(
        getattr(calibration, name) * value for name, value in found.items()
    )
    return 1 / (1 + math.exp(-logit))


def judge_quote(question: Question, ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the quotes that fit a theme, best first; none where the theme is none of theirs."""
    if question.is_empty:
        return []
    return [e for e in ranked if e.likeness >= QUOTE_LIKENESS and not e.unanswered]


QUOTE_LIKENESS = 0.5


def _one_a_pack(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the best fact, and the best of every other pack that fits nearly as well."""
    best: dict[str, Evidence] = {}
    for evidence in ranked:
        if ranked[0].score - evidence.score <= NEARLY and not evidence.misnamed:
            best.setdefault(evidence.document.pack, evidence)
    best.setdefault(ranked[0].document.pack, ranked[0])
    return sorted(best.values(), key=lambda evidence: -evidence.score)


def _obstacle(best: Evidence) -> str | None:
    """Return what keeps even a likely fact from being the answer, if anything."""
    if best.unanswered:
        return f"the best fact does not answer: {', '.join(sorted(best.unanswered))}"
    if best.misnamed:
        return "the question names something that the best fact does not speak of"
    return None


def _is_kin(evidence: Evidence, best: Evidence) -> bool:
    document = best.document
    return evidence.document.pack == document.pack and evidence.document.id in document.kin
