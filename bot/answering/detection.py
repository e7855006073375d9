"""Tell in which language a question is asked.

Each word counts as it is common in a language: the sum of Zipf frequencies is the logarithm of a
unigram model's likelihood. Names tell nothing, for they are the same in all languages. Languages
that no pack has are told by their commonest words alone.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.answering.lexicon import ENGLISH, longest_match
from bot.answering.text import (
    MIN_CORRECTED_LENGTH,
    deletion_variants,
    fold,
    is_one_mistake,
    squeeze,
)
from bot.index.cache import BatchCache

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.answering.packs_in_language import PacksInLanguage
    from bot.index.cache import KeyedHash
    from bot.index.scope import Scope
    from bot.index.vocabulary import WordEntry

MAX_WORDS_READ = 30
"""A language shows in its first words."""
CHAT_ZIPF = 5.0
"""A spelling of chat counts as a word this common, for no list of words has it: "vc", "xq"."""
FUNCTION_WORD_ZIPF = 5.0
"""So does a function word: the Spanish list has few words in any but their first form, and neither
"tiene" nor "sale"."""
KNOWN_ZIPF = 3.0
"""Any other word of a pack or the lexicon counts as this common at least, and so does a word that
one mistake makes of one."""
CLEAR_LEAD = 2.5
"""With a smaller lead, a question is taken to be in the language of its asker."""

MIN_OTHER_LETTERS = 2
"""So many letters of another script are no ornament: "Kendall Я"."""
MAX_CACHED_WORDS = 2_048
"""How many words are kept in memory with their scores; a question has some twelve."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SCRIPT_CHANGE = re.compile(r"(?<=[a-z0-9])(?=[^\W\x00-\x7f])|(?<=[^\W\x00-\x7f])(?=[a-z0-9])")


@dataclass(frozen=True, slots=True)
class WordScores:
    """What a word tells of the language that it is in."""

    scores: tuple[float, ...]
    """How strongly it speaks for each language that packs have."""
    begins_name: bool
    is_known: bool
    """Whether any of the languages has it."""
    is_indexed: bool
    """Whether packs or the lexicon in their own language have it."""


class LanguageDetector:
    """Tells the language of a question by its words."""

    def __init__(self, languages: Mapping[str, PacksInLanguage], hide: KeyedHash) -> None:
        """Take the packs by language and the hash for typed words."""
        self._languages = languages
        self._words = BatchCache(
            MAX_CACHED_WORDS,
            self._load_words,
            lambda key: (key[0], hide(key[1])),
            is_indexed=attrgetter("is_indexed"),
        )
        self._own = next(iter(languages.values()))
        self._unserved = {
            code: words for code, words in load_common_words().items() if code not in languages
        }

    def can_tell(self, language: str) -> bool:
        """Return whether questions in a language are told from others."""
        return language in self._languages or language in self._unserved

    def is_in_other_script(self, text: str, scope: Scope) -> bool:
        """Return whether most of a text is in a script unknown here.

        Words and names of packs in scope count for nothing, and so does a single letter.
        """
        if text.isascii():
            return False
        # "Schmidtは誰" has no space between a name and the words behind it.
        words = _split_words(_SCRIPT_CHANGE.sub(" ", fold(text)))
        found = self._read_words(words, scope)
        plain = self._leave_out_names(words, found, scope)
        other = sum(len(word) for word in plain if not (_is_latin(word) or found[word].is_known))
        return other >= MIN_OTHER_LETTERS and other > sum(map(len, plain)) / 2

    def tell_language(self, text: str, locale: str | None, scope: Scope) -> str:
        """Return the language of a text, or else of a locale.

        The names of packs outside the scope count for nothing.
        """
        asker = reader_language(locale, (*self._languages, *self._unserved))
        words = _split_words(text)
        if len(self._languages) == 1 and not self._may_be_unserved(words):
            return asker
        found = self._read_words(words, scope)
        plain = self._leave_out_names(words, found, scope)
        unserved = self._score_unserved(plain)
        served = self._score_served(plain, found, _find_accented(text))
        told = _choose_clear(served, unserved, asker)
        # A language that hardly leads may owe that to what is misspelt in another.
        if not _leads_clearly(told, served) and (unknown := _find_unknown(plain, found)):
            for code in served:
                served[code] += KNOWN_ZIPF * self._count_misspelt(code, unknown, scope)
            told = _choose_clear(served, unserved, asker)
        return told or asker

    def _read_words(self, words: Iterable[str], scope: Scope) -> dict[str, WordScores]:
        found = self._words.get_many([(scope, word) for word in words])
        return {word: scores for (_, word), scores in found.items()}

    def _leave_out_names(
        self, words: tuple[str, ...], found: Mapping[str, WordScores], scope: Scope
    ) -> list[str]:
        """Return the words outside the names of packs in scope."""
        names = [word for word in words if found[word].begins_name]
        entries = self._own.index.vocabulary.read_words(names, scope)
        return _without_names(words, entries)

    def _may_be_unserved(self, words: Collection[str]) -> bool:
        """Return whether words may be of a language that no pack has."""
        own = FUNCTION_WORD_ZIPF * sum(word in self._own.cues.stop_words for word in words)
        return max(self._score_unserved(words).values(), default=0.0) - own >= CLEAR_LEAD

    def _score_served(
        self, plain: Iterable[str], found: Mapping[str, WordScores], accented: Collection[str]
    ) -> dict[str, float]:
        scores = dict.fromkeys(self._languages, 0.0)
        for word in plain:
            for code, score in zip(scores, found[word].scores, strict=True):
                if code != ENGLISH or word not in accented:
                    scores[code] += score
        return scores

    def _load_words(self, keys: list[tuple[Scope, str]]) -> dict[tuple[Scope, str], WordScores]:
        scope = keys[0][0]  # all words of one question are read in one scope
        words = [word for _, word in keys]
        entries = {
            code: told.index.vocabulary.read_words(words, scope)
            for code, told in self._languages.items()
        }
        return {
            (scope, word): self._weigh_word(
                word, {code: each[word] for code, each in entries.items()}
            )
            for word in words
        }

    def _weigh_word(self, word: str, entries: Mapping[str, WordEntry]) -> WordScores:
        own = entries[self._own.language]
        scores = [self._score_word(word, code, entry, own) for code, entry in entries.items()]
        is_known = any(entry.is_known or entry.zipf_frequency for entry in entries.values())
        return WordScores(tuple(scores), bool(own.names), bool(is_known), own.is_known)

    def _score_word(self, word: str, code: str, entry: WordEntry, own: WordEntry) -> float:
        """Return how strongly a word speaks for a language."""
        own_cues, cues = self._own.cues, self._languages[code].cues
        least = KNOWN_ZIPF if entry.is_known else 0.0
        if cues is own_cues:
            least = CHAT_ZIPF if word in cues.spellings else least
        elif word in cues.spellings and (own.zipf_frequency or 0.0) <= KNOWN_ZIPF:
            least = CHAT_ZIPF
        # A lexicon lists words of the packs' own language too, where people mix the two.
        elif word in cues.stop_words:
            least = 0.0 if word in own_cues.stop_words else FUNCTION_WORD_ZIPF
        return max(entry.zipf_frequency or 0.0, least)

    def _score_unserved(self, words: Collection[str]) -> dict[str, float]:
        parts = [part for word in words for part in word.split("'")]
        return {
            code: sum(common.get(part, 0.0) for part in parts)
            for code, common in self._unserved.items()
        }

    def _count_misspelt(self, code: str, unknown: Collection[str], scope: Scope) -> int:
        """Count the words that one mistake makes of words of a language."""
        told = self._languages[code]
        variants = {word: deletion_variants(word) for word in unknown}
        found = told.index.vocabulary.read_corrections(variants, scope)
        return sum(
            any(is_one_mistake(word, meant) for meant in meanings)
            for word, meanings in found.items()
        )


