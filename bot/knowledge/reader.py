"""Reads a compiled fact store: the only place that asks it anything, rows never leave it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiosqlite

from bot.errors import StoreError
from bot.knowledge.candidates import Feature, seeking
from bot.knowledge.codec import fact_from, quote_from, release_from, source_from
from bot.knowledge.reach import Reach, Scope, Shelf, reach_of
from bot.knowledge.store import FIRST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from bot.knowledge.model import Fact, Quote, Release

MOST_REACHES = 256
"""So many scopes are kept worked out: a server's own is asked again and again."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be what was asked for."""

    number: int
    pack: str
    id: str
    document: str
    """As the indexer wrote it."""


class StoreReader:
    """A compiled store, opened read-only."""

    def __init__(self, connection: aiosqlite.Connection, shelves: Sequence[Shelf]) -> None:
        self._db = connection
        self.shelves = {shelf.id: shelf for shelf in shelves}
        self._by_number = {shelf.number: shelf for shelf in shelves}
        self._in_order = sorted(shelves, key=lambda shelf: shelf.number)
        self.everything: Scope = frozenset(self.shelves)
        """Every pack: the widest scope."""
        self._reaches: dict[Scope, Reach] = {}

    @classmethod
    async def open(cls, path: Path) -> StoreReader:
        """Open the store at `path`.

        Raises:
            StoreError: where there is none, or it is not one.
        """
        connection: aiosqlite.Connection | None = None
        try:
            connection = await aiosqlite.connect(_uri(path), uri=True)
            rows = await connection.execute_fetchall("SELECT * FROM pack ORDER BY number")
            return cls(connection, _shelves(rows))
        except (OSError, aiosqlite.Error, ValueError) as error:
            if connection is not None:
                # Its thread would keep the whole program from ending.
                await connection.close()
            raise StoreError(
                f"{path}: this is no fact store that can be read ({error}); "
                "remove it, it will be compiled again"
            ) from error

    async def close(self) -> None:
        """Close the store."""
        await self._db.close()

    async def commonness(self, words: Collection[str]) -> dict[str, float]:
        """Return how common those of the words are that English has (Zipf scale)."""
        rows = await self._rows(
            f"SELECT word, commonness FROM english WHERE word IN ({_marks(words)})", words
        )
        return dict(rows)

    async def known(self, words: Collection[str], scope: Scope) -> set[str]:
        """Return those of the words that a pack in scope, or the lexicon, uses."""
        rows = await self._rows(
            "SELECT asked.value FROM json_each(?) AS asked WHERE EXISTS"
            f" (SELECT 1 FROM vocabulary WHERE word = asked.value AND {self._reach(scope).packs})",
            [json.dumps(list(words))],
        )
        return {word for (word,) in rows}

    async def misspelt(self, remainders: Collection[str], scope: Scope) -> dict[str, int]:
        """Return the words in scope that share a remainder, and how often packs use each."""
        rows = await self._rows(
            "SELECT d.word, SUM(v.uses) FROM deletion AS d JOIN vocabulary AS v ON v.word = d.word"
            f" WHERE d.remainder IN ({_marks(remainders)}) AND {self._reach(scope).packs}"
            " GROUP BY d.word",
            remainders,
        )
        return dict(rows)

    async def names(
        self, words: Collection[str], scope: Scope
    ) -> list[tuple[tuple[str, ...], str]]:
        """Return (words, id) for every name in scope that begins with one of the words."""
        rows = await self._rows(
            f"SELECT words, subject FROM name WHERE first IN ({_marks(words)})"
            f" AND {self._reach(scope).packs}",
            words,
        )
        return [(tuple(name.split(" ")), subject) for name, subject in rows]

    async def names_for(self, subjects: Collection[str]) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return (pack, id, words) for every name that any pack has for one of the ids."""
        rows = await self._rows(
            f"SELECT pack, subject, words FROM name WHERE subject IN ({_marks(subjects)})",
            subjects,
        )
        return [
            (self._by_number[pack].id, subject, tuple(words.split(" ")))
            for pack, subject, words in rows
        ]

    async def candidates(
        self,
        kind: str,
        features: Collection[str],
        names: Collection[str],
        scope: Scope,
        most: int,
    ) -> list[int]:
        """Return the numbers of the entries to which the features point most, best first.

        Where that would make for too much reading, only the entries that speak of one of `names`
        are looked at, or else the commonest features are passed over. What lies outside the scope
        makes no difference to what is found in it.
        """
        runs = self._reach(scope).runs[kind]
        size = sum(map(len, runs))
        rows = await self._rows(
            f"SELECT number, name, entries FROM feature WHERE name IN ({_marks(features)})"
            " ORDER BY entries",
            features,
        )
        found = [
            Feature(number, min(entries, size), name in names) for number, name, entries in rows
        ]
        if not (found and runs):
            return []
        return [number for number, _ in await self._rows(seeking(found, runs), (most,))]

    async def documents(self, numbers: Collection[int]) -> list[Candidate]:
        """Return the documents of some entries."""
        rows = await self._rows(
            "SELECT e.number, e.pack, e.id, d.body FROM entry AS e JOIN document AS d"
            f" ON d.entry = e.number WHERE e.number IN ({_marks(numbers)})",
            numbers,
        )
        return [
            Candidate(number, self._by_number[pack].id, key, body)
            for number, pack, key, body in rows
        ]

    async def facts_by_key(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Fact]]:
        """Return the facts that (pack, id) pairs name, each with its pack, by that pair."""
        known = [(self.shelves[pack].number, key) for pack, key in keys if pack in self.shelves]
        if not known:
            return {}
        rows = await self._rows(
            f"WITH wanted (pack, id) AS (VALUES {','.join(['(?, ?)'] * len(known))})"
            " SELECT e.pack, e.id, e.body FROM wanted CROSS JOIN entry AS e"
            " ON e.pack = wanted.pack AND e.kind = 'fact' AND e.id = wanted.id",
            [part for pair in known for part in pair],
        )
        found = ((self._by_number[pack].id, key, body) for pack, key, body in rows)
        return {(pack, key): (pack, fact_from(body)) for pack, key, body in found}

    async def quote(self, pack: str, key: str) -> Quote | None:
        """Return a quote by its id."""
        body = await self._body(pack, "quote", key)
        return None if body is None else quote_from(body)

    async def release(self, pack: str, key: str) -> Release | None:
        """Return a release by its id."""
        body = await self._body(pack, "release", key)
        return None if body is None else release_from(body)

    async def facts(self, scope: Scope, most: int = -1) -> list[tuple[str, Fact]]:
        """Return the facts in scope, each with its pack, in the packs' order; `most` or all."""
        return [(pack, fact_from(body)) for pack, body in await self._bodies("fact", scope, most)]

    async def quotes(self, scope: Scope) -> list[tuple[str, Quote]]:
        """Return every quote in scope with its pack, in the packs' order."""
        return [(pack, quote_from(body)) for pack, body in await self._bodies("quote", scope)]

    async def releases(self, scope: Scope) -> list[tuple[str, Release]]:
        """Return every release in scope with its pack, in the packs' order."""
        return [(pack, release_from(body)) for pack, body in await self._bodies("release", scope)]

    async def find(self, words: Collection[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return (pack, kind, id) of at most 25 entries that use all of the words, best first.

        The words are matched as words, whatever they hold: none of them is FTS5 syntax.
        """
        phrase = " ".join(filter(None, map(_phrase, words)))
        if not phrase:
            return []
        rows = await self._rows(
            "SELECT e.pack, e.kind, e.id FROM wording JOIN entry AS e ON e.number = wording.rowid"
            f" WHERE wording MATCH ? AND {self._reach(scope).packs}"
            " ORDER BY rank LIMIT 25",
            [phrase],
        )
        return [(self._by_number[pack].id, kind, key) for pack, kind, key in rows]

    async def _body(self, pack: str, kind: str, key: str) -> str | None:
        shelf = self.shelves.get(pack)
        if shelf is None:
            return None
        rows = await self._rows(
            "SELECT body FROM entry WHERE pack = ? AND kind = ? AND id = ?",
            (shelf.number, kind, key),
        )
        return next((body for (body,) in rows), None)

    async def _bodies(self, kind: str, scope: Scope, most: int = -1) -> list[tuple[str, str]]:
        rows = await self._rows(
            f"SELECT pack, body FROM entry WHERE {self._reach(scope).holds(kind)}"
            " ORDER BY number LIMIT ?",
            (most,),
        )
        return [(self._by_number[pack].id, body) for pack, body in rows]

    async def _rows(self, sql: str, values: Collection[Any]) -> list[Any]:
        try:
            return list(await self._db.execute_fetchall(sql, tuple(values)))
        except aiosqlite.Error as error:
            raise StoreError(
                f"the fact store cannot be read ({error}); start again, it will be compiled again"
            ) from error

    def _reach(self, scope: Scope) -> Reach:
        reach = self._reaches.get(scope)
        if reach is None:
            if len(self._reaches) >= MOST_REACHES:
                self._reaches.clear()
            reach = self._reaches[scope] = reach_of(scope, self._in_order)
        return reach


def _uri(path: Path) -> str:
    """Return the address of a file that is there and may be read.

    Asked here, because aiosqlite leaves a thread behind where connecting itself fails.
    """
    with path.open("rb"):
        return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _shelves(rows: Iterable[Any]) -> list[Shelf]:
    following = dict(FIRST)
    shelves: list[Shelf] = []
    for number, key, title, source, names, *counts in rows:
        ranges = {
            kind: range(following[kind], following[kind] + count)
            for kind, count in zip(FIRST, counts, strict=True)
        }
        following = {kind: part.stop for kind, part in ranges.items()}
        shelves.append(Shelf(number, key, title, source_from(source), json.loads(names), ranges))
    return shelves


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


def _phrase(word: str) -> str:
    """Return a word as an FTS5 string, or nothing where there is nothing in it to seek."""
    cleaned = word.replace("\x00", " ").encode("utf-8", "ignore").decode()
    if not any(character.isalnum() for character in cleaned):
        return ""
    return '"' + cleaned.replace('"', '""') + '"'
