from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.answering.pack_set import compile_packs
from bot.errors import StoreError
from bot.index.compiler import APPLICATION_ID, SCHEMA_VERSION
from bot.index.reader import IndexReader
from tests.support.packs import (
    HIDE,
    LANTERN,
    REAL,
    WITHDRAWN,
    little_fact,
    little_pack,
    little_quote,
)
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.index.scope import EntryKind

BOTH = frozenset({REAL, LANTERN})
NOWHERE: frozenset[str] = frozenset()
EVERY_KIND = ("fact", "quote", "release")


@pytest.fixture
def reader(store_of_both: Path) -> Iterator[IndexReader]:
    reader = IndexReader.open(store_of_both, HIDE)
    yield reader
    reader.close()


def test_the_reader_lists_its_packs(reader: IndexReader) -> None:
    assert list(reader.packs) == [REAL, LANTERN]
    assert reader.packs[REAL].source.author == "Brittany Frederick"
    assert reader.packs[LANTERN].names["maren-tolvey"] == "Maren Tolvey"
    assert reader.packs[LANTERN].names["tide-table"] == "Tide Table"


def test_entries_are_found_by_pack_and_id(reader: IndexReader) -> None:
    date = (REAL, "album-release-date")
    pack, fact = (reader.load_facts([date]))[date]
    quote = reader.load_quote(REAL, "best-fans")
    release = reader.load_release(LANTERN, "slow-water-almanac")

    assert pack == REAL
    assert "June 11, 2013" in fact.statement
    assert quote is not None
    assert quote.speaker == "kendall-schmidt"
    assert release is not None
    assert [song.title for song in release.songs][:2] == ["Heronmother", "Tide Table"]


def test_an_id_of_another_pack_or_kind_or_none_is_nothing(reader: IndexReader) -> None:
    assert reader.load_quote(REAL, "album-release-date") is None
    assert reader.load_release(REAL, "slow-water-almanac") is None
    assert reader.load_quote("no-such-pack", "best-fans") is None
    assert reader.load_quote(REAL, "' OR 1=1 --") is None
    strange = [(LANTERN, "album-release-date"), ("no-such-pack", "x"), (REAL, "' OR 1=1 --")]
    assert reader.load_facts(strange) == {}
    assert reader.load_facts([]) == {}


@pytest.mark.parametrize("scope", [NOWHERE, {REAL}, {LANTERN}, BOTH, {LANTERN, "unknown"}])
def test_a_scope_bounds_everything_that_is_read(reader: IndexReader, scope: set[str]) -> None:
    within = frozenset(scope)
    facts, quotes = reader.list_facts(within), reader.list_quotes(within)
    releases = reader.list_releases(within)
    found = reader.search_text(["the"], within)

    for packs in (facts, quotes, releases, found):
        assert {each[0] for each in packs} == within & BOTH


def test_candidates_come_from_the_scope_and_kind_alone(reader: IndexReader) -> None:
    features = [name for (name,) in reader._connection.fetch_all("SELECT name FROM feature")]

    kinds: tuple[tuple[EntryKind, int, int], ...] = (
        ("fact", 1, 10**9),
        ("quote", 10**9 + 1, 2 * 10**9),
    )
    for kind, least, most in kinds:
        for scope in (NOWHERE, frozenset({REAL}), frozenset({LANTERN}), BOTH):
            numbers = reader.inverted_index.find_top(kind, features, scope, 24)
            packs = {candidate.pack for candidate in reader.load_documents(numbers)}
            assert packs <= scope
            assert all(least <= number <= most for number in numbers)
            assert bool(numbers) == bool(scope)


def test_at_most_so_many_candidates_come_and_the_best_first(reader: IndexReader) -> None:
    features = ["w:album", "i:release", "w:fan", "w:band"]

    few = reader.inverted_index.find_top("fact", features, BOTH, 3)
    many = reader.inverted_index.find_top("fact", features, BOTH, 24)

    assert len(few) == 3
    assert many[:3] == few


