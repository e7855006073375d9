"""Decide whether to answer a question, to suggest others, or neither."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.answering.query import Query
    from bot.answering.ranking import Evidence

ANSWER_THRESHOLD = 0.55
"""From this confidence on, the best fact is the answer."""
QUOTE_THRESHOLD = 0.5
"""From this confidence on, the best quote fits a theme."""
QUOTE_SIMILARITY = 0.45
"""Quotes as similar to the theme as this fit it too; they follow when another is asked for."""
SUGGESTION_THRESHOLD = 0.4
"""From this probability on that the right fact is among the first three, they are suggested."""
MAX_SUGGESTIONS = 3
MAX_PACKS_SHOWN = 2
"""Of so many packs the best fact is suggested before a second of the first pack."""
PRIVATE_ATTRIBUTES = frozenset({"age", "body", "love-life", "pets", "health", "belief"})
"""Attributes for which no other fact is a suggestion: somebody's girlfriend is no guitarist."""
MAX_TERMS = 8
"""More informative words than this make a question no surer."""
MAX_COUNTED = 2
"""More unmatched mentions or unanswered attributes than this tell nothing further."""
RIVAL_MARGIN = 1.0
"""A fact of another pack whose confidence is this near, in log odds, fits as well, so neither is
guessed at."""
SAME_QUESTION = 0.8
"""From this similarity on, two questions ask the same."""
MAX_LEAD = 8.0
"""A larger lead in score than this tells nothing more."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of a logistic regression: does the best document answer the query?

    tests/bench/fit.py fits them on questions whose answers are known and that are no sample
    questions of any fact; of `SUGGESTIONS` it says on which packs besides. Each field but the
    constant weighs the calibration feature of its name.
    """

    constant: float
    max_similarity: float
    ood_margin: float
    """How much more typical the query is of an out-of-domain topic than of the best document."""
    lead: float
    """The lead in score over the best document that is not related to the first."""
    softmax: float
    """The best document's share in the softmax of all scores."""
    uncovered_mass: float
    max_oov_weight: float
    """Counted only for a query without a subject."""
    unmatched_mentions: float
    unanswered_attributes: float
    unanswered_by_many: float
    """The same times the logarithm of the number of phrasings: a few do not show all that a fact
    answers."""
    term_count: float
    no_subject: float
    log_phrasings: float
    """The logarithm of the number of phrasings: of few, none is very similar."""
    second_person: float
    """Addressing somebody without naming a subject, which is chit-chat more often than not."""


FACTS = Calibration(
    constant=-1.484,
    max_similarity=2.907,
    ood_margin=-0.392,
    lead=0.05,
    softmax=2.043,
    uncovered_mass=-1.678,
    max_oov_weight=-0.905,
    unmatched_mentions=-2.129,
    unanswered_attributes=-1.718,
    unanswered_by_many=0.0,
    term_count=0.218,
    no_subject=-0.879,
    log_phrasings=-0.303,
    second_person=-0.961,
)
SPARSE_FACTS = Calibration(
    constant=-2.877,
    max_similarity=1.393,
    ood_margin=-0.252,
    lead=0.18,
    softmax=2.232,
    uncovered_mass=-1.319,
    max_oov_weight=-0.961,
    unmatched_mentions=-1.529,
    unanswered_attributes=0.0,
    unanswered_by_many=-0.34,
    term_count=0.166,
    no_subject=-0.945,
    log_phrasings=0.0,
    second_person=-1.477,
)
"""The same for facts of few phrasings, learnt on packs of any size. Learnt on the first pack alone,
the former makes them too sure, and the latter makes facts of many less sure than they are."""
FEW_PHRASINGS, MANY_PHRASINGS = 60, 95
"""Up to the former number `SPARSE_FACTS` tells the confidence in a fact, from the latter on
`FACTS`, and between them both."""
SUGGESTIONS = Calibration(
    constant=2.621,
    max_similarity=4.593,
    ood_margin=-0.271,
    lead=0.162,
    softmax=0.11,
    uncovered_mass=-3.231,
    max_oov_weight=-0.342,
    unmatched_mentions=-0.425,
    unanswered_attributes=-0.168,
    unanswered_by_many=0.0,
    term_count=0.308,
    no_subject=-2.026,
    log_phrasings=-0.825,
    second_person=-3.18,
)
"""The same for the first three facts, of which one is to be the right one, set against questions
from far outside alone: whoever asks near a fact is helped by seeing it."""
QUOTES = Calibration(
    constant=0.963,
    max_similarity=4.111,
    ood_margin=-0.383,
    lead=0.024,
    softmax=1.722,
    uncovered_mass=-3.185,
    max_oov_weight=-1.303,
    unmatched_mentions=-0.285,
    unanswered_attributes=-2.142,
    unanswered_by_many=0.0,
    term_count=0.086,
    no_subject=-0.29,
    log_phrasings=-0.746,
    second_person=0.029,
)
"""The same as for facts, for the best quote and a theme."""


