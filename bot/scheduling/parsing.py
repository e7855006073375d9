"""Parse times, days and dates as admins type them.

Anything else is refused with examples.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.errors import ScheduleError
from bot.localization.messages import message
from bot.scheduling.recurrence import DAY_NAMES, NAMED_DAYS
from bot.scheduling.timezones import DASHES, load_zone

if TYPE_CHECKING:
    from bot.scheduling.recurrence import Timetable

TIME_EXAMPLES = message("write it like 09:00, 21:30, 9am or 9:30 pm")
UNTIL_EXAMPLES = message("write it like 2027-01-07, 2027-01-07 18:00, tomorrow, 3 days or 2 weeks")
NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}
LAST_HOUR = 23
LAST_MINUTE = 59
HALF_DAY = 12
LONGEST_PAUSE = timedelta(days=366)
SHORTEST_DAY_NAME = 2  # "mo", "tu"
MAX_SHOWN = 40  # enough to recognise what was typed

_TIME = re.compile(
    r"""(?P<hour>\d{1,2})
        (?:\s*[:.h]\s*(?P<minute>\d{2})|(?P<run_on>\d{2})|(?P<oclock>\s*o'clock|h)?)
        \s*(?P<half>[ap])?(?(half)\.?m?\.?)""",
    re.VERBOSE,
)
_HOURS = {"hour": 1, "day": 24, "week": 24 * 7}
_SPAN = re.compile(r"(?:in|for)?\s*(?P<number>\d{1,4})\s*(?P<unit>hour|day|week)s?")
_DATE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[t ]+(?P<time>\d{1,2}:\d{2}))?")


def parse_time(text: str) -> time:
    """Parse a time of day, to the minute.

    Raises:
        ScheduleError: it is no time of day, or could mean two; the message says how to write it.
    """
    typed = (
        unicodedata.normalize("NFKC", text)
        .strip()
        .casefold()
        .replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    )
    if typed in NAMED_TIMES:
        return NAMED_TIMES[typed]
    found = _TIME.fullmatch(typed)
    if found is None:
        raise ScheduleError(
            "'{typed}' is not a time of day; {examples}.",
            typed=_shorten(text),
            examples=TIME_EXAMPLES,
        )
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
    if typed.isdigit() and len(typed) <= len("12") and 0 < hour <= HALF_DAY:
        raise ScheduleError(
            "'{typed}' could be morning or evening; write {clock}, {hour}am or {hour}pm.",
            typed=_shorten(text),
            clock=f"{hour:02}:00",
            hour=hour,
        )
    return time(hour, minute)


def parse_days(text: str) -> frozenset[int]:
    """Parse days of the week: `weekdays`, `mon, wed fri`, `sat-mon`.

    Raises:
        ScheduleError: a word of it is no day; the message gives examples.
    """
    typed = " ".join(text.casefold().translate(DASHES).split())
    if typed in NAMED_DAYS:
        return NAMED_DAYS[typed]
    words = re.split(r"[\s,;/+&]+|\band\b", re.sub(r"\s*-\s*", "-", typed))
    days = frozenset(day for word in words if word for day in _parse_day_range(word))
    if not days:
        raise ScheduleError("No day is named; write daily, weekdays, or mon, wed, fri.")
    return days


def parse_until(text: str, timetable: Timetable, now: datetime) -> datetime:
    """Parse a moment after now, in the timetable's zone.

    A day alone means the start of that day.

    Raises:
        ScheduleError: it is no moment, has passed, or is more than a year away.
    """
    until = _parse_moment(" ".join(text.casefold().translate(DASHES).split()), timetable, now)
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


def _parse_day_range(word: str) -> frozenset[int]:
    if word in NAMED_DAYS:
        return NAMED_DAYS[word]
    first, dash, last = word.partition("-")
    start = _parse_day(first)
    if not dash:
        return frozenset({start})
    length = (_parse_day(last) - start) % len(DAY_NAMES)
    return frozenset((start + step) % len(DAY_NAMES) for step in range(length + 1))


def _parse_day(word: str) -> int:
    stem = word.rstrip(".")
    for number, name in enumerate(DAY_NAMES):
        if len(stem) >= SHORTEST_DAY_NAME and f"{name.casefold()}s".startswith(stem):
            return number
    raise ScheduleError(
        "'{typed}' is not a day; write daily, weekdays, weekends, mon-fri or mon, wed, fri.",
        typed=word[:MAX_SHOWN],
    )


def _parse_moment(typed: str, timetable: Timetable, now: datetime) -> datetime | None:
    rules = load_zone(timetable.zone)
    if typed == "tomorrow":
        tomorrow = now.astimezone(rules).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(0), rules)
    if span := _SPAN.fullmatch(typed):
        return now + timedelta(hours=int(span["number"]) * _HOURS[span["unit"]])
    if found := _DATE.fullmatch(typed):
        try:
            wall = time.fromisoformat((found["time"] or "00:00").rjust(5, "0"))
            return datetime.combine(date.fromisoformat(found["day"]), wall, rules)
        except ValueError:
            return None
    return None


def _shorten(text: str) -> str:
    """Keep typed text short and on one line."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"
