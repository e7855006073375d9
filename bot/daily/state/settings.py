"""Servers and their schedules, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.daily.model import Guild, Schedule, Settings, Stopped
from bot.daily.schedule import Timetable
from bot.daily.state.tables import guilds, marks, schedules

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

MINUTES = 60

_CHANGE = update(schedules).where(  # written once: a post costs one, and building it cost more
    schedules.c.id == bindparam("read"), schedules.c.revision == bindparam("as_read")
)


def upsert(connection: AsyncConnection, table: Table) -> Any:
    """Begin an `INSERT … ON CONFLICT`, which both databases spell alike but SQLAlchemy does not."""
    # Only the dialect in use: PostgreSQL's costs a start a tenth of a second.
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    return dialect.insert(table)


async def guild(connection: AsyncConnection, guild_id: int) -> Guild:
    """Read a server's settings; a server never heard of has the usual ones."""
    row = (await connection.execute(select(guilds).where(guilds.c.id == guild_id))).one_or_none()
    return Guild(guild_id) if row is None else _guild(row)


async def guilds_by_id(
    connection: AsyncConnection,
    ids: Collection[int],
) -> dict[int, Guild]:
    """Read the settings of several servers."""
    rows = await connection.execute(select(guilds).where(guilds.c.id.in_(ids)))
    return {row.id: _guild(row) for row in rows}


async def every_guild(connection: AsyncConnection) -> tuple[Guild, ...]:
    """Read the settings of every server that has any."""
    rows = await connection.execute(select(guilds).order_by(guilds.c.id))
    return tuple(_guild(row) for row in rows)


async def put_guild(connection: AsyncConnection, kept: Guild) -> None:
    """Write a server's settings, new or changed."""
    values = {
        "packs": None if kept.packs is None else json.dumps(sorted(kept.packs)),
        "alerts_channel": kept.alerts_channel,
        "left_at": kept.left_at,
    }
    await connection.execute(
        upsert(connection, guilds)
        .values(id=kept.id, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values),
    )


async def lock_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Make sure the server has a row, and keep others from changing what hangs on it."""
    known = upsert(connection, guilds).values(id=guild_id).on_conflict_do_nothing()
    await connection.execute(known)
    await connection.execute(select(guilds.c.id).where(guilds.c.id == guild_id).with_for_update())


async def erase_guild(connection: AsyncConnection, guild_id: int) -> int:
    """Erase a server with everything that hangs on it; give how many schedules that was."""
    count = select(func.count()).where(schedules.c.guild_id == guild_id)
    erased = (await connection.execute(count)).scalar_one()
    await connection.execute(delete(guilds).where(guilds.c.id == guild_id))
    return int(erased)


async def forget_bare_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Erase the row of a locked server when it says nothing any more."""
    has_schedule = select(schedules.c.id).where(schedules.c.guild_id == guilds.c.id).exists()
    await connection.execute(
        delete(guilds).where(
            guilds.c.id == guild_id,
            guilds.c.packs.is_(None),
            guilds.c.alerts_channel.is_(None),
            guilds.c.left_at.is_(None),
            ~has_schedule,
        ),
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


async def mark(connection: AsyncConnection, key: str) -> str | None:
    """Read a remark about the database as a whole."""
    found = await connection.execute(select(marks.c.value).where(marks.c.key == key))
    value: str | None = found.scalar_one_or_none()
    return value


async def put_mark(connection: AsyncConnection, key: str, value: str) -> None:
    """Write a remark about the database as a whole."""
    await connection.execute(
        upsert(connection, marks)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value}),
    )


def name_key(name: str) -> str:
    """Fold a name as names are compared."""
    return " ".join(name.split()).casefold()


def _guild(row: Row[Any]) -> Guild:
    packs = None if row.packs is None else frozenset(json.loads(row.packs))
    return Guild(row.id, packs, row.alerts_channel, row.left_at)


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
        settings=Settings(
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
