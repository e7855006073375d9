"""How a question's candidates are sought: by all its features, by its rarest, or among a name's.

`CROSS JOIN` keeps SQLite to the order written: every step is then a search by primary key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FEW_ROWS = 3_000
"""So many rows are always read, where a question has no more: all that one pack ever needs."""
MOST_ROWS = 12_000
"""A question's commonest features are passed over beyond this many rows."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of a question that the store knows."""

    number: int
    entries: int
    """In how many entries of the scope it stands, at most."""
    is_name: bool


def seeking(features: Sequence[Feature], runs: Sequence[range]) -> str:
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
