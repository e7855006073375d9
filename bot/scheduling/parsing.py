"""Times of day, days of the week and moments, as admins type them.

Each is read in the language of its reader, and in English.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.errors import ScheduleError
from bot.localization.messages import message
from bot.localization.phrases import ENGLISH, ENGLISH_TAG
from bot.scheduling.recurrence import DAY_NAMES, EVERY_DAY, WEEKDAYS, WEEKEND
from bot.scheduling.timezones import load_zone
from bot.scheduling.typed_words import fold_typed, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.localization.phrases import Phrases
    from bot.scheduling.recurrence import Timetable
    from bot.scheduling.typed_words import TypedWords

TIME_EXAMPLES = message("write it like 09:00, 21:30, 9am or 9:30 pm")
UNTIL_EXAMPLES = message("write it like 2027-01-07, 2027-01-07 18:00, tomorrow, 3 days or 2 weeks")
LAST_HOUR = 23
LAST_MINUTE = 59
HALF_DAY = 12
LONGEST_PAUSE = timedelta(days=366)
MAX_SHOWN = 40  # enough to recognise what was typed

_TIME = re.compile(
    r"""(?P<hour>\d{1,2})
        (?:\s*[:.h]\s*(?P<minute>\d{2})|(?P<run_on>\d{2})|(?P<oclock>\s*h)?)
        \s*(?P<half>[ap])?(?(half)\.?\s?m?\.?)""",
    re.VERBOSE,
)
_LENGTH = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>[^\W\d]+)")
_ISO_DATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[t ]+(?P<time>.+))?")
_NUMBERS_DATE = re.compile(
    r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})(?:,?\s+(?P<time>.+))?"
)
_NAMED_DATE = re.compile(
    r"""(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|\.)?\s+(?P<month>[^\W\d]{3,})
         |(?P<month_first>[^\W\d]{3,})\.?\s+(?P<day_second>\d{1,2})(?:st|nd|rd|th)?)
        \.?(?:,?\s+(?P<year>\d{4}))?(?:,?\s+(?P<time>.+))?""",
    re.VERBOSE,
)


def parse_time(text: str, say: Phrases = ENGLISH) -> time:
    """Parse a time of day, to the minute.

    Raises:
        ScheduleError: it is no time of day, or could mean two; the message says how to write it.
    """
    typed = fold_typed(text)
    for words in words_of(say):
        if typed in words.noon:
            return time(HALF_DAY)
        if typed in words.midnight:
            return time(0)
        plain = _reword_time(typed, words)
        if (found := _TIME.fullmatch(plain)) is not None:
            return _read_time(found, text)
    raise ScheduleError(
        "'{typed}' is not a time of day; {examples}.",
        typed=_shorten(text),
        examples=TIME_EXAMPLES,
    )


def _reword_time(typed: str, words: TypedWords) -> str:
    """Return a time without words: "um 8 Uhr abends" is "20:00"."""
    plain = words.drop_fillers(typed)
    for name in sorted(words.day_parts, key=len, reverse=True):
        if plain.endswith(name):
            rest = plain.removesuffix(name).rstrip(" ,")
            return _choose_half(_reword_clock(rest, words), words.day_parts[name])
    return _reword_clock(plain, words)


def _reword_clock(plain: str, words: TypedWords) -> str:
    """Return a time in figures: "halb neun" is "8:30", "acht Uhr" "8h"."""
    for quarter in words.quarters:
        if (number := words.read_hour(quarter.find_hour(plain))) is not None:
            if quarter.names_next_hour:
                # "Halb eins" is said at noon as at midnight, and "halb null" at 23:30.
                number = HALF_DAY if number == 1 else (number - 1) % (LAST_HOUR + 1)
            return f"{number}:{quarter.minute}"
    for name in sorted(words.hours, key=len, reverse=True):
        if plain == name or plain.startswith(f"{name} "):
            plain = f"{words.hours[name]}{plain.removeprefix(name)}"
            break
    for word in sorted(words.clock, key=len, reverse=True):
        hour, found, rest = plain.partition(word)
        if found and hour.rstrip()[-1:].isdigit() and not rest[:1].isalpha():
            # "18:30 Uhr" needs no more than its colon.
            mark = "h" if len(hour.rstrip()) <= len("12") else " "
            plain = f"{hour.rstrip()}{mark}{rest.strip()}".rstrip()
            break
    return plain


def _choose_half(plain: str, hours: tuple[tuple[int, int], ...]) -> str:
    """Return a time in the half of the day of some hours."""
    found = _TIME.fullmatch(plain)
    if found is None or found["half"] or int(found["hour"]) > HALF_DAY:
        return plain
    early = int(found["hour"]) % HALF_DAY
    minute = int(found["minute"] or found["run_on"] or 0)

    def distance(hour: int) -> int:
        return min(
            min(abs(hour + turn - start), abs(hour + turn - end))
            if not start <= hour + turn < end
            else 0
            for start, end in hours
            for turn in (-LAST_HOUR - 1, 0, LAST_HOUR + 1)
        )

    hour = min((early, early + HALF_DAY), key=distance)
    return f"{hour}:{minute:02}"


def _read_time(found: re.Match[str], text: str) -> time:
    """Return the time of a match, or say why there is none."""
    hour = int(found["hour"])
    minute = int(found["minute"] or found["run_on"] or 0)
    if minute > LAST_MINUTE:
        raise ScheduleError(
            "'{typed}' has {minutes} minutes, an hour has 60; {examples}.",
            typed=_shorten(text),
            minutes=minute,
            examples=TIME_EXAMPLES,
        )
    if found["half"]:
        if not 1 <= hour <= HALF_DAY:
            raise ScheduleError(
                "'{typed}' mixes hour {hour} with am or pm, which go from 1 to 12; {examples}.",
                typed=_shorten(text),
                hour=hour,
                examples=TIME_EXAMPLES,
            )
        return time(hour % HALF_DAY + (HALF_DAY if found["half"] == "p" else 0), minute)
    if hour > LAST_HOUR:
        is_midnight = (hour, minute) == (LAST_HOUR + 1, 0)
        raise ScheduleError(
            "'{typed}' has hour {hour}, a day ends at 23:59; {remedy}.",
            typed=_shorten(text),
            hour=hour,
            remedy=message("midnight is 00:00") if is_midnight else TIME_EXAMPLES,
        )
    # A bare "9" is refused rather than guessed: half of those who write it mean the evening.
    is_bare = found[0].isdigit() and len(found[0]) <= len("12")
    if is_bare and 0 < hour <= HALF_DAY:
        raise ScheduleError(
            "'{typed}' could be morning or evening; write {morning} or {evening}.",
            typed=_shorten(text),
            morning=f"{hour % HALF_DAY:02}:00",
            evening=f"{hour % HALF_DAY + HALF_DAY:02}:00",
        )
    return time(hour, minute)


def parse_days(text: str, say: Phrases = ENGLISH) -> frozenset[int]:
    """Parse days of the week: `weekdays`, `mon, wed fri`, `sat-mon`.

    Raises:
        ScheduleError: a word of it is no day; the message gives examples.
    """
    typed, stranger = fold_typed(text), ""
    for words in words_of(say):
        days: set[int] = set()
        for word in _day_words(typed, words):
            found = _named_days(word, words) or _find_days(word, words)
            if not found:
                stranger = stranger or word
                break
            days |= found
        else:
            if not days:
                raise ScheduleError("No day is named; write daily, weekdays, or mon, wed, fri.")
            return frozenset(days)
    raise ScheduleError(
        "'{typed}' is not a day; write daily, weekdays, weekends, mon-fri or mon, wed, fri.",
        typed=stranger[:MAX_SHOWN],
    )


def _day_words(typed: str, words: TypedWords) -> Iterator[str]:
    """Yield the names of days and of ranges with a dash."""
    if _named_days(typed, words):
        yield typed
        return
    parts = [part for part in re.split(r"[\s,;/+&]+", re.sub(r"\s*-\s*", "-", typed)) if part]
    at = 0
    while at < len(parts):
        word, at = parts[at], at + 1
        if at < len(parts) - 1 and parts[at] in words.ranges and words.find_day(word) is not None:
            # "from Monday to the Friday": what tells nothing stands before the last day, too.
            last = at + 1
            while last < len(parts) - 1 and parts[last] in words.fillers:
                last += 1
            yield f"{word}-{parts[last]}"
            at = last + 1
        elif word not in words.joints | words.fillers:
            yield word


def _named_days(word: str, words: TypedWords) -> frozenset[int]:
    """Return the days of a named set, or none."""
    for names, days in (
        (words.every_day, EVERY_DAY),
        (words.weekdays, WEEKDAYS),
        (words.weekends, WEEKEND),
    ):
        plain = words.drop_fillers(word)
        if word in names or (plain and plain in {words.drop_fillers(name) for name in names}):
            return days
    return frozenset()


def _find_days(word: str, words: TypedWords) -> frozenset[int]:
    """Return the days of a name or a range, or none."""
    if (only := words.find_day(word)) is not None:
        return frozenset({only})
    # A name may have a dash of its own: "segunda-feira-sexta-feira".
    for dash in re.finditer("-", word):
        start, end = words.find_day(word[: dash.start()]), words.find_day(word[dash.end() :])
        if start is not None and end is not None:
            length = (end - start) % len(DAY_NAMES)
            return frozenset((start + step) % len(DAY_NAMES) for step in range(length + 1))
    return frozenset()


def parse_until(text: str, timetable: Timetable, now: datetime, say: Phrases = ENGLISH) -> datetime:
    """Parse a moment after now, in the timetable's zone.

    A day alone means the start of that day.

    Raises:
        ScheduleError: it is no moment, has passed, or is more than a year away.
    """
    typed = fold_typed(text)
    moments = (_parse_moment(typed, timetable, now, words, say) for words in words_of(say))
    until = next((moment for moment in moments if moment is not None), None)
    shown = " ".join(text.split())[:MAX_SHOWN]
    if until is None:
        raise ScheduleError(
            "'{typed}' is no moment to pause until; {examples}.",
            typed=shown,
            examples=UNTIL_EXAMPLES,
        )
    if until <= now:
        raise ScheduleError("'{typed}' has passed already; name a later moment.", typed=shown)
    if until > now + LONGEST_PAUSE:
        raise ScheduleError(
            "'{typed}' is more than a year away; leave 'until' out to pause until /daily resume.",
            typed=shown,
        )
    return until


def _parse_moment(
    typed: str, timetable: Timetable, now: datetime, words: TypedWords, say: Phrases
) -> datetime | None:
    rules = load_zone(timetable.zone)
    today = now.astimezone(rules).date()
    plain = words.drop_fillers(typed)
    if (span := _LENGTH.fullmatch(plain)) and span["unit"] in words.units:
        return now + timedelta(hours=int(span["number"]) * words.units[span["unit"]])
    begun, clock = _parse_day(plain, today, words)
    if begun is None:
        return None
    try:
        wall = parse_time(clock, say) if clock else time(0)
    except ScheduleError:
        return None
    return datetime.combine(begun, wall, rules)


def _parse_day(plain: str, today: date, words: TypedWords) -> tuple[date | None, str | None]:
    """Return the day at a text's beginning, and the time behind it."""
    for name in sorted(words.days_ahead, key=len, reverse=True):
        if plain == name or plain.startswith(f"{name} "):
            begun = today + timedelta(days=words.days_ahead[name])
            return begun, plain.removeprefix(name).strip(" ,") or None
    first, _, clock = plain.partition(" ")
    if (weekday := words.find_day(first.rstrip(","))) is not None:
        ahead = (weekday - today.weekday() - 1) % len(DAY_NAMES) + 1
        return today + timedelta(days=ahead), clock or None
    try:
        if found := _ISO_DATE.fullmatch(plain):
            return date.fromisoformat(found["day"]), found["time"]
        # In English 1/2 may be either day, in the other languages the day comes first.
        if words.tag != ENGLISH_TAG and (found := _NUMBERS_DATE.fullmatch(plain)):
            day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
            return date(year, month, day), found["time"]
        if found := _NAMED_DATE.fullmatch(plain):
            return _read_named_date(found, today, words), found["time"]
    except ValueError:  # there is no such day
        pass
    return None, None


def _read_named_date(found: re.Match[str], today: date, words: TypedWords) -> date | None:
    """Return a date with its month's name; without a year, the next."""
    month = words.find_month(found["month"] or found["month_first"])
    if month is None:
        return None
    day = int(found["day"] or found["day_second"])
    read = date(int(found["year"] or today.year), month, day)
    if found["year"] is None and read <= today:
        read = date(today.year + 1, month, day)
    return read


def _shorten(text: str) -> str:
    """Keep typed text short and on one line."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"
