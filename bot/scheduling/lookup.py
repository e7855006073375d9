"""A schedule by its name: read what is typed, find it, or say which is nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import process

from bot.errors import ScheduleError
from bot.scheduling.storage import schedules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Schedule

LONGEST_NAME = 32
ALIKE = 60  # of 100, as rapidfuzz scores: a slip of the hand, not another word


async def named(transaction: AsyncConnection, guild_id: int, name: str) -> Schedule:
    """Find a server's schedule.

    Raises:
        ScheduleError: there is none of that name; the message names the nearest, or all.
    """
    found = await schedules.schedules_of(transaction, guild_id)
    key = schedules.name_key(name)
    for schedule in found:
        if schedules.name_key(schedule.name) == key:
            return schedule
    if not found:
        raise ScheduleError("This server has no schedule yet; set one up with /daily set.")
    shown = " ".join(name.split())[:LONGEST_NAME]
    raise ScheduleError(f"No schedule is called '{shown}'; {_instead(key, found)}")


def read_name(name: str) -> str:
    """Read a name for a schedule, or raise a ScheduleError."""
    read = " ".join(name.split())
    if not read or not read.isprintable():
        raise ScheduleError("A schedule needs a name, such as 'morning'.")
    if len(read) > LONGEST_NAME:
        raise ScheduleError(f"A name may have {LONGEST_NAME} characters; this one has {len(read)}.")
    return read


def refuse_taken(name: str, others: Sequence[Schedule]) -> None:
    """Raise a ScheduleError if another schedule has the name."""
    if schedules.name_key(name) in {schedules.name_key(one.name) for one in others}:
        raise ScheduleError(f"There is a schedule called '{name}' already; choose another name.")


def _instead(key: str, found: Sequence[Schedule]) -> str:
    """Name the schedule that is nearly called so, or all of them."""
    names = {schedules.name_key(one.name): one.name for one in found}
    near = process.extractOne(key, list(names), score_cutoff=ALIKE)
    if near is not None:
        return f"did you mean '{names[near[0]]}'?"
    listed = ", ".join(f"'{name}'" for name in names.values())
    return f"here there is {listed}."
