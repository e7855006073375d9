"""Tell in which language a question is asked.

Each word counts as it is common in a language: the sum of Zipf frequencies is the logarithm of a
unigram model's likelihood. Names tell nothing, for they are the same in all languages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.answering.lexicon import ENGLISH, longest_match
from bot.answering.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.answering.packs_in_language import PacksInLanguage
    from bot.index.scope import Scope
    from bot.index.vocabulary import WordEntry

MAX_WORDS_READ = 30
"""A language shows in its first words."""
CHAT_ZIPF = 5.0
"""A spelling of chat counts as a word this common, for no list of words has it: "vc", "xq"."""
KNOWN_ZIPF = 3.0
"""A word of a pack or the lexicon counts as this common at least: the Spanish list has few words in
any but their first form, and neither "tiene" nor "cuantos"."""
CLEAR_LEAD = 2.5
"""With a smaller lead, a question is taken to be in the language of its asker."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class LanguageDetector:
    """Tells the language of a question among those of some vocabularies."""

    def __init__(self, languages: Mapping[str, PacksInLanguage]) -> None:
        """Take the packs in each language, the packs' own first."""
        self._languages = languages

    def tell_language(self, text: str, locale: str | None, scope: Scope) -> str:
        """Return the language of a text, or where it tells none, of a locale.

        The names of packs outside the scope count for nothing.
        """
        asker = find_language(locale, self._languages)
        if len(self._languages) == 1:
            return asker
        words = tuple(_WORD.findall(fold(text)))[:MAX_WORDS_READ]
        scores = self._score(words, scope)
        best = max(scores, key=lambda code: (scores[code], code == asker))
        return best if scores[best] - scores[asker] >= CLEAR_LEAD else asker

    def _score(self, words: tuple[str, ...], scope: Scope) -> dict[str, float]:
        scores = dict.fromkeys(self._languages, 0.0)
        plain: list[str] | None = None
        for code, told in self._languages.items():
            entries = told.index.vocabulary.read_words(set(words), scope & told.packs)
            if plain is None:  # names are the same for all
                plain = _without_names(words, entries)
            for word in plain:
                entry = entries[word]
                least = KNOWN_ZIPF if entry.is_known else 0.0
                if word in told.cues.spellings:
                    least = CHAT_ZIPF
                scores[code] += max(entry.zipf_frequency or 0.0, least)
        return scores


def find_language(locale: str | None, known: Iterable[str]) -> str:
    """Return the known language of a locale, or English.

    "es-419" is "es".
    """
    language = reader_language(locale, codes := tuple(known))
    return language if language in codes else ENGLISH


def reader_language(locale: str | None, known: Iterable[str]) -> str:
    """Return the known language of a locale, or the first part of its name."""
    language = (locale or ENGLISH).replace("_", "-").partition("-")[0].casefold()
    return next((code for code in known if code.partition("-")[0] == language), language)


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
