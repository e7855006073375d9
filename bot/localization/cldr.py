"""Phrases in languages other than English, by Unicode's data (CLDR, from Babel)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.localization.catalogues import load_translations
from bot.localization.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class TranslatedPhrases(Phrases):
    """The bot's words in one of the languages with a catalogue."""

    def __init__(self, tag: str) -> None:
        super().__init__(load_translations(tag))
        self.tag = tag
        self._locale = Locale.parse(tag, sep="-")

    def number(self, number: int) -> str:
        """Write a number with its thousands apart, as the language has it."""
        return format_decimal(number, locale=self._locale)

    def listed(self, words: Sequence[str]) -> str:
        """List words for the middle of a sentence."""
        return format_list(words, locale=self._locale)

    def day(self, day: date) -> str:
        """Write a day in full."""
        return format_date(day, "long", locale=self._locale)

    def month(self, day: date) -> str:
        """Write a day's month."""
        return format_skeleton("yMMMM", day, locale=self._locale)

    def day_in_title(self, day: date) -> str:
        """Write a day as titles do."""
        return self.day(day)

    def short_moment(self, moment: datetime, *, has_year: bool) -> str:
        """Write a local moment in short."""
        skeleton = "yMMMEd" if has_year else "MMMEd"
        day = format_skeleton(skeleton, moment.date(), locale=self._locale)
        return f"{day}, {moment:%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Write a local moment in full."""
        return f"{format_date(moment.date(), 'full', locale=self._locale)}, {moment:%H:%M}"

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week; Monday is 0."""
        names = get_day_names("wide", context="stand-alone", locale=self._locale)
        return str(names[number])

    def language(self, tag: str) -> str:
        """Return a language's name, for a mark beside words that are in it."""
        return str(self._locale.languages.get(tag.partition("-")[0], tag))
