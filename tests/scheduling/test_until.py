"""A moment to pause until, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.errors import ScheduleError
from bot.scheduling.parsing import parse_until
from bot.scheduling.recurrence import Timetable

NOW = datetime(2026, 3, 27, 20, tzinfo=UTC)
BERLIN = Timetable(time(9), "Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-04-01", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026-04-01 8:30", datetime(2026, 4, 1, 6, 30, tzinfo=UTC)),
        ("2026-04-01T18:00", datetime(2026, 4, 1, 16, tzinfo=UTC)),
        (" Tomorrow ", datetime(2026, 3, 27, 23, tzinfo=UTC)),
        ("3 days", datetime(2026, 3, 30, 20, tzinfo=UTC)),
        ("for 1 week", datetime(2026, 4, 3, 20, tzinfo=UTC)),
        ("in 5 hours", datetime(2026, 3, 28, 1, tzinfo=UTC)),
    ],
)
def test_dates_times_and_lengths_are_read_in_the_schedules_zone(
    typed: str, moment: datetime
) -> None:
    assert parse_until(typed, BERLIN, NOW).astimezone(UTC) == moment


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("soon", "is no moment to pause until; write it like 2027-01-07"),
        ("2026-02-30", "is no moment"),
        ("2026-04-01 25:00", "is no moment"),
        ("2026-03-27", "has passed already"),
        ("2028-01-01", "more than a year away"),
        ("9999 weeks", "more than a year away"),
    ],
)
def test_what_is_no_moment_is_refused_with_the_remedy(typed: str, told: str) -> None:
    with pytest.raises(ScheduleError, match=told):
        parse_until(typed, BERLIN, NOW)
