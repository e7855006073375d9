"""Fills a new fact store: language, packs and postings."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from typing import TYPE_CHECKING

from bot.index.codec import to_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from bot.index.codec import Entry
    from bot.index.documents import IndexedEntry, IndexedPack, Language
    from bot.packs.models import Pack

LEXICON_PACK = 0
"""The pack number under which the shared lexicon's own words stand."""
FIRST_NUMBERS = {"fact": 1, "quote": 1_000_000_001, "release": 2_000_000_001}
"""The number of the first entry of each kind."""
CACHE_KIB = 65_536
"""Memory for pages while compiling: rows come in no order, and SQLite's usual 2 MB would thrash."""
SHORTEST_CORRECTED = 3
"""Words shorter than this are nobody's correction."""


class IndexWriter:
    """Fills an empty database."""

    def __init__(self, connection: sqlite3.Connection, application: int, version: int) -> None:
        """Take the database, and the application id and version that it will bear."""
        self._db = connection
        self._application = application
        self._version = version
        self._next = dict(FIRST_NUMBERS)
        self._features: dict[str, int] = {}
        self._uses: Counter[int] = Counter()

    def write(self, packs: Iterable[IndexedPack], language: Language, key: str) -> None:
        """Write all there is; `key` says what it was compiled from."""
        self._prepare()
        self._db.execute("BEGIN")
        self._write_language(language)
        words = set(language.words)
        for number, indexed in enumerate(packs, start=1):
            self._write_pack(number, indexed)
            words |= indexed.vocabulary.keys()
        self._write_deletions(words, language)
        self._db.execute("INSERT INTO meta VALUES ('key', ?)", (key,))
        self._db.execute("COMMIT")
        self._write_postings()
        self._db.execute("PRAGMA optimize")

    def _prepare(self) -> None:
        self._db.execute("PRAGMA page_size = 8192")
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute(f"PRAGMA application_id = {self._application}")
        self._db.execute(f"PRAGMA user_version = {self._version}")
        schema = resources.files("bot.index").joinpath("schema.sql")
        self._db.executescript(schema.read_text(encoding="utf-8"))
        self._db.execute(
            "CREATE TEMP TABLE staged (feature INTEGER, entry INTEGER, impact INTEGER)"
        )

    def _write_language(self, language: Language) -> None:
        self._db.executemany("INSERT INTO english VALUES (?, ?)", language.english.items())
        self._db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, 0)",
            ((word, LEXICON_PACK) for word in language.words),
        )
        self._db.executemany(
            "INSERT INTO beyond VALUES (?, ?, ?)",
            (
                (feature, number, affinity)
                for number, affinities in enumerate(language.beyond.values())
                for feature, affinity in affinities.items()
            ),
        )

    def _write_pack(self, number: int, indexed: IndexedPack) -> None:
        pack = indexed.pack
        counts = Counter(kind for kind, _ in _served(pack))
        self._db.execute(
            "INSERT INTO pack VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                pack.id,
                pack.title,
                to_json(pack.source),
                json.dumps(_subjects(pack), ensure_ascii=False),
                counts["fact"],
                counts["quote"],
                counts["release"],
            ),
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)",
            ((words[0], " ".join(words), number, subject) for words, subject in indexed.names),
        )
        self._db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)",
            ((word, number, uses) for word, uses in indexed.vocabulary.items()),
        )
        for kind, entry in _served(pack):
            self._write_entry(number, kind, entry, indexed.documents.get((kind, entry.id)))

    def _write_entry(
        self, pack: int, kind: str, entry: Entry, document: IndexedEntry | None
    ) -> None:
        number = self._next[kind]
        self._next[kind] += 1
        self._db.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
            (number, pack, kind, entry.id, to_json(entry)),
        )
        self._db.execute(
            "INSERT INTO wording (rowid, text) VALUES (?, ?)", (number, _wording(entry))
        )
        if document is None:
            return
        self._db.execute(
            "INSERT INTO document VALUES (?, ?, ?)", (number, document.body, document.pairs)
        )
        self._db.executemany(
            "INSERT INTO staged VALUES (?, ?, ?)",
            (
                (self._feature(feature), number, impact)
                for feature, impact in document.impacts.items()
            ),
        )

    def _feature(self, name: str) -> int:
        number = self._features.get(name)
        if number is None:
            number = self._features[name] = len(self._features) + 1
        self._uses[number] += 1
        return number

    def _write_deletions(self, words: Iterable[str], language: Language) -> None:
        """Write what is left of each word: one statement for a hundred thousand rows."""
        self._db.executemany(
            "INSERT INTO deletion VALUES (?, ?)",
            (
                (remainder, word)
                for word in words
                if len(word) >= SHORTEST_CORRECTED and word.isalpha()
                for remainder in language.deletions(word)
            ),
        )

    def _write_postings(self) -> None:
        """Write features and postings, which come entry by entry, in the order they are kept in.

        Their foreign keys hold by construction; looking them up would read the store many times.
        """
        self._db.execute("PRAGMA foreign_keys = OFF")
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT INTO feature VALUES (?, ?, ?)",
            ((number, name, self._uses[number]) for name, number in self._features.items()),
        )
        self._db.execute("INSERT INTO posting SELECT * FROM staged ORDER BY feature, entry")
        self._db.execute("COMMIT")


def _served(pack: Pack) -> Iterator[tuple[str, Entry]]:
    """Yield (kind, entry) for all of a pack that may be served, facts first, then quotes."""
    kinds: tuple[tuple[str, tuple[Entry, ...]], ...] = (
        ("fact", pack.facts),
        ("quote", pack.quotes),
        ("release", pack.releases),
    )
    for kind, entries in kinds:
        for entry in entries:
            if entry.withdrawn is None:
                yield kind, entry


def _subjects(pack: Pack) -> dict[str, str]:
    """Return what all that facts may be about is called, by id."""
    subjects = {entity.id: entity.name for entity in pack.entities}
    for release in pack.releases:
        subjects[release.id] = release.title
        subjects.update({song.id: song.title for song in release.songs})
    return subjects


def _wording(entry: Entry) -> str:
    """Return what an entry says, for plain search."""
    parts = (
        [getattr(entry, name, "") for name in ("statement", "words", "context", "title")]
        + list(getattr(entry, "questions", ()))
        + list(getattr(entry, "themes", ()))
        + [song.title for song in getattr(entry, "songs", ())]
    )
    return "\n".join(part for part in parts if part)
