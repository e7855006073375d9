"""Times and moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ScheduleError
from bot.scheduling.parsing import parse_time, parse_until
from bot.scheduling.recurrence import Timetable

NOW = datetime(2026, 3, 27, 20, tzinfo=UTC)
BERLIN = Timetable(time(9), "Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("09:00", time(9)),
        ("9:00", time(9)),
        ("9.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("21h", time(21)),
        ("0900", time(9)),
        ("900", time(9)),
        ("2130", time(21, 30)),
        ("9am", time(9)),
        (" 9 AM ", time(9)),
        ("9:30 pm", time(21, 30)),
        ("9:30 p.m.", time(21, 30)),
        ("930pm", time(21, 30)),
        ("9p", time(21)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30 a.m.", time(0, 30)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("00:00", time(0)),
        ("0", time(0)),
        ("21", time(21)),
        ("9 o'clock", time(9)),
        ("\uff19:\uff13\uff10", time(9, 30)),
    ],
)
def test_a_time_is_understood_as_people_write_it(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("25:00", "hour 25"),
        ("24:00", "midnight is 00:00"),
        ("09:75", "75 minutes"),
        ("13pm", "go from 1 to 12"),
        ("0am", "go from 1 to 12"),
        ("9", "could be morning or evening; write 09:00 or 21:00"),
        ("12", "could be morning or evening"),
        ("", "is not a time of day"),
        ("soon", "09:00, 21:30, 9am or 9:30 pm"),
        ("9:3", "is not a time of day"),
        ("-9:30", "is not a time of day"),
        ("9:30:15", "is not a time of day"),
        ("nine", "could be morning or evening; write 09:00 or 21:00"),
        ("ninety", "is not a time of day"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_what_to_write(typed: str, said: str) -> None:
    with pytest.raises(ScheduleError, match=said):
        parse_time(typed)


def test_a_refusal_quotes_a_long_text_shortly_and_on_one_line() -> None:
    with pytest.raises(ScheduleError) as refusal:
        parse_time("a\n" * 500)
    assert len(str(refusal.value)) < 150
    assert "\n" not in str(refusal.value)


@given(st.times())
def test_every_minute_of_the_day_reads_back(meant: time) -> None:
    meant = meant.replace(second=0, microsecond=0, fold=0)
    assert parse_time(f"{meant:%H:%M}") == meant
    assert parse_time(f"{meant:%H%M}") == meant
    assert parse_time(f"{meant:%I:%M %p}") == meant


@given(st.text())
def test_any_text_is_a_time_or_a_sentence(typed: str) -> None:
    said = "."
    try:
        parse_time(typed)
    except ScheduleError as refusal:
        said = str(refusal)
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-04-01", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("2026\N{NON-BREAKING HYPHEN}04\N{MINUS SIGN}01", datetime(2026, 3, 31, 22, tzinfo=UTC)),
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
