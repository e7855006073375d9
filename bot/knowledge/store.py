"""The fact store: packs compiled to one SQLite file, written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.knowledge.codec import to_json
from bot.private import private_file, private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.knowledge.codec import Entry
    from bot.knowledge.model import Pack

SCHEMA = 3
"""The version of schema.sql and of the documents inside; a store of another is built anew."""
APPLICATION = 0x4C4E5346
"""SQLite's application id of a fact store: "LNSF"."""
LEXICON = 0
"""The pack number under which the shared lexicon's own words stand."""
FIRST = {"fact": 1, "quote": 1_000_000_001, "release": 2_000_000_001}
"""The number of the first entry of each kind."""
CACHE_KIB = 65_536
"""Memory for pages while compiling: rows come in no order, and SQLite's usual 2 MB would thrash."""
_DRAFT = ".draft-"
_ABANDONED_S = 3_600
SHORTEST_CORRECTED = 3
"""Words shorter than this are nobody's correction."""


@dataclass(frozen=True, slots=True)
class IndexedEntry:
    """What the matcher will want of an entry."""

    body: str
    """Its document, as JSON."""
    pairs: bytes
    """What of its document is shorter as bytes."""
    impacts: Mapping[str, int]
    """Its features, each with how strongly it points here."""


@dataclass(frozen=True, slots=True)
class IndexedPack:
    """A pack and all that is derived from it."""

    pack: Pack
    documents: Mapping[tuple[str, str], IndexedEntry]
    """By kind and id; entries without one can be looked up but not asked for."""
    names: tuple[tuple[tuple[str, ...], str], ...]
    """Words of a name, and the id it is a name of."""
    vocabulary: Mapping[str, int]
    """Its words, and in how many of its phrasings and names each is used."""


@dataclass(frozen=True, slots=True)
class Language:
    """What does not depend on any pack."""

    english: Mapping[str, float]
    """English words and how common each is (Zipf scale)."""
    words: frozenset[str]
    """The lexicon's own words."""
    deletions: Callable[[str], Iterable[str]]
    """What is left of a word when letters are left out, for finding it by a misspelling."""
    beyond: Mapping[str, Mapping[str, int]]
    """How typical features are of topics that notes seldom speak of, by topic and feature."""


def compile_store(target: Path, packs: Iterable[IndexedPack], language: Language, key: str) -> None:
    """Write a store to `target`, replacing what is there only when all of it is on the disk.

    Raises:
        StoreError: where the file cannot be written.
    """
    draft = target.with_name(f"{target.name}{_DRAFT}{os.getpid()}")
    try:
        private_folder(target.parent)
        draft.unlink(missing_ok=True)
        private_file(draft)
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            _Writer(connection).write(packs, language, key)
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_why_not_written(target, error)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def abandoned_drafts(store: Path) -> Iterator[Path]:
    """Yield the drafts beside a new store that killed processes left behind.

    Those that were not written to for an hour: compiling takes seconds, and a process number says
    nothing where several containers share the folder.
    """
    written = store.stat().st_mtime
    for draft in store.parent.glob(f"*{_DRAFT}*"):
        with suppress(OSError):  # gone meanwhile
            if draft.stat().st_mtime < written - _ABANDONED_S:
                yield draft


def _why_not_written(target: Path, error: OSError | sqlite3.Error) -> str:
    # Not str(error) of the first: it names the draft, which nobody has heard of.
    reason = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
    is_full = (
        error.errno in {errno.ENOSPC, errno.EDQUOT}
        if isinstance(error, OSError)
        else getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    )
    remedy = "free some space there" if is_full else "see what stands in its way there"
    return (
        f"{target}: the fact store cannot be written ({reason}); "
        f"{remedy}, or choose another data folder (LINERNOTES_DATA_DIR)"
    )


def is_current(path: Path, key: str | None) -> bool:
    """Tell whether a sound store stands at `path`, compiled from just this key unless None."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as store:
            if store.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
                return False
            if store.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
                return False
            if store.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return False
            found = store.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
    except sqlite3.Error:
        return False
    return found is not None and key in (None, found[0])


def served(pack: Pack) -> Iterator[tuple[str, Entry]]:
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


class _Writer:
    """Fills an empty database in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._next = dict(FIRST)
        self._features: dict[str, int] = {}
        self._uses: Counter[int] = Counter()

    def write(self, packs: Iterable[IndexedPack], language: Language, key: str) -> None:
        self._db.execute("PRAGMA page_size = 8192")
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute(f"PRAGMA application_id = {APPLICATION}")
        self._db.execute(f"PRAGMA user_version = {SCHEMA}")
        schema = resources.files("bot.knowledge").joinpath("schema.sql")
        self._db.executescript(schema.read_text(encoding="utf-8"))
        self._db.execute(
            "CREATE TEMP TABLE staged (feature INTEGER, entry INTEGER, impact INTEGER)"
        )
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

    def _write_language(self, language: Language) -> None:
        self._db.executemany("INSERT INTO english VALUES (?, ?)", language.english.items())
        self._db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, 0)",
            ((word, LEXICON) for word in language.words),
        )

        self._db.executemany(
            "INSERT INTO beyond VALUES (?, ?, ?)",
            (
                (feature, number, affinity)
                for number, affinities in enumerate(language.beyond.values())
                for feature, affinity in affinities.items()
            ),
        )

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

    def _write_pack(self, number: int, indexed: IndexedPack) -> None:
        pack = indexed.pack
        counts = Counter(kind for kind, _ in served(pack))
        subjects = {entity.id: entity.name for entity in pack.entities}
        for release in pack.releases:
            subjects[release.id] = release.title
            subjects.update({song.id: song.title for song in release.songs})
        self._db.execute(
            "INSERT INTO pack VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                pack.id,
                pack.title,
                to_json(pack.source),
                json.dumps(subjects, ensure_ascii=False),
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
        for kind, entry in served(pack):
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


def _wording(entry: Entry) -> str:
    """Return what an entry says, for plain search."""
    parts = (
        [getattr(entry, name, "") for name in ("statement", "words", "context", "title")]
        + list(getattr(entry, "questions", ()))
        + list(getattr(entry, "themes", ()))
        + [song.title for song in getattr(entry, "songs", ())]
    )
    return "\n".join(part for part in parts if part)
