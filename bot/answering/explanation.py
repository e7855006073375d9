"""Explain in sentences how a question is understood and decided.

The terminal (`ask --explain`) and the author's workbench show the same account.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.answering.decision import ANSWER_THRESHOLD, Reason, estimate_candidate
from bot.answering.features import mention_features, query_features
from bot.answering.ranking import find_nearest
from bot.answering.results import Found, Unknown, Unsure
from bot.answering.topics import name_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.answering.decision import Decision
    from bot.answering.engine import Explanation
    from bot.answering.query import Query
    from bot.answering.ranking import Document, Evidence
    from bot.answering.results import Answer

MIN_SHOWN_SIMILARITY = 0.05
"""A phrasing that is less similar than this is near to nothing."""

_REASONS = {
    Reason.SAMPLE: "It is a way of asking {fact}, word for word.",
    Reason.CONFIDENT: "{fact} answers it: {sure} sure, and from {needed} on a fact is the answer.",
    Reason.NO_CANDIDATE: "No fact shares a word, an idea or a name with it.",
    Reason.PRIVATE: "It asks about something private ({topics}), and no fact near it tells that.",
    Reason.UNANSWERED: (
        "{fact} is nearest ({sure} sure), but the question is about {topics}, and no way of asking "
        "that fact is."
    ),
    Reason.UNMATCHED: "{fact} is nearest ({sure} sure), but does not speak of {unmatched}.",
    Reason.FOREIGN_NAME: (
        "{fact} would answer it ({sure} sure), but “{detail}” stands where this fact’s ways of "
        "asking have another name."
    ),
    Reason.OTHER_NAME: (
        "{fact} would answer it ({sure} sure), but the ways of asking it that are most like this "
        "question all name somebody or something else."
    ),
    Reason.NOT_TOLD: (
        "{fact} is nearest, but the question is more like one that stands under 'unanswered': "
        "nothing in the notes answers that."
    ),
    Reason.OTHER_THING: (
        "{fact} would answer it ({sure} sure), but no way of asking it asks for a “{detail}” or "
        "the like: write one that does, if it tells that."
    ),
    Reason.ASKERS_OWN: (
        "{fact} would answer it ({sure} sure), but “{detail}” belongs to whoever asks, and no way "
        "of asking this fact speaks of it like that."
    ),
    Reason.SEVERAL_PACKS: (
        "It names nothing that only one pack knows, and {fact} is not the only fact that fits it: "
        "so does one of another pack."
    ),
    Reason.UNLIKE: (
        "It is too unlike anything the notes say: {fact} is nearest and only {sure} sure, where an "
        "answer needs {needed}. If the notes do say it, write more ways of asking there like this."
    ),
    Reason.LIKELY: (
        "{fact} is likeliest, but only {sure} sure, where an answer needs {needed}. If it is the "
        "answer, write more ways of asking it that are like this one."
    ),
}


class Route(Enum):
    """The way by which an answer was reached."""

    FACTS = "facts"  # by the decision about the best fact
    NAME = "name"  # the question is a name and nothing else
    SMALL_TALK = "small talk"
    SUBJECT = "subject"  # the question is a word or two, without asking anything


@dataclass(frozen=True, slots=True)
class Nearest:
    """The phrasing of a fact that is most similar to a question."""

    number: int
    """Its place among the fact's ways of asking, from 0; behind them all stands the statement."""
    similarity: float
    template: str
    """Its words with "…" for each name; nothing for the statement."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that may answer, with all for and against it."""

    evidence: Evidence
    confidence: float
    """The estimated probability that it answers the question."""
    nearest: Nearest | None
    unmatched: tuple[str, ...]
    """The names and pronouns of the question that mean nobody whom it speaks of."""

    @property
    def pack(self) -> str:
        """The id of its pack."""
        return self.evidence.document.pack

    @property
    def fact(self) -> str:
        """Its id."""
        return self.evidence.document.id

    def remarks(self) -> Iterator[str]:
        """Yield a sentence for each thing that speaks for or against it."""
        evidence = self.evidence
        if evidence.matched_mentions:
            yield "The question names its subject."
        if self.unmatched:
            yield (
                f"It does not speak of {_list_quoted(self.unmatched)}; if it does, say so in its "
                "'about'."
            )
        if evidence.oov_terms:
            yield f"Its ways of asking lack these words: {', '.join(evidence.oov_terms)}."
        if evidence.unanswered_attributes:
            topics = name_topics(evidence.unanswered_attributes)
            yield f"None of its ways of asking is about {topics}; if it tells that, write one."


