from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.answering.pack_set import compile_packs
from bot.errors import StoreError
from bot.index.compiler import APPLICATION, SCHEMA
from bot.index.reader import StoreReader
from tests.support.packs import (
    HIDE,
    LANTERN,
    REAL,
    WITHDRAWN,
    little_fact,
    little_pack,
    little_quote,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOTH = frozenset({REAL, LANTERN})
NOWHERE: frozenset[str] = frozenset()
EVERY_KIND = ("fact", "quote", "release")


@pytest.fixture
def reader(store_of_both: Path) -> Iterator[StoreReader]:
    reader = StoreReader.open(store_of_both, HIDE)
    yield reader
    reader.close()


def test_the_shelves_say_what_packs_there_are(reader: StoreReader) -> None:
    assert list(reader.shelves) == [REAL, LANTERN]
    assert reader.shelves[REAL].source.author == "Brittany Frederick"
    assert reader.shelves[LANTERN].names["maren-tolvey"] == "Maren Tolvey"
    assert reader.shelves[LANTERN].names["tide-table"] == "Tide Table"


def test_entries_are_found_by_pack_and_id(reader: StoreReader) -> None:
    date = (REAL, "album-release-date")
    pack, fact = (reader.facts_by_key([date]))[date]
    quote = reader.quote(REAL, "best-fans")
    release = reader.release(LANTERN, "slow-water-almanac")

    assert pack == REAL
    assert "June 11, 2013" in fact.statement
    assert quote is not None
    assert quote.speaker == "kendall-schmidt"
    assert release is not None
    assert [song.title for song in release.songs][:2] == ["Heronmother", "Tide Table"]


def test_an_id_of_another_pack_or_kind_or_none_is_nothing(reader: StoreReader) -> None:
    assert reader.quote(REAL, "album-release-date") is None
    assert reader.release(REAL, "slow-water-almanac") is None
    assert reader.quote("no-such-pack", "best-fans") is None
    assert reader.quote(REAL, "' OR 1=1 --") is None
    strange = [(LANTERN, "album-release-date"), ("no-such-pack", "x"), (REAL, "' OR 1=1 --")]
    assert reader.facts_by_key(strange) == {}
    assert reader.facts_by_key([]) == {}


@pytest.mark.parametrize("scope", [NOWHERE, {REAL}, {LANTERN}, BOTH, {LANTERN, "unknown"}])
def test_a_scope_bounds_everything_that_is_read(reader: StoreReader, scope: set[str]) -> None:
    within = frozenset(scope)
    facts, quotes = reader.facts(within), reader.quotes(within)
    releases = reader.releases(within)
    found = reader.find(["the"], within)

    for packs in (facts, quotes, releases, found):
        assert {each[0] for each in packs} == within & BOTH


def test_candidates_come_from_the_scope_and_kind_alone(reader: StoreReader) -> None:
    features = [name for (name,) in reader._rows.all("SELECT name FROM feature")]

    for kind, least, most in (("fact", 1, 10**9), ("quote", 10**9 + 1, 2 * 10**9)):
        for scope in (NOWHERE, frozenset({REAL}), frozenset({LANTERN}), BOTH):
            numbers = reader.candidates.likeliest(kind, features, [], scope, 24)
            packs = {candidate.pack for candidate in reader.documents(numbers)}
            assert packs <= scope
            assert all(least <= number <= most for number in numbers)
            assert bool(numbers) == bool(scope)


def test_names_and_words_come_from_the_scope_alone(reader: StoreReader) -> None:
    real, lantern = frozenset({REAL}), frozenset({LANTERN})

    assert reader.words.names(["maren"], real) == []
    assert (("maren", "tolvey"), "lantern-weir/maren-tolvey") in reader.words.names(
        ["maren"], lantern
    )
    assert reader.words.known(["heronmother", "heffron"], lantern) == {"heronmother"}
    assert reader.words.known(["heronmother", "heffron"], real) == {"heffron"}
    assert "heronmother" not in reader.words.misspelt(["heronmo", "heronmoth"], real)
    assert "heronmother" in reader.words.misspelt(["heronmo", "heronmot"], lantern)


def test_the_words_of_the_lexicon_are_known_everywhere(reader: StoreReader) -> None:
    assert reader.words.known(["album", "zzyzx"], NOWHERE) == {"album"}


def test_at_most_so_many_candidates_come_and_the_best_first(reader: StoreReader) -> None:
    features = ["w:album", "i:release", "w:fan", "w:band"]

    few = reader.candidates.likeliest("fact", features, [], BOTH, 3)
    many = reader.candidates.likeliest("fact", features, [], BOTH, 24)

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
def test_no_word_is_fts_syntax(reader: StoreReader, word: str) -> None:
    found = reader.find([word], BOTH)

    assert len(found) <= 25
    assert reader.find([], BOTH) == []
    assert reader.find(["album", word, "heronmotherly"], BOTH) == []


def test_a_search_wants_all_of_the_words(reader: StoreReader) -> None:
    assert (REAL, "release", "24-seven") in reader.find(["Amazing", "Untouchable"], BOTH)
    assert reader.find(["Amazing", "Heronmother"], BOTH) == []


def test_withdrawn_entries_cannot_be_read(tmp_path: Path) -> None:
    facts = [
        little_fact(related=("secret",), quotes=("unsaid",)),
        little_fact("secret", withdrawn=WITHDRAWN),
    ]
    quotes = [little_quote(), little_quote("unsaid", withdrawn=WITHDRAWN)]
    compile_packs([little_pack(facts=facts, quotes=quotes)], tmp_path / "s.sqlite", "key")
    reader = StoreReader.open(tmp_path / "s.sqlite", HIDE)
    everywhere = frozenset(reader.shelves)

    assert reader.facts_by_key([("mira-vale", "secret")]) == {}
    assert reader.quote("mira-vale", "unsaid") is None
    assert [fact.id for _, fact in reader.facts(everywhere)] == ["sister"]
    assert [quote.id for _, quote in reader.quotes(everywhere)] == ["best-part"]
    reader.close()


def test_the_store_is_opened_only_to_read(reader: StoreReader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._rows._db.execute("DELETE FROM entry")


def test_opening_leaves_nothing_beside_the_store(little_store: Path) -> None:
    before = set(little_store.parent.iterdir())
    reader = StoreReader.open(little_store, HIDE)
    reader.facts(frozenset({"mira-vale"}))
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
        StoreReader.open(path, HIDE)

    assert str(caught.value).startswith(f"{path}: this is no fact store that can be read")
    assert "it will be compiled again" in str(caught.value)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=5)  # it may be ending
        assert not thread.is_alive()


def test_a_store_that_breaks_while_it_is_open_is_an_expected_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA};"
            "CREATE TABLE pack (number, b, c, d, e, f, g, h);"
            "CREATE TABLE beyond (feature, topic, affinity);"
        )
    reader = StoreReader.open(path, HIDE)

    with pytest.raises(StoreError, match="start again, it will be compiled again"):
        reader.words.commonness(["word"])
    reader.close()
