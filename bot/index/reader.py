"""Read packs, entries and a question's data from a compiled index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.errors import StoreError
from bot.index.cache import BatchCache
from bot.index.codec import (
    fact_from_json,
    faults_from_json,
    quote_from_json,
    release_from_json,
    source_from_json,
)
from bot.index.connection import ReadConnection, placeholders
from bot.index.inverted_index import InvertedIndex
from bot.index.scope import FIRST_NUMBERS, EntryKind, PackHeader, PackTable, Scope
from bot.index.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from bot.index.cache import KeyedHash
    from bot.packs.models import Fact, Quote, Release

MAX_TEXT_MATCHES = 25
MAX_CACHED_DOCUMENTS = 512

Document = TypeVar("Document")
"""A document as its reader decodes it."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """An entry's document as the indexer encoded it."""

    number: int
    pack: str
    id: str
    body: str
    """Its JSON part."""
    phrasings: bytes
    """Its binary part."""


class IndexReader:
    """A compiled index, read by one thread at a time.

    Attributes:
        packs: The header of each pack, by its id.
        all_packs: The scope of all packs.
        fact_count: The number of facts in all packs.
        vocabulary: The words and names.
        inverted_index: The entries by their features.
    """

    def __init__(self, connection: ReadConnection, hide: KeyedHash) -> None:
        """Take a connection, and the hash for typed text."""
        self._connection = connection
        headers = _read_headers(connection.fetch_all("SELECT * FROM pack ORDER BY number"))
        self._packs = PackTable(headers)
        self.packs = self._packs.by_id
        self.all_packs = self._packs.all_packs
        self.fact_count = sum(len(header.ranges["fact"]) for header in self.packs.values())
        self.vocabulary = Vocabulary(connection, self._packs, hide)
        self.inverted_index = InvertedIndex(connection, self._packs, hide)

    @classmethod
    def open(cls, path: Path, hide: KeyedHash) -> IndexReader:
        """Open the index file at `path`.

        Raises:
            StoreError: There is no index file, or it cannot be read.
        """
        with _explaining(path):
            connection = ReadConnection(path)
            try:
                return cls(connection, hide)
            except BaseException:
                connection.close()
                raise

    def close(self) -> None:
        """Close the index file."""
        self._connection.close()

    def has_entries(self, kind: EntryKind, scope: Scope) -> bool:
        """Return whether any pack in scope has an entry of a kind."""
        return self._packs.has_entries(kind, scope)

    def pack_of(self, kind: EntryKind, number: int) -> str:
        """Return the pack of an entry by the entry's number."""
        return self._packs.pack_of(kind, number)

    def list_facts(self, scope: Scope, limit: int = -1) -> list[tuple[str, Fact]]:
        """Return the first `limit` facts in scope with their packs."""
        return [(pack, fact_from_json(body)) for pack, body in self._bodies("fact", scope, limit)]

    def list_quotes(self, scope: Scope) -> list[tuple[str, Quote]]:
        """Return the quotes in scope with their packs."""
        return [(pack, quote_from_json(body)) for pack, body in self._bodies("quote", scope)]

    def list_releases(self, scope: Scope) -> list[tuple[str, Release]]:
        """Return the releases in scope with their packs."""
        return [(pack, release_from_json(body)) for pack, body in self._bodies("release", scope)]

    def load_facts(
        self, keys: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, Fact]]:
        """Return facts with their packs, by (pack, id) pair."""
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

    def load_templates(self, pack: str, key: str) -> list[tuple[str, ...]]:
        """Return the sample questions of a fact as templates, in the pack's order."""
        rows = self._connection.fetch_all(
            "SELECT t.samples FROM entry AS e JOIN template AS t ON t.entry = e.number"
            " WHERE e.pack = ? AND e.kind = 'fact' AND e.id = ?",
            [self.packs[pack].number, key],
        )
        return [tuple(text.split(" ")) for (samples,) in rows for text in json.loads(samples)]

    def load_completion_words(self, limit: int) -> dict[tuple[str, str], dict[str, int]]:
        """Return the words by which the first `limit` facts are found while typing."""
        rows = self._connection.fetch_all(
            "SELECT e.pack, e.id, c.words FROM completion AS c JOIN entry AS e"
            " ON e.number = c.entry ORDER BY e.number LIMIT ?",
            (limit,),
        )
        return {
            (self._packs.by_number[pack].id, key): json.loads(words) for pack, key, words in rows
        }

    def load_quote(self, pack: str, key: str) -> Quote | None:
        """Return a quote by its pack and id, if there is one."""
        body = self._body(pack, "quote", key)
        return None if body is None else quote_from_json(body)

    def load_release(self, pack: str, key: str) -> Release | None:
        """Return a release by its pack and id, if there is one."""
        body = self._body(pack, "release", key)
        return None if body is None else release_from_json(body)

    def load_documents(self, numbers: Collection[int]) -> list[StoredDocument]:
        """Return the documents of entries by number."""
        rows = self._connection.fetch_all(
            "SELECT e.number, e.pack, e.id, d.body, d.phrasings FROM entry AS e JOIN document AS d"
            f" ON d.entry = e.number WHERE e.number IN ({placeholders(numbers)})",
            numbers,
        )
        return [
            StoredDocument(number, self._packs.by_number[pack].id, key, body, phrasings)
            for number, pack, key, body, phrasings in rows
        ]

    def search_text(self, words: Collection[str], scope: Scope) -> list[tuple[str, str, str]]:
        """Return (pack, kind, id) of entries with all words, best first.

        A word is only ever a word: whatever it holds, none of it is FTS5 syntax.
        """
        phrase = " ".join(filter(None, map(_quote_for_fts, words)))
        if not phrase:
            return []
        rows = self._connection.fetch_all(
            "SELECT e.pack, e.kind, e.id FROM entry_fts JOIN entry AS e"
            " ON e.number = entry_fts.rowid"
            f" WHERE entry_fts MATCH ? AND {self._packs.filter_for(scope).pack_condition}"
            f" ORDER BY rank LIMIT {MAX_TEXT_MATCHES}",
            [phrase],
        )
        return [(self._packs.by_number[pack].id, kind, key) for pack, kind, key in rows]

    def clear_caches(self) -> None:
        """Forget everything that was read for earlier questions."""
        self.vocabulary.clear_caches()
        self.inverted_index.clear_caches()

    def _body(self, pack: str, kind: EntryKind, key: str) -> str | None:
        header = self.packs.get(pack)
        if header is None:
            return None
        rows = self._connection.fetch_all(
            "SELECT body FROM entry WHERE pack = ? AND kind = ? AND id = ?",
            (header.number, kind, key),
        )
        return next((body for (body,) in rows), None)

    def _bodies(self, kind: EntryKind, scope: Scope, limit: int = -1) -> list[tuple[str, str]]:
        in_scope = self._packs.filter_for(scope).entry_condition(kind)
        rows = self._connection.fetch_all(
            f"SELECT pack, body FROM entry WHERE {in_scope} ORDER BY number LIMIT ?",
            (limit,),
        )
        return [(self._packs.by_number[pack].id, body) for pack, body in rows]


