"""How a question's candidates are sought: by all its features, by its rarest, or among a name's.

`CROSS JOIN` keeps SQLite to the order written: every step is then a search by primary key.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.index.cache import BatchCache
from bot.index.connection import placeholders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.index.connection import ReadConnection
    from bot.index.keyed_hash import KeyedHash
    from bot.index.scope import PackTable, Scope

FEW_ROWS = 3_000
"""So many rows are always read, where a question has no more: all that one pack ever needs."""
MOST_ROWS = 12_000
"""A question's commonest features are passed over beyond this many rows."""
KEPT_ROWS = 600
"""A question of no more rows than this is answered from the postings kept in memory."""
MOST_FEATURES = 4_096
"""So many features are kept in memory."""
MOST_POSTINGS = 2_048
"""And the postings of so many of the rarer ones: the rows of one ordinary pack."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a question that the store knows."""

    number: int
    entries: int
    """In how many entries of the scope it stands, at most."""
    is_name: bool


class InvertedIndex:
    """Finds the entries that may be what was asked for."""

    def __init__(self, connection: ReadConnection, packs: PackTable, hide: KeyedHash) -> None:
        self._connection = connection
        self._packs = packs
        self._features = BatchCache(MOST_FEATURES, self._load_features, hide)
        self._postings = BatchCache(MOST_POSTINGS, self._load_postings)

    def find_top(
        self,
        kind: str,
        features: Collection[str],
        names: Collection[str],
        scope: Scope,
        most: int,
    ) -> list[int]:
        """Return the numbers of the entries to which the features point most, best first.

        Where that would make for too much reading, only the entries that speak of one of `names`
        are looked at, or else the commonest features are passed over. What lies outside the scope
        makes no difference to what is found in it.
        """
        runs = self._packs.filter_for(scope).id_ranges[kind]
        size = sum(map(len, runs))
        found = [
            Feature(number, min(entries, size), name in names)
            for name, (entries, number) in self._features.get(sorted(features)).items()
            if number
        ]
        if not (found and runs):
            return []
        if sum(feature.entries for feature in found) <= KEPT_ROWS:
            return self._added_up([(scope, kind, feature.number) for feature in found])[:most]
        found.sort(key=_entries)
        return [
            number
            for number, _ in self._connection.fetch_all(search_statement(found, runs), (most,))
        ]

    def _added_up(self, features: list[tuple[Scope, str, int]]) -> list[int]:
        scores: defaultdict[int, int] = defaultdict(int)
        for postings in self._postings.get(features).values():
            for entry, impact in postings:
                scores[entry] += impact
        return sorted(scores, key=lambda entry: (-scores[entry], entry))

    def _load_features(self, names: list[str]) -> dict[str, tuple[int, int]]:
        """Return (entries, number) for each name, (0, 0) where the store does not know it."""
        rows = self._connection.fetch_and_forget(
            f"SELECT name, entries, number FROM feature WHERE name IN ({placeholders(names)})",
            names,
        )
        return dict.fromkeys(names, (0, 0)) | {name: tuple(counted) for name, *counted in rows}

    def _load_postings(
        self, keys: list[tuple[Scope, str, int]]
    ) -> dict[tuple[Scope, str, int], list[tuple[int, int]]]:
        """Return the (entry, impact) pairs of features, in scope."""
        return {key: self._postings_of(*key) for key in keys}

    def _postings_of(self, scope: Scope, kind: str, feature: int) -> list[tuple[int, int]]:
        # One short statement, always the same: SQLite need not read it anew.
        return [
            posting
            for run in self._packs.filter_for(scope).id_ranges[kind]
            for posting in self._connection.fetch_all(
                "SELECT entry, impact FROM posting WHERE feature = ? AND entry BETWEEN ? AND ?",
                (feature, run.start, run.stop - 1),
            )
        ]


def _entries(feature: Feature) -> int:
    return feature.entries


def search_statement(features: Sequence[Feature], runs: Sequence[range]) -> str:
    """Return the statement that finds the entries to which the features point most, best first.

    `features` stand in the order of their rarity; `runs` are the numbers of the entries in scope.
    The statement has one parameter: how many are wanted.
    """
    names = [feature for feature in features if feature.is_name]
    named = sum(name.entries for name in names)
    rows = sum(feature.entries for feature in features)
    if rows > FEW_ROWS and 0 < named * len(features) <= MOST_ROWS:
        return _among(names, features, runs)
    return _pointed_at(_rarest(features), runs)


def _rarest(features: Sequence[Feature]) -> Sequence[Feature]:
    """Return the first features that make for few enough rows, one at least."""
    rows = 0
    for place, feature in enumerate(features):
        rows += feature.entries
        if rows > MOST_ROWS:
            return features[: max(place, 1)]
    return features


def _pointed_at(features: Sequence[Feature], runs: Sequence[range]) -> str:
    return (
        f"WITH asked (feature) AS (VALUES {_numbers(features)}), {_run_table(runs)}"
        " SELECT p.entry, SUM(p.impact) AS score FROM asked CROSS JOIN run CROSS JOIN posting AS p"
        " WHERE p.feature = asked.feature AND p.entry BETWEEN run.first AND run.last"
        " GROUP BY p.entry ORDER BY score DESC, p.entry LIMIT ?"
    )


def _among(names: Sequence[Feature], features: Sequence[Feature], runs: Sequence[range]) -> str:
    return (
        f"WITH asked (feature) AS (VALUES {_numbers(features)}), {_run_table(runs)},"
        f" sought (feature) AS (VALUES {_numbers(names)}),"
        " named AS (SELECT DISTINCT p.entry FROM sought CROSS JOIN run CROSS JOIN posting AS p"
        " WHERE p.feature = sought.feature AND p.entry BETWEEN run.first AND run.last)"
        " SELECT p.entry, SUM(p.impact) AS score FROM named CROSS JOIN asked CROSS JOIN posting"
        " AS p WHERE p.feature = asked.feature AND p.entry = named.entry"
        " GROUP BY p.entry ORDER BY score DESC, p.entry LIMIT ?"
    )


def _run_table(runs: Sequence[range]) -> str:
    rows = ",".join(f"({run.start},{run.stop - 1})" for run in runs)
    return f"run (first, last) AS (VALUES {rows})"


def _numbers(features: Iterable[Feature]) -> str:
    return ",".join(f"({feature.number})" for feature in features)
