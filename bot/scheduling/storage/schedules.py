"""Schedules, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.scheduling.models import Schedule, ScheduleSettings, Stopped
from bot.scheduling.recurrence import Timetable
from bot.scheduling.storage.tables import guilds, schedules

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

MINUTES = 60

_CHANGE = update(schedules).where(  # written once: a post costs one, and building it cost more
    schedules.c.id == bindparam("read"), schedules.c.revision == bindparam("as_read")
)


async def schedules_of(connection: AsyncConnection, guild_id: int) -> tuple[Schedule, ...]:
    """Read a server's schedules, by name."""
    found = select(schedules).where(schedules.c.guild_id == guild_id).order_by(schedules.c.name_key)
    return tuple(_schedule(row) for row in await connection.execute(found))


async def schedule(connection: AsyncConnection, schedule_id: str) -> Schedule | None:
    """Read one schedule."""
    found = select(schedules).where(schedules.c.id == schedule_id)
    row = (await connection.execute(found)).one_or_none()
    return None if row is None else _schedule(row)


async def due_schedules(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> tuple[Schedule, ...]:
    """Read the schedules that are due, oldest first; not those of servers the bot has left."""
    found = (
        select(schedules)
        .join(guilds)
        .where(schedules.c.next_due <= now, guilds.c.left_at.is_(None))
        .order_by(schedules.c.next_due, schedules.c.id)
        .limit(limit)
    )
    return tuple(_schedule(row) for row in await connection.execute(found))


async def first_due(connection: AsyncConnection) -> datetime | None:
    """Say when the next schedule is due."""
    found = select(func.min(schedules.c.next_due)).join(guilds).where(guilds.c.left_at.is_(None))
    moment: datetime | None = (await connection.execute(found)).scalar()
    return moment


async def waiting_schedules(
    connection: AsyncConnection,
    after: str,
    limit: int,
) -> tuple[Schedule, ...]:
    """Page through the schedules that have a next time, by id."""
    found = (
        select(schedules)
        .where(schedules.c.next_due.is_not(None), schedules.c.id > after)
        .order_by(schedules.c.id)
        .limit(limit)
    )
    return tuple(_schedule(row) for row in await connection.execute(found))


async def add_schedule(connection: AsyncConnection, added: Schedule) -> None:
    """Write a new schedule.

    Raises:
        sqlalchemy.exc.IntegrityError: the server has one of that name.
    """
    await connection.execute(insert(schedules).values(id=added.id, **_values(added)))


async def change_schedule(
    connection: AsyncConnection,
    read: Schedule,
    **changes: Any,
) -> Schedule | None:
    """Write a changed schedule, unless somebody changed it since it was read; then give None."""
    changed = replace(read, **changes, revision=read.revision + 1)
    written = await connection.execute(
        _CHANGE, {"read": read.id, "as_read": read.revision, **_values(changed)}
    )
    return changed if written.rowcount else None


async def forget_failures(connection: AsyncConnection, ids: Collection[str]) -> None:
    """End the row of failures of schedules, where there is one."""
    await connection.execute(
        update(schedules)
        .where(schedules.c.id.in_(ids), schedules.c.failures > 0)
        .values(failures=0, revision=schedules.c.revision + 1),
    )


async def remove_schedule(connection: AsyncConnection, schedule_id: str) -> None:
    """Erase a schedule with its deck and ledger."""
    await connection.execute(delete(schedules).where(schedules.c.id == schedule_id))


def name_key(name: str) -> str:
    """Fold a name as names are compared."""
    return " ".join(name.split()).casefold()


def _schedule(row: Row[Any]) -> Schedule:
    timetable = Timetable(
        time(*divmod(row.minute, MINUTES)),
        row.zone,
        frozenset(day for day in range(7) if row.days >> day & 1),
    )
    return Schedule(
        id=row.id,
        guild_id=row.guild_id,
        name=row.name,
        settings=ScheduleSettings(
            channel_id=row.channel_id,
            timetable=timetable,
            pack=row.pack,
            speaker=row.speaker,
            role_id=row.role_id,
            window=timedelta(seconds=row.window_seconds),
        ),
        seed=row.seed,
        created_by=row.created_by,
        created_at=row.created_at,
        next_day=None if row.next_day is None else date.fromisoformat(row.next_day),
        next_due=row.next_due,
        paused_until=row.paused_until,
        stopped=None if row.stopped is None else Stopped(row.stopped),
        failures=row.failures,
        revision=row.revision,
    )


def _values(kept: Schedule) -> dict[str, Any]:
    settings, timetable = kept.settings, kept.settings.timetable
    return {
        "guild_id": kept.guild_id,
        "name": kept.name,
        "name_key": name_key(kept.name),
        "channel_id": settings.channel_id,
        "minute": timetable.time.hour * MINUTES + timetable.time.minute,
        "zone": timetable.zone,
        "days": sum(1 << day for day in timetable.days),
        "pack": settings.pack,
        "speaker": settings.speaker,
        "role_id": settings.role_id,
        "window_seconds": int(settings.window.total_seconds()),
        "seed": kept.seed,
        "created_by": kept.created_by,
        "created_at": kept.created_at,
        "next_day": None if kept.next_day is None else kept.next_day.isoformat(),
        "next_due": kept.next_due,
        "paused_until": kept.paused_until,
        "stopped": kept.stopped,
        "failures": kept.failures,
        "revision": kept.revision,
    }
