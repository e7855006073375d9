"""Phrases in languages other than English, by Unicode's data (CLDR, from Babel)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    get_day_names,
    get_month_names,
    get_period_names,
)
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.localization.catalogues import load_translations
from bot.localization.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

SECONDS_OF_AN_HOUR = 3600


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

    def either(self, words: Sequence[str]) -> str:
        """List words to choose from."""
        return format_list(words, style="or", locale=self._locale)

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

    def month_name(self, number: int) -> str:
        """Return the name of a month; January is 1."""
        return str(get_month_names("wide", locale=self._locale)[number])

    def day_parts(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """Return the names of parts of the day, each with its hours."""
        # Noon and midnight are moments in them, and here the hours that these begin.
        rules = self._locale.day_period_rules[None]
        parts: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for part, name in get_period_names(width, context, self._locale).items():
                    for span in rules.get(part, ()):
                        begin = span.get("from", span.get("at")) // SECONDS_OF_AN_HOUR
                        end = span.get("before", 0) // SECONDS_OF_AN_HOUR or begin + 1
                        parts[name.rstrip(".")].add((begin, end))
        return {name: tuple(sorted(hours)) for name, hours in parts.items()}

    def city_names(self) -> Mapping[str, str]:
        """Return the time zones by their cities, where English has another name."""
        zones = self._locale.time_zones
        return {str(zones[zone]["city"]): str(zone) for zone in zones if "city" in zones[zone]}

    def city_of(self, zone: str) -> str:
        """Return the city of a time zone, or nothing where the language has no name for it."""
        return str(self._locale.time_zones.get(zone, {}).get("city", ""))

    def country_names(self) -> Mapping[str, str]:
        """Return the codes of countries by their names, where English has others."""
        return {
            str(name): str(code)
            for code, name in self._locale.territories.items()
            if code.isalpha()  # the others are continents, by numbers
        }

    def language(self, tag: str) -> str:
        """Return the name of a language: "English"."""
        return str(self._locale.languages.get(tag.partition("-")[0], tag))
