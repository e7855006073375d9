"""Schedules and the draws of their rotations, in SQL.

Each function runs inside the transaction it is given.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import bindparam, case, delete, insert, select, update

from bot.scheduling.models import (
    Guild,
    PostKind,
    PostStyle,
    Schedule,
    ScheduleSettings,
    Stopped,
)
from bot.scheduling.recurrence import Timetable
from bot.scheduling.rotation import Draw
from bot.scheduling.storage.damage import (
    UNREADABLE,
    RowsRead,
    key_of,
    read_mended,
    read_readable,
    read_rows,
)
from bot.scheduling.storage.tables import (
    EPOCH,
    LATEST,
    MOST_COUNTED,
    draws,
    guilds,
    schedules,
    update_sound,
    upsert,
)
from bot.scheduling.storage.values import check_values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Delivery
    from bot.scheduling.storage.damage import DamagedRow

log = structlog.stdlib.get_logger("bot.scheduling")

MINUTES = 60
MAX_DAYS_APART = timedelta(days=2)
"""Between a local date and the UTC date of its post, over all zones and gaps."""

_CHANGE = update(schedules).where(  # written once: a post costs one, and building it cost more
    schedules.c.id == bindparam("read"), schedules.c.revision == bindparam("as_read")
)

_NEXT_REVISION = case((schedules.c.revision < MOST_COUNTED, schedules.c.revision + 1), else_=0)
"""One that is damaged must not overflow, and stop a statement about many."""


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """A schedule that is due, with its server's settings and the draws of its rotation."""

    schedule: Schedule
    guild: Guild
    dealt: Mapping[str, Draw]


async def list_schedules(connection: AsyncConnection, guild_id: int) -> tuple[Schedule, ...]:
    """Read a server's schedules, by name."""
    return (await read_schedules(connection, guild_id)).rows


async def list_removed_schedules(
    connection: AsyncConnection, guild_id: int
) -> tuple[Schedule, ...]:
    """Read a server's schedules that were removed, and can be brought back."""
    found = select(schedules).where(
        schedules.c.guild_id == guild_id, schedules.c.removed_at.is_not(None)
    )
    return await read_readable(connection, found, schedules, _schedule)


async def delete_removed_schedules(connection: AsyncConnection, before: datetime) -> frozenset[int]:
    """Erase schedules removed before a moment; return the servers' ids."""
    erased = await connection.execute(
        delete(schedules)
        .where(schedules.c.removed_at.between(EPOCH, before))
        .returning(schedules.c.guild_id)
    )
    return frozenset(one for one in erased.scalars() if isinstance(one, int))


async def read_schedules(
    connection: AsyncConnection, guild_id: int | None = None
) -> RowsRead[Schedule]:
    """Read the schedules of a server, or of all, and those that are damaged."""
    # One whose removal is no moment was not removed by anybody: it is damaged.
    removed_at = schedules.c.removed_at
    is_kept = removed_at.is_(None) | ~removed_at.between(EPOCH, LATEST)
    found = select(schedules).where(is_kept).order_by(schedules.c.name_key)
    if guild_id is not None:
        found = found.where(schedules.c.guild_id == guild_id)
    return await read_rows(connection, found, schedules, _schedule)


async def get_schedule(connection: AsyncConnection, schedule_id: str) -> Schedule | None:
    """Read one schedule; None if it is gone, or damaged."""
    found = select(schedules).where(schedules.c.id == schedule_id)
    return next(iter(await read_readable(connection, found, schedules, _schedule)), None)


async def look_at_schedule(connection: AsyncConnection, schedule_id: str) -> Schedule | None:
    """Read a schedule to tell of it, however damaged; None if gone.

    It is without its next time, and not for writing back.
    """
    found = select(schedules).where(schedules.c.id == schedule_id)
    return next(iter(await read_mended(connection, found, schedules, _without_next)), None)


async def get_alerted_guild(connection: AsyncConnection, schedule_id: str) -> int | None:
    """Read the id of a schedule's server; None if either is gone."""
    found = select(guilds.c.id).join(schedules).where(schedules.c.id == schedule_id)
    guild_id = (await connection.execute(found)).scalar_one_or_none()
    return guild_id if isinstance(guild_id, int) else None


