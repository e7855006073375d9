"""Judge whether the facts of a pack are asked for in enough ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.evaluation.styles import find_missing_styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.packs.models import Fact, Pack

GOOD_WAYS = 10
"""With as many for each fact, a pack is good enough to serve.

Measured on seven packs of new authors, by questions of people who saw only the source: with 6 to 8
ways for each fact, 62 to 68 % were answered right, with 11 to 17 it was 70 to 78 %
(docs/answers.md).
"""
MANY_WAYS = 30
"""With about 22, one person's beside an author's six, 74 and 79 % were right in two of these packs.

With about 38, of two people, it was 78 and 80 %; with their authors' own 12 to 13
alone 74 and 78 %.
"""
VERY_MANY_WAYS = 45
"""With as many, their authors' own and those of two people, 81 and 84 % were."""
FEW_MINUTES = 20
"""Missing ways of asking that are written in a few minutes."""
MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """A pack's served facts, by how many ways of asking they have."""

    pack: str
    facts: tuple[Fact, ...]
    """The weakest first."""

    @property
    def weak(self) -> tuple[Fact, ...]:
        """The facts with too few ways of asking, the weakest first."""
        return tuple(fact for fact in self.facts if len(fact.questions) < GOOD_WAYS)

    @property
    def missing(self) -> int:
        """How many ways of asking they lack."""
        return sum(GOOD_WAYS - len(fact.questions) for fact in self.weak)

    def sentences(self) -> tuple[str, str]:
        """Return the verdict and what follows from it."""
        count, weak = len(self.facts), self.weak
        if not count:
            return "every fact is withdrawn", "nothing is asked for"
        if weak:
            named = ", ".join(f"{fact.id} ({len(fact.questions)})" for fact in weak[:MAX_NAMED])
            named = f"{named} …" if len(weak) > MAX_NAMED else named
            level = "nearly good enough" if self.missing <= FEW_MINUTES else "worth another hour"
            has = "has" if len(weak) == 1 else "have"
            verdict = f"{level}: {len(weak)} of {count} facts {has} fewer than {GOOD_WAYS} ways"
            outlook = (
                f"with {self.missing} more in all, every fact has {GOOD_WAYS}, and that is good"
            )
            return f"{verdict} of asking: {named}", f"{outlook} enough"
        fewest = min(len(fact.questions) for fact in self.facts)
        if fewest < MANY_WAYS:
            return (
                f"good enough: every fact has {GOOD_WAYS} ways of asking or more",
                "packs like that answered 7 of 10 questions of strangers right",
            )
        if fewest < VERY_MANY_WAYS:
            outlook = "packs like that answered 3 of 4 questions of strangers right"
            return (
                f"good enough: every fact has {MANY_WAYS} ways of asking or more",
                f"{outlook}, few more than with 12",
            )
        return (
            f"more than good enough: every fact has {VERY_MANY_WAYS} ways of asking or more",
            "packs like that answered 8 of 10 questions of strangers right",
        )


def judge_sufficiency(pack: Pack) -> Sufficiency:
    """Return a pack's facts by their ways of asking."""
    return Sufficiency(pack.id, tuple(sort_weakest(pack.facts)))


def sort_weakest(facts: Sequence[Fact]) -> list[Fact]:
    """Return the served facts, those with the fewest ways and styles of asking first."""
    served = [fact for fact in facts if fact.withdrawn is None]
    missing = {fact.id: find_missing_styles(fact.questions, fact.statement) for fact in served}
    return sorted(served, key=lambda fact: (len(fact.questions) - len(missing[fact.id]), fact.id))
