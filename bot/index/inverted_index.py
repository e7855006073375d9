"""The inverted index: entries by the features of a question.

A posting says how strongly a feature points to an entry, its impact. Entries are scored by the sum
of their impacts. A question reads the postings of its rarest features first, and of no more than
so many: what a common feature adds is then looked up for the best entries alone.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from heapq import nlargest
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from bot.index.cache import BatchCache
from bot.index.codec import unpack_numbers
from bot.index.connection import placeholders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.index.cache import KeyedHash
    from bot.index.connection import ReadConnection
    from bot.index.scope import EntryKind, PackTable, Scope, ScopeFilter

BLOCK_SIZE = 4_096
"""How many entry numbers are in a block, whose postings are in one row."""
ENTRY_TYPECODE, IMPACT_TYPECODE = "I", "H"
"""The types of an entry's number and of an impact in a row, for `array`."""
MAX_POSTINGS = 6_000
"""The commonest features of a question are looked up for the best entries alone beyond this many
postings. One pack seldom has half of it."""
MAX_RESCORED = 256
"""For how many of the best entries the commonest features are looked up."""
MAX_CACHED_FEATURES = 4_096
MAX_CACHED_POSTINGS = 2_048
"""How many features have their postings in memory: enough for one ordinary pack."""
MAX_CACHED_LENGTH = 600
"""Of a feature with more postings than this, none is kept in memory."""

PostingKey = tuple["ScopeFilter", "EntryKind", int]
"""A scope, a kind of entry and the number of a feature."""


class Postings(NamedTuple):
    """The postings of one feature, in ascending order of entries."""

    entries: array[int]
    impacts: array[int]


class InvertedIndex:
    """The postings of one index, by feature."""

    def __init__(self, connection: ReadConnection, packs: PackTable, hide: KeyedHash) -> None:
        """Take the connection, the packs, and the hash for typed features."""
        self._connection = connection
        self._packs = packs
        self._features = BatchCache(
            MAX_CACHED_FEATURES, self._load_features, hide, is_indexed=itemgetter(1)
        )
        self._postings = BatchCache(MAX_CACHED_POSTINGS, self._load_postings)

    def find_top(
        self, kind: EntryKind, features: Collection[str], scope: Scope, limit: int
    ) -> list[int]:
        """Return the numbers of the best-scored entries, best first.

        Entries outside the scope never change the score or the order of those inside.
        """
        within = self._packs.filter_for(scope)
        if not within.id_ranges[kind]:
            return []
        found = self._features.get_many(sorted(features)).values()
        # What lies outside the scope must not decide which features are common.
        rarest_first = sorted(self._read_postings(within, kind, found), key=_count_postings)
        count = _count_rarest(rarest_first)
        scores = _add_up(rarest_first[:count])
        if count < len(rarest_first):
            best = _select_best(scores, max(limit, MAX_RESCORED))
            scores = {entry: scores[entry] for entry in best}
            _add_to_each(scores, rarest_first[count:])
        return _select_best(scores, limit)

    def clear_caches(self) -> None:
        """Forget all features and postings in memory."""
        self._features.clear()
        self._postings.clear()

    def _read_postings(
        self, within: ScopeFilter, kind: EntryKind, features: Iterable[tuple[int, int]]
    ) -> list[Postings]:
        """Return the postings in scope of the features that exist."""
        short: list[PostingKey] = []
        long: list[PostingKey] = []
        for count, number in features:
            if number:
                (short if count <= MAX_CACHED_LENGTH else long).append((within, kind, number))
        return [*self._postings.get_many(short).values(), *self._load_postings(long).values()]

    def _load_features(self, names: list[str]) -> dict[str, tuple[int, int]]:
        """Return (entry count, number) by name, (0, 0) for unknown ones.

        Unknown features are cached as well, or each question would look them up again.
        """
        rows = self._connection.fetch_typed(
            f"SELECT name, entry_count, number FROM feature WHERE name IN ({placeholders(names)})",
            names,
        )
        return dict.fromkeys(names, (0, 0)) | {name: tuple(counted) for name, *counted in rows}

    def _load_postings(self, keys: list[PostingKey]) -> dict[PostingKey, Postings]:
        """Return the postings of each feature in its scope."""
        return {
            (within, kind, feature): self._load_ranges(feature, within.id_ranges[kind])
            for within, kind, feature in keys
        }

    def _load_ranges(self, feature: int, id_ranges: Sequence[range]) -> Postings:
        first, last = id_ranges[0].start, id_ranges[-1].stop - 1
        # A short statement that never changes: SQLite compiles it once.
        rows = self._connection.fetch_all(
            "SELECT entries, impacts FROM posting"
            " WHERE feature = ? AND block BETWEEN ? AND ? ORDER BY block",
            (feature, first // BLOCK_SIZE, last // BLOCK_SIZE),
        )
        entries = unpack_numbers(ENTRY_TYPECODE, b"".join(row[0] for row in rows))
        impacts = unpack_numbers(IMPACT_TYPECODE, b"".join(row[1] for row in rows))
        found = Postings(array(ENTRY_TYPECODE), array(IMPACT_TYPECODE))
        for ids in id_ranges:
            begin, end = bisect_left(entries, ids.start), bisect_left(entries, ids.stop)
            found.entries.extend(entries[begin:end])
            found.impacts.extend(impacts[begin:end])
        return found


def _count_postings(postings: Postings) -> int:
    return len(postings.entries)


def _count_rarest(rarest_first: Sequence[Postings]) -> int:
    """Return how many of the rarest features together have few enough postings.

    The first that has any is read even if it alone has too many, or nothing would be found.
    """
    totals = list(accumulate(map(_count_postings, rarest_first)))
    return max(bisect_right(totals, MAX_POSTINGS), bisect_right(totals, 0) + 1)


def _add_up(features: Iterable[Postings]) -> dict[int, int]:
    """Return the sum of the impacts on each entry."""
    scores: dict[int, int] = {}
    for entries, impacts in features:
        for entry, impact in zip(entries, impacts, strict=True):
            scores[entry] = scores.get(entry, 0) + impact
    return scores


def _add_to_each(scores: dict[int, int], features: Iterable[Postings]) -> None:
    """Add the impacts of further features to the scores of some entries."""
    for entries, impacts in features:
        for entry in scores:
            at = bisect_left(entries, entry)
            if at < len(entries) and entries[at] == entry:
                scores[entry] += impacts[at]


def _select_best(scores: dict[int, int], limit: int) -> list[int]:
    """Return the entries with the highest scores, best first."""
    if len(scores) > limit:
        lowest = nlargest(limit, scores.values())[-1]
        scores = {entry: score for entry, score in scores.items() if score >= lowest}
    return sorted(scores, key=lambda entry: (-scores[entry], entry))[:limit]
