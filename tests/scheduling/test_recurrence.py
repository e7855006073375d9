"""When a schedule is due, in every zone and through every change of clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ScheduleError
from bot.localization.phrases import ENGLISH
from bot.scheduling.parsing import parse_days
from bot.scheduling.recurrence import (
    EVERY_DAY,
    Timetable,
    format_days,
    list_upcoming,
    next_occurrence,
    occurrence_on,
    walk_occurrences,
)
from bot.scheduling.timezones import load_zone, zone_names

NEW_YORK = "America/New_York"
ZONES = st.sampled_from(sorted(zone_names()))
WALL_TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
DAYS = st.frozensets(st.integers(0, 6), min_size=1)


def local(zone: str, moment: datetime) -> str:
    return moment.astimezone(load_zone(zone)).isoformat(" ", "minutes")


def test_a_skipped_time_is_posted_at_the_first_instant_after_the_gap() -> None:
    occurrence = occurrence_on(Timetable(time(2, 30), NEW_YORK), date(2026, 3, 8))
    assert occurrence is not None
    assert local(NEW_YORK, occurrence.instant) == "2026-03-08 03:00-04:00"


def test_a_repeated_time_is_posted_only_the_first_time() -> None:
    timetable = Timetable(time(1, 30), NEW_YORK)
    due = list(islice(walk_occurrences(timetable, datetime(2026, 10, 31, 12, tzinfo=UTC)), 2))
    assert [local(NEW_YORK, one.instant) for one in due] == [
        "2026-11-01 01:30-04:00",
        "2026-11-02 01:30-05:00",
    ]


def test_a_skipped_midnight_still_belongs_to_its_day() -> None:
    occurrence = occurrence_on(Timetable(time(0), "Asia/Beirut"), date(2026, 3, 29))
    assert occurrence is not None
    assert local("Asia/Beirut", occurrence.instant) == "2026-03-29 01:00+03:00"


def test_a_day_that_a_zone_skips_whole_has_no_post() -> None:
    timetable = Timetable(time(9), "Pacific/Apia")
    assert occurrence_on(timetable, date(2011, 12, 30)) is None
    after = datetime(2011, 12, 28, 12, tzinfo=load_zone("Pacific/Apia"))
    days = [due.day.day for due in islice(walk_occurrences(timetable, after), 3)]
    assert days == [29, 31, 1]


def test_the_moment_itself_is_not_after_it() -> None:
    timetable = Timetable(time(9), "UTC")
    nine = datetime(2026, 6, 1, 9, tzinfo=UTC)
    assert next_occurrence(timetable, nine).day == date(2026, 6, 2)
    assert next_occurrence(timetable, nine - timedelta(microseconds=1)).day == date(2026, 6, 1)


def test_a_day_already_taken_is_left_out() -> None:
    timetable = Timetable(time(9), "UTC")
    morning = datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert next_occurrence(timetable, morning, exclude={date(2026, 6, 1)}).day == date(2026, 6, 2)


def test_a_change_of_clock_between_posts_is_marked() -> None:
    timetable = Timetable(time(9), NEW_YORK)
    posts = list_upcoming(timetable, datetime(2026, 3, 6, 20, tzinfo=UTC), 3)
    assert [post.day.day for post in posts] == [7, 8, 9]
    assert [post.is_moved for post in posts] == [False, True, False]
    assert posts[1].clock_change == timedelta(hours=1)


@given(WALL_TIMES, ZONES, DAYS, MOMENTS)
def test_occurrences_rise_one_a_day_on_the_chosen_days(
    wall: time, zone: str, days: frozenset[int], after: datetime
) -> None:
    due = list(islice(walk_occurrences(Timetable(wall, zone, days), after), 15))
    assert after < due[0].instant
    for one, two in pairwise(due):
        assert one.day < two.day
        assert one.instant < two.instant
    assert {one.day.weekday() for one in due} == days


@given(WALL_TIMES, ZONES, MOMENTS)
def test_next_due_is_the_first_of_all_occurrences(wall: time, zone: str, after: datetime) -> None:
    timetable = Timetable(wall, zone)
    first, second = islice(walk_occurrences(timetable, after), 2)
    assert next_occurrence(timetable, after) == first
    assert next_occurrence(timetable, first.instant) == second
    earlier = occurrence_on(timetable, first.day - timedelta(days=1))
    assert earlier is not None
    assert earlier.instant <= after


def test_a_schedule_without_days_is_refused() -> None:
    with pytest.raises(ScheduleError, match="at least one day"):
        next_occurrence(Timetable(time(9), "UTC", frozenset()), datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("daily", EVERY_DAY),
        ("Every Day", EVERY_DAY),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("weekends", {5, 6}),
        ("mon, wed fri", {0, 2, 4}),
        ("Mondays and thursdays", {0, 3}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sat - mon", {5, 6, 0}),
        ("tue.", {1}),
        ("weekdays, sat", {0, 1, 2, 3, 4, 5}),
    ],
)
def test_days_are_understood_as_people_write_them(typed: str, days: set[int]) -> None:
    assert parse_days(typed) == days


@pytest.mark.parametrize("typed", ["", "someday", "m", "mon-", "1", ","])
def test_what_is_no_day_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(ScheduleError, match="mon, wed, fri"):
        parse_days(typed)


@given(DAYS)
def test_days_said_in_words_read_back(days: frozenset[int]) -> None:
    assert parse_days(format_days(ENGLISH, days)) == days
