"""A simulation of posts to come, without Discord and without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.scheduling.recurrence import DAY_NAMES, list_upcoming
from bot.scheduling.timezones import format_offset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.scheduling.recurrence import Timetable

MAX_POSTS = 4_000  # ten years and more; nobody reads further


@dataclass(frozen=True, slots=True)
class SimulatedPost:
    """One post: its local date, local and universal time, and a remark."""

    day: date
    local: datetime
    instant: datetime
    remark: str

    def __str__(self) -> str:
        """Format as one line of text."""
        weekday = DAY_NAMES[self.day.weekday()][:3]
        line = (
            f"{weekday} {self.day}  {self.local:%H:%M} {format_offset(self.local):9}  "
            f"{self.instant:%Y-%m-%d %H:%M} UTC  {self.remark}"
        )
        return line.rstrip()


def simulate(timetable: Timetable, start: datetime, count: int) -> Iterator[SimulatedPost]:
    """List `count` posts after an aware moment, each with its oddities."""
    for post in list_upcoming(timetable, start, min(count, MAX_POSTS)):
        remarks = []
        if post.clock_change:
            minutes = int(abs(post.clock_change).total_seconds()) // 60
            way = "forward" if post.clock_change > timedelta() else "back"
            remarks.append(f"the clocks have gone {way} {minutes} minutes")
        if post.local.replace(tzinfo=None) != datetime.combine(post.day, timetable.time):
            skipped = f"{timetable.time:%H:%M} is skipped"
            remarks.append(f"{skipped}, so at the first instant after it")
        yield SimulatedPost(
            day=post.day,
            local=post.local,
            instant=post.local.astimezone(UTC),
            remark="; ".join(remarks),
        )