class Reason(Enum):
    """The ground of a decision; `explanation` has the sentence for each."""

    SAMPLE = "sample"  # the query is a sample question of the fact, word for word
    CONFIDENT = "confident"
    NO_CANDIDATE = "no candidate"
    PRIVATE = "private"
    UNANSWERED = "unanswered"  # the best fact lacks an attribute that is asked for
    UNMATCHED = "unmatched"  # the query names something of which the best fact does not speak
    FOREIGN_NAME = "foreign name"  # it has another name where the fact's questions have theirs
    OTHER_NAME = "other name"  # the fact's questions of that form all name somebody else
    NOT_TOLD = "not told"  # it is more like a question that the fact is said not to answer
    OTHER_THING = "other thing"  # it asks which of something, and the fact's questions never do
    ASKERS_OWN = "asker's own"  # it asks about a thing of the asker's: "my album"
    SEVERAL_PACKS = "several packs"
    UNLIKE = "unlike"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for a query: an answer, suggestions, or neither."""

    answer: Evidence | None
    suggestions: tuple[Evidence, ...]
    confidence: float
    """The estimated probability that the best fact answers the query."""
    reason: Reason
    detail: str = ""
    """The attributes, the name or the noun that the reason is about."""

    @property
    def is_sample(self) -> bool:
        """Return whether the query is a sample question, word for word."""
        return self.reason is Reason.SAMPLE


@dataclass(frozen=True, slots=True)
class Ranking:
    """The facts of one pack for a query, best first, and the confidence in the first."""

    evidence: tuple[Evidence, ...]
    confidence: float
    """The estimated probability that the first fact answers the query."""
    suggestion_confidence: float
    """The estimated probability that one of the first three does."""


def compare_packs(query: Query, ranked: Sequence[Evidence], ood_score: float) -> list[Ranking]:
    """Return a ranking for each pack, the pack with the most confidence first.

    `ranked` has the best fact of each pack before the others of that pack. `ood_score` is how
    typical the query is of out-of-domain topics, on the scale of `Evidence.nb_score`.

    How much was written about a fact, and beside it, moves its score. So packs are compared by the
    confidence in the best fact of each, which is about the same whatever the size of the pack.
    """
    by_pack: dict[str, list[Evidence]] = {}
    for evidence in ranked:
        by_pack.setdefault(evidence.document.pack, []).append(evidence)
    rankings: list[Ranking] = []
    for own in by_pack.values():
        features = calibration_features(query, own, ood_score)
        suggestion = estimate_confidence(features, SUGGESTIONS)
        rankings.append(Ranking(tuple(own), estimate_fact(features), suggestion))
    return sorted(rankings, key=lambda ranking: -ranking.confidence)


def merge_rankings(rankings: Sequence[Ranking]) -> list[Evidence]:
    """Return the evidence of all packs: the best of each first."""
    firsts = [ranking.evidence[0] for ranking in rankings]
    shown = firsts[:MAX_PACKS_SHOWN]
    return shown + [e for ranking in rankings for e in ranking.evidence if e not in shown]


def decide(query: Query, rankings: Sequence[Ranking]) -> Decision:
    """Decide about a query, given the rankings of all packs by `compare_packs`."""
    if not rankings:
        return Decision(None, (), 0.0, Reason.NO_CANDIDATE)
    ranked = merge_rankings(rankings)
    best, confidence = ranked[0], rankings[0].confidence
    rivals = find_rivals(rankings)
    is_other = best.unmatched_mentions or best.unanswered_attributes & PRIVATE_ATTRIBUTES
    if confidence >= ANSWER_THRESHOLD and len(rivals) == 1 and not is_other:
        return Decision(best, (), confidence, Reason.CONFIDENT)
    if private := _find_private(query, ranked):
        return Decision(None, (), confidence, Reason.PRIVATE, private)
    likely = max(ranking.suggestion_confidence for ranking in rankings)
    if confidence < ANSWER_THRESHOLD and likely < SUGGESTION_THRESHOLD:
        return Decision(None, (), confidence, *_main_objection(best, Reason.UNLIKE))
    if len(rivals) > 1:
        others = [evidence for evidence in ranked if evidence not in rivals]
        shown = (*rivals, *others)[:MAX_SUGGESTIONS]
        return Decision(None, shown, confidence, Reason.SEVERAL_PACKS)
    suggested = tuple(ranked[:MAX_SUGGESTIONS])
    return Decision(None, suggested, confidence, *_main_objection(best, Reason.LIKELY))


def suggest_instead(
    decision: Decision, ranked: Sequence[Evidence], reason: Reason, detail: str = ""
) -> Decision:
    """Return a decision to suggest the likeliest facts, and not to answer."""
    return Decision(None, tuple(ranked[:MAX_SUGGESTIONS]), decision.confidence, reason, detail)


def estimate_candidate(
    query: Query, candidate: Evidence, ranked: Sequence[Evidence], ood_score: float
) -> float:
    """Return the confidence in a candidate as the best of its pack.

    For the best one it is the confidence that decides.
    """
    pack = candidate.document.pack
    others = [e for e in ranked if e is not candidate and e.document.pack == pack]
    features = calibration_features(query, [candidate, *others], ood_score)
    return estimate_fact(features)


def select_quotes(query: Query, ranked: Sequence[Evidence], ood_score: float) -> Sequence[Evidence]:
    """Return the quotes that fit a theme in descending order, or none."""
    if query.is_empty or not ranked:
        return ()
    features = calibration_features(query, ranked, ood_score)
    if estimate_confidence(features, QUOTES) < QUOTE_THRESHOLD:
        return ()
    return (ranked[0], *(e for e in ranked[1:] if e.max_similarity >= QUOTE_SIMILARITY))


def find_rivals(rankings: Sequence[Ranking]) -> list[Evidence]:
    """Return the best fact, and its rivals from other packs."""
    return [
        ranking.evidence[0]
        for ranking in rankings
        if _log_odds(rankings[0].confidence) - _log_odds(ranking.confidence) <= RIVAL_MARGIN
    ]


def calibration_features(
    query: Query, ranked: Sequence[Evidence], ood_score: float
) -> dict[str, float]:
    """Return the values that a calibration weighs, by its field names."""
    best = ranked[0]
    # Related facts say much the same: a small lead over one of them is no reason for doubt.
    rival_score = next((e.score for e in ranked[1:] if not _is_related(e, best)), 0.0)
    odds = [math.exp(evidence.score - best.score) for evidence in ranked]
    unanswered = float(min(len(best.unanswered_attributes), MAX_COUNTED))
    log_phrasings = math.log(len(best.document.phrasings.totals))
    return {
        "max_similarity": best.max_similarity,
        "ood_margin": ood_score - best.nb_score,
        "lead": min(best.score - rival_score, MAX_LEAD),
        "softmax": 1 / sum(odds),
        "uncovered_mass": best.uncovered_mass,
        "max_oov_weight": 0.0 if query.has_subject else best.max_oov_weight,
        "unmatched_mentions": float(min(best.unmatched_mentions, MAX_COUNTED)),
        "unanswered_attributes": unanswered,
        "unanswered_by_many": unanswered * log_phrasings,
        "term_count": float(min(len(query.terms), MAX_TERMS)),
        "no_subject": float(not query.has_subject),
        "log_phrasings": log_phrasings,
        "second_person": float(query.has_second_person and not query.has_subject),
    }


def estimate_fact(features: Mapping[str, float]) -> float:
    """Return the probability that a fact with these features answers."""
    few, many = math.log(FEW_PHRASINGS), math.log(MANY_PHRASINGS)
    share = min(max((features["log_phrasings"] - few) / (many - few), 0.0), 1.0)
    sparse, whole = (_weigh(features, calibration) for calibration in (SPARSE_FACTS, FACTS))
    return _probability((1 - share) * sparse + share * whole)


def estimate_confidence(features: Mapping[str, float], calibration: Calibration) -> float:
    """Return the probability that a calibration gives to its features."""
    return _probability(_weigh(features, calibration))


def _weigh(features: Mapping[str, float], calibration: Calibration) -> float:
    weights = (getattr(calibration, name) for name in features)
    return float(calibration.constant + sum(map(mul, weights, features.values())))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability)) if 0 < probability < 1 else math.inf


def _find_private(query: Query, ranked: Sequence[Evidence]) -> str:
    """Return the private matters asked for that no near fact tells."""
    asked = query.attributes & PRIVATE_ATTRIBUTES
    named = len(query.mentions) + len(query.pronouns)
    # What is told of somebody else is no answer: the studio's dog is not its composer's.
    own = [e for e in ranked if not named or e.unmatched_mentions < named]
    told = {name for evidence in own for name in evidence.answered_attributes}
    return "" if asked & told else ", ".join(sorted(asked))


def _main_objection(best: Evidence, otherwise: Reason) -> tuple[Reason, str]:
    """Return the reason against the best fact, with its detail."""
    if best.unanswered_attributes:
        return Reason.UNANSWERED, ", ".join(sorted(best.unanswered_attributes))
    return (Reason.UNMATCHED if best.unmatched_mentions else otherwise), ""


def _is_related(evidence: Evidence, best: Evidence) -> bool:
    document = best.document
    return evidence.document.pack == document.pack and evidence.document.id in document.related
