"""What admins are to be told, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot.scheduling.models import Alert, AlertKind, AlertStatus
from bot.scheduling.storage.tables import alerts
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def add_notice(connection: AsyncConnection, alert: Alert) -> None:
    """Write what an admin is to be told, once."""
    values = {field.name: getattr(alert, field.name) for field in fields(alert)}
    await connection.execute(upsert(connection, alerts).values(values).on_conflict_do_nothing())


async def free_notices(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> tuple[Alert, ...]:
    """Read the notices that nobody was told yet and nobody holds, oldest first."""
    found = (
        select(alerts)
        .where(alerts.c.free_at <= now)
        .order_by(alerts.c.created_at, alerts.c.id)
        .limit(limit)
    )
    return tuple(_notice(row) for row in await connection.execute(found))


async def first_notice(connection: AsyncConnection) -> datetime | None:
    """Say when the next notice may be taken up."""
    found = await connection.execute(select(func.min(alerts.c.free_at)))
    moment: datetime | None = found.scalar()
    return moment


async def change_notice(connection: AsyncConnection, held: Alert, **changes: Any) -> bool:
    """Write changes to a notice that is still as held."""
    written = await connection.execute(
        update(alerts)
        .where(alerts.c.id == held.id, alerts.c.free_at == held.free_at)
        .values(**changes),
    )
    return bool(written.rowcount)


async def undelivered(connection: AsyncConnection, ids: Collection[str]) -> tuple[Alert, ...]:
    """Read those of some notices that could not be told to anybody."""
    found = select(alerts).where(
        alerts.c.id.in_(ids), alerts.c.told.in_([AlertStatus.REFUSED, AlertStatus.EXPIRED])
    )
    return tuple(_notice(row) for row in await connection.execute(found))


async def last_notices(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
    limit: int,
) -> tuple[Alert, ...]:
    """Read what was told about schedules, the newest first."""
    found = (
        select(alerts)
        .where(alerts.c.schedule_id.in_(schedule_ids))
        .order_by(alerts.c.created_at.desc(), alerts.c.id)
        .limit(limit)
    )
    return tuple(_notice(row) for row in await connection.execute(found))


def _notice(row: Row[Any]) -> Alert:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns
    values["kind"] = AlertKind(row.kind)
    values["told"] = None if row.told is None else AlertStatus(row.told)
    return Alert(**values)
