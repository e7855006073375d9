"""Grade the results of golden questions, and sum them up."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Z_95 = 1.959964
"""Standard deviations on each side of the mean that hold 95 % of a normal distribution."""
NOTHING = "nothing"
"""Stands in a confusion where no entry was expected, or none was given."""
SUGGESTIONS = "suggestions"


class Grade(StrEnum):
    """The grade of a result; the first four are for answerable questions."""

    RIGHT = "right"
    ASSISTED = "assisted"  # not answered, but the expected fact is among the suggestions
    MISSED = "missed"
    WRONG = "wrong"
    HELD = "held"  # rightly not answered
    FINE = "fine"  # not what was asked for, but a reply that corrects or helps
    INVENTED = "invented"


_RANK = {
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
    """A golden question or request for a quote, with its expected results."""

    id: str
    text: str
    expected: frozenset[str]
    """The ids of facts or quotes that answer it, bare or as "pack/id"; empty if unanswerable."""
    acceptable: frozenset[str] = frozenset()
    """For an unanswerable question, facts that are a good reply all the same."""
    is_quote: bool = False
    kind: str = ""
    """An author's own word for questions to be counted apart, such as "far"."""
    style: str = ""
    """How an answerable question is asked, to be counted apart: "long", "slang"."""


@dataclass(frozen=True, slots=True)
class EvalResult:
    """The result of one golden question."""

    answered: str | None = None
    """The fact or quote given in answer, as "pack/id"."""
    suggested: tuple[str, ...] = ()
    text: str = ""
    """The answer as a person reads it."""
    is_sample: bool = False
    """Whether the fact's sample questions or the quote's themes hold it word for word, so that it
    tests nothing."""

    @property
    def outcome(self) -> str:
        """The answer's id, or that there were suggestions or nothing."""
        if self.answered is not None:
            return self.answered
        return SUGGESTIONS if self.suggested else NOTHING


@dataclass(frozen=True, slots=True)
class GradedCase:
    """A golden question with its result."""

    case: EvalCase
    result: EvalResult

    @property
    def grade(self) -> Grade:
        """The grade of the result."""
        return grade(self.case, self.result)


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of cases, out of all of their sort."""

    name: str
    count: int
    total: int

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % confidence interval of the share (Wilson's score interval)."""
        return wilson(self.count, self.total)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Questions about one entry that another one answered."""

    asked_for: str
    answered_with: str
    questions: tuple[str, ...]

    @property
    def order(self) -> int:
        """Its place in a report: wrong answers, suggestions, silence."""
        return {SUGGESTIONS: 1, NOTHING: 2}.get(self.answered_with, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """A question that has another grade than in a previous run."""

    id: str
    before: Grade
    after: Grade

    @property
    def is_better(self) -> bool:
        """Whether the grade is better than before."""
        return _RANK[self.after] > _RANK[self.before]


def grade(case: EvalCase, result: EvalResult) -> Grade:
    """Grade the result of a golden question."""
    if not case.expected:
        if result.answered is None:
            return Grade.HELD
        return Grade.FINE if _is_among(result.answered, case.acceptable) else Grade.INVENTED
    if result.answered is not None:
        return Grade.RIGHT if _is_among(result.answered, case.expected) else Grade.WRONG
    helps = any(_is_among(suggested, case.expected) for suggested in result.suggested)
    return Grade.ASSISTED if helps else Grade.MISSED


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson, 1927).

    Unlike the normal approximation it holds for small counts too.

    >>> [round(end, 3) for end in wilson(9, 10)]
    [0.596, 0.982]
    """
    if not total:
        return 0.0, 1.0
    share, square = count / total, Z_95**2
    middle = share + square / (2 * total)
    reach = Z_95 * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    low, high = ((middle + sign * reach) / (1 + square / total) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def compute_figures(cases: Sequence[GradedCase]) -> tuple[Figure, ...]:
    """Return the figures of all sorts of questions that were asked."""
    facts = [graded for graded in cases if not graded.case.is_quote]
    quotes = [graded for graded in cases if graded.case.is_quote]
    return (
        *_answerable_figures([graded for graded in facts if graded.case.expected], ""),
        *(
            figure
            for style in sorted({graded.case.style for graded in facts} - {""})
            for figure in _count_grades(
                [each for each in facts if each.case.expected and each.case.style == style],
                {f"right, {style}": {Grade.RIGHT}},
            )
        ),
        *_unanswerable_figures([graded for graded in facts if not graded.case.expected]),
        *_answerable_figures([graded for graded in quotes if graded.case.expected], "quotes "),
        *_count_grades(
            [graded for graded in quotes if not graded.case.expected], {"none held": {Grade.HELD}}
        ),
    )


def find_confusions(cases: Iterable[GradedCase]) -> tuple[Confusion, ...]:
    """Return the confusions: wrong answers, then suggestions, then silence."""
    found: dict[tuple[str, str], list[str]] = {}
    for graded in cases:
        if graded.grade in FAULTS:
            expected = " or ".join(sorted(graded.case.expected)) or NOTHING
            found.setdefault((expected, graded.result.outcome), []).append(graded.case.id)
    confused = (Confusion(*pair, tuple(ids)) for pair, ids in found.items())
    return tuple(sorted(confused, key=lambda c: (c.order, -len(c.questions), c.asked_for)))


def find_changes(before: Mapping[str, Grade], cases: Iterable[GradedCase]) -> tuple[Change, ...]:
    """Return the questions with a changed grade, worse ones first."""
    known = ((graded.case.id, before.get(graded.case.id), graded.grade) for graded in cases)
    found = [Change(key, old, new) for key, old, new in known if old not in (None, new) and old]
    return tuple(sorted(found, key=lambda change: (change.is_better, change.id)))


def _is_among(key: str, expected: Collection[str]) -> bool:
    return key in expected or key.partition("/")[2] in expected


def _answerable_figures(cases: Sequence[GradedCase], prefix: str) -> tuple[Figure, ...]:
    sets = {
        f"{prefix}right": {Grade.RIGHT},
        f"{prefix}wrong": {Grade.WRONG},
        f"{prefix}missed": {Grade.MISSED},
    }
    if not prefix:
        sets["right or assisted"] = {Grade.RIGHT, Grade.ASSISTED}
    samples = sum(graded.result.is_sample for graded in cases)
    what = f"{prefix or 'sample questions '}word for word"
    known = (Figure(what, samples, len(cases)),) if samples else ()
    return _count_grades(cases, sets) + known


def _unanswerable_figures(cases: Sequence[GradedCase]) -> tuple[Figure, ...]:
    kinds = sorted({graded.case.kind for graded in cases} - {""})
    parts = [("", cases)]
    parts += [
        (f", {kind}", [graded for graded in cases if graded.case.kind == kind]) for kind in kinds
    ]
    found: list[Figure] = []
    for suffix, part in parts:
        found += _count_grades(part, {f"invented{suffix}": {Grade.INVENTED}})
        suggested = sum(
            graded.result.answered is None and bool(graded.result.suggested) for graded in part
        )
        if part:
            found.append(Figure(f"suggested on unanswerable{suffix}", suggested, len(part)))
    return tuple(found)


def _count_grades(
    cases: Sequence[GradedCase], sets: Mapping[str, set[Grade]]
) -> tuple[Figure, ...]:
    if not cases:
        return ()
    counts = Counter(graded.grade for graded in cases)
    return tuple(
        Figure(name, sum(counts[grade] for grade in grades), len(cases))
        for name, grades in sets.items()
    )
