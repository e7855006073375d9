"""From evidence to a verdict: answer, suggest, or say that the notes do not say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.answering.query import Query
    from bot.answering.ranking import Evidence

ANSWERED = 0.58
"""From this confidence on, the best fact is the answer."""
QUOTED = 0.5
"""From this confidence on, the best quote fits a theme."""
QUOTE_LIKENESS = 0.45
"""And so do others that are as like it as this: they come when another one is asked for."""
SUGGESTED = 0.06
"""From this confidence on, the likeliest facts are suggested to a question with a subject."""
SUGGESTED_AT_LARGE = 0.43
"""The same for a question that names and points at nobody: it may be about anything."""
MOST_SUGGESTED = 3
MOST_TERMS = 8
"""More words that tell something make a question no surer."""
NEARLY = 3.5
"""A fact of another pack whose score is within this fits as well: neither is guessed at."""
MOST_LEAD = 8.0
"""A lead in score (`Evidence.score`) above this tells nothing more."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression of "the best fact answers it" on what is known of the ranking.

    Fitted by tests/bench/fit.py on questions whose answers are known, and that are no sample
    questions of any fact.
    """

    constant: float
    max_similarity: float
    beyond: float
    """How much more typical the question is of something that notes seldom tell (`beyond`)."""
    lead: float
    """In score, over the best fact that is not related to the first."""
    share: float
    """Of the best fact in the softmax of all scores."""
    uncovered_mass: float
    max_oov_weight: float
    """A telling word that the fact has none for, in a question without a subject."""
    unmatched_mentions: float
    unanswered_attributes: float
    terms: float
    no_subject: float
    phrasings: float
    """The logarithm of how many ways of asking the best fact has: of few, none is very like."""
    addressed: float
    """Speaking to somebody in a question without a subject: chit-chat, more often than not."""


FACTS = Calibration(
    constant=-1.484,
    max_similarity=2.907,
    beyond=-0.392,
    lead=0.05,
    share=2.043,
    uncovered_mass=-1.678,
    max_oov_weight=-0.905,
    unmatched_mentions=-2.129,
    unanswered_attributes=-1.718,
    terms=0.218,
    no_subject=-0.879,
    phrasings=-0.303,
    addressed=-0.961,
)
QUOTES = Calibration(
    constant=0.963,
    max_similarity=4.111,
    beyond=-0.383,
    lead=0.024,
    share=1.722,
    uncovered_mass=-3.185,
    max_oov_weight=-1.303,
    unmatched_mentions=-0.285,
    unanswered_attributes=-2.142,
    terms=0.086,
    no_subject=-0.29,
    phrasings=-0.746,
    addressed=0.029,
)
"""The same for the best quote and a theme."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a question."""

    answer: Evidence | None
    suggestions: tuple[Evidence, ...]
    confidence: float
    """That the best fact answers the question, 0 to 1."""
    reason: str
    """Why, for `ask --explain`."""
    is_sample: bool = False
    """Whether the question stands in the fact's pack word for word."""


def decide(question: Query, ranked: Sequence[Evidence], beyond: float) -> Decision:
    """Judge a question by the evidence for each fact, the best first.

    `beyond` is how typical it is of what notes seldom tell, on the scale of `Evidence.support`.
    """
    if not ranked:
        return Decision(None, (), 0.0, "no fact shares a word, idea or name with the question")
    best = ranked[0]
    confidence = estimate_confidence(calibration_features(question, ranked, beyond), FACTS)
    rivals = best_per_pack(ranked)
    if confidence >= ANSWERED and len(rivals) == 1:
        return Decision(best, (), confidence, "confident enough")
    doubt = _doubt(best)
    reason = doubt or "likely, but not enough to answer"
    if len(rivals) > 1:
        reason = "it names nothing that only one pack knows, and fits several"
    suggestions = tuple(rivals if len(rivals) > 1 else ranked)[:MOST_SUGGESTED]
    if confidence >= (SUGGESTED if question.has_subject else SUGGESTED_AT_LARGE):
        return Decision(None, suggestions, confidence, reason)
    return Decision(None, (), confidence, doubt or "too unlike anything the notes say")


def best_per_pack(ranked: Sequence[Evidence]) -> list[Evidence]:
    """Return the best fact, and the best of every other pack that fits as well as it does.

    A pack is no rival where the question says a name or word that it has nothing for.
    """
    best = ranked[:1]
    found = {evidence.document.pack: evidence for evidence in best}
    for evidence in ranked:
        if _rivals(evidence, ranked[0]):
            found.setdefault(evidence.document.pack, evidence)
    return list(found.values())


def calibration_features(
    question: Query, ranked: Sequence[Evidence], beyond: float
) -> dict[str, float]:
    """Return what the calibration weighs, by name.

    Facts related to the best say much the same: a small lead over one of them is no doubt.
    """
    best = ranked[0]
    rival = next((e.score for e in ranked[1:] if not _is_kin(e, best)), 0.0)
    odds = [math.exp(evidence.score - best.score) for evidence in ranked]
    return {
        "max_similarity": best.max_similarity,
        "beyond": beyond - best.support,
        "lead": min(best.score - rival, MOST_LEAD),
        "share": 1 / sum(odds),
        "uncovered_mass": best.uncovered_mass,
        "max_oov_weight": 0.0 if question.has_subject else best.max_oov_weight,
        "unmatched_mentions": float(min(best.unmatched_mentions, 2)),
        "unanswered_attributes": float(min(len(best.unanswered_attributes), 2)),
        "terms": float(min(len(question.terms), MOST_TERMS)),
        "no_subject": float(not question.has_subject),
        "phrasings": math.log(len(best.document.postings.weights)),
        "addressed": float(question.has_second_person and not question.has_subject),
    }


def estimate_confidence(found: dict[str, float], calibration: Calibration) -> float:
    """Return the confidence that a calibration gives to signals, 0 to 1."""
    logit = calibration.constant + sum(
        getattr(calibration, name) * value for name, value in found.items()
    )
    return 1 / (1 + math.exp(-logit))


def select_quotes(question: Query, ranked: Sequence[Evidence], beyond: float) -> Sequence[Evidence]:
    """Return the quotes that fit a theme, best first; none where the theme is none of theirs."""
    if question.is_empty or not ranked:
        return ()
    if estimate_confidence(calibration_features(question, ranked, beyond), QUOTES) < QUOTED:
        return ()
    return (ranked[0], *(e for e in ranked[1:] if e.max_similarity >= QUOTE_LIKENESS))


def _rivals(evidence: Evidence, best: Evidence) -> bool:
    return (
        best.score - evidence.score <= NEARLY
        and evidence.unmatched_mentions <= best.unmatched_mentions
        and evidence.uncovered_mass <= best.uncovered_mass + 0.05
    )


def _doubt(best: Evidence) -> str | None:
    """Return what speaks most against a likely fact, if anything does."""
    if best.unanswered_attributes:
        return f"the best fact does not answer: {', '.join(sorted(best.unanswered_attributes))}"
    if best.unmatched_mentions:
        return "the question names something that the best fact does not speak of"
    return None


def _is_kin(evidence: Evidence, best: Evidence) -> bool:
    document = best.document
    return evidence.document.pack == document.pack and evidence.document.id in document.related
