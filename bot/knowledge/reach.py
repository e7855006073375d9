"""Which part of a store a scope takes in: its packs, and the numbers of their entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.knowledge.store import FIRST, LEXICON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.knowledge.model import Source

Scope = frozenset[str]
"""The ids of the packs that may answer here."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A pack in the store: what is read once and kept."""

    number: int
    id: str
    title: str
    source: Source
    names: Mapping[str, str]
    """The name shown for each id that can be a subject."""
    ranges: Mapping[str, range]
    """The numbers of its entries, by kind."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a scope takes in, in the store's own numbers."""

    packs: str
    """The condition that a column `pack` is in scope, or the lexicon."""
    runs: Mapping[str, tuple[range, ...]]
    """The numbers of all entries, by kind, as few ranges as there can be."""

    def holds(self, kind: str) -> str:
        """Return the condition that a column `number` is of an entry of a kind, in scope."""
        within = (f"number BETWEEN {run.start} AND {run.stop - 1}" for run in self.runs[kind])
        return f"({' OR '.join(within) or '0'})"


def reach_of(scope: Scope, shelves: Sequence[Shelf]) -> Reach:
    """Return what a scope takes in of all the shelves (in the order of their numbers)."""
    inside = [shelf for shelf in shelves if shelf.id in scope]
    numbers = ",".join(str(number) for number in (LEXICON, *(shelf.number for shelf in inside)))
    return Reach(
        packs="1" if len(inside) == len(shelves) else f"pack IN ({numbers})",
        runs={kind: tuple(_joined([shelf.ranges[kind] for shelf in inside])) for kind in FIRST},
    )


def _joined(parts: Sequence[range]) -> list[range]:
    runs: list[range] = []
    for part in parts:
        if part and runs and runs[-1].stop == part.start:
            runs[-1] = range(runs[-1].start, part.stop)
        elif part:
            runs.append(part)
    return runs
