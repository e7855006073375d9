from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.index.reader import IndexReader
from tests.support.packs import HIDE, LANTERN, REAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOWHERE = frozenset[str]()
BOTH = frozenset({REAL, LANTERN})


@pytest.fixture
def reader(store_of_both: Path) -> Iterator[IndexReader]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield reader
    reader.close()


def test_a_word_comes_with_its_frequency_its_use_and_its_names(
    reader: IndexReader,
) -> None:
    words = reader.vocabulary.read_words(
        ["maren", "album", "zzyzx", "heffron"], frozenset({LANTERN})
    )

    names = {name: keys for _, names in words["maren"].names for name, keys in names.items()}
    assert names["maren", "tolvey"] == {"lantern-weir/maren-tolvey"}
    assert words["maren"].is_known
    assert words["album"].is_known
    assert (words["album"].zipf_frequency or 0) > 3
    assert (words["zzyzx"].zipf_frequency, words["zzyzx"].is_known) == (None, False)
    assert (words["heffron"].is_known, words["heffron"].names) == (False, ())


def test_longer_names_come_before_shorter_ones(reader: IndexReader) -> None:
    lengths = [length for length, _ in reader.vocabulary.read_words(["maren"], BOTH)["maren"].names]

    assert lengths == sorted(lengths, reverse=True)
    assert len(lengths) > 1


def test_a_word_read_in_one_scope_is_another_in_another(reader: IndexReader) -> None:
    for scope in (REAL, LANTERN, REAL):
        word = reader.vocabulary.read_words(["maren"], frozenset({scope}))["maren"]
        assert bool(word.names) == word.is_known == (scope == LANTERN)


def test_each_misspelt_word_has_corrections_of_its_own(reader: IndexReader) -> None:
    variants = {"heronmothr": {"heronmo", "heronmothr"}, "albun": {"albu"}, "zzyzx": {"zzyz"}}

    found = reader.vocabulary.read_corrections(variants, frozenset({LANTERN}))

    assert list(found) == list(variants)
    assert "heronmother" in found["heronmothr"]
    assert "heronmother" not in found["albun"]
    assert "album" in found["albun"]
    assert found["zzyzx"] == {}
    assert (
        "heronmother"
        not in reader.vocabulary.read_corrections(variants, frozenset({REAL}))["heronmothr"]
    )


def test_all_packs_together_use_a_word_as_often_as_each_of_them(reader: IndexReader) -> None:
    variants = {"albun": {"albu", "albm"}}
    uses = [
        reader.vocabulary.read_corrections(variants, scope)["albun"]["album"]
        for scope in (frozenset({REAL}), frozenset({LANTERN}), frozenset({REAL, LANTERN}))
    ]

    assert min(uses) > 0
    assert uses[0] + uses[1] == uses[2]


def test_names_and_words_come_from_the_scope_alone(reader: IndexReader) -> None:
    words = ["maren", "heronmother", "heffron"]
    variants = {"heronmothr": ["heronmo", "heronmot"]}
    known = {}
    for pack in (REAL, LANTERN):
        entries = reader.vocabulary.read_words(words, frozenset({pack}))
        known[pack] = {word for word, entry in entries.items() if entry.is_known}
        assert bool(entries["maren"].names) == (pack == LANTERN)
        meant = reader.vocabulary.read_corrections(variants, frozenset({pack}))["heronmothr"]
        assert ("heronmother" in meant) == (pack == LANTERN)

    assert known == {REAL: {"heffron"}, LANTERN: {"maren", "heronmother"}}


def test_the_words_of_the_lexicon_are_known_everywhere(reader: IndexReader) -> None:
    entries = reader.vocabulary.read_words(["album", "zzyzx"], NOWHERE)

    assert [entry.is_known for entry in entries.values()] == [True, False]


def test_all_names_of_a_subject_are_read(reader: IndexReader) -> None:
    names = reader.vocabulary.read_names_of(["maren-tolvey"])

    assert (LANTERN, "maren-tolvey", ("maren", "tolvey")) in names
    assert {(pack, subject) for pack, subject, _ in names} == {(LANTERN, "maren-tolvey")}
