"""What admins are to be told, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot.scheduling.models import Notice, NoticeKind, Told
from bot.scheduling.storage.tables import notices
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def add_notice(connection: AsyncConnection, notice: Notice) -> None:
    """Write what an admin is to be told, once."""
    values = {field.name: getattr(notice, field.name) for field in fields(notice)}
    await connection.execute(upsert(connection, notices).values(values).on_conflict_do_nothing())


async def free_notices(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> tuple[Notice, ...]:
    """Read the notices that nobody was told yet and nobody holds, oldest first."""
    found = (
        select(notices)
        .where(notices.c.free_at <= now)
        .order_by(notices.c.created_at, notices.c.id)
        .limit(limit)
    )
    return tuple(_notice(row) for row in await connection.execute(found))


async def first_notice(connection: AsyncConnection) -> datetime | None:
    """Say when the next notice may be taken up."""
    found = await connection.execute(select(func.min(notices.c.free_at)))
    moment: datetime | None = found.scalar()
    return moment


async def change_notice(connection: AsyncConnection, held: Notice, **changes: Any) -> bool:
    """Write changes to a notice that is still as held."""
    written = await connection.execute(
        update(notices)
        .where(notices.c.id == held.id, notices.c.free_at == held.free_at)
        .values(**changes),
    )
    return bool(written.rowcount)


async def undelivered(connection: AsyncConnection, ids: Collection[str]) -> tuple[Notice, ...]:
    """Read those of some notices that could not be told to anybody."""
    found = select(notices).where(
        notices.c.id.in_(ids), notices.c.told.in_([Told.REFUSED, Told.EXPIRED])
    )
    return tuple(_notice(row) for row in await connection.execute(found))


async def last_notices(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
    limit: int,
) -> tuple[Notice, ...]:
    """Read what was told about schedules, the newest first."""
    found = (
        select(notices)
        .where(notices.c.schedule_id.in_(schedule_ids))
        .order_by(notices.c.created_at.desc(), notices.c.id)
        .limit(limit)
    )
    return tuple(_notice(row) for row in await connection.execute(found))


def _notice(row: Row[Any]) -> Notice:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns
    values["kind"] = NoticeKind(row.kind)
    values["told"] = None if row.told is None else Told(row.told)
    return Notice(**values)
