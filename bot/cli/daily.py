"""`linernotes daily …`: the daily quote without Discord."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import click

from bot.cli.command import Parsed
from bot.cli.lazy_group import LazyGroup
from bot.scheduling.parsing import parse_days, parse_time
from bot.scheduling.recurrence import Timetable
from bot.scheduling.simulate import MAX_POSTS, simulate
from bot.scheduling.timezones import load_zone, parse_zone, rules_version

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.cli.program import Program


@click.group(cls=LazyGroup)
def daily() -> None:
    """Look at the daily quote without Discord."""


@daily.command("simulate")
@click.option(
    "--zone",
    type=Parsed("zone", parse_zone),
    required=True,
    help="A city, an IANA name such as Europe/Berlin, UTC.",
)
@click.option(
    "--time",
    "wall",
    type=Parsed("time", parse_time),
    required=True,
    help="The local time, such as 09:00 or 9am.",
)
@click.option(
    "--days",
    "count",
    type=click.IntRange(1, MAX_POSTS),
    default=30,
    show_default=True,
    help="How many posts to show.",
)
@click.option(
    "--on",
    "weekdays",
    type=Parsed("days", parse_days),
    default="every day",
    help="Such as weekdays, or mon, wed.",
)
@click.option(
    "--from",
    "start",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The first local day; now if left out.",
)
@click.pass_obj
def simulate_posts(  # noqa: PLR0913, PLR0917  # click gives each option a parameter
    program: Program,
    /,
    zone: str,
    wall: time,
    count: int,
    weekdays: frozenset[int],
    start: datetime | None,
) -> None:
    """Print what would be posted when, a line each, with every change of clock."""
    timetable = Timetable(wall, zone, weekdays)
    rules = f"by the rules of tzdata {rules_version()}"
    click.echo(f"# {timetable.time:%H:%M} in {timetable.zone}, {rules}")
    for post in simulate(timetable, _start_moment(timetable, start, program.now), count):
        click.echo(str(post))


def _start_moment(
    timetable: Timetable, start: datetime | None, now: Callable[[], datetime]
) -> datetime:
    """Return the moment after which posts are shown."""
    if start is None:
        return now().astimezone(UTC)
    rules = load_zone(timetable.zone)
    midnight = datetime.combine(start.date(), time(0), rules).astimezone(UTC)
    return midnight.replace(microsecond=0) - datetime.resolution
