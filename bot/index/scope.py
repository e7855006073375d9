"""Scopes, and the conditions that bound a query to them.

Entries are numbered pack after pack, each kind in a row of its own. So the entries of a scope are a
few ranges of numbers, and a query seeks them by primary key instead of joining with packs.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cachetools import LRUCache

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.errors import Fault
    from bot.packs.models import Source

EntryKind = Literal["fact", "quote", "release"]
"""The kind of a pack's entry."""
Scope = frozenset[str]
"""The ids of the packs that may answer."""

LEXICON_PACK = 0
"""The pack number of the words that belong to the shared lexicon."""
ALL_PACKS = -1
"""The pack number of how often all packs together use a word."""
FIRST_NUMBERS: dict[EntryKind, int] = {
    "fact": 1,
    "quote": 1_000_000_001,
    "release": 2_000_000_001,
}
"""The number of the first entry of each kind."""
MAX_CACHED_FILTERS = 256
"""How many scopes are kept worked out. A server asks in the same scope again and again."""


@dataclass(frozen=True, slots=True)
class PackHeader:
    """A pack's row in the index, without its entries."""

    number: int
    id: str
    title: str
    source: Source
    names: Mapping[str, str]
    """The display name of each id that can be a subject."""
    ranges: Mapping[EntryKind, range]
    """The numbers of its entries, by kind."""
    translation_faults: tuple[Fault, ...] = ()
    """The faults for which parts of its translations were left out; their paths are bare names."""
    untranslated: frozenset[tuple[str, str]] = frozenset()
    """Of a translation, the kind and id of each entry that is in the original's language."""


@dataclass(frozen=True, slots=True, eq=False)  # caches know it by its identity; see `filter_for`
class ScopeFilter:
    """A scope as conditions on pack numbers and entry numbers."""

    pack_condition: str
    """SQL that is true where the column `pack` is in scope, or is the lexicon."""
    use_condition: str
    """The same for adding up how often words are used: all packs together have one row."""
    id_ranges: Mapping[EntryKind, tuple[range, ...]]
    """The numbers of all entries in scope, by kind, in as few ranges as possible."""

    def entry_condition(self, kind: EntryKind) -> str:
        """Return SQL that is true where the column `number` is in scope."""
        within = [f"number BETWEEN {ids.start} AND {ids.stop - 1}" for ids in self.id_ranges[kind]]
        # "0" is SQL for false: without a range, nothing is in scope.
        return f"({' OR '.join(within) or '0'})"


class PackTable:
    """The headers of all packs in an index."""

    def __init__(self, headers: Iterable[PackHeader]) -> None:
        """Take the headers of all packs."""
        self.by_number = {header.number: header for header in headers}
        self._in_order = [self.by_number[number] for number in sorted(self.by_number)]
        self._firsts = {
            kind: [header.ranges[kind].start for header in self._in_order] for kind in FIRST_NUMBERS
        }
        self.by_id = {header.id: header for header in self.by_number.values()}
        self.all_packs: Scope = frozenset(self.by_id)
        """The widest scope."""
        self._filters: LRUCache[Scope, ScopeFilter] = LRUCache(MAX_CACHED_FILTERS)

    def filter_for(self, scope: Scope) -> ScopeFilter:
        """Return the conditions that bound a query to a scope.

        It is the same object as long as it is kept. So caches have it in their keys and not the
        scope, for to compare sets of a thousand packs for every word of a question takes long.
        """
        found = self._filters.get(scope)
        if found is None:
            inside = scope & self.all_packs  # one filter, whatever packs of other indexes it names
            found = self._filters.get(inside) or self._make_filter(inside)
            self._filters[inside] = self._filters[scope] = found
        return found

    def pack_of(self, kind: EntryKind, number: int) -> str:
        """Return the pack of an entry by the entry's number."""
        at = bisect_right(self._firsts[kind], number) - 1
        return self._in_order[at].id

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether any pack in scope has an entry of a kind."""
        return bool(self.filter_for(scope).id_ranges[kind])

    def _make_filter(self, scope: Scope) -> ScopeFilter:
        inside = [header for header in self._in_order if header.id in scope]
        numbers = ",".join(map(str, (LEXICON_PACK, *(header.number for header in inside))))
        # The usual scope is every pack, for which SQLite need not compare numbers.
        covers_all = len(inside) == len(self.by_id)
        return ScopeFilter(
            pack_condition="1" if covers_all else f"pack IN ({numbers})",
            use_condition=f"pack IN ({f'{LEXICON_PACK},{ALL_PACKS}' if covers_all else numbers})",
            id_ranges={
                kind: tuple(_join_ranges([header.ranges[kind] for header in inside]))
                for kind in FIRST_NUMBERS
            },
        )


def _join_ranges(parts: Sequence[range]) -> list[range]:
    """Join the ranges that follow each other without a gap.

    A gap holds the entries of a pack outside the scope, so it must stay.
    """
    joined: list[range] = []
    for part in parts:
        if part and joined and joined[-1].stop == part.start:
            joined[-1] = range(joined[-1].start, part.stop)
        elif part:
            joined.append(part)
    return joined
