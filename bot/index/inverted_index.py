"""The inverted index: entries by the features of a question.

A posting says how strongly a feature points to an entry, its impact. Entries are scored by the sum
of their impacts, in SQLite or, for a question with few postings, in memory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from bot.index.cache import BatchCache, share_number
from bot.index.connection import placeholders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.index.cache import KeyedHash
    from bot.index.connection import ReadConnection
    from bot.index.scope import EntryKind, PackTable, Scope

CHEAP_ROWS = 3_000
"""A question with no more postings than this reads them all. One pack never has more."""
MAX_ROWS = 12_000
"""The commonest features of a question are left out beyond this many postings."""
MAX_ROWS_IN_MEMORY = 600
"""A question with no more postings than this is scored from memory."""
MAX_CACHED_FEATURES = 4_096
MAX_CACHED_POSTINGS = 2_048
"""How many features have their postings in memory: enough for one ordinary pack."""

PostingKey = tuple["Scope", "EntryKind", int]
"""A scope, a kind of entry and the number of a feature."""


@dataclass(frozen=True, slots=True)
class QueryFeature:
    """A feature of a question that the index knows."""

    number: int
    entry_count: int
    """An upper bound for the entries in scope that have it."""
    is_name: bool


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
        self,
        kind: EntryKind,
        features: Collection[str],
        names: Collection[str],
        scope: Scope,
        limit: int,
    ) -> list[int]:
        """Return the numbers of the best-scored entries, best first.

        A question with too many postings is scored only among the entries that have one of `names`,
        or else without its commonest features. Entries outside the scope never change the score or
        the order of those inside.
        """
        id_ranges = self._packs.filter_for(scope).id_ranges[kind]
        size = sum(map(len, id_ranges))
        found = [
            # What lies outside the scope must not decide which features are common.
            QueryFeature(number, min(entry_count, size), name in names)
            for name, (entry_count, number) in self._features.get_many(sorted(features)).items()
            if number
        ]
        if not (found and id_ranges):
            return []
        if sum(feature.entry_count for feature in found) <= MAX_ROWS_IN_MEMORY:
            keys = [(scope, kind, feature.number) for feature in found]
            return self._score_in_memory(keys)[:limit]
        found.sort(key=attrgetter("entry_count"))
        rows = self._connection.fetch_all(build_search(found, id_ranges), (limit,))
        return [number for number, _ in rows]

    def clear_caches(self) -> None:
        """Forget all features and postings in memory."""
        self._features.clear()
        self._postings.clear()

    def _score_in_memory(self, keys: list[PostingKey]) -> list[int]:
        scores: defaultdict[int, int] = defaultdict(int)
        for postings in self._postings.get_many(keys).values():
            for entry, impact in postings:
                scores[entry] += impact
        return sorted(scores, key=lambda entry: (-scores[entry], entry))

    def _load_features(self, names: list[str]) -> dict[str, tuple[int, int]]:
        """Return (entry count, number) by name, (0, 0) for unknown ones.

        Unknown features are cached as well, or each question would look them up again.
        """
        rows = self._connection.fetch_typed(
            f"SELECT name, entry_count, number FROM feature WHERE name IN ({placeholders(names)})",
            names,
        )
        return dict.fromkeys(names, (0, 0)) | {name: tuple(counted) for name, *counted in rows}

    def _load_postings(self, keys: list[PostingKey]) -> dict[PostingKey, list[tuple[int, int]]]:
        """Return the (entry, impact) pairs of each feature in its scope."""
        # A short statement that never changes: SQLite compiles it once.
        sql = "SELECT entry, impact FROM posting WHERE feature = ? AND entry BETWEEN ? AND ?"
        return {
            (scope, kind, feature): [
                (share_number(entry), share_number(impact))
                for ids in self._packs.filter_for(scope).id_ranges[kind]
                for entry, impact in self._connection.fetch_all(
                    sql, (feature, ids.start, ids.stop - 1)
                )
            ]
            for scope, kind, feature in keys
        }


def build_search(features: Sequence[QueryFeature], id_ranges: Sequence[range]) -> str:
    """Return the statement that scores entries by features.

    `features` are sorted by rarity, rarest first. The statement has one parameter, the limit.
    """
    names = [feature for feature in features if feature.is_name]
    rows = sum(feature.entry_count for feature in features)
    rows_among_named = sum(name.entry_count for name in names) * len(features)
    ids = ",".join(f"({ids.start},{ids.stop - 1})" for ids in id_ranges)
    # `CROSS JOIN` keeps SQLite to the order written, so that every step seeks by primary key. Its
    # own planner may begin with all postings of the commonest feature.
    if rows > CHEAP_ROWS and 0 < rows_among_named <= MAX_ROWS:
        return (
            f"WITH asked (feature) AS (VALUES {_values_of(features)}),"
            f" ids (first, last) AS (VALUES {ids}),"
            f" mentioned (feature) AS (VALUES {_values_of(names)}),"
            " named AS (SELECT DISTINCT p.entry"
            " FROM mentioned CROSS JOIN ids CROSS JOIN posting AS p"
            " WHERE p.feature = mentioned.feature AND p.entry BETWEEN ids.first AND ids.last)"
            " SELECT p.entry, SUM(p.impact) AS score"
            " FROM named CROSS JOIN asked CROSS JOIN posting AS p"
            " WHERE p.feature = asked.feature AND p.entry = named.entry"
            " GROUP BY p.entry ORDER BY score DESC, p.entry LIMIT ?"
        )
    return (
        f"WITH asked (feature) AS (VALUES {_values_of(_select_rarest(features))}),"
        f" ids (first, last) AS (VALUES {ids})"
        " SELECT p.entry, SUM(p.impact) AS score"
        " FROM asked CROSS JOIN ids CROSS JOIN posting AS p"
        " WHERE p.feature = asked.feature AND p.entry BETWEEN ids.first AND ids.last"
        " GROUP BY p.entry ORDER BY score DESC, p.entry LIMIT ?"
    )


def _select_rarest(features: Sequence[QueryFeature]) -> Sequence[QueryFeature]:
    """Return the rarest features that together have few enough postings.

    The rarest is read even if it alone has too many: without any feature, nothing is found.
    """
    rows = 0
    for count, feature in enumerate(features):
        rows += feature.entry_count
        if rows > MAX_ROWS:
            return features[: max(count, 1)]
    return features


def _values_of(features: Iterable[QueryFeature]) -> str:
    return ",".join(f"({feature.number})" for feature in features)
