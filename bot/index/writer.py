"""Fill a new index: first with the data of the language, then with packs and their documents."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from bot.index.codec import faults_to_json, pack_numbers, to_json
from bot.index.inverted_index import BLOCK_SIZE, ENTRY_TYPECODE, IMPACT_TYPECODE
from bot.index.scope import ALL_PACKS, FIRST_NUMBERS, LEXICON_PACK
from bot.packs.entries import collect_display_names

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from bot.index.codec import Entry
    from bot.index.scope import EntryKind
    from bot.packs.models import Pack

CACHE_KIB = 65_536
"""Page memory while compiling. Rows come in no order, so the 2 MB that SQLite has by itself would
make it read the same pages again and again."""
MIN_CORRECTION_LENGTH = 3
"""Shorter words are never offered as corrections."""


@dataclass(frozen=True, slots=True)
class IndexedEntry:
    """An entry as ranking needs it."""

    body: str
    """Its document, as JSON."""
    phrasings: bytes
    """The part of its document that is shorter as bytes than as JSON."""
    impacts: Mapping[str, int]
    """How strongly each of its features points to it."""
    templates: tuple[str, ...] = ()
    """The templates of a fact's sample questions."""
    completion_words: Mapping[str, int] = field(default_factory=dict)
    """The words by which a fact is found while typing, in hundredths, the weightiest first."""


@dataclass(frozen=True, slots=True)
class IndexedPack:
    """A pack with everything derived from it."""

    pack: Pack
    documents: Mapping[tuple[EntryKind, str], IndexedEntry]
    """By kind and id. An entry without a document can be read but never found by a question."""
    names: tuple[tuple[tuple[str, ...], str], ...]
    """The words of each name, and the id that it names."""
    vocabulary: Mapping[str, int]
    """Its words, each with the number of phrasings and names that use it."""


@dataclass(frozen=True, slots=True)
class LanguageData:
    """Everything in an index that does not depend on any pack."""

    zipf_frequencies: Mapping[str, float]
    """How common each word of the language is."""
    lexicon: str
    """The lexicon as JSON."""
    lexicon_words: frozenset[str]
    ood_log_odds: Mapping[str, Mapping[str, int]]
    """How typical each feature is of each out-of-domain topic, by topic and feature."""


DeletionVariants = Callable[[str], Iterable[str]]
"""Returns a word's rests when letters are left out, by which misspellings find it."""


def write_language(
    connection: sqlite3.Connection,
    language: LanguageData,
    deletion_variants: DeletionVariants,
    key: str,
) -> None:
    """Write an index without packs into an empty database."""
    connection.execute("PRAGMA page_size = 8192")
    _prepare(connection)
    schema = resources.files("bot.index").joinpath("schema.sql")
    connection.executescript(schema.read_text(encoding="utf-8"))
    connection.execute("BEGIN")
    # Everything is sorted, here and below: a set has another order in each process, and the same
    # packs must make the same file, byte by byte.
    connection.executemany(
        "INSERT INTO word_frequency VALUES (?, ?)", sorted(language.zipf_frequencies.items())
    )
    words = sorted(language.lexicon_words)
    connection.executemany(
        "INSERT INTO vocabulary VALUES (?, ?, 0)", ((word, LEXICON_PACK) for word in words)
    )
    _write_deletions(connection, words, deletion_variants)
    connection.executemany(
        "INSERT INTO ood_feature VALUES (?, ?, ?)",
        sorted(
            (feature, topic, log_odds)
            for topic, features in enumerate(language.ood_log_odds.values())
            for feature, log_odds in features.items()
        ),
    )
    connection.execute("INSERT INTO metadata VALUES ('lexicon', ?)", (language.lexicon,))
    connection.execute("INSERT INTO metadata VALUES ('key', ?)", (key,))
    connection.execute("COMMIT")


