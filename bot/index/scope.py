"""Which part of a store a scope takes in: its packs, and the numbers of their entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.index.writer import FIRST, LEXICON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.packs.models import Source

Kind = Literal["fact", "quote", "release"]
"""What an entry of a pack may be."""
Scope = frozenset[str]
"""The ids of the packs that may answer here."""

MOST_REACHES = 256
"""So many scopes are kept worked out: a server's own is asked again and again."""


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


class Shelves:
    """All packs of a store."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self.by_number = {shelf.number: shelf for shelf in shelves}
        self.by_id = {shelf.id: shelf for shelf in self.by_number.values()}
        self.everything: Scope = frozenset(self.by_id)
        """Every pack: the widest scope."""
        self._reaches: dict[Scope, Reach] = {}

    def reach(self, scope: Scope) -> Reach:
        """Return what a scope takes in."""
        found = self._reaches.get(scope)
        if found is None:
            if len(self._reaches) >= MOST_REACHES:
                self._reaches.clear()
            found = self._reaches[scope] = self._reach_of(scope)
        return found

    def holds(self, kind: Kind, scope: Scope) -> bool:
        """Return whether any pack in scope has an entry of a kind."""
        return bool(self.reach(scope).runs[kind])

    def _reach_of(self, scope: Scope) -> Reach:
        inside = [self.by_number[at] for at in sorted(self.by_number)]
        inside = [shelf for shelf in inside if shelf.id in scope]
        numbers = ",".join(str(number) for number in (LEXICON, *(each.number for each in inside)))
        return Reach(
            packs="1" if len(inside) == len(self.by_id) else f"pack IN ({numbers})",
            runs={kind: tuple(_joined([each.ranges[kind] for each in inside])) for kind in FIRST},
        )


def _joined(parts: Sequence[range]) -> list[range]:
    runs: list[range] = []
    for part in parts:
        if part and runs and runs[-1].stop == part.start:
            runs[-1] = range(runs[-1].start, part.stop)
        elif part:
            runs.append(part)
    return runs
