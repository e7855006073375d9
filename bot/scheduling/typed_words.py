"""The words that people type for times, days and lengths.

Names of days, months and parts of the day come from the phrases, which have them from Unicode's
data; the others from the catalogue, several in one entry, parted by commas.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.localization.languages import load_phrases
from bot.scheduling.timezones import DASHES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.localization.phrases import Phrases

SHORTEST_DAY_NAME = 2  # "mo", "tu"
SHORTEST_MONTH_NAME = 3
_APOSTROPHES = dict.fromkeys([0x2018, 0x2019, 0x02BC], "'")


@dataclass(frozen=True, slots=True)
class SpokenQuarter:
    """A way to say a time by a quarter or half of an hour: "half past 8", "halb 9"."""

    before: str
    """The words before the hour."""
    after: str
    """The words behind it."""
    minute: int
    names_next_hour: bool
    """Whether it names the hour that comes, as "quarter to 9" does."""

    def find_hour(self, text: str) -> str:
        """Return the hour that a folded text names in this way, or nothing."""
        is_said = text.startswith(self.before) and text.endswith(self.after)
        return text[len(self.before) : len(text) - len(self.after)].strip() if is_said else ""


@dataclass(frozen=True, slots=True)
class TypedWords:
    """One language's words, folded as `fold_typed` does."""

    tag: str
    every_day: frozenset[str]
    weekdays: frozenset[str]
    weekends: frozenset[str]
    ranges: frozenset[str]
    """Words between the first and the last day: "to"."""
    joints: frozenset[str]
    """Words between two days: "and"."""
    fillers: frozenset[str]
    """Words that tell nothing: "at", "in", "the"."""
    noon: frozenset[str]
    midnight: frozenset[str]
    clock: frozenset[str]
    """Words behind an hour: "o'clock"."""
    hours: Mapping[str, int]
    """Hours in words: "eight"."""
    quarters: tuple[SpokenQuarter, ...]
    """Ways to say a time by quarters of an hour."""
    days_ahead: Mapping[str, int]
    """Names of days by their distance: "tomorrow"."""
    units: Mapping[str, int]
    """Units of time, as hours."""
    day_names: tuple[str, ...]
    month_names: tuple[str, ...]
    day_parts: Mapping[str, tuple[tuple[int, int], ...]]
    """Names of parts of the day, each with the hours that it lasts from and to."""

    def read_hour(self, text: str) -> int | None:
        """Return the hour that a text is, in figures or words: "8", "acht", "8 Uhr"."""
        if text in self.hours:
            return self.hours[text]
        marks = sorted((mark for mark in self.clock if text.endswith(mark)), key=len)
        plain = text.removesuffix(marks[-1]).rstrip() if marks else text
        if plain.isdecimal() and len(plain) <= len("12"):
            return int(plain)
        return self.hours.get(plain)

    def find_day(self, word: str) -> int | None:
        """Return the number of the one day that a word begins, from 0."""
        found = {
            number
            for number, name in enumerate(self.day_names)
            if _is_begun(name, word, SHORTEST_DAY_NAME)
        }
        return found.pop() if len(found) == 1 else None

    def find_month(self, word: str) -> int | None:
        """Return the number of the one month that a word begins."""
        found = {
            number
            for number, name in enumerate(self.month_names, 1)
            if _is_begun(name, word, SHORTEST_MONTH_NAME)
        }
        return found.pop() if len(found) == 1 else None

    def drop_fillers(self, text: str) -> str:
        """Return a folded text without the words that tell nothing."""
        return _drop_words(text, self.fillers)


def fold_typed(text: str) -> str:
    """Fold case, accents, dashes, apostrophes and white space of typed text."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(mark for mark in spread if not unicodedata.combining(mark))
    return " ".join(kept.translate(DASHES).translate(_APOSTROPHES).split())


@lru_cache(maxsize=8)  # a language's words are few, and the same for everybody
def load_typed_words(tag: str) -> TypedWords:
    """Return the words of a language that the bot speaks."""
    say = load_phrases(tag)
    units = {
        24 * 7: list_words(say.term("typed", "week, weeks")),
        24: list_words(say.term("typed", "day, days")),
        1: list_words(say.term("typed", "hour, hours")),
    }
    fillers = list_words(say.term("typed", "at, for, from, in, of, on, the"))
    # Each says a quarter between 8 and 9 as people do; which of the two it names tells the rest.
    quarters = {
        15: say.term("typed", "quarter past 8, a quarter past 8, quarter after 8"),
        30: say.term("typed", "half past 8, half 8"),
        45: say.term("typed", "quarter to 9, a quarter to 9, quarter of 9"),
    }
    days_ahead = {
        0: list_words(say.term("typed", "today")),
        1: list_words(say.term("typed", "tomorrow")),
        2: list_words(say.term("typed", "day after tomorrow")),
    }
    return TypedWords(
        tag=say.tag,
        every_day=list_words(say.term("typed", "daily, every day, everyday, all")),
        weekdays=list_words(say.term("typed", "weekdays, weekday")),
        weekends=list_words(say.term("typed", "weekends, weekend")),
        ranges=list_words(say.term("typed", "to, until")),
        joints=list_words(say.term("typed", "and")),
        fillers=fillers,
        noon=list_words(say.term("typed", "noon, midday")),
        midnight=list_words(say.term("typed", "midnight")),
        clock=list_words(say.term("typed", "o’clock")),
        hours=_number_hours(
            say.term(
                "typed",
                "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, "
                "thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen, twenty, "
                "twenty-one, twenty-two, twenty-three",
            )
        ),
        quarters=tuple(
            _read_quarter(_drop_words(example, fillers), minute)
            for minute, examples in quarters.items()
            for example in list_words(examples)
        ),
        days_ahead={
            _drop_words(word, fillers): days for days, words in days_ahead.items() for word in words
        },
        units={word: hours for hours, words in units.items() for word in words},
        day_names=tuple(fold_typed(say.weekday(number)) for number in range(7)),
        month_names=tuple(fold_typed(say.month_name(number)) for number in range(1, 13)),
        day_parts={
            _drop_words(fold_typed(name), fillers): hours for name, hours in say.day_parts().items()
        },
    )


def _number_hours(words: str) -> dict[str, int]:
    """Return hours in words by name; one hour's names are parted by slashes."""
    return {
        fold_typed(word): hour
        for hour, names in enumerate(words.split(","))
        for word in names.split("/")
    }


def _read_quarter(example: str, minute: int) -> SpokenQuarter:
    """Return a way to say a quarter of the hour from 8 to 9 by its example."""
    hour = "8" if "8" in example else "9"
    before, _, after = example.partition(hour)
    return SpokenQuarter(before, after, minute, hour == "9")


def list_words(words: str) -> frozenset[str]:
    """Return the words of an entry of the catalogue, folded."""
    return frozenset(fold_typed(word) for word in words.split(","))


def words_of(say: Phrases) -> tuple[TypedWords, ...]:
    """Return the words of a reader's language, then the English ones."""
    return tuple(load_typed_words(tag) for tag in dict.fromkeys((say.tag, "en")))


def _drop_words(text: str, dropped: frozenset[str]) -> str:
    return " ".join(word for word in text.split() if word not in dropped)


def _is_begun(name: str, word: str, shortest: int) -> bool:
    """Return whether a word is a name or its beginning: "mon", "segundas-feiras"."""
    first, _, rest = name.partition("-")
    stem = word.rstrip(".")
    if rest:
        stem = stem.removesuffix("s").removesuffix(f"-{rest}")
    return len(stem) >= shortest and f"{first}s".startswith(stem)
