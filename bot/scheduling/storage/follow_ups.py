"""Follow-ups of posts, in SQL, inside the transaction given."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, update

from bot.scheduling.models import FollowUp, FollowUpKind, FollowUpStatus, follow_up_id
from bot.scheduling.storage.damage import RowsRead, read_rows
from bot.scheduling.storage.tables import (
    deliveries,
    follow_ups,
    schedules,
    update_sound,
    upsert,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Delivery


async def insert_follow_ups(connection: AsyncConnection, sent: Sequence[Delivery]) -> None:
    """Write the follow-ups of sent posts, as their schedules want them."""
    wanting = select(schedules.c.id, schedules.c.opens_thread, schedules.c.publishes).where(
        schedules.c.id.in_({one.schedule_id for one in sent}),
        or_(schedules.c.opens_thread, schedules.c.publishes),
    )
    wanted = {row.id: row for row in await connection.execute(wanting)}
    rows = []
    for delivery in sent:
        row = wanted.get(delivery.schedule_id)
        if row is None:
            continue
        kinds = {FollowUpKind.THREAD: row.opens_thread, FollowUpKind.PUBLISH: row.publishes}
        rows += [
            {
                "id": follow_up_id(kind, delivery.id),
                "delivery_id": delivery.id,
                "kind": kind,
                "created_at": delivery.finished_at,
                "available_at": delivery.finished_at,
            }
            for kind, is_wanted in kinds.items()
            if is_wanted
        ]
    if rows:
        await connection.execute(upsert(connection, follow_ups).on_conflict_do_nothing(), rows)


async def list_available_follow_ups(
    connection: AsyncConnection, now: datetime, limit: int
) -> RowsRead[FollowUp]:
    """Read the pending follow-ups that no process holds, oldest first."""
    found = (
        select(follow_ups)
        .where(follow_ups.c.available_at <= now)
        .order_by(follow_ups.c.created_at, follow_ups.c.id)
        .limit(limit)
    )
    return await read_rows(connection, found, follow_ups, _follow_up)


async def update_follow_up(connection: AsyncConnection, held: FollowUp, **changes: Any) -> bool:
    """Change a follow-up that is still as held; return whether it was."""
    written = await connection.execute(
        update(follow_ups)
        .where(follow_ups.c.id == held.id, follow_ups.c.available_at == held.available_at)
        .values(**changes)
    )
    return bool(written.rowcount)


async def has_failed_before(connection: AsyncConnection, failed: FollowUp, schedule: str) -> bool:
    """Return whether a schedule's last follow-up of a kind failed."""
    before = (
        select(follow_ups.c.status)
        .join(deliveries)
        .where(
            deliveries.c.schedule_id == schedule,
            follow_ups.c.kind == failed.kind,
            follow_ups.c.status != FollowUpStatus.PENDING,
            follow_ups.c.id != failed.id,
        )
        .order_by(follow_ups.c.created_at.desc())
        .limit(1)
    )
    last = (await connection.execute(before)).scalar_one_or_none()
    return last == FollowUpStatus.FAILED


async def release_held_beyond(connection: AsyncConnection, beyond: datetime, now: datetime) -> int:
    """Free follow-ups that a clock ahead put off; return how many."""
    freed = await connection.execute(
        update_sound(follow_ups).where(follow_ups.c.available_at > beyond).values(available_at=now)
    )
    return freed.rowcount


def _follow_up(row: Row[Any]) -> FollowUp:
    values = {field.name: getattr(row, field.name) for field in fields(FollowUp)}
    values["kind"] = FollowUpKind(row.kind)
    values["status"] = FollowUpStatus(row.status)
    return FollowUp(**values)