def _is_latin(word: str) -> bool:
    return word.isascii() or all(
        unicodedata.name(letter, "").startswith("LATIN") for letter in word if letter.isalpha()
    )


def _split_words(text: str) -> tuple[str, ...]:
    return tuple(map(squeeze, _WORD.findall(fold(text))))[:MAX_WORDS_READ]


def reader_language(locale: str | None, known: Iterable[str]) -> str:
    """Return the known language of a locale, or its bare code."""
    language = (locale or ENGLISH).replace("_", "-").partition("-")[0].casefold()
    return next((code for code in known if code.partition("-")[0] == language), language)


@cache
def load_common_words() -> dict[str, dict[str, float]]:
    """Return the commonest words of languages, with their Zipf frequencies."""
    text = (Path(__file__).parent / "languages" / "common_words.txt").read_text(encoding="utf-8")
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in text.splitlines():
        if not line.startswith("#"):
            head, _, words = line.partition(":")
            code, zipf_frequency = head.split()
            found[code].update(dict.fromkeys(words.split(), float(zipf_frequency)))
    return dict(found)


def _choose_clear(
    served: Mapping[str, float], unserved: Mapping[str, float], asker: str
) -> str | None:
    """Return the language that clearly leads, or None.

    `served` has the packs' own language first.
    """
    best = max(served, key=lambda code: (served[code], code == asker))
    if best == asker:
        of_asker = 0.0
    else:
        # Who reads none of the packs' languages is likelier to ask in the packs' own than another.
        usual = asker if asker in served else next(iter(served))
        of_asker = max(unserved.get(asker, 0.0), served[usual] if usual != best else 0.0)
    # Of a language that no pack has, some words are known: it must lead over all that packs have.
    foreign = max(unserved, key=unserved.__getitem__, default=None)
    if foreign and unserved[foreign] - max(served[best], of_asker) >= CLEAR_LEAD:
        return foreign
    return best if best == asker or served[best] - of_asker >= CLEAR_LEAD else None


def _leads_clearly(told: str | None, served: Mapping[str, float]) -> bool:
    """Return whether a language clearly leads over those of packs."""
    others = [score for code, score in served.items() if code != told]
    return told is not None and served.get(told, math.inf) - max(others, default=0.0) >= CLEAR_LEAD


def _find_accented(text: str) -> set[str]:
    """Return the words typed with accents, without them."""
    return {fold(word) for word in _WORD.findall(text.casefold()) if not word.isascii()}


def _find_unknown(plain: Iterable[str], found: Mapping[str, WordScores]) -> set[str]:
    """Return the longer words that no language has."""
    return {
        word for word in plain if len(word) >= MIN_CORRECTED_LENGTH and not found[word].is_known
    }


def _without_names(words: tuple[str, ...], entries: Mapping[str, WordEntry]) -> list[str]:
    names = {word: entry.names for word, entry in entries.items() if entry.names}
    plain: list[str] = []
    at = 0
    while at < len(words):
        length = longest_match(names, words, at)[0] if words[at] in names else 0
        if not length:
            plain.append(words[at])
        at += length or 1
    return plain
