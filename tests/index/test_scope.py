from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.answering.results import Found
from bot.index import inverted_index, scope
from bot.index.reader import IndexReader
from bot.index.scope import PackHeader, PackTable
from tests.support.packs import HIDE, SOURCE, little_fact, little_pack, little_quote, little_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.index.scope import EntryKind

KINDS: tuple[EntryKind, ...] = ("fact", "quote", "release")
OUTER = frozenset({"first", "third"})
EVERYTHING = frozenset({"first", "second", "third"})


def header(number: int, name: str, facts: range, quotes: range = range(0)) -> PackHeader:
    ranges: dict[EntryKind, range] = {"fact": facts, "quote": quotes, "release": range(0)}
    return PackHeader(number, name, name.title(), SOURCE, {}, ranges)


TABLE = PackTable(
    [
        header(1, "first", range(1, 4), range(100, 102)),
        header(2, "second", range(4, 9)),
        header(3, "third", range(9, 11), range(102, 103)),
    ]
)


def facts_in(*packs: str) -> tuple[range, ...]:
    return TABLE.filter_for(frozenset(packs)).id_ranges["fact"]


def test_a_pack_between_two_in_scope_stays_outside() -> None:
    assert facts_in("first", "third") == (range(1, 4), range(9, 11))


def test_packs_that_follow_each_other_make_one_range() -> None:
    assert facts_in("first", "second") == (range(1, 9),)
    assert facts_in("second", "third") == (range(4, 11),)
    assert facts_in("first", "second", "third") == (range(1, 11),)


def test_a_pack_without_entries_of_a_kind_makes_no_gap() -> None:
    assert TABLE.filter_for(OUTER).id_ranges["quote"] == (range(100, 103),)
    assert TABLE.filter_for(EVERYTHING).id_ranges["release"] == ()


def test_a_pack_that_is_not_there_adds_nothing_to_a_scope() -> None:
    assert facts_in("second", "gone") == (range(4, 9),)
    assert facts_in("gone") == ()


@pytest.mark.parametrize(
    ("packs", "condition"),
    [
        (OUTER, "pack IN (0,1,3)"),
        (frozenset({"second"}), "pack IN (0,2)"),
        (frozenset(), "pack IN (0)"),
        (frozenset({"gone"}), "pack IN (0)"),
        (EVERYTHING, "1"),
        (EVERYTHING | {"gone"}, "1"),
    ],
)
def test_the_lexicon_is_in_every_scope_and_each_pack_in_its_own(
    packs: frozenset[str], condition: str
) -> None:
    assert TABLE.filter_for(packs).pack_condition == condition


def test_a_condition_on_entries_names_both_ends_of_every_range() -> None:
    outer, nothing = TABLE.filter_for(OUTER), TABLE.filter_for(frozenset())

    assert outer.entry_condition("fact") == "(number BETWEEN 1 AND 3 OR number BETWEEN 9 AND 10)"
    assert nothing.entry_condition("fact") == "(0)"


def test_a_scope_has_entries_of_a_kind_only_if_a_pack_of_it_does() -> None:
    assert TABLE.has_entries("quote", OUTER)
    assert not TABLE.has_entries("quote", frozenset({"second"}))
    assert not TABLE.has_entries("release", EVERYTHING)
    assert not TABLE.has_entries("fact", frozenset())


def test_the_widest_scope_is_every_pack() -> None:
    assert TABLE.all_packs == EVERYTHING


def test_more_scopes_than_are_kept_are_each_worked_out_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scope, "MAX_CACHED_FILTERS", 1)
    table = PackTable(TABLE.by_id.values())

    for _ in range(2):
        assert table.filter_for(OUTER).id_ranges["fact"] == (range(1, 4), range(9, 11))
        assert table.filter_for(frozenset({"second"})).id_ranges["fact"] == (range(4, 9),)


# The same in a real index: three packs that tell the same of three sisters.


@pytest.fixture(scope="module")
def store_of_three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("three") / "three.sqlite"
    names = {"first": "Ona", "second": "Heronmother", "third": "Ilse"}
    packs = [
        replace(
            little_pack(
                pack,
                facts=[
                    little_fact(
                        "sister",
                        statement=f"{name} plays the tuba in the harbour.",
                        questions=(f"What does {name} play?", f"Which instrument has {name}?"),
                    )
                ],
                quotes=[little_quote(f"quote-of-{pack}")],
                releases=[little_release(f"release-of-{pack}")],
            ),
            entities=(
                little_pack().entities[0],
                replace(little_pack().entities[1], name=name),
            ),
        )
        for pack, name in names.items()
    ]
    compile_packs(packs, store, "three")
    return store


@pytest.fixture
def reader(store_of_three: Path) -> Iterator[IndexReader]:
    reader = IndexReader.open(store_of_three, HIDE)
    yield reader
    reader.close()


def test_no_list_has_an_entry_of_the_pack_between(reader: IndexReader) -> None:
    assert {pack for pack, _ in reader.list_facts(OUTER)} == OUTER
    assert {pack for pack, _ in reader.list_quotes(OUTER)} == OUTER
    assert {pack for pack, _ in reader.list_releases(OUTER)} == OUTER
    assert {pack for pack, _, _ in reader.search_text(["tuba"], OUTER)} == OUTER


@pytest.mark.parametrize("max_postings", [1, 12_000])
def test_no_search_finds_an_entry_of_the_pack_between(
    reader: IndexReader, monkeypatch: pytest.MonkeyPatch, max_postings: int
) -> None:
    monkeypatch.setattr(inverted_index, "MAX_POSTINGS", max_postings)
    features = [name for (name,) in reader._connection.fetch_all("SELECT name FROM feature")]

    for kind in ("fact", "quote"):
        found = reader.inverted_index.find_top(kind, features, OUTER, 24)
        packs = {document.pack for document in reader.load_documents(found)}
        # The rarest feature alone need not be of both packs.
        assert packs == OUTER if max_postings > 1 else packs <= OUTER


async def test_the_pack_between_two_that_answer_stays_silent(store_of_three: Path) -> None:
    question = "What does Heronmother play?"
    async with await KnowledgeBase.open(store_of_three, HIDE) as knowledge:
        answer = await knowledge.answer(question, EVERYTHING)
        assert isinstance(answer, Found)
        assert answer.answer.pack == "second"

        answer = await knowledge.answer(question, OUTER)
        assert "second" not in str(answer)
        assert "Heronmother" not in str(answer)
