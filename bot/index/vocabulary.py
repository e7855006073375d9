"""Words of the index: frequencies, names, corrections and out-of-domain features.

Questions use the same few words again and again, so the last words read are kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.index.cache import BatchCache, share_number
from bot.index.connection import placeholders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.index.cache import KeyedHash
    from bot.index.connection import ReadConnection
    from bot.index.scope import PackTable, Scope, ScopeFilter

MAX_CACHED_WORDS = 4_096
"""How many words are kept in memory, some hundred bytes each."""
MAX_CACHED_FEATURES = 4_096

Phrase = tuple[str, ...]
NamesByLength = tuple[tuple[int, dict[Phrase, frozenset[str]]], ...]
"""Names with one first word by their length, longest first, each with its subjects ("pack/id")."""


@dataclass(frozen=True, slots=True)
class WordEntry:
    """Everything that the index knows of one word in a scope."""

    zipf_frequency: float | None
    """How common its language has it, or None where that does not have it."""
    is_known: bool
    """Whether a pack in scope or the lexicon uses it."""
    names: NamesByLength
    """The names in scope that begin with it."""


class Vocabulary:
    """The words and names of one index."""

    def __init__(self, connection: ReadConnection, packs: PackTable, hide: KeyedHash) -> None:
        """Take the connection, the packs, and the hash for typed words."""
        self._connection = connection
        self._packs = packs
        self._words = BatchCache(
            MAX_CACHED_WORDS,
            self._load_words,
            lambda key: (key[0], hide(key[1])),
            is_indexed=attrgetter("is_known"),
        )
        self._ood_features = BatchCache(
            MAX_CACHED_FEATURES, self._load_ood_log_odds, hide, is_indexed=bool
        )

    def read_words(self, words: Collection[str], scope: Scope) -> dict[str, WordEntry]:
        """Return the entry of each word."""
        within = self._packs.filter_for(scope)
        found = self._words.get_many([(within, word) for word in words])
        return {word: entry for (_, word), entry in found.items()}

    def read_corrections(
        self, variants: Mapping[str, Collection[str]], scope: Scope
    ) -> dict[str, dict[str, int]]:
        """Return the words in scope that each misspelt word may mean.

        Args:
            variants: The deletion variants of each misspelt word.
            scope: The packs whose words may be meant, beside those of the lexicon.

        Returns:
            By misspelt word, the words that may be meant, and how often packs use each.
        """
        misspelt = list(variants)
        pairs = [(at, variant) for at, word in enumerate(misspelt) for variant in variants[word]]
        if not pairs:
            return {word: {} for word in misspelt}
        in_scope = self._packs.filter_for(scope).use_condition
        # A word counts once for each variant that it shares: the more, the likelier it is meant.
        values: list[str | int] = [part for pair in pairs for part in pair]
        rows = self._connection.fetch_typed(
            f"WITH pair (at, variant) AS (VALUES {','.join(['(?, ?)'] * len(pairs))})"
            " SELECT pair.at, d.word, SUM(v.use_count)"
            " FROM pair CROSS JOIN deletion AS d CROSS JOIN vocabulary AS v"
            f" WHERE d.variant = pair.variant AND v.word = d.word AND {in_scope} GROUP BY 1, 2",
            values,
        )
        found: dict[str, dict[str, int]] = {word: {} for word in misspelt}
        for at, word, use_count in rows:
            found[misspelt[at]][word] = use_count
        return found

    def read_ood_log_odds(self, features: Collection[str]) -> dict[str, dict[int, int]]:
        """Return the log odds of each feature by the out-of-domain topics that have it.

        Features that no topic has are left out.
        """
        found = self._ood_features.get_many(features)
        return {feature: row for feature, row in found.items() if row}

    def read_names_of(self, subjects: Collection[str]) -> list[tuple[str, str, Phrase]]:
        """Return (pack, subject, name) for all names of some subjects."""
        rows = self._connection.fetch_all(
            f"SELECT pack, subject, words FROM name WHERE subject IN ({placeholders(subjects)})",
            subjects,
        )
        return [
            (self._packs.by_number[pack].id, subject, tuple(words.split(" ")))
            for pack, subject, words in rows
        ]

    def clear_caches(self) -> None:
        """Forget all words and features in memory."""
        self._words.clear()
        self._ood_features.clear()

    def _load_words(
        self, keys: list[tuple[ScopeFilter, str]]
    ) -> dict[tuple[ScopeFilter, str], WordEntry]:
        within = keys[0][0]  # all words of one question are read in one scope
        words = [word for _, word in keys]
        in_scope = within.pack_condition
        # EXISTS stops at the first pack that has the word; most packs have "the". The words come
        # one by one: SQLite from 3.45 on keeps the last JSON texts that a statement was given.
        rows = self._connection.fetch_typed(
            f"WITH asked (word) AS (VALUES {','.join(['(?)'] * len(words))})"
            " SELECT asked.word, f.zipf_frequency, EXISTS"
            f" (SELECT 1 FROM vocabulary WHERE word = asked.word AND {in_scope}),"
            " n.words, n.pack, n.subject FROM asked"
            " LEFT JOIN word_frequency AS f ON f.word = asked.word"
            f" LEFT JOIN name AS n ON n.first_word = asked.word AND {in_scope}",
            words,
        )
        known: dict[str, tuple[float | None, bool]] = {}
        names: defaultdict[str, list[tuple[Phrase, str]]] = defaultdict(list)
        for word, zipf_frequency, is_used, name, pack, subject in rows:
            known[word] = zipf_frequency, bool(is_used)
            if name is not None:
                key = f"{self._packs.by_number[pack].id}/{subject}"
                names[word].append((tuple(name.split(" ")), key))
        return {
            (within, word): WordEntry(*known[word], _group_by_length(names[word])) for word in words
        }

    def _load_ood_log_odds(self, features: list[str]) -> dict[str, dict[int, int]]:
        found: dict[str, dict[int, int]] = {feature: {} for feature in features}
        for feature, topic, log_odds in self._connection.fetch_typed(
            "SELECT feature, topic, log_odds FROM ood_feature"
            f" WHERE feature IN ({placeholders(features)})",
            features,
        ):
            found[feature][topic] = share_number(log_odds)
        return found


def _group_by_length(names: Iterable[tuple[Phrase, str]]) -> NamesByLength:
    by_length: defaultdict[int, defaultdict[Phrase, set[str]]]
    by_length = defaultdict(lambda: defaultdict(set))
    for name, subject in names:
        by_length[len(name)][name].add(subject)
    return tuple(
        (length, {name: frozenset(subjects) for name, subjects in by_length[length].items()})
        for length in sorted(by_length, reverse=True)
    )
