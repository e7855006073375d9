"""The languages that the bot speaks, and the one for a reader's locale.

English is what stands in the code, so it needs neither a catalogue nor Babel. Other languages are
loaded when somebody first reads in them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bot.localization.phrases import ENGLISH, ENGLISH_TAG, Phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

TRANSLATED = ("es-ES", "es-419", "pt-BR", "de", "fr")
"""The languages with a catalogue, by Discord's names for them."""
LANGUAGE_NAMES = {
    "en": "English",
    "es-ES": "español (España)",
    "es-419": "español (Latinoamérica)",
    "pt-BR": "português (Brasil)",
    "de": "Deutsch",
    "fr": "français",
}
"""Each language's name in itself, as people look for it."""
_BY_LANGUAGE = {"es": "es-419", "pt": "pt-BR", "de": "de", "fr": "fr"}
_SPAIN = frozenset({"es", "es-es"})


def find_language(locale: str | None) -> str:
    """Return the tag of the language for a locale of Discord or the system.

    English where there is none, or no catalogue for it.
    """
    plain = (locale or "").partition(".")[0].partition("@")[0].replace("_", "-").casefold()
    language = plain.partition("-")[0]
    if language == "es" and plain in _SPAIN:
        return "es-ES"
    return _BY_LANGUAGE.get(language, ENGLISH_TAG)


@lru_cache(maxsize=len(TRANSLATED) + 1)  # a language is read once, and then kept
def _load(tag: str) -> Phrases:
    if tag == ENGLISH_TAG:
        return ENGLISH
    # Imported here: who reads English needs neither Babel's data nor its memory.
    from bot.localization.cldr import TranslatedPhrases  # noqa: PLC0415

    return TranslatedPhrases(tag)


def load_phrases(locale: str | None) -> Phrases:
    """Return the phrases of the language for a locale."""
    return _load(find_language(locale))


def find_environment_locale(environment: Mapping[str, str]) -> str | None:
    """Return the locale of messages that the environment asks for, if any."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(name):
            return locale
    return None
