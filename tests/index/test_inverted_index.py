from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.index import inverted_index
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
