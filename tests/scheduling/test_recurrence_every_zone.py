"""Every change of clock of every zone from 2024 to 2030, against a reckoning from first principles.

The oracle knows nothing of folds or gaps: it walks the hours around a change in steps of five
minutes, reads the local clock at each, and takes the first step at which it has reached the wall
time. Only days around a change need walking; elsewhere a zone is a fixed offset.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from itertools import accumulate, pairwise

import pytest

from bot.scheduling.recurrence import DAY, Timetable, occurrence_on
from bot.scheduling.timezones import load_zone, zone_names

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2031, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
MIDDAY = time(12)
SOME = 10
"""Of how many zones one is walked whenever tests run; the whole check walks all."""


def different_zones() -> list[str]:
    """Give one name for each set of rules: links are byte for byte the same."""
    rules = resources.files("tzdata").joinpath("zoneinfo")
    return sorted(
        {
            rules.joinpath(*name.split("/")).read_bytes(): name for name in sorted(zone_names())
        }.values()
    )


def changes(zone: str) -> list[datetime]:
    """Find every instant at which the zone's offset changes, to the step."""
    rules = load_zone(zone)
    noons = [BEGIN + timedelta(hours=12 * half) for half in range(2 * (END - BEGIN).days)]
    found = []
    for low, high in pairwise(noons):
        if low.astimezone(rules).utcoffset() != high.astimezone(rules).utcoffset():
            steps = [low + number * STEP for number in range((high - low) // STEP + 1)]
            found += [
                later
                for earlier, later in pairwise(steps)
                if earlier.astimezone(rules).utcoffset() != later.astimezone(rules).utcoffset()
            ]
    return found


@pytest.mark.parametrize(
    "zone",
    [
        pytest.param(zone, marks=[] if number % SOME == 0 else pytest.mark.long)
        for number, zone in enumerate(different_zones())
    ],
)
def test_every_change_of_clock_leaves_one_post_a_day_on_time(zone: str) -> None:
    rules = load_zone(zone)
    for change in changes(zone):
        steps = [change + number * STEP for number in range(-400, 401)]
        clock = [step.astimezone(rules).replace(tzinfo=None) for step in steps]
        reached = list(accumulate(clock, max))
        before, after = clock[399], clock[400]
        gap = max(after - before - STEP, timedelta())
        for wall in around(before.time(), after.time()):
            instants = []
            for day in (before.date() - DAY, before.date(), after.date(), after.date() + DAY):
                due = occurrence_on(Timetable(wall, zone), day)
                assert due is not None, (zone, day)
                instants.append((due.day, due.instant))
                meant = datetime.combine(day, wall)
                if reached[0] <= meant <= reached[-1]:
                    assert due.instant == steps[bisect_left(reached, meant)], (zone, day, wall)
                shown = due.instant.astimezone(rules).replace(tzinfo=None)
                assert timedelta() <= shown - meant <= gap, (zone, day, wall)
            for one, two in pairwise(sorted(set(instants))):
                assert one[0] < two[0]
                assert one[1] < two[1]


def around(before: time, after: time) -> set[time]:
    """Give wall times on both sides of a change, inside what it skips or repeats, and far off."""
    minutes = {MIDDAY.hour * 60, 0, 24 * 60 - 5}
    for edge in (before, after):
        at = edge.hour * 60 + edge.minute
        minutes |= {
            (at + shift) % (24 * 60) for shift in (-65, -60, -35, -30, -5, 0, 5, 30, 55, 60)
        }
    return {time(*divmod(minute, 60)) for minute in minutes}


def test_the_zones_and_changes_are_all_there() -> None:
    found = {zone: changes(zone) for zone in ("America/New_York", "Australia/Lord_Howe", "UTC")}
    assert [len(found[zone]) for zone in found] == [14, 14, 0]
    assert len(different_zones()) > 250
    assert date(2030, 11, 3) in {change.date() for change in found["America/New_York"]}
