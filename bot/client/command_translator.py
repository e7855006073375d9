"""The commands' names and descriptions in other languages, as Discord shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord.app_commands import TranslationContextLocation, Translator

from bot.localization.catalogues import load_translations
from bot.localization.languages import TRANSLATED
from bot.localization.phrases import Phrases

if TYPE_CHECKING:
    import discord
    from discord.app_commands import TranslationContext, locale_str

COMMAND, OPTION, CHOICE = "command", "option", "choice"
"""The contexts of names in the catalogues: the same word may be two things."""
CONTEXTS = {
    TranslationContextLocation.command_name: COMMAND,
    TranslationContextLocation.group_name: COMMAND,
    TranslationContextLocation.parameter_name: OPTION,
    TranslationContextLocation.choice_name: CHOICE,
}


class CommandTranslator(Translator):
    """Translates the commands when they are published."""

    def __init__(self) -> None:
        # Names and sentences alone, so that a start need not wait for Babel's data.
        self._phrases = {tag: Phrases(load_translations(tag)) for tag in TRANSLATED}

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContext[Any, Any]
    ) -> str | None:
        """Return a name or description in a language; None leaves it English there."""
        phrases, english = self._phrases.get(locale.value), string.message
        if phrases is None:
            return None
        named = CONTEXTS.get(context.location)
        translated = phrases(english) if named is None else phrases.term(named, english)
        return None if translated == english else translated