@dataclass(frozen=True, slots=True)
class Account:
    """An account of one answer: understanding, candidates and reasons."""

    query: Query
    answer: Answer
    route: Route
    decision: Decision
    candidates: tuple[Candidate, ...]
    """The best first, then the others by the confidence in them."""

    def reasons(self) -> Iterator[str]:
        """Yield the sentences that say why a fact answers, or none does."""
        match self.route:
            case Route.NAME:
                yield from self._explain_name()
                return
            case Route.SMALL_TALK:
                yield "It is small talk, which is answered in kind and from no fact."
                return
            case Route.SUBJECT:
                yield self._explain_decision()
                yield "It is a word or two and asks nothing, so questions with them are offered."
                return
            case Route.FACTS:
                yield self._explain_decision()
        match self.answer:
            case Unsure(suggestions):
                offered = ", ".join(suggestion.fact for suggestion in suggestions)
                yield f"These are likely enough to be suggested: {offered}."
            case Unknown(near=str(name)):
                yield f"So the notes do not say, and offer what they tell about {name}."
            case Unknown():
                yield "So the notes do not say."
            case Found():
                pass

    def _explain_decision(self) -> str:
        best = self.candidates[0] if self.candidates else None
        return _REASONS[self.decision.reason].format(
            fact=f"“{best.fact if best else ''}”",
            unmatched=_list_quoted(best.unmatched) if best else "",
            sure=f"{self.decision.confidence:.0%}",
            needed=f"{ANSWER_THRESHOLD:.0%}",
            detail=self.decision.detail,
            topics=self._name_topics(),
        )

    def _name_topics(self) -> str:
        if self.decision.reason not in {Reason.PRIVATE, Reason.UNANSWERED}:
            return ""
        return name_topics(self.decision.detail.split(", "))

    def _explain_name(self) -> Iterator[str]:
        name = self.query.mentions[0].text
        match self.answer:
            case Found(answer):
                yield f"“{name}” is a name and nothing else: “{answer.fact.id}” says who or what."
            case Unsure():
                yield f"“{name}” is a name and nothing else, so questions about it are offered."
            case Unknown():
                yield f"“{name}” is a name and nothing else, and no fact is about it."


def explain_answer(
    explanation: Explanation,
    answer: Answer,
    route: Route,
    load_templates: Callable[[str, str], Sequence[tuple[str, ...]]],
) -> Account:
    """Return the account of an answer and its explanation."""
    query, decision = explanation.query, explanation.decision
    features = query_features(query)
    ranked = explanation.evidence

    def describe_candidate(evidence: Evidence) -> Candidate:
        confidence = (
            1.0
            if decision.reason is Reason.SAMPLE and evidence is decision.answer
            else estimate_candidate(query, evidence, ranked, explanation.ood_score)
        )
        unmatched = _find_unmatched(query, evidence.document)
        number, similarity = find_nearest(evidence.document, features)
        if similarity < MIN_SHOWN_SIMILARITY:
            return Candidate(evidence, confidence, None, unmatched)
        templates = load_templates(evidence.document.pack, evidence.document.id)
        # Of very many phrasings the document has only the last ones, the statement among them.
        number += len(templates) + 1 - len(evidence.document.phrasings.totals)
        words = templates[number] if number < len(templates) else ()
        template = " ".join("…" if word == "@" else word for word in words)
        nearest = Nearest(number, similarity, template)
        return Candidate(evidence, confidence, nearest, unmatched)

    first, others = ranked[:1], map(describe_candidate, ranked[1:])
    candidates = (
        *map(describe_candidate, first),
        *sorted(others, key=lambda candidate: -candidate.confidence),
    )
    return Account(query, answer, route, decision, candidates)


def _find_unmatched(query: Query, document: Document) -> tuple[str, ...]:
    """Return the names and pronouns of a question that mean nobody whom a document speaks of."""
    names = (
        mention.text
        for mention in query.mentions
        if document.names.isdisjoint(mention_features(mention))
    )
    return (*names, *sorted(query.pronouns - document.pronouns))


def _list_quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
