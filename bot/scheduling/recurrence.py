"""The recurrence of a schedule, from local wall time to instants.

A day is posted once, and is named by its local date. A wall time that the clocks skip is posted
at the first instant after the gap, a repeated one only the first time. A local day that a zone
skips whole (Apia, 30 December 2011) has no post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from bot.errors import ScheduleError
from bot.localization.messages import sentence
from bot.scheduling.timezones import load_zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.localization.phrases import Phrases

DAY = timedelta(days=1)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
WEEKEND = EVERY_DAY - WEEKDAYS
DAYS_IN_WORDS = {
    EVERY_DAY: sentence("every day"),
    WEEKDAYS: sentence("weekdays"),
    WEEKEND: sentence("weekends"),
}
"""The sets of days with a name, as people are shown it."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """A wall time, an IANA zone, and the days of the week (Monday is 0)."""

    time: time
    zone: str
    days: frozenset[int] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due post: the local date that names it, and its instant."""

    day: date
    instant: datetime


@dataclass(frozen=True, slots=True)
class UpcomingPost:
    """An upcoming post in local time, with the clock's last change."""

    day: date
    local: datetime
    clock_change: timedelta

    @property
    def is_moved(self) -> bool:
        """Return whether the clocks changed since the post before this one."""
        return bool(self.clock_change)


def next_occurrence(
    timetable: Timetable,
    after: datetime,
    exclude: Collection[date] = (),
) -> Occurrence:
    """Find the first occurrence after an aware moment, except on excluded days."""
    return next(
        occurrence
        for occurrence in walk_occurrences(timetable, after)
        if occurrence.day not in exclude
    )


def walk_occurrences(timetable: Timetable, after: datetime) -> Iterator[Occurrence]:
    """Iterate over every occurrence strictly after an aware moment, without end."""
    if not timetable.days:
        raise ScheduleError("A schedule needs at least one day of the week.")
    local = after.astimezone(load_zone(timetable.zone))
    # A gap over midnight carries a post into the next local date, so begin a day early.
    day = local.date() - DAY
    while True:
        if day.weekday() in timetable.days:
            occurrence = occurrence_on(timetable, day)
            if occurrence is not None and occurrence.instant > after:
                yield occurrence
        day += DAY


def occurrence_on(timetable: Timetable, day: date) -> Occurrence | None:
    """Return a local day's occurrence, or None if the day is skipped.

    The weekday does not matter.
    """
    midnight = _first_instant(day, time(0), timetable.zone)
    if midnight.astimezone(load_zone(timetable.zone)).date() != day:
        return None
    return Occurrence(day, _first_instant(day, timetable.time, timetable.zone))


def list_upcoming(
    timetable: Timetable,
    now: datetime,
    count: int,
    start: datetime | None = None,
) -> list[UpcomingPost]:
    """List the next posts, each marked where the clock changed before it.

    Args:
        timetable: the schedule's times.
        now: an aware moment.
        count: how many.
        start: the first post to list, where it is not simply the next after now.
    """
    rules = load_zone(timetable.zone)
    after = now if start is None else start - timedelta(microseconds=1)
    offset = now.astimezone(rules).utcoffset() or timedelta()
    listed = []
    for occurrence in islice(walk_occurrences(timetable, after), count):
        local = occurrence.instant.astimezone(rules)
        change = (local.utcoffset() or timedelta()) - offset
        listed.append(UpcomingPost(occurrence.day, local, change))
        offset += change
    return listed


def format_days(say: Phrases, days: frozenset[int]) -> str:
    """Format a set of days: `every day`, `weekdays`, `Monday and Thursday`."""
    if days in DAYS_IN_WORDS:
        return say(DAYS_IN_WORDS[days])
    return say.listed([say.weekday(day) for day in sorted(days)])


def _first_instant(day: date, wall: time, zone: str) -> datetime:
    """Find the first instant of a local wall time, or after it."""
    rules = load_zone(zone)
    # PEP 495: of a repeated time, fold 0 is the first; of a skipped one, fold 0 is reckoned with
    # the offset before the gap and so lies after it, fold 1 with the one after and lies before.
    local = datetime.combine(day, wall, tzinfo=rules)
    instant = local.astimezone(UTC)
    shown = instant.astimezone(rules).replace(tzinfo=None)
    if shown == local.replace(tzinfo=None):
        return instant
    # The clocks skip it. No library tells when they jumped, so that is sought by halves, to the
    # second, between the two.
    before = local.replace(fold=1).astimezone(UTC)
    low, high = 0, int((instant - before).total_seconds())
    while low < high:
        middle = (low + high) // 2
        shown = (before + timedelta(seconds=middle)).astimezone(rules).replace(tzinfo=None)
        if shown < local.replace(tzinfo=None):
            low = middle + 1
        else:
            high = middle
    return before + timedelta(seconds=low)
