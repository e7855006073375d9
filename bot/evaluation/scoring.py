"""Replies held against what was wanted: marks, figures with intervals, confusions, comparisons."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

CERTAINTY = 1.959964
"""Standard deviations on each side of the mean that hold 95 % of a normal distribution."""
NOTHING = "nothing"
"""What stands in a confusion where no entry was wanted, or none was given."""
SUGGESTIONS = "suggestions"


class Grade(StrEnum):
    """What a reply is worth; the first four are for what the notes can answer."""

    RIGHT = "right"
    ASSISTED = "assisted"  # not answered, but what was wanted is among the suggestions
    MISSED = "missed"
    WRONG = "wrong"
    HELD = "held"  # rightly not answered
    FINE = "fine"  # not what was asked for, but a reply that corrects or helps
    INVENTED = "invented"


_WORTH = {
    Grade.RIGHT: 3,
    Grade.HELD: 3,
    Grade.FINE: 3,
    Grade.ASSISTED: 2,
    Grade.MISSED: 1,
    Grade.WRONG: 0,
    Grade.INVENTED: 0,
}
FAULTS = frozenset({Grade.ASSISTED, Grade.MISSED, Grade.WRONG, Grade.INVENTED})


@dataclass(frozen=True, slots=True)
class EvalCase:
    """A question, or a request for a quote, and what would be a good reply."""

    id: str
    text: str
    wanted: frozenset[str]
    """Ids of the facts or quotes that answer it, bare or as "pack/id"; empty where none does."""
    fine: frozenset[str] = frozenset()
    """Where none does: facts that are a good reply all the same."""
    is_quote: bool = False
    kind: str = ""
    """An author's own word for questions of a sort, to be counted apart: "far"."""


@dataclass(frozen=True, slots=True)
class EvalResult:
    """What came back."""

    answered: str | None = None
    """The fact or quote, as "pack/id"."""
    suggested: tuple[str, ...] = ()
    text: str = ""
    """As a person reads it."""
    is_sample: bool = False
    """Whether it stands among the fact's sample questions, or the quote's themes, word for word: no
    test of anything."""


@dataclass(frozen=True, slots=True)
class GradedCase:
    """A question and its reply."""

    asked: EvalCase
    reply: EvalResult

    @property
    def mark(self) -> Grade:
        """What the reply is worth."""
        return mark(self.asked, self.reply)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many of how many."""

    name: str
    count: int
    total: int

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the true one lies with 95 % certainty (Wilson's score interval)."""
        return wilson(self.count, self.total)


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was asked for, what came instead, and the questions to which that happened."""

    asked_for: str
    answered_with: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose mark is another than in a previous run."""

    id: str
    before: Grade
    after: Grade

    @property
    def is_better(self) -> bool:
        """Whether the reply is worth more than before."""
        return _WORTH[self.after] > _WORTH[self.before]


def mark(asked: EvalCase, reply: EvalResult) -> Grade:
    """Return what a reply is worth."""
    if not asked.wanted:
        if reply.answered is None:
            return Grade.HELD
        return Grade.FINE if _is_among(reply.answered, asked.fine) else Grade.INVENTED
    if reply.answered is not None:
        return Grade.RIGHT if _is_among(reply.answered, asked.wanted) else Grade.WRONG
    helps = any(_is_among(suggested, asked.wanted) for suggested in reply.suggested)
    return Grade.ASSISTED if helps else Grade.MISSED


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (E. B. Wilson, 1927): right for small counts too.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not total:
        return 0.0, 1.0
    share, square = count / total, CERTAINTY**2
    middle = share + square / (2 * total)
    reach = CERTAINTY * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    low, high = ((middle + sign * reach) / (1 + square / total) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def figures(scored: Sequence[GradedCase]) -> tuple[Figure, ...]:
    """Return the figures of whatever was asked: a set with no question in it has none."""
    facts = [one for one in scored if not one.asked.is_quote]
    quotes = [one for one in scored if one.asked.is_quote]
    return (
        *_answerable([one for one in facts if one.asked.wanted], ""),
        *_unanswerable([one for one in facts if not one.asked.wanted]),
        *_answerable([one for one in quotes if one.asked.wanted], "quotes "),
        *_figures([one for one in quotes if not one.asked.wanted], {"none held": {Grade.HELD}}),
    )


def confusions(scored: Iterable[GradedCase]) -> tuple[Confusion, ...]:
    """Return what was taken for what: wrong answers first, then suggestions, then silence."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in scored:
        if one.mark in FAULTS:
            wanted = " or ".join(sorted(one.asked.wanted)) or NOTHING
            found.setdefault((wanted, _given(one.reply)), []).append(one.asked.id)
    confused = (Confusion(*pair, tuple(ids)) for pair, ids in found.items())
    return tuple(sorted(confused, key=lambda c: (*_kindness(c), -len(c.questions), c.asked_for)))


def changes(before: Mapping[str, Grade], scored: Iterable[GradedCase]) -> tuple[Change, ...]:
    """Return every question whose mark changed, those that got worse first."""
    known = ((one.asked.id, before.get(one.asked.id), one.mark) for one in scored)
    found = [Change(key, old, new) for key, old, new in known if old not in (None, new) and old]
    return tuple(sorted(found, key=lambda change: (change.is_better, change.id)))


def _is_among(key: str, wanted: Collection[str]) -> bool:
    return key in wanted or key.partition("/")[2] in wanted


def _given(reply: EvalResult) -> str:
    if reply.answered is not None:
        return reply.answered
    return SUGGESTIONS if reply.suggested else NOTHING


def _kindness(confusion: Confusion) -> tuple[bool, bool]:
    return confusion.answered_with == NOTHING, confusion.answered_with == SUGGESTIONS


def _answerable(scored: Sequence[GradedCase], prefix: str) -> tuple[Figure, ...]:
    sets = {
        f"{prefix}right": {Grade.RIGHT},
        f"{prefix}wrong": {Grade.WRONG},
        f"{prefix}missed": {Grade.MISSED},
    }
    if not prefix:
        sets["right or assisted"] = {Grade.RIGHT, Grade.ASSISTED}
    samples = sum(one.reply.is_sample for one in scored)
    what = f"{prefix or 'sample questions '}word for word"
    known = (Figure(what, samples, len(scored)),) if samples else ()
    return _figures(scored, sets) + known


def _unanswerable(scored: Sequence[GradedCase]) -> tuple[Figure, ...]:
    kinds = sorted({one.asked.kind for one in scored} - {""})
    parts = [("", scored)]
    parts += [(f", {kind}", [one for one in scored if one.asked.kind == kind]) for kind in kinds]
    found: list[Figure] = []
    for suffix, part in parts:
        found += _figures(part, {f"invented{suffix}": {Grade.INVENTED}})
        suggested = sum(one.reply.answered is None and bool(one.reply.suggested) for one in part)
        if part:
            found.append(Figure(f"suggested on unanswerable{suffix}", suggested, len(part)))
    return tuple(found)


def _figures(scored: Sequence[GradedCase], sets: Mapping[str, set[Grade]]) -> tuple[Figure, ...]:
    if not scored:
        return ()
    counts = Counter(one.mark for one in scored)
    return tuple(
        Figure(name, sum(counts[mark] for mark in marks), len(scored))
        for name, marks in sets.items()
    )
