from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.answering.stores import compile_packs
from bot.errors import StoreError
from bot.knowledge.reader import StoreReader
from bot.knowledge.store import APPLICATION, SCHEMA
from tests.support.packs import LANTERN, REAL, WITHDRAWN, little_fact, little_pack, little_quote

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

BOTH = frozenset({REAL, LANTERN})
NOWHERE: frozenset[str] = frozenset()
EVERY_KIND = ("fact", "quote", "release")


@pytest.fixture
async def reader(store_of_both: Path) -> AsyncIterator[StoreReader]:
    reader = await StoreReader.open(store_of_both)
    yield reader
    await reader.close()


async def test_the_shelves_say_what_packs_there_are(reader: StoreReader) -> None:
    assert list(reader.shelves) == [REAL, LANTERN]
    assert reader.shelves[REAL].source.author == "Brittany Frederick"
    assert reader.shelves[LANTERN].names["maren-tolvey"] == "Maren Tolvey"
    assert reader.shelves[LANTERN].names["tide-table"] == "Tide Table"


async def test_entries_are_found_by_pack_and_id(reader: StoreReader) -> None:
    date = (REAL, "album-release-date")
    pack, fact = (await reader.facts_by_key([date]))[date]
    quote = await reader.quote(REAL, "best-fans")
    release = await reader.release(LANTERN, "slow-water-almanac")

    assert pack == REAL
    assert "June 11, 2013" in fact.statement
    assert quote is not None
    assert quote.speaker == "kendall-schmidt"
    assert release is not None
    assert [song.title for song in release.songs][:2] == ["Heronmother", "Tide Table"]


async def test_an_id_of_another_pack_or_kind_or_none_is_nothing(reader: StoreReader) -> None:
    assert await reader.quote(REAL, "album-release-date") is None
    assert await reader.release(REAL, "slow-water-almanac") is None
    assert await reader.quote("no-such-pack", "best-fans") is None
    assert await reader.quote(REAL, "' OR 1=1 --") is None
    strange = [(LANTERN, "album-release-date"), ("no-such-pack", "x"), (REAL, "' OR 1=1 --")]
    assert await reader.facts_by_key(strange) == {}
    assert await reader.facts_by_key([]) == {}


@pytest.mark.parametrize("scope", [NOWHERE, {REAL}, {LANTERN}, BOTH, {LANTERN, "unknown"}])
async def test_a_scope_bounds_everything_that_is_read(reader: StoreReader, scope: set[str]) -> None:
    within = frozenset(scope)
    facts, quotes = await reader.facts(within), await reader.quotes(within)
    releases = await reader.releases(within)
    found = await reader.find(["the"], within)

    for packs in (facts, quotes, releases, found):
        assert {each[0] for each in packs} == within & BOTH


async def test_candidates_come_from_the_scope_and_kind_alone(reader: StoreReader) -> None:
    features = [name for (name,) in await reader._rows("SELECT name FROM feature", ())]

    for kind, least, most in (("fact", 1, 10**9), ("quote", 10**9 + 1, 2 * 10**9)):
        for scope in (NOWHERE, frozenset({REAL}), frozenset({LANTERN}), BOTH):
            numbers = await reader.candidates(kind, features, [], scope, 24)
            packs = {candidate.pack for candidate in await reader.documents(numbers)}
            assert packs <= scope
            assert all(least <= number <= most for number in numbers)
            assert bool(numbers) == bool(scope)


async def test_names_and_words_come_from_the_scope_alone(reader: StoreReader) -> None:
    real, lantern = frozenset({REAL}), frozenset({LANTERN})

    assert await reader.names(["maren"], real) == []
    assert (("maren", "tolvey"), "lantern-weir/maren-tolvey") in await reader.names(
        ["maren"], lantern
    )
    assert await reader.known(["heronmother", "heffron"], lantern) == {"heronmother"}
    assert await reader.known(["heronmother", "heffron"], real) == {"heffron"}
    assert "heronmother" not in await reader.misspelt(["heronmo", "heronmoth"], real)
    assert "heronmother" in await reader.misspelt(["heronmo", "heronmot"], lantern)


async def test_the_words_of_the_lexicon_are_known_everywhere(reader: StoreReader) -> None:
    assert await reader.known(["album", "zzyzx"], NOWHERE) == {"album"}


async def test_at_most_so_many_candidates_come_and_the_best_first(reader: StoreReader) -> None:
    features = ["w:album", "i:release", "w:fan", "w:band"]

    few = await reader.candidates("fact", features, [], BOTH, 3)
    many = await reader.candidates("fact", features, [], BOTH, 24)

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
async def test_no_word_is_fts_syntax(reader: StoreReader, word: str) -> None:
    found = await reader.find([word], BOTH)

    assert len(found) <= 25
    assert await reader.find([], BOTH) == []
    assert await reader.find(["album", word, "heronmotherly"], BOTH) == []


async def test_a_search_wants_all_of_the_words(reader: StoreReader) -> None:
    assert (REAL, "release", "24-seven") in await reader.find(["Amazing", "Untouchable"], BOTH)
    assert await reader.find(["Amazing", "Heronmother"], BOTH) == []


async def test_withdrawn_entries_cannot_be_read(tmp_path: Path) -> None:
    facts = [
        little_fact(related=("secret",), quotes=("unsaid",)),
        little_fact("secret", withdrawn=WITHDRAWN),
    ]
    quotes = [little_quote(), little_quote("unsaid", withdrawn=WITHDRAWN)]
    compile_packs([little_pack(facts=facts, quotes=quotes)], tmp_path / "s.sqlite", "key")
    reader = await StoreReader.open(tmp_path / "s.sqlite")
    everywhere = frozenset(reader.shelves)

    assert await reader.facts_by_key([("mira-vale", "secret")]) == {}
    assert await reader.quote("mira-vale", "unsaid") is None
    assert [fact.id for _, fact in await reader.facts(everywhere)] == ["sister"]
    assert [quote.id for _, quote in await reader.quotes(everywhere)] == ["best-part"]
    await reader.close()


async def test_the_store_is_opened_only_to_read(reader: StoreReader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await reader._db.execute("DELETE FROM entry")


async def test_opening_leaves_nothing_beside_the_store(little_store: Path) -> None:
    before = set(little_store.parent.iterdir())
    reader = await StoreReader.open(little_store)
    await reader.facts(frozenset({"mira-vale"}))
    await reader.close()

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
async def test_what_is_no_store_is_told_and_leaves_no_thread(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = tmp_path / "other.sqlite"
    make(path)
    before = set(threading.enumerate())

    with pytest.raises(StoreError) as caught:
        await StoreReader.open(path)

    assert str(caught.value).startswith(f"{path}: this is no fact store that can be read")
    assert "it will be compiled again" in str(caught.value)
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=5)  # it may be ending
        assert not thread.is_alive()


async def test_a_store_that_breaks_while_it_is_open_is_an_expected_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA};"
            "CREATE TABLE pack (number, b, c, d, e, f, g, h);"
        )
    reader = await StoreReader.open(path)

    with pytest.raises(StoreError, match="start again, it will be compiled again"):
        await reader.commonness(["word"])
    await reader.close()