@dataclass(frozen=True, slots=True)
class QuestionFeatures:
    """The features of one question, by their part in its lookup."""

    content: Collection[str]
    """Features that entries are found by."""
    out_of_domain: Collection[str]
    """Features that are compared with out-of-domain topics."""
    sample: str | None = None
    """The feature of the question word for word, by which sample questions are found."""


@dataclass(frozen=True, slots=True)
class QuestionData(Generic[Document]):
    """Everything in the index that bears on one question."""

    candidates: tuple[Document, ...]
    """The documents to which the content features point most, best first, of a few packs."""
    samples: tuple[Document, ...]
    """The documents of which it is a sample question, two at most."""
    ood_log_odds: Mapping[str, Mapping[int, int]]
    """The log odds of features by the out-of-domain topics that have them."""


class QuestionLookup(Generic[Document]):
    """Reads everything that bears on a question in one call.

    The question's words are read before, from the vocabulary: its features depend on their names
    and frequencies. The last documents are kept decoded.
    """

    def __init__(self, index: IndexReader, decode: Callable[[StoredDocument], Document]) -> None:
        """Take the index, and the decoder of its documents."""
        self._index = index
        self._decode = decode
        self._documents = BatchCache(MAX_CACHED_DOCUMENTS, self._load_documents)

    def read_question_data(
        self,
        kind: EntryKind,
        features: QuestionFeatures,
        scope: Scope,
        limit: int,
        max_packs: int | None = None,
    ) -> QuestionData[Document]:
        """Return everything that bears on a question.

        The candidates are those of the best `limit` that belong to the first `max_packs` packs, or
        to any pack for None.
        """
        find_top = self._index.inverted_index.find_top
        candidates = find_top(kind, features.content, scope, limit)
        if max_packs is not None:
            candidates = self._select_packs(kind, candidates, max_packs)
        samples: list[int] = []
        if features.sample is not None:
            # Two are enough to see that it is a sample question of more than one.
            samples = find_top(kind, [features.sample], scope, 2)
        documents = self._documents.get_many([*candidates, *samples])
        return QuestionData(
            candidates=tuple(documents[number] for number in candidates),
            samples=tuple(documents[number] for number in samples),
            ood_log_odds=self._index.vocabulary.read_ood_log_odds(features.out_of_domain),
        )

    def clear_caches(self) -> None:
        """Forget all documents in memory."""
        self._documents.clear()

    def _select_packs(self, kind: EntryKind, numbers: list[int], max_packs: int) -> list[int]:
        """Return the entries of the packs that come first."""
        packs = {number: self._index.pack_of(kind, number) for number in numbers}
        first = list(dict.fromkeys(packs.values()))[:max_packs]
        return [number for number in numbers if packs[number] in first]

    def _load_documents(self, numbers: list[int]) -> dict[int, Document]:
        return {
            stored.number: self._decode(stored) for stored in self._index.load_documents(numbers)
        }


