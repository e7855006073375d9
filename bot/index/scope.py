"""Which part of a store a scope takes in: its packs, and the numbers of their entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.index.writer import FIRST_NUMBERS, LEXICON_PACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.packs.models import Source

EntryKind = Literal["fact", "quote", "release"]
"""What an entry of a pack may be."""
Scope = frozenset[str]
"""The ids of the packs that may answer here."""

MAX_FILTERS = 256
"""So many scopes are kept worked out: a server's own is asked again and again."""


@dataclass(frozen=True, slots=True)
class PackHeader:
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
class ScopeFilter:
    """What a scope takes in, in the store's own numbers."""

    pack_condition: str
    """The condition that a column `pack` is in scope, or the lexicon."""
    id_ranges: Mapping[str, tuple[range, ...]]
    """The numbers of all entries, by kind, as few ranges as there can be."""

    def entry_condition(self, kind: str) -> str:
        """Return the condition that a column `number` is of an entry of a kind, in scope."""
        within = (f"number BETWEEN {run.start} AND {run.stop - 1}" for run in self.id_ranges[kind])
        return f"({' OR '.join(within) or '0'})"


class PackTable:
    """All packs of a store."""

    def __init__(self, packs: Iterable[PackHeader]) -> None:
        self.by_number = {pack.number: pack for pack in packs}
        self.by_id = {pack.id: pack for pack in self.by_number.values()}
        self.all_packs: Scope = frozenset(self.by_id)
        """Every pack: the widest scope."""
        self._filters: dict[Scope, ScopeFilter] = {}

    def filter_for(self, scope: Scope) -> ScopeFilter:
        """Return what a scope takes in."""
        found = self._filters.get(scope)
        if found is None:
            if len(self._filters) >= MAX_FILTERS:
                self._filters.clear()
            found = self._filters[scope] = self._make_filter(scope)
        return found

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether any pack in scope has an entry of a kind."""
        return bool(self.filter_for(scope).id_ranges[kind])

    def _make_filter(self, scope: Scope) -> ScopeFilter:
        inside = [self.by_number[at] for at in sorted(self.by_number)]
        inside = [pack for pack in inside if pack.id in scope]
        numbers = ",".join(
            str(number) for number in (LEXICON_PACK, *(each.number for each in inside))
        )
        return ScopeFilter(
            pack_condition="1" if len(inside) == len(self.by_id) else f"pack IN ({numbers})",
            id_ranges={
                kind: tuple(_joined([each.ranges[kind] for each in inside]))
                for kind in FIRST_NUMBERS
            },
        )


def _joined(parts: Sequence[range]) -> list[range]:
    runs: list[range] = []
    for part in parts:
        if part and runs and runs[-1].stop == part.start:
            runs[-1] = range(runs[-1].start, part.stop)
        elif part:
            runs.append(part)
    return runs
