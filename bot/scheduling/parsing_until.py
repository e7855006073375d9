"""A moment to pause until, as people write it: a date, a date and time, or a length of time."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.errors import ScheduleError
from bot.scheduling.timezones import zone_rules

if TYPE_CHECKING:
    from bot.scheduling.recurrence import Timetable

EXAMPLES = "write it like 2027-01-07, 2027-01-07 18:00, tomorrow, 3 days or 2 weeks"
LONGEST = timedelta(days=366)
_HOURS = {"hour": 1, "day": 24, "week": 24 * 7}
_SPAN = re.compile(r"(?:in|for)?\s*(?P<number>\d{1,4})\s*(?P<unit>hour|day|week)s?")
_DAY = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[t ]+(?P<time>\d{1,2}:\d{2}))?")


def read_until(text: str, timetable: Timetable, now: datetime) -> datetime:
    """Read a moment after now, in the timetable's zone; a day alone begins with that day.

    Raises:
        ScheduleError: it is no moment, has passed, or is more than a year away.
    """
    until = _moment(" ".join(text.casefold().split()), timetable, now)
    shown = " ".join(text.split())[:40]
    if until is None:
        raise ScheduleError(f"'{shown}' is no moment to pause until; {EXAMPLES}.")
    if until <= now:
        raise ScheduleError(f"'{shown}' has passed already; name a later moment.")
    if until > now + LONGEST:
        raise ScheduleError(
            f"'{shown}' is more than a year away; leave 'until' out to pause until /daily resume.",
        )
    return until


def _moment(typed: str, timetable: Timetable, now: datetime) -> datetime | None:
    rules = zone_rules(timetable.zone)
    if typed == "tomorrow":
        tomorrow = now.astimezone(rules).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(0), rules)
    if span := _SPAN.fullmatch(typed):
        return now + timedelta(hours=int(span["number"]) * _HOURS[span["unit"]])
    if found := _DAY.fullmatch(typed):
        try:
            wall = time.fromisoformat((found["time"] or "00:00").rjust(5, "0"))
            return datetime.combine(date.fromisoformat(found["day"]), wall, rules)
        except ValueError:
            return None
    return None