async def list_due_schedules(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> RowsRead[DueSchedule]:
    """Read the schedules that are due, oldest first.

    Servers that the bot has left are passed over.
    """
    found = (
        select(schedules, guilds.c.packs.label("guild_packs"))
        .join(guilds)
        .where(
            schedules.c.next_due <= now,
            schedules.c.removed_at.is_(None),
            guilds.c.left_at.is_(None),
        )
        .order_by(schedules.c.next_due, schedules.c.id)
        .limit(limit)
    )
    read = await read_rows(
        connection,
        found,
        schedules,
        lambda row: (_schedule(row), Guild(row.guild_id, row.guild_packs)),
    )
    ids = [schedule.id for schedule, _ in read.rows]
    dealt = await list_draws(connection, ids) if ids else {}
    due = (
        DueSchedule(schedule, guild, dealt.get(schedule.id, {})) for schedule, guild in read.rows
    )
    return RowsRead(tuple(due), read.damaged)


async def list_waiting_schedules(
    connection: AsyncConnection,
    after: str,
    limit: int,
) -> RowsRead[Schedule]:
    """Page through the schedules that are not stopped, by id."""
    found = (
        select(schedules)
        .where(
            schedules.c.next_due.is_not(None) | schedules.c.stopped.is_(None),
            schedules.c.id > after,
        )
        .order_by(schedules.c.id)
        .limit(limit)
    )
    return await read_rows(connection, found, schedules, _schedule)


async def limit_uncertainty(connection: AsyncConnection, now: datetime) -> None:
    """Let nothing due later than now count as uncertain after a restore."""
    await connection.execute(
        update_sound(schedules)
        .where(schedules.c.uncertain_until > now)
        .values(uncertain_until=now, revision=_NEXT_REVISION)
    )


async def insert_schedule(connection: AsyncConnection, added: Schedule) -> None:
    """Write a new schedule.

    Raises:
        sqlalchemy.exc.IntegrityError: the server has one of that name.
    """
    await connection.execute(insert(schedules).values(id=added.id, **_values(added)))


async def update_schedule(
    connection: AsyncConnection,
    read: Schedule,
    **changes: Any,
) -> Schedule | None:
    """Write a changed schedule, unless it was changed since it was read.

    Returns None if it was.
    """
    changed = replace(read, **changes, revision=read.revision + 1)
    written = await connection.execute(
        _CHANGE, {"read": read.id, "as_read": read.revision, **_values(changed)}
    )
    return changed if written.rowcount else None


async def reset_failures(connection: AsyncConnection, ids: Collection[str]) -> None:
    """Set the failures in a row of schedules to none."""
    await connection.execute(
        update_sound(schedules)
        .where(schedules.c.id.in_(ids), schedules.c.failures > 0)
        .values(failures=0, revision=_NEXT_REVISION),
    )


async def delete_damaged(connection: AsyncConnection, damaged: DamagedRow) -> None:
    """Erase a schedule whose row cannot be read."""
    await connection.execute(delete(schedules).where(key_of(connection, schedules) == damaged.key))


async def list_draws(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
) -> dict[str, dict[str, Draw]]:
    """Read each quote's last draw, by schedule and quote."""
    found = select(draws).where(draws.c.schedule_id.in_(schedule_ids))
    try:
        rows = (await connection.execute(found)).all()
    except UNREADABLE:
        # A rotation that cannot be read begins anew, rather than keep others from their posts.
        if len(schedule_ids) <= 1:
            log.warning("rotation cannot be read; it begins anew", schedules=list(schedule_ids))
            return {}
        each = [await list_draws(connection, [one]) for one in schedule_ids]
        return {schedule: dealt for one in each for schedule, dealt in one.items()}
    dealt: dict[str, dict[str, Draw]] = defaultdict(dict)
    for row in rows:
        try:
            check_values(draws, row)
        except ValueError as error:
            log.warning("damaged draw is passed over", fault=str(error))
            continue
        dealt[row.schedule_id][row.quote_id] = Draw(row.quote_id, row.number, row.round)
    return dealt


async def put_draws(connection: AsyncConnection, drawn: Mapping[str, Draw]) -> None:
    """Write the draws that were made, by schedule."""
    if not drawn:
        return
    noted = upsert(connection, draws)
    noted = noted.on_conflict_do_update(
        index_elements=["schedule_id", "quote_id"],
        set_={"number": noted.excluded.number, "round": noted.excluded.round},
    )
    rows = [
        {"schedule_id": schedule, "quote_id": one.quote, "number": one.number, "round": one.round}
        for schedule, one in drawn.items()
    ]
    await connection.execute(noted, rows)


async def return_quote(connection: AsyncConnection, unsent: Delivery) -> None:
    """Return the quote of a delivery that was certainly not posted to its rotation."""
    await connection.execute(
        delete(draws).where(
            draws.c.schedule_id == unsent.schedule_id,
            draws.c.quote_id == unsent.quote_id,
            draws.c.number == unsent.draw_number,
        ),
    )


def fold_name(name: str) -> str:
    """Fold a name to the form that names are compared in."""
    return " ".join(name.split()).casefold()


def _schedule(row: Row[Any]) -> Schedule:
    """Convert a row, or raise ValueError if no program wrote it so."""
    next_day = None if row.next_day is None else date.fromisoformat(row.next_day)
    if (next_day is None) != (row.next_due is None):
        raise ValueError("next_day and next_due do not agree")
    if (row.stopped is None) != (row.next_due is not None):
        raise ValueError(f"stopped is {row.stopped}, and next_due {row.next_due}")
    if next_day is not None and abs(row.next_due.date() - next_day) > MAX_DAYS_APART:
        raise ValueError(f"next_day is {next_day}, and next_due {row.next_due}")
    return replace(_without_next(row), next_day=next_day, next_due=row.next_due)


def _without_next(row: Row[Any]) -> Schedule:
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
            kind=PostKind(row.kind),
            style=PostStyle(row.title, row.colour, row.language),
            opens_thread=bool(row.opens_thread),
            publishes=bool(row.publishes),
        ),
        seed=row.seed,
        created_by=row.created_by,
        created_at=row.created_at,
        paused_until=row.paused_until,
        uncertain_until=row.uncertain_until,
        stopped=None if row.stopped is None else Stopped(row.stopped),
        failures=row.failures,
        revision=row.revision,
        removed_at=row.removed_at,
    )


def _values(kept: Schedule) -> dict[str, Any]:
    settings, timetable = kept.settings, kept.settings.timetable
    return {
        "guild_id": kept.guild_id,
        "name": kept.name,
        # A name is free again once its schedule is removed; no name has a line break.
        "name_key": fold_name(kept.name) if kept.removed_at is None else f"\n{kept.id}",
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
        "uncertain_until": kept.uncertain_until,
        "kind": settings.kind,
        "title": settings.style.title,
        "colour": settings.style.colour,
        "language": settings.style.language,
        "opens_thread": settings.opens_thread,
        "publishes": settings.publishes,
        "removed_at": kept.removed_at,
        "stopped": kept.stopped,
        "failures": kept.failures,
        "revision": kept.revision,
    }
