"""What a store knows of single words: English, the packs' own, misspelt ones, names.

Questions are made of the same few words over and over: what was read of a word lately is kept.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

from bot.index.cache import BatchCache
from bot.index.connection import placeholders

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.index.connection import ReadConnection
    from bot.index.keyed_hash import KeyedHash
    from bot.index.scope import PackTable, Scope

MOST_KEPT = 4_096
"""So many words are kept in memory: some 200 bytes each."""

Name = tuple[tuple[str, ...], str]
"""The words of a name, and the key of what it is a name of: "pack/id", for two packs may use one
id for different things."""


class Vocabulary:
    """The words and names of a store."""

    def __init__(self, connection: ReadConnection, packs: PackTable, hide: KeyedHash) -> None:
        self._connection = connection
        self._packs = packs
        self._commonness = BatchCache(MOST_KEPT, self._load_commonness, hide)
        self._beyond = BatchCache(MOST_KEPT, self._load_beyond, hide)
        ((self._topics,),) = connection.fetch_all("SELECT COALESCE(MAX(topic) + 1, 0) FROM beyond")

    def zipf_frequencies(self, words: Collection[str]) -> dict[str, float]:
        """Return how common those of the words are that English has (Zipf scale)."""
        found = self._commonness.get(words)
        return {word: common for word, common in found.items() if common >= 0}

    def known_words(self, words: Collection[str], scope: Scope) -> set[str]:
        """Return those of the words that a pack in scope, or the lexicon, uses."""
        packs = self._packs.filter_for(scope).pack_condition
        rows = self._connection.fetch_and_forget(
            "SELECT asked.value FROM json_each(?) AS asked WHERE EXISTS"
            f" (SELECT 1 FROM vocabulary WHERE word = asked.value AND {packs})",
            [json.dumps(list(words))],
        )
        return {word for (word,) in rows}

    def find_corrections(self, remainders: Collection[str], scope: Scope) -> dict[str, int]:
        """Return the words in scope that share a remainder, and how often packs use each."""
        in_scope = self._packs.filter_for(scope).pack_condition
        rows = self._connection.fetch_and_forget(
            "SELECT d.word, SUM(v.uses) FROM deletion AS d JOIN vocabulary AS v ON v.word = d.word"
            f" WHERE d.remainder IN ({placeholders(remainders)}) AND {in_scope}"
            " GROUP BY d.word",
            remainders,
        )
        return dict(rows)

    def find_names(self, words: Collection[str], scope: Scope) -> list[Name]:
        """Return every name in scope that begins with one of the words."""
        rows = self._connection.fetch_and_forget(
            f"SELECT words, pack, subject FROM name WHERE first IN ({placeholders(words)})"
            f" AND {self._packs.filter_for(scope).pack_condition}",
            words,
        )
        return [
            (tuple(name.split(" ")), f"{self._packs.by_number[pack].id}/{subject}")
            for name, pack, subject in rows
        ]

    def ood_log_odds(self, features: Collection[str]) -> dict[str, array[int]]:
        """Return the affinity of features to every topic beyond the notes.

        Those that no topic has are left out.
        """
        return {key: row for key, row in self._beyond.get(features).items() if row}

    def find_names_of(self, subjects: Collection[str]) -> list[tuple[str, str, tuple[str, ...]]]:
        """Return (pack, id, words) for every name that any pack has for one of the ids."""
        rows = self._connection.fetch_all(
            f"SELECT pack, subject, words FROM name WHERE subject IN ({placeholders(subjects)})",
            subjects,
        )
        return [
            (self._packs.by_number[pack].id, subject, tuple(words.split(" ")))
            for pack, subject, words in rows
        ]

    def _load_commonness(self, words: list[str]) -> dict[str, float]:
        rows = self._connection.fetch_and_forget(
            f"SELECT word, commonness FROM english WHERE word IN ({placeholders(words)})", words
        )
        return dict.fromkeys(words, -1.0) | dict(rows)

    def _load_beyond(self, features: list[str]) -> dict[str, array[int]]:
        found = {feature: array("I") for feature in features}
        for feature, topic, affinity in self._connection.fetch_and_forget(
            "SELECT feature, topic, affinity FROM beyond"
            f" WHERE feature IN ({placeholders(features)})",
            features,
        ):
            row = found[feature] = found[feature] or array("I", bytes(4 * self._topics))
            row[topic] = affinity
        return found
