"""What `daily simulate` prints."""

from __future__ import annotations

from datetime import UTC, datetime, time
from itertools import pairwise

from bot.scheduling.recurrence import Timetable
from bot.scheduling.simulate import simulate

NEW_YORK = Timetable(time(2, 30), "America/New_York")


def test_a_year_in_new_york_shows_both_changes_of_clock() -> None:
    rows = list(simulate(NEW_YORK, datetime(2026, 1, 1, tzinfo=UTC), 400))
    assert len(rows) == 400
    assert all(one.instant < two.instant for one, two in pairwise(rows))
    spring, autumn = (row for row in rows if row.remark)
    assert str(spring).startswith("Sun 2026-03-08  03:00 UTC-04:00  2026-03-08 07:00 UTC  ")
    assert spring.remark == (
        "the clocks have gone forward 60 minutes; "
        "02:30 is skipped, so at the first instant after it"
    )
    assert str(autumn).startswith("Sun 2026-11-01  02:30 UTC-05:00  2026-11-01 07:30 UTC  ")
    assert autumn.remark == "the clocks have gone back 60 minutes"


def test_a_plain_row_has_no_remark() -> None:
    (row,) = simulate(Timetable(time(9), "UTC"), datetime(2026, 1, 1, 12, tzinfo=UTC), 1)
    assert str(row) == "Fri 2026-01-02  09:00 UTC        2026-01-02 09:00 UTC"
