"""Reads a compiled fact store: the only place that asks it anything, rows never leave it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import StoreError
from bot.index.codec import fact_from_json, quote_from_json, release_from_json, source_from_json
from bot.index.connection import ReadConnection, placeholders
from bot.index.inverted_index import InvertedIndex
from bot.index.scope import EntryKind, PackHeader, PackTable, Scope
from bot.index.vocabulary import Vocabulary
from bot.index.writer import FIRST_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from bot.index.keyed_hash import KeyedHash
    from bot.packs.models import Fact, Quote, Release


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """An entry that may be what was asked for."""

    number: int
    pack: str
    id: str
    document: str
    """As the indexer wrote it."""
    pairs: bytes
    """As the indexer wrote them."""


class IndexReader:
    """A compiled store, opened read-only; used by one thread at a time.

    Attributes:
        vocabulary: What it knows of single words and names.
        inverted_index: What finds entries by their features.
        packs: Its packs, by their ids.
        all_packs: The scope of all packs.
        fact_count: How many facts there are.
    """

    def __init__(self, connection: ReadConnection, hide: KeyedHash) -> None:
        self._connection = connection
        self._packs = PackTable(_packs(connection.fetch_all("SELECT * FROM pack ORDER BY number")))
        self.vocabulary = Vocabulary(connection, self._packs, hide)
        self.inverted_index = InvertedIndex(connection, self._packs, hide)
        self.packs = self._packs.by_id
        self.all_packs = self._packs.all_packs
        self.fact_count = sum(len(pack.ranges["fact"]) for pack in self.packs.values())

    @classmethod
    def open(cls, path: Path, hide: KeyedHash) -> IndexReader:
        """Open the store at `path`; `hide` makes the keys by which look-ups are remembered.

        Raises:
            StoreError: where there is none, or it is not one.
        """
        connection: ReadConnection | None = None
        try:
            connection = ReadConnection(path)
            return cls(connection, hide)
        except (OSError, sqlite3.Error, StoreError, ValueError) as error:
            if connection is not None:
                connection.close()
            raise StoreError(
                f"{path}: this is no fact store that can be read ({error}); "
                "remove it, it will be compiled again"
            ) from error

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def load_documents(self, numbers: Collection[int]) -> list[StoredDocument]:
        """Return the documents of some entries."""
        rows = self._connection.fetch_all(
            "SELECT e.number, e.pack, e.id, d.body, d.pairs FROM entry AS e JOIN document AS d"
            f" ON d.entry = e.number WHERE e.number IN ({placeholders(numbers)})",
            numbers,
        )
        return [
            StoredDocument(number, self._packs.by_number[pack].id, key, body, pairs)
            for number, pack, key, body, pairs in rows
        ]

    def load_facts(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Fact]]:
        """Return the facts that (pack, id) pairs name, each with its pack, by that pair."""
        known = [(self.packs[pack].number, key) for pack, key in keys if pack in self.packs]
        if not known:
            return {}
        rows = self._connection.fetch_all(
            f"WITH wanted (pack, id) AS (VALUES {','.join(['(?, ?)'] * len(known))})"
            " SELECT e.pack, e.id, e.body FROM wanted CROSS JOIN entry AS e"
            " ON e.pack = wanted.pack AND e.kind = 'fact' AND e.id = wanted.id",
            [part for pair in known for part in pair],
        )
        found = ((self._packs.by_number[pack].id, key, body) for pack, key, body in rows)
        return {(pack, key): (pack, fact_from_json(body)) for pack, key, body in found}

    def load_quote(self, pack: str, key: str) -> Quote | None:
        """Return a quote by its id."""
        body = self._body(pack, "quote", key)
        return None if body is None else quote_from_json(body)

    def load_release(self, pack: str, key: str) -> Release | None:
        """Return a release by its id."""
        body = self._body(pack, "release", key)
        return None if body is None else release_from_json(body)

    def list_facts(self, scope: Scope, most: int = -1) -> list[tuple[str, Fact]]:
        """Return the facts in scope, each with its pack, in the packs' order; `most` or all."""
        return [(pack, fact_from_json(body)) for pack, body in self._bodies("fact", scope, most)]

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether any pack in scope has an entry of a kind."""
        return self._packs.has_entries(kind, scope)

    def list_quotes(self, scope: Scope) -> list[tuple[str, Quote]]:
        """Return every quote in scope with its pack, in the packs' order."""
        return [(pack, quote_from_json(body)) for pack, body in self._bodies("quote", scope)]

    def list_releases(self, scope: Scope) -> list[tuple[str, Release]]:
        """Return every release in scope with its pack, in the packs' order."""
        return [(pack, release_from_json(body)) for pack, body in self._bodies("release", scope)]

    def search_text(self, words: Collection[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return (pack, kind, id) of at most 25 entries that use all of the words, best first.

        The words are matched as words, whatever they hold: none of them is FTS5 syntax.
        """
        phrase = " ".join(filter(None, map(_phrase, words)))
        if not phrase:
            return []
        rows = self._connection.fetch_all(
            "SELECT e.pack, e.kind, e.id FROM wording JOIN entry AS e ON e.number = wording.rowid"
            f" WHERE wording MATCH ? AND {self._packs.filter_for(scope).pack_condition}"
            " ORDER BY rank LIMIT 25",
            [phrase],
        )
        return [(self._packs.by_number[pack].id, kind, key) for pack, kind, key in rows]

    def _body(self, pack: str, kind: str, key: str) -> str | None:
        header = self.packs.get(pack)
        if header is None:
            return None
        rows = self._connection.fetch_all(
            "SELECT body FROM entry WHERE pack = ? AND kind = ? AND id = ?",
            (header.number, kind, key),
        )
        return next((body for (body,) in rows), None)

    def _bodies(self, kind: str, scope: Scope, most: int = -1) -> list[tuple[str, str]]:
        in_scope = self._packs.filter_for(scope).entry_condition(kind)
        rows = self._connection.fetch_all(
            f"SELECT pack, body FROM entry WHERE {in_scope} ORDER BY number LIMIT ?",
            (most,),
        )
        return [(self._packs.by_number[pack].id, body) for pack, body in rows]


def _packs(rows: Iterable[Any]) -> list[PackHeader]:
    following = dict(FIRST_NUMBERS)
    packs: list[PackHeader] = []
    for number, key, title, source, names, *counts in rows:
        ranges = {
            kind: range(following[kind], following[kind] + count)
            for kind, count in zip(FIRST_NUMBERS, counts, strict=True)
        }
        following = {kind: part.stop for kind, part in ranges.items()}
        packs.append(
            PackHeader(number, key, title, source_from_json(source), json.loads(names), ranges)
        )
    return packs


def _phrase(word: str) -> str:
    """Return a word as an FTS5 string, or nothing where there is nothing in it to seek."""
    cleaned = word.replace("\x00", " ").encode("utf-8", "ignore").decode()
    if not any(character.isalnum() for character in cleaned):
        return ""
    return '"' + cleaned.replace('"', '""') + '"'
