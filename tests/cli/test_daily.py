"""`linernotes daily simulate`: what would be posted when, without Discord."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli.daily import daily
from bot.cli.program import Program
from bot.errors import LinerNotesError, ScheduleError

if TYPE_CHECKING:
    from tests.cli.conftest import Run

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


def simulated(*words: str) -> list[str]:
    done = CliRunner().invoke(
        daily, ["simulate", *words], obj=Program(now=lambda: NOW), catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_a_skipped_hour_is_shown_for_what_it_is() -> None:
    heading, *posts = simulated("--zone", "America/New_York", "--time", "02:30", "--days", "3")
    assert heading.startswith("# 02:30 in America/New_York, by the rules of tzdata 20")
    assert [post.split()[1:3] for post in posts] == [
        ["2026-03-07", "02:30"],
        ["2026-03-08", "03:00"],
        ["2026-03-09", "02:30"],
    ]
    assert "the clocks have gone forward 60 minutes; 02:30 is skipped" in posts[1]


def test_it_shows_as_many_as_are_asked_for() -> None:
    posts = simulated("--zone", "America/New_York", "--time", "02:30", "--days", "400")[1:]
    assert len(posts) == len({post.split()[1] for post in posts}) == 400


def test_it_begins_with_the_day_given_and_keeps_to_the_weekdays() -> None:
    posts = simulated(
        *("--zone", "berlin", "--time", "midnight", "--days", "3"),
        *("--from", "2026-12-04", "--on", "weekdays"),
    )[1:]
    assert [post.split()[:2] for post in posts] == [
        ["Fri", "2026-12-04"],
        ["Mon", "2026-12-07"],
        ["Tue", "2026-12-08"],
    ]


def test_every_fault_of_a_call_is_told_at_once(run: Run) -> None:
    done = run("daily", "simulate", "--zone", "Mars", "--time", "9", "--weather", "--days", "x")
    assert done.exit_code == 2
    told = [line for line in done.output.splitlines() if "daily simulate" not in line]
    for fault, line in zip(
        (
            "No such option '--weather'.",
            "'Mars' is not a time zone; the nearest are",
            "'9' could be morning or evening",
            "Invalid value for '--days'",
        ),
        [line.removeprefix("Error: ") for line in told if line],
        strict=True,
    ):
        assert line.startswith(fault)


def test_faults_that_only_our_parsers_find_end_with_1_as_before() -> None:
    with pytest.raises(LinerNotesError) as told:
        simulated("--zone", "Mars", "--time", "9")
    assert len(str(told.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--zone", "Berln", "--time", "9am"), "the nearest are Europe/Berlin"),
        (("--zone", "UTC", "--time", "25:00"), "a day ends at 23:59"),
        (("--zone", "UTC", "--time", "9am", "--on", "someday"), "is not a day"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_remedy(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(ScheduleError, match=told):
        simulated(*words)
