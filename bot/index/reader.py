"""Reads a compiled fact store: the only place that asks it anything, rows never leave it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.index.codec import fact_from, quote_from, release_from, source_from
from bot.index.connection import Rows, marks
from bot.index.inverted_index import Candidates
from bot.index.scope import Kind, Scope, Shelf, Shelves
from bot.index.vocabulary import Vocabulary
from bot.index.writer import FIRST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from bot.index.keyed_hash import KeyedHash
    from bot.packs.models import Fact, Quote, Release


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be what was asked for."""

    number: int
    pack: str
    id: str
    document: str
    """As the indexer wrote it."""
    pairs: bytes
    """As the indexer wrote them."""


class StoreReader:
    """A compiled store, opened read-only; used by one thread at a time.

    Attributes:
        words: What it knows of single words and names.
        candidates: What finds entries by their features.
        shelves: Its packs, by their ids.
        everything: The scope of all packs.
        fact_count: How many facts there are.
    """

    def __init__(self, rows: Rows, hide: KeyedHash) -> None:
        self._rows = rows
        self._shelves = Shelves(_shelves(rows.all("SELECT * FROM pack ORDER BY number")))
        self.words = Vocabulary(rows, self._shelves, hide)
        self.candidates = Candidates(rows, self._shelves, hide)
        self.shelves = self._shelves.by_id
        self.everything = self._shelves.everything
        self.fact_count = sum(len(shelf.ranges["fact"]) for shelf in self.shelves.values())

    @classmethod
    def open(cls, path: Path, hide: KeyedHash) -> StoreReader:
        """Open the store at `path`; `hide` makes the keys by which look-ups are remembered.

        Raises:
            StoreError: where there is none, or it is not one.
        """
        rows: Rows | None = None
        try:
            rows = Rows(path)
            return cls(rows, hide)
        except (OSError, sqlite3.Error, StoreError, ValueError) as error:
            if rows is not None:
                rows.close()
            raise StoreError(
                f"{path}: this is no fact store that can be read ({error}); "
                "remove it, it will be compiled again"
            ) from error

    def close(self) -> None:
        """Close the store."""
        self._rows.close()

    def documents(self, numbers: Collection[int]) -> list[Candidate]:
        """Return the documents of some entries."""
        rows = self._rows.all(
            "SELECT e.number, e.pack, e.id, d.body, d.pairs FROM entry AS e JOIN document AS d"
            f" ON d.entry = e.number WHERE e.number IN ({marks(numbers)})",
            numbers,
        )
        return [
            Candidate(number, self._shelves.by_number[pack].id, key, body, pairs)
            for number, pack, key, body, pairs in rows
        ]

    def facts_by_key(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Fact]]:
        """Return the facts that (pack, id) pairs name, each with its pack, by that pair."""
        known = [(self.shelves[pack].number, key) for pack, key in keys if pack in self.shelves]
        if not known:
            return {}
        rows = self._rows.all(
            f"WITH wanted (pack, id) AS (VALUES {','.join(['(?, ?)'] * len(known))})"
            " SELECT e.pack, e.id, e.body FROM wanted CROSS JOIN entry AS e"
            " ON e.pack = wanted.pack AND e.kind = 'fact' AND e.id = wanted.id",
            [part for pair in known for part in pair],
        )
        found = ((self._shelves.by_number[pack].id, key, body) for pack, key, body in rows)
        return {(pack, key): (pack, fact_from(body)) for pack, key, body in found}

    def quote(self, pack: str, key: str) -> Quote | None:
        """Return a quote by its id."""
        body = self._body(pack, "quote", key)
        return None if body is None else quote_from(body)

    def release(self, pack: str, key: str) -> Release | None:
        """Return a release by its id."""
        body = self._body(pack, "release", key)
        return None if body is None else release_from(body)

    def facts(self, scope: Scope, most: int = -1) -> list[tuple[str, Fact]]:
        """Return the facts in scope, each with its pack, in the packs' order; `most` or all."""
        return [(pack, fact_from(body)) for pack, body in self._bodies("fact", scope, most)]

    def holds(self, kind: Kind, scope: Scope) -> bool:
        """Return whether any pack in scope has an entry of a kind."""
        return self._shelves.holds(kind, scope)

    def quotes(self, scope: Scope) -> list[tuple[str, Quote]]:
        """Return every quote in scope with its pack, in the packs' order."""
        return [(pack, quote_from(body)) for pack, body in self._bodies("quote", scope)]

    def releases(self, scope: Scope) -> list[tuple[str, Release]]:
        """Return every release in scope with its pack, in the packs' order."""
        return [(pack, release_from(body)) for pack, body in self._bodies("release", scope)]

    def find(self, words: Collection[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return (pack, kind, id) of at most 25 entries that use all of the words, best first.

        The words are matched as words, whatever they hold: none of them is FTS5 syntax.
        """
        phrase = " ".join(filter(None, map(_phrase, words)))
        if not phrase:
            return []
        rows = self._rows.all(
            "SELECT e.pack, e.kind, e.id FROM wording JOIN entry AS e ON e.number = wording.rowid"
            f" WHERE wording MATCH ? AND {self._shelves.reach(scope).packs}"
            " ORDER BY rank LIMIT 25",
            [phrase],
        )
        return [(self._shelves.by_number[pack].id, kind, key) for pack, kind, key in rows]

    def _body(self, pack: str, kind: str, key: str) -> str | None:
        shelf = self.shelves.get(pack)
        if shelf is None:
            return None
        rows = self._rows.all(
            "SELECT body FROM entry WHERE pack = ? AND kind = ? AND id = ?",
            (shelf.number, kind, key),
        )
        return next((body for (body,) in rows), None)

    def _bodies(self, kind: str, scope: Scope, most: int = -1) -> list[tuple[str, str]]:
        rows = self._rows.all(
            f"SELECT pack, body FROM entry WHERE {self._shelves.reach(scope).holds(kind)}"
            " ORDER BY number LIMIT ?",
            (most,),
        )
        return [(self._shelves.by_number[pack].id, body) for pack, body in rows]


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


def _phrase(word: str) -> str:
    """Return a word as an FTS5 string, or nothing where there is nothing in it to seek."""
    cleaned = word.replace("\x00", " ").encode("utf-8", "ignore").decode()
    if not any(character.isalnum() for character in cleaned):
        return ""
    return '"' + cleaned.replace('"', '""') + '"'
