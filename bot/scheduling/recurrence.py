"""When a schedule is due: local wall time, zone and days in, instants out; pure.

A day is posted once, and is named by its local date. A wall time that the clocks skip is posted
at the first instant after the gap, a repeated one only the first time. A local day that a zone
skips whole (Apia, 30 December 2011) has no post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bot.errors import ScheduleError
from bot.scheduling.timezones import zone_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

DAY = timedelta(days=1)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKEND = EVERY_DAY - WEEKDAYS
_NAMED_DAYS = {
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "everyday": EVERY_DAY,
    "all": EVERY_DAY,
    "weekdays": WEEKDAYS,
    "weekday": WEEKDAYS,
    "weekends": WEEKEND,
    "weekend": WEEKEND,
}
_SHORTEST_DAY = 2  # "mo", "tu"


@dataclass(frozen=True, slots=True)
class Timetable:
    """A wall time, an IANA zone, and the days of the week (Monday is 0)."""

    time: time
    zone: str
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due post: the local date that names it, and its instant in UTC."""

    day: date
    instant: datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """A coming post as a person sees it: local time, and how the clock moved since the last."""

    day: date
    local: datetime
    clock_change: timedelta

    @property
    def is_moved(self) -> bool:
        """Say whether the clocks changed between the post before this one and this one."""
        return bool(self.clock_change)


def next_due(
    timetable: Timetable,
    after: datetime,
    taken: Collection[date] = (),
) -> Occurrence:
    """Find the first occurrence strictly after an aware moment, leaving out the days `taken`."""
    return next(
        occurrence for occurrence in occurrences(timetable, after) if occurrence.day not in taken
    )


def occurrences(timetable: Timetable, after: datetime) -> Iterator[Occurrence]:
    """Walk every occurrence strictly after an aware moment, without end."""
    if not timetable.days:
        raise ScheduleError("A schedule needs at least one day of the week.")
    local = after.astimezone(zone_rules(timetable.zone))
    # A gap over midnight carries a post into the next local date, so begin a day early.
    day = local.date() - DAY
    while True:
        if day.weekday() in timetable.days:
            occurrence = on_day(timetable, day)
            if occurrence is not None and occurrence.instant > after:
                yield occurrence
        day += DAY


def on_day(timetable: Timetable, day: date) -> Occurrence | None:
    """Give a local day's occurrence, whatever its day of the week; None if the day is skipped."""
    midnight = _first_instant(day, time(0), timetable.zone)
    if midnight.astimezone(zone_rules(timetable.zone)).date() != day:
        return None
    return Occurrence(day, _first_instant(day, timetable.time, timetable.zone))


def coming(
    timetable: Timetable,
    now: datetime,
    count: int,
    start: datetime | None = None,
) -> list[Coming]:
    """List the next posts, each marked where the clock changed since the one before, or since now.

    Args:
        timetable: what to list.
        now: an aware moment.
        count: how many.
        start: the first post to list, where it is not simply the next after now.
    """
    rules = zone_rules(timetable.zone)
    after = now if start is None else start - timedelta(microseconds=1)
    offset = now.astimezone(rules).utcoffset() or timedelta()
    listed = []
    for occurrence in islice(occurrences(timetable, after), count):
        local = occurrence.instant.astimezone(rules)
        change = (local.utcoffset() or timedelta()) - offset
        listed.append(Coming(occurrence.day, local, change))
        offset += change
    return listed


def read_days(text: str) -> frozenset[int]:
    """Read days of the week: `weekdays`, `mon, wed fri`, `sat-mon`.

    Raises:
        ScheduleError: a word of it is no day; the message gives examples.
    """
    typed = " ".join(text.casefold().replace("\N{EN DASH}", "-").split())
    if typed in _NAMED_DAYS:
        return _NAMED_DAYS[typed]
    words = re.split(r"[\s,;/+&]+|\band\b", re.sub(r"\s*-\s*", "-", typed))
    days = frozenset(day for word in words if word for day in _days_of(word))
    if not days:
        raise ScheduleError("No day is named; write daily, weekdays, or mon, wed, fri.")
    return days


def days_text(days: frozenset[int]) -> str:
    """Say a set of days: `every day`, `weekdays`, `Monday and Thursday`."""
    for name in ("every day", "weekdays", "weekends"):
        if days == _NAMED_DAYS[name]:
            return name
    *most, last = (DAY_NAMES[day] for day in sorted(days))
    return f"{', '.join(most)} and {last}" if most else last


def _days_of(word: str) -> frozenset[int]:
    if word in _NAMED_DAYS:
        return _NAMED_DAYS[word]
    first, dash, last = word.partition("-")
    start = _day_of(first)
    if not dash:
        return frozenset({start})
    length = (_day_of(last) - start) % len(DAY_NAMES)
    return frozenset((start + step) % len(DAY_NAMES) for step in range(length + 1))


def _day_of(word: str) -> int:
    stem = word.rstrip(".")
    for number, name in enumerate(DAY_NAMES):
        if len(stem) >= _SHORTEST_DAY and f"{name.casefold()}s".startswith(stem):
            return number
    raise ScheduleError(
        f"'{word[:40]}' is not a day; write daily, weekdays, weekends, mon-fri or mon, wed, fri.",
    )


def _first_instant(day: date, wall: time, zone: str) -> datetime:
    """Find the first instant at which the local clock shows this wall time or a later one."""
    rules = zone_rules(zone)
    # PEP 495: of a repeated time, fold 0 is the first; of a skipped one, fold 0 is reckoned with
    # the offset before the gap and so lies after it, fold 1 with the one after and lies before.
    local = datetime.combine(day, wall, tzinfo=rules)
    instant = local.astimezone(UTC)
    shown = instant.astimezone(rules).replace(tzinfo=None)
    if shown == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), instant, local)


def _end_of_gap(before: datetime, after: datetime, local: datetime) -> datetime:
    """Bisect, to the second, for the instant at which the clock jumps over a wall time."""
    wall = local.replace(tzinfo=None)
    low, high = 0, int((after - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        shown = (before + timedelta(seconds=middle)).astimezone(local.tzinfo)
        if shown.replace(tzinfo=None) < wall:
            low = middle + 1
        else:
            high = middle
    return before + timedelta(seconds=low)
