from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.answering.pack_set import compile_packs
from bot.index import inverted_index, writer
from bot.index.codec import unpack_numbers
from bot.index.reader import IndexReader
from tests.support.packs import HIDE, LANTERN, REAL, little_fact, little_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.index.scope import EntryKind, Scope

KINDS: tuple[EntryKind, ...] = ("fact", "quote")
SCOPES = (frozenset({REAL}), frozenset({LANTERN}), frozenset({REAL, LANTERN}))
LITTLE = frozenset({"mira-vale"})


@pytest.fixture
def reader(store_of_both: Path) -> Iterator[IndexReader]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield reader
    reader.close()


def all_features(reader: IndexReader) -> list[str]:
    return [
        name for (name,) in reader._connection.fetch_all("SELECT name FROM feature ORDER BY name")
    ]


def read_impacts(reader: IndexReader, feature: str) -> dict[int, int]:
    """Return the impact on each entry that a feature has in the whole index."""
    rows = reader._connection.fetch_all(
        "SELECT entries, impacts FROM posting WHERE feature ="
        " (SELECT number FROM feature WHERE name = ?)",
        [feature],
    )
    return {
        entry: impact
        for entries, impacts in rows
        for entry, impact in zip(
            unpack_numbers("I", entries), unpack_numbers("H", impacts), strict=True
        )
    }


def add_up(
    reader: IndexReader, features: Iterable[str], kind: EntryKind, scope: Scope, limit: int
) -> list[int]:
    """Return the best entries by a sum over everything in the index."""
    id_ranges = reader._packs.filter_for(scope).id_ranges[kind]
    scores: defaultdict[int, int] = defaultdict(int)
    for feature in features:
        for entry, impact in read_impacts(reader, feature).items():
            if any(entry in ids for ids in id_ranges):
                scores[entry] += impact
    return sorted(scores, key=lambda entry: (-scores[entry], entry))[:limit]


@pytest.mark.parametrize("cached_length", [-1, 600])
def test_entries_are_scored_by_the_sum_of_their_impacts(
    reader: IndexReader, monkeypatch: pytest.MonkeyPatch, cached_length: int
) -> None:
    monkeypatch.setattr(inverted_index, "MAX_CACHED_LENGTH", cached_length)
    names = all_features(reader)
    # The same features twice: the second time from memory, if they are kept.
    questions = 2 * [names[at :: len(names) // 8] for at in range(5)]

    for features in questions:
        for scope in SCOPES:
            for kind in KINDS:
                found = reader.inverted_index.find_top(kind, features, scope, 24)
                assert found == add_up(reader, features, kind, scope, 24)


def test_what_was_read_in_one_scope_is_not_served_in_another(reader: IndexReader) -> None:
    features = ["w:band", "w:album", "i:release"]
    real, lantern, _ = SCOPES

    for scope in (real, lantern, real):
        numbers = reader.inverted_index.find_top("fact", features, scope, 24)
        assert {found.pack for found in reader.load_documents(numbers)} == set(scope)


def compile_bands(store: Path) -> IndexReader:
    """Compile forty facts: all are of a band, every third of a harbour, and each of a thing."""
    places = ["in the harbour " if number % 3 == 0 else "" for number in range(40)]
    facts = [
        little_fact(
            f"fact-{number}",
            statement=f"The band {place}had thing{number}x.",
            questions=(f"Which band {place}had thing{number}x?",),
        )
        for number, place in enumerate(places)
    ]
    compile_packs([little_pack(facts=facts)], store, "bands")
    return IndexReader.open(store, HIDE)


def test_postings_of_many_blocks_are_found_as_those_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = compile_bands(tmp_path / "whole.sqlite")
    features = all_features(whole)
    found = whole.inverted_index.find_top("fact", features, LITTLE, 100)
    whole.close()
    for module in (writer, inverted_index):
        monkeypatch.setattr(module, "BLOCK_SIZE", 7)

    blocks = compile_bands(tmp_path / "blocks.sqlite")

    with closing(sqlite3.connect(tmp_path / "blocks.sqlite")) as raw:
        assert max(raw.execute("SELECT count(*) FROM posting GROUP BY feature"))[0] > 5
    assert len(found) == 40
    assert blocks.inverted_index.find_top("fact", features, LITTLE, 100) == found
    blocks.close()


@pytest.fixture
def bands(tmp_path: Path) -> Iterator[IndexReader]:
    reader = compile_bands(tmp_path / "bands.sqlite")
    yield reader
    reader.close()


def test_a_common_feature_finds_no_entry_beside_those_of_rarer_ones(
    bands: IndexReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = ["w:band", "w:thing7x", "w:thing8x"]
    among_all = bands.inverted_index.find_top("fact", features, LITTLE, 24)

    monkeypatch.setattr(inverted_index, "MAX_POSTINGS", 3)
    among_rare = bands.inverted_index.find_top("fact", features, LITTLE, 24)

    assert len(among_all) == 24
    assert among_rare == among_all[:2]


def test_a_common_feature_still_says_which_of_the_best_entries_comes_first(
    bands: IndexReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverted_index, "MAX_POSTINGS", 3)
    things = ["w:thing1x", "w:thing3x"]

    assert bands.inverted_index.find_top("fact", things, LITTLE, 24) == [2, 4]
    assert bands.inverted_index.find_top("fact", [*things, "w:harbour"], LITTLE, 24) == [4, 2]


def test_the_rarest_feature_is_read_even_where_it_alone_has_too_many_postings(
    bands: IndexReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverted_index, "MAX_POSTINGS", 3)

    assert len(bands.inverted_index.find_top("fact", ["w:band"], LITTLE, 100)) == 40


def test_what_lies_outside_the_scope_makes_no_feature_common(
    store_of_both: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SCOPES[0]
    reader = IndexReader.open(store_of_both, HIDE)
    (size,) = {len(ids) for ids in reader._packs.filter_for(real).id_ranges["fact"]}
    before = reader.inverted_index.find_top("fact", ["w:album", "w:band"], real, 24)
    reader.close()

    # As if thousands of other packs spoke of albums and bands, too.
    monkeypatch.setattr(inverted_index, "MAX_POSTINGS", 2 * size)
    monkeypatch.setattr(inverted_index, "MAX_RESCORED", 1)
    reader = IndexReader.open(store_of_both, HIDE)
    load = reader.inverted_index._features._load
    monkeypatch.setattr(
        reader.inverted_index._features,
        "_load",
        lambda names: {name: (10**6, number) for name, (_, number) in load(names).items()},
    )

    assert reader.inverted_index.find_top("fact", ["w:album", "w:band"], real, 24) == before
    reader.close()