class IndexWriter:
    """A writer that adds packs to an index that has none."""

    def __init__(self, connection: sqlite3.Connection, deletion_variants: DeletionVariants) -> None:
        """Take a database that `write_language` filled."""
        self._db = connection
        self._deletion_variants = deletion_variants
        self._next_numbers = dict(FIRST_NUMBERS)
        self._features: dict[str, int] = {}
        self._entry_counts = array("I")

    def write(self, packs: Iterable[IndexedPack], key: str) -> None:
        """Write all packs, and the key of the whole index."""
        _prepare(self._db)
        # Postings come entry by entry and are kept by feature, so they wait here to be sorted.
        self._db.execute(
            "CREATE TEMP TABLE staged (feature INTEGER, entry INTEGER, impact INTEGER)"
        )
        self._db.execute("BEGIN")
        known = {word for (word,) in self._db.execute("SELECT word FROM vocabulary")}
        uses: Counter[str] = Counter()
        for number, indexed in enumerate(packs, start=1):
            self._write_pack(number, indexed)
            uses.update(indexed.vocabulary)
        self._write_vocabulary(ALL_PACKS, uses)
        _write_deletions(self._db, sorted(uses.keys() - known), self._deletion_variants)
        self._db.execute("UPDATE metadata SET value = ? WHERE name = 'key'", (key,))
        self._db.execute("COMMIT")
        self._write_postings()
        self._db.execute("PRAGMA optimize")

    def _write_pack(self, number: int, indexed: IndexedPack) -> None:
        pack = indexed.pack
        counts = Counter(kind for kind, _ in _served_entries(pack))
        self._db.execute(
            "INSERT INTO pack VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                pack.id,
                pack.title,
                to_json(pack.source),
                json.dumps(collect_display_names(pack), ensure_ascii=False),
                counts["fact"],
                counts["quote"],
                counts["release"],
                faults_to_json(pack.translation_faults),
                json.dumps(sorted(pack.untranslated), ensure_ascii=False),
            ),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)",
            sorted((words[0], " ".join(words), number, key) for words, key in indexed.names),
        )
        self._write_vocabulary(number, indexed.vocabulary)
        for kind, entry in _served_entries(pack):
            self._write_entry(number, kind, entry, indexed.documents.get((kind, entry.id)))

    def _write_vocabulary(self, pack: int, uses: Mapping[str, int]) -> None:
        self._db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)",
            ((word, pack, count) for word, count in sorted(uses.items())),
        )

    def _write_entry(
        self, pack: int, kind: EntryKind, entry: Entry, document: IndexedEntry | None
    ) -> None:
        number = self._next_numbers[kind]
        self._next_numbers[kind] += 1
        self._db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
            (number, pack, kind, entry.id, to_json(entry)),
        )
        self._db.execute(
            "INSERT INTO entry_fts (rowid, text) VALUES (?, ?)", (number, _searchable_text(entry))
        )
        if document is None:
            return
        self._db.execute(
            "INSERT INTO document VALUES (?, ?, ?)", (number, document.body, document.phrasings)
        )
        if document.templates:
            self._db.execute(
                "INSERT INTO template VALUES (?, ?)",
                (number, json.dumps(document.templates, ensure_ascii=False)),
            )
        if document.completion_words:
            self._db.execute(
                "INSERT INTO completion VALUES (?, ?)",
                (number, json.dumps(document.completion_words, ensure_ascii=False)),
            )
        self._db.executemany(
            "INSERT INTO staged VALUES (?, ?, ?)",
            (
                (self._count_feature(feature), number, impact)
                for feature, impact in sorted(document.impacts.items())
            ),
        )

    def _count_feature(self, name: str) -> int:
        """Count one more entry for a feature, and return the feature's number."""
        number = self._features.setdefault(name, len(self._features) + 1)
        if number > len(self._entry_counts):
            self._entry_counts.append(0)
        self._entry_counts[number - 1] += 1
        return number

    def _write_postings(self) -> None:
        """Write features and postings, sorted as they are kept."""
        # Their foreign keys hold by construction, and checking them would read the index again for
        # every row.
        self._db.execute("PRAGMA foreign_keys = OFF")
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO feature VALUES (?, ?, ?)",
            (
                (number, name, count)
                for (name, number), count in zip(
                    self._features.items(), self._entry_counts, strict=True
                )
            ),
        )
        staged = self._db.execute("SELECT * FROM staged ORDER BY feature, entry")
        self._db.executemany("INSERT INTO posting VALUES (?, ?, ?, ?)", _join_postings(staged))
        self._db.execute("COMMIT")


def _join_postings(
    staged: Iterable[tuple[int, int, int]],
) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Join the sorted (feature, entry, impact) of each block into one row."""
    for (feature, block), postings in groupby(
        staged, key=lambda posting: (posting[0], posting[1] // BLOCK_SIZE)
    ):
        _, entries, impacts = zip(*postings, strict=True)
        yield (
            feature,
            block,
            pack_numbers(ENTRY_TYPECODE, entries),
            pack_numbers(IMPACT_TYPECODE, impacts),
        )


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    # The file is a draft until it is whole: there is nothing to roll back to.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_deletions(
    connection: sqlite3.Connection, words: Iterable[str], deletion_variants: DeletionVariants
) -> None:
    # One statement for a hundred thousand rows: a call for each word takes seconds more.
    connection.executemany(
        "INSERT INTO deletion VALUES (?, ?)",
        sorted(
            (variant, word)
            for word in words
            if len(word) >= MIN_CORRECTION_LENGTH and word.isalpha()
            for variant in deletion_variants(word)
        ),
    )


def _served_entries(pack: Pack) -> Iterator[tuple[EntryKind, Entry]]:
    """Yield a pack's entries that may be served, with their kind."""
    kinds: tuple[tuple[EntryKind, tuple[Entry, ...]], ...] = (
        ("fact", pack.facts),
        ("quote", pack.quotes),
        ("release", pack.releases),
    )
    for kind, entries in kinds:
        for entry in entries:
            if entry.withdrawn is None:
                yield kind, entry


def _searchable_text(entry: Entry) -> str:
    parts = (
        [getattr(entry, name, "") for name in ("statement", "words", "context", "title")]
        + list(getattr(entry, "questions", ()))
        + list(getattr(entry, "themes", ()))
        + [song.title for song in getattr(entry, "songs", ())]
    )
    return "\n".join(part for part in parts if part)