@pytest.mark.parametrize(
    "word",
    [
        '"',
        "'",
        "a OR b",
        "NEAR(a b)",
        "title:x",
        "*",
        "^a",
        "-a",
        "(",
        "a\x00b",
        "\ud800",
        "",
        "😀",
    ],
)
def test_no_word_is_fts_syntax(reader: IndexReader, word: str) -> None:
    found = reader.search_text([word], BOTH)

    assert len(found) <= 25
    assert reader.search_text([], BOTH) == []
    assert reader.search_text(["album", word, "heronmotherly"], BOTH) == []


def test_a_quotation_mark_in_a_word_ends_no_fts_string(reader: IndexReader) -> None:
    albums = reader.search_text(["album"], BOTH)

    assert albums
    assert reader.search_text(['album"'], BOTH) == albums
    assert reader.search_text(['"album'], BOTH) == albums
    assert reader.search_text(['zzyzx" OR "album'], BOTH) == []
    assert reader.search_text(['album" NOT "album'], BOTH) == []


def test_a_search_wants_all_of_the_words(reader: IndexReader) -> None:
    assert (REAL, "release", "24-seven") in reader.search_text(["Amazing", "Untouchable"], BOTH)
    assert reader.search_text(["Amazing", "Heronmother"], BOTH) == []


def test_withdrawn_entries_cannot_be_read(tmp_path: Path) -> None:
    facts = [
        little_fact(related=("secret",), quotes=("unsaid",)),
        little_fact("secret", withdrawn=WITHDRAWN),
    ]
    quotes = [little_quote(), little_quote("unsaid", withdrawn=WITHDRAWN)]
    compile_packs([little_pack(facts=facts, quotes=quotes)], tmp_path / "s.sqlite", "key")
    reader = IndexReader.open(tmp_path / "s.sqlite", HIDE)
    everywhere = frozenset(reader.packs)

    assert reader.load_facts([("mira-vale", "secret")]) == {}
    assert reader.load_quote("mira-vale", "unsaid") is None
    assert [fact.id for _, fact in reader.list_facts(everywhere)] == ["sister"]
    assert [quote.id for _, quote in reader.list_quotes(everywhere)] == ["best-part"]
    reader.close()


def test_the_store_is_opened_only_to_read(reader: IndexReader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection._db.execute("DELETE FROM entry")


def test_opening_leaves_nothing_beside_the_store(little_store: Path) -> None:
    before = set(little_store.parent.iterdir())
    reader = IndexReader.open(little_store, HIDE)
    reader.list_facts(frozenset({"mira-vale"}))
    reader.close()

    assert set(little_store.parent.iterdir()) == before


def no_file(path: Path) -> None:
    pass


def text(path: Path) -> None:
    path.write_text("This is no database.\n" * 500)


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE pack (number, id, title, source)")
        connection.execute("INSERT INTO pack VALUES (1, 'x', 'X', 'not json')")
        connection.commit()


@pytest.mark.parametrize("make", [no_file, text, another_programs])
def test_what_is_no_store_is_told_and_leaves_no_thread(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = tmp_path / "other.sqlite"
    make(path)
    before = set(threading.enumerate())

    with pytest.raises(StoreError) as caught:
        IndexReader.open(path, HIDE)

    assert str(caught.value).startswith(f"{path}: this is no fact store that can be read")
    assert "it will be compiled again" in str(caught.value)
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE_S)  # it may be ending
        assert not thread.is_alive()


def test_a_store_that_breaks_while_it_is_open_is_an_expected_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
            "CREATE TABLE pack (number, b, c, d, e, f, g, h);"
            "CREATE TABLE ood_feature (feature, topic, log_odds);"
        )
    reader = IndexReader.open(path, HIDE)

    with pytest.raises(StoreError, match="start again, it will be compiled again"):
        reader.vocabulary.read_words(["word"], NOWHERE)
    reader.close()