def read_lexicon(path: Path) -> str:
    """Return the lexicon of an index file as JSON.

    It is read before the index is opened, for it tells which words may be kept in memory.

    Raises:
        StoreError: There is no index file, or it cannot be read.
    """
    with _explaining(path), closing(ReadConnection(path)) as connection:
        ((text,),) = connection.fetch_all("SELECT value FROM metadata WHERE name = 'lexicon'")
        return str(text)


def read_lexicon_parts(path: Path, *names: str) -> list[Any]:
    """Return parts of the lexicon of an index file by their names.

    It takes a tenth of the time and memory of the whole lexicon.

    Raises:
        StoreError: There is no index file, or it cannot be read.
    """
    with _explaining(path), closing(ReadConnection(path)) as connection:
        paths = ", ".join(f"'$.{name}'" for name in names)
        ((text,),) = connection.fetch_all(
            f"SELECT json_extract(value, {paths}) FROM metadata WHERE name = 'lexicon'"
        )
        parts: list[Any] = json.loads(text)
        return parts


class WordFrequencies(Mapping[str, float]):
    """The Zipf frequencies of a language's words, each read when it is first asked for.

    A pack has a few hundred of the hundred thousand words.
    """

    def __init__(self, connection: ReadConnection) -> None:
        """Read from this connection to an index."""
        self._connection = connection
        self._known: dict[str, float | None] = {}

    def __getitem__(self, word: str) -> float:
        """Return the frequency of a word."""
        if word not in self._known:
            found = self._connection.fetch_all(
                "SELECT zipf_frequency FROM word_frequency WHERE word = ?", (word,)
            )
            self._known[word] = found[0][0] if found else None
        frequency = self._known[word]
        if frequency is None:
            raise KeyError(word)
        return frequency

    def __iter__(self) -> Iterator[str]:
        """Iterate over all words of the language."""
        return (word for (word,) in self._connection.fetch_all("SELECT word FROM word_frequency"))

    def __len__(self) -> int:
        """Return the number of words of the language."""
        ((count,),) = self._connection.fetch_all("SELECT count(*) FROM word_frequency")
        return int(count)


@contextmanager
def open_frequencies(path: Path) -> Iterator[WordFrequencies]:
    """Give the Zipf frequencies of the language's words in an index file.

    Raises:
        StoreError: There is no index file, or it cannot be read.
    """
    with _explaining(path):
        connection = ReadConnection(path)
    with closing(connection):
        yield WordFrequencies(connection)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Turn whatever an unreadable index raises into a `StoreError`."""
    try:
        yield
    except (OSError, sqlite3.Error, StoreError, ValueError) as error:
        raise StoreError(
            f"{path}: this is no fact store that can be read ({error}); "
            "remove it, it will be compiled again"
        ) from error


def _read_headers(rows: Iterable[Any]) -> list[PackHeader]:
    """Return pack headers from their rows, in the order of their numbers."""
    next_numbers = dict(FIRST_NUMBERS)
    headers: list[PackHeader] = []
    for number, key, title, source, names, *counts, faults, untranslated in rows:
        ranges = {
            kind: range(next_numbers[kind], next_numbers[kind] + count)
            for kind, count in zip(FIRST_NUMBERS, counts, strict=True)
        }
        next_numbers = {kind: ids.stop for kind, ids in ranges.items()}
        headers.append(
            PackHeader(
                number,
                key,
                title,
                source_from_json(source),
                json.loads(names),
                ranges,
                faults_from_json(faults),
                frozenset((kind, entry) for kind, entry in json.loads(untranslated)),
            )
        )
    return headers


def _quote_for_fts(word: str) -> str:
    """Return a word as an FTS5 string, or nothing without letters."""
    # NUL ends a text for FTS5, and half of a surrogate pair cannot be encoded.
    cleaned = word.replace("\x00", " ").encode("utf-8", "ignore").decode()
    if not any(character.isalnum() for character in cleaned):
        return ""
    return '"' + cleaned.replace('"', '""') + '"'
