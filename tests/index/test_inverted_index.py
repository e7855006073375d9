from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.index import inverted_index
from bot.index.inverted_index import QueryFeature, build_search
from bot.index.reader import IndexReader
from tests.support.packs import HIDE, LANTERN, REAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.index.scope import EntryKind

KINDS: tuple[EntryKind, ...] = ("fact", "quote")
SCOPES = (frozenset({REAL}), frozenset({LANTERN}), frozenset({REAL, LANTERN}))


@pytest.fixture
def reader(store_of_both: Path) -> Iterator[IndexReader]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield reader
    reader.close()


def found_by(reader: IndexReader, features: list[str]) -> list[list[int]]:
    return [
        reader.inverted_index.find_top(kind, features, (), scope, 24)
        for scope in SCOPES
        for kind in KINDS
    ]


def test_few_rows_are_added_up_as_the_store_adds_them_up(
    reader: IndexReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [
        name for (name,) in reader._connection.fetch_all("SELECT name FROM feature ORDER BY name")
    ]
    questions = [names[at :: len(names) // 8] for at in range(25)]

    here = [found_by(reader, features) for features in questions]
    monkeypatch.setattr(inverted_index, "MAX_ROWS_IN_MEMORY", -1)
    there = [found_by(reader, features) for features in questions]

    assert here == there
    assert any(numbers for found in here for numbers in found)


def test_what_was_read_in_one_scope_is_not_served_in_another(reader: IndexReader) -> None:
    features = ["w:band", "w:album", "i:release"]
    real, lantern, _ = SCOPES

    for scope in (real, lantern, real):
        numbers = reader.inverted_index.find_top("fact", features, (), scope, 24)
        assert {found.pack for found in reader.load_documents(numbers)} == set(scope)


def scored(reader: IndexReader, features: list[QueryFeature]) -> list[int]:
    """Return the facts to which the features point, by the statement that seeks them."""
    ids = reader._packs.filter_for(SCOPES[2]).id_ranges["fact"]
    rows = reader._connection.fetch_all(build_search(features, ids), (1_000,))
    return [number for number, _ in rows]


def known_feature(reader: IndexReader, name: str, entry_count: int) -> QueryFeature:
    ((number,),) = reader._connection.fetch_all("SELECT number FROM feature WHERE name = ?", [name])
    return QueryFeature(number, entry_count, is_name=False)


def test_the_rarest_feature_is_read_even_where_it_alone_has_too_many_rows(
    reader: IndexReader,
) -> None:
    common = known_feature(reader, "w:album", 12_001)
    commoner = known_feature(reader, "w:band", 50_000)

    assert scored(reader, [common])
    assert scored(reader, [common, commoner]) == scored(reader, [common])


def test_the_commonest_features_are_left_out_beyond_the_limit_and_no_others(
    reader: IndexReader,
) -> None:
    rare, common = known_feature(reader, "w:album", 6_000), known_feature(reader, "w:band", 6_000)
    both = scored(reader, [rare, common])

    assert len(both) > len(scored(reader, [rare]))
    assert scored(reader, [rare, replace(common, entry_count=6_001)]) == scored(reader, [rare])


def test_many_rows_are_read_only_among_the_entries_of_a_name(reader: IndexReader) -> None:
    ((name,),) = reader._connection.fetch_all(
        "SELECT name FROM feature WHERE name LIKE 'n:%' ORDER BY entry_count DESC, name LIMIT 1"
    )
    named = replace(known_feature(reader, name, 10), is_name=True)
    common = known_feature(reader, "w:album", 3_001)

    among = scored(reader, [named, common])

    assert sorted(among) == sorted(scored(reader, [named]))
    assert set(scored(reader, [common])) - set(among)


def test_what_lies_outside_the_scope_makes_no_feature_common(
    store_of_both: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SCOPES[0]
    reader = IndexReader.open(store_of_both, HIDE)
    (size,) = {len(ids) for ids in reader._packs.filter_for(real).id_ranges["fact"]}
    before = reader.inverted_index.find_top("fact", ["w:album", "w:band"], (), real, 24)
    reader.close()

    # As if thousands of other packs spoke of albums and bands, too.
    monkeypatch.setattr(inverted_index, "MAX_ROWS_IN_MEMORY", -1)
    monkeypatch.setattr(inverted_index, "MAX_ROWS", 2 * size)
    reader = IndexReader.open(store_of_both, HIDE)
    load = reader.inverted_index._features._load
    monkeypatch.setattr(
        reader.inverted_index._features,
        "_load",
        lambda names: {name: (10**6, number) for name, (_, number) in load(names).items()},
    )

    assert reader.inverted_index.find_top("fact", ["w:album", "w:band"], (), real, 24) == before
    reader.close()
