"""Alerts to admins, in SQL.

Each function runs inside the transaction it is given.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.scheduling.models import Alert, AlertKind, AlertStatus
from bot.scheduling.storage.damage import RowsRead, read_mended, read_readable, read_rows
from bot.scheduling.storage.tables import alerts, update_sound, upsert

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_alert(connection: AsyncConnection, alert: Alert) -> None:
    """Write an alert, once."""
    values = {field.name: getattr(alert, field.name) for field in fields(alert)}
    await connection.execute(upsert(connection, alerts).values(values).on_conflict_do_nothing())


async def list_available_alerts(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> RowsRead[Alert]:
    """Read the pending alerts that no process holds, oldest first."""
    found = (
        select(alerts)
        .where(alerts.c.available_at <= now)
        .order_by(alerts.c.created_at, alerts.c.id)
        .limit(limit)
    )
    return await read_rows(connection, found, alerts, _alert)


async def list_alert_ids(connection: AsyncConnection, kind: AlertKind) -> frozenset[str]:
    """Read the ids of all alerts of a kind."""
    found = select(alerts).where(alerts.c.kind == kind)
    return frozenset(one.id for one in await read_readable(connection, found, alerts, _alert))


async def release_held_beyond(connection: AsyncConnection, beyond: datetime, now: datetime) -> int:
    """Free the alerts that a clock far ahead put off; count them."""
    freed = await connection.execute(
        update_sound(alerts).where(alerts.c.available_at > beyond).values(available_at=now)
    )
    return freed.rowcount


async def update_alert(connection: AsyncConnection, held: Alert, **changes: Any) -> bool:
    """Change an alert that is still as held; return whether it was."""
    written = await connection.execute(
        update(alerts)
        .where(alerts.c.id == held.id, alerts.c.available_at == held.available_at)
        .values(**changes),
    )
    return bool(written.rowcount)


async def list_undelivered_alerts(
    connection: AsyncConnection, ids: Collection[str]
) -> tuple[Alert, ...]:
    """Read those of some alerts that could not be sent to anybody."""
    found = select(alerts).where(
        alerts.c.id.in_(ids), alerts.c.status.in_([AlertStatus.REFUSED, AlertStatus.EXPIRED])
    )
    return await read_mended(connection, found, alerts, _alert)


async def list_recent_alerts(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
    limit: int,
) -> tuple[Alert, ...]:
    """Read the last alerts about schedules, the newest first."""
    found = (
        select(alerts)
        .where(alerts.c.schedule_id.in_(schedule_ids))
        .order_by(alerts.c.created_at.desc(), alerts.c.id)
        .limit(limit)
    )
    return await read_mended(connection, found, alerts, _alert)


def _alert(row: Row[Any]) -> Alert:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns
    values["kind"] = AlertKind(row.kind)
    values["status"] = AlertStatus(row.status)
    return Alert(**values)
