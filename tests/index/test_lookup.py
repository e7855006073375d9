from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.answering.pack_set import compile_packs
from bot.index.reader import IndexReader, QuestionFeatures, QuestionLookup, StoredDocument
from tests.support.packs import HIDE, LANTERN, REAL, little_fact, little_pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOTH = frozenset({REAL, LANTERN})
ALBUM = QuestionFeatures(["w:album", "i:release"], ["w:age", "w:zzyzx"])


def key_of(stored: StoredDocument) -> tuple[str, str]:
    return stored.pack, stored.id


@pytest.fixture
def reader(store_of_both: Path) -> Iterator[IndexReader]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield reader
    reader.close()


@pytest.fixture
def lookup(reader: IndexReader) -> QuestionLookup[tuple[str, str]]:
    return QuestionLookup(reader, key_of)


def test_one_read_gives_candidates_samples_and_topics(
    lookup: QuestionLookup[tuple[str, str]],
) -> None:
    data = lookup.read_question_data("fact", ALBUM, BOTH, 5)

    assert len(data.candidates) == 5
    assert {pack for pack, _ in data.candidates} <= BOTH
    assert data.samples == ()
    assert set(data.ood_log_odds) == {"w:age"}
    assert max(data.ood_log_odds["w:age"].values()) > 0


def test_candidates_come_in_the_order_of_the_inverted_index(
    lookup: QuestionLookup[tuple[str, str]],
) -> None:
    whole = lookup.read_question_data("fact", ALBUM, BOTH, 10).candidates

    assert lookup.read_question_data("fact", ALBUM, BOTH, 3).candidates == whole[:3]


def test_a_sample_question_of_several_facts_finds_two_of_them(tmp_path: Path) -> None:
    facts = [little_fact(name, questions=("Who is Ona?",)) for name in ("one", "two", "three")]
    facts.append(little_fact("other", questions=("Does Ona sing?",)))
    compile_packs([little_pack(facts=facts)], tmp_path / "s.sqlite", "key")
    reader = IndexReader.open(tmp_path / "s.sqlite", HIDE)
    lookup = QuestionLookup(reader, key_of)
    scope = frozenset({"mira-vale"})

    several = QuestionFeatures((), (), sample="q:who is ona")
    single = QuestionFeatures((), (), sample="q:does ona sing")

    assert len(lookup.read_question_data("fact", several, scope, 9).samples) == 2
    samples = lookup.read_question_data("fact", single, scope, 9).samples
    assert samples == (("mira-vale", "other"),)
    assert lookup.read_question_data("fact", single, frozenset(), 9).samples == ()
    reader.close()


def test_documents_are_decoded_once(store_of_both: Path) -> None:
    decoded: list[int] = []

    def decode(stored: StoredDocument) -> int:
        decoded.append(stored.number)
        return stored.number

    reader = IndexReader.open(store_of_both, HIDE)
    lookup = QuestionLookup(reader, decode)
    first = lookup.read_question_data("fact", ALBUM, BOTH, 5)
    again = lookup.read_question_data("fact", ALBUM, BOTH, 5)
    reader.close()

    assert first == again
    assert sorted(decoded) == sorted(first.candidates)


def test_only_documents_of_the_first_packs_are_decoded(store_of_both: Path) -> None:
    decoded: list[str] = []

    def decode(stored: StoredDocument) -> str:
        decoded.append(stored.pack)
        return stored.pack

    reader = IndexReader.open(store_of_both, HIDE)
    lookup = QuestionLookup(reader, decode)
    first = lookup.read_question_data("fact", ALBUM, BOTH, 24, max_packs=1).candidates
    seen = list(decoded)
    both = lookup.read_question_data("fact", ALBUM, BOTH, 24).candidates
    reader.close()

    assert set(both) == BOTH
    assert seen == list(first) == [pack for pack in both if pack == both[0]]
