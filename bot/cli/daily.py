"""`linernotes daily …`: the daily quote without Discord."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import click

from bot.scheduling.parsing import parse_days, parse_time
from bot.scheduling.recurrence import Timetable
from bot.scheduling.simulate import MAX_POSTS, simulate
from bot.scheduling.timezones import load_zone, parse_zone, rules_version

if TYPE_CHECKING:
    from collections.abc import Callable


def daily_group(now: Callable[[], datetime]) -> click.Group:
    """Return the commands, given the time."""

    @click.group("daily")
    def daily() -> None:
        """Look at the daily quote without Discord."""

    daily.add_command(_simulate_command(now))
    return daily


def _simulate_command(now: Callable[[], datetime]) -> click.Command:
    @click.command("simulate")
    @click.option("--zone", required=True, help="A city, an IANA name such as Europe/Berlin, UTC.")
    @click.option("--time", "wall", required=True, help="The local time, such as 09:00 or 9am.")
    @click.option(
        "--days",
        "count",
        type=click.IntRange(1, MAX_POSTS),
        default=30,
        show_default=True,
        help="How many posts to show.",
    )
    @click.option("--on", "weekdays", default="every day", help="Such as weekdays, or mon, wed.")
    @click.option(
        "--from",
        "start",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="The first local day; now if left out.",
    )
    def command(zone: str, wall: str, count: int, weekdays: str, start: datetime | None) -> None:
        """Print what would be posted when, a line each, with every change of clock."""
        timetable = Timetable(parse_time(wall), parse_zone(zone), parse_days(weekdays))
        rules = f"by the rules of tzdata {rules_version()}"
        click.echo(f"# {timetable.time:%H:%M} in {timetable.zone}, {rules}")
        for post in simulate(timetable, _first(timetable, start, now), count):
            click.echo(str(post))

    return command


def _first(timetable: Timetable, start: datetime | None, now: Callable[[], datetime]) -> datetime:
    """Give the moment after which posts are shown: just before a local day begins, or now."""
    if start is None:
        return now().astimezone(UTC)
    rules = load_zone(timetable.zone)
    midnight = datetime.combine(start.date(), time(0), rules).astimezone(UTC)
    return midnight.replace(microsecond=0) - datetime.resolution
