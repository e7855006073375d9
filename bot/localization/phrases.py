"""Sentences, dates, numbers and lists in English, without a catalogue."""

from __future__ import annotations

from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from bot.localization.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

ENGLISH_TAG = "en"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

PARTS_OF_THE_DAY = {
    "morning": ((6, 12),), "afternoon": ((12, 18),), "evening": ((18, 21),), "night": ((21, 30),),
}  # fmt: skip
LANGUAGES = {"en": "English", "es": "Spanish", "pt": "Portuguese", "de": "German", "fr": "French"}


class Phrases:
    """The bot's words in English; the base of other languages.

    An instance is called with an English sentence and its places, and returns the sentence in its
    language. Templates stand in the code; what somebody typed is only ever a place's value.
    """

    tag = ENGLISH_TAG

    def __init__(self, translations: NullTranslations | None = None) -> None:
        self._translations = translations or NullTranslations()

    def __call__(self, source: str | Message, /, **places: Any) -> str:
        """Return a sentence with its places filled in."""
        if isinstance(source, Message):
            return self._say_message(source, {**source.places, **places})
        # The catalogue keeps its header under the empty text.
        translated = self._translations.gettext(source) if source else ""
        return self._fill(translated, places)

    def term(self, context: str, word: str, /) -> str:
        """Return a word, translated by its context."""
        return self._translations.pgettext(context, word)

    def plural(self, one: str, many: str, number: int, /, **places: Any) -> str:
        """Return a sentence that depends on a number, its place `number`."""
        template = self._translations.ngettext(one, many, number)
        return self._fill(template, {"number": self.number(number)} | places)

    def number(self, number: int) -> str:
        """Write a number with its thousands apart: "1,234"."""
        return f"{number:,}"

    def listed(self, words: Sequence[str]) -> str:
        """List words for the middle of a sentence: "A, B and C"."""
        return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)

    def either(self, words: Sequence[str]) -> str:
        """List words to choose from: "A, B or C"."""
        return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)

    def day(self, day: date) -> str:
        """Write a day as the cards do: "June 5, 2013"."""
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"

    def month(self, day: date) -> str:
        """Write a day's month: "June 2013"."""
        return f"{MONTHS[day.month - 1]} {day.year}"

    def day_in_title(self, day: date) -> str:
        """Write a day as titles do: "5 June 2013"."""
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def short_moment(self, moment: datetime, *, has_year: bool) -> str:
        """Write a local moment in short: "Tue 5 Jan, 09:00"."""
        year = f" {moment.year}" if has_year else ""
        weekday, month = WEEKDAYS[moment.weekday()][:3], MONTHS[moment.month - 1][:3]
        return f"{weekday} {moment.day} {month}{year}, {moment:%H:%M}"

    def moment(self, moment: datetime) -> str:
        """Write a local moment in full: "Tuesday 5 January 2027, 09:00"."""
        day = f"{WEEKDAYS[moment.weekday()]} {self.day_in_title(moment)}"
        return f"{day}, {moment:%H:%M}"

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week; Monday is 0."""
        return WEEKDAYS[number]

    def month_name(self, number: int) -> str:
        """Return the name of a month; January is 1."""
        return MONTHS[number - 1]

    def day_parts(self) -> Mapping[str, tuple[tuple[int, int], ...]]:
        """Return the names of parts of the day, each with its hours."""
        return PARTS_OF_THE_DAY

    def city_names(self) -> Mapping[str, str]:
        """Return the time zones by their cities, where English has another name."""
        return {}

    def city_of(self, zone: str) -> str:  # noqa: ARG002  # a zone's name has it in English
        """Return the city of a time zone, or nothing where its zone's name has it."""
        return ""

    def country_names(self) -> Mapping[str, str]:
        """Return the codes of countries by their names, where English has others."""
        return {}

    def language(self, tag: str) -> str:
        """Return the name of a language: "English"."""
        return LANGUAGES.get(tag.partition("-")[0], tag)

    def _say_message(self, message: Message, places: Mapping[str, Any]) -> str:
        if message.many is None:
            return self(message.source, **places)
        return self.plural(message.source, message.many, message.number, **places)

    def _fill(self, template: str, places: Mapping[str, Any]) -> str:
        if not places:
            return template
        return template.format(
            **{
                name: self(value) if isinstance(value, Message) else value
                for name, value in places.items()
            }
        )


ENGLISH = Phrases()
