"""Claims, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.scheduling.models import Delivery, Outcome
from bot.scheduling.storage.tables import alerts, deliveries
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


_SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("settled"), deliveries.c.outcome.is_(None))
    .values(
        outcome=bindparam("how"),
        message_id=bindparam("message"),
        reason=bindparam("why"),
        finished_at=bindparam("at"),
        free_at=None,
        owner=None,
        payload=None,
    )
)
_CHANGE = update(deliveries).where(
    deliveries.c.id == bindparam("held"),
    deliveries.c.outcome.is_(None),
    deliveries.c.owner.is_not_distinct_from(bindparam("holder")),
    deliveries.c.free_at == bindparam("held_until"),
)


async def add_claim(connection: AsyncConnection, delivery: Delivery) -> bool:
    """Write a claim; False if that occurrence of the schedule has one already."""
    added = upsert(connection, deliveries).values(_claim_values(delivery)).on_conflict_do_nothing()
    return bool((await connection.execute(added)).rowcount)


async def add_claims(connection: AsyncConnection, added: Sequence[Delivery]) -> frozenset[str]:
    """Write many claims at once; give the ids of those whose occurrence had none yet."""
    if not added:
        return frozenset()
    there = select(deliveries.c.id).where(deliveries.c.id.in_([one.id for one in added]))
    known = frozenset((await connection.execute(there)).scalars())
    fresh = [one for one in added if one.id not in known]
    if fresh:
        await connection.execute(insert(deliveries), [_claim_values(one) for one in fresh])
    return frozenset(one.id for one in fresh)


async def delivery(connection: AsyncConnection, delivery_id: str) -> Delivery | None:
    """Read one claim."""
    row = (
        await connection.execute(select(deliveries).where(deliveries.c.id == delivery_id))
    ).one_or_none()
    return None if row is None else _claim(row)


async def free_claims(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> tuple[Delivery, ...]:
    """Read the claims without an outcome that nobody holds, oldest first."""
    found = (
        select(deliveries)
        .where(deliveries.c.free_at <= now)
        .order_by(deliveries.c.due, deliveries.c.id)
        .limit(limit)
    )
    return tuple(_claim(row) for row in await connection.execute(found))


async def first_free(connection: AsyncConnection) -> datetime | None:
    """Say when the next claim without an outcome may be taken up."""
    moment: datetime | None = (
        await connection.execute(select(func.min(deliveries.c.free_at)))
    ).scalar()
    return moment


async def change_claim(
    connection: AsyncConnection,
    held: Delivery,
    **changes: Any,
) -> bool:
    """Write changes to a claim that is still exactly as held: same owner, same lease, open."""
    still = {"held": held.id, "holder": held.locked_by, "held_until": held.available_at}
    written = await connection.execute(_CHANGE, {**still, **changes})
    return bool(written.rowcount)


async def settle_claim(connection: AsyncConnection, settled: Delivery) -> bool:
    """Write how a claim ended, whoever holds it now; False if it had ended already, or is gone."""
    return bool((await connection.execute(_SETTLE, _settlement(settled))).rowcount)


async def settle_claims(connection: AsyncConnection, settled: Sequence[Delivery]) -> None:
    """Write how claims ended; those that ended before, or are gone, are left alone."""
    await connection.execute(_SETTLE, [_settlement(one) for one in settled])


async def drop_unsent(
    connection: AsyncConnection,
    schedule_id: str,
    reason: str,
    now: datetime,
) -> tuple[Delivery, ...]:
    """End a schedule's open claims as skipped, those that may have been posted excepted."""
    dropped = await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.schedule_id == schedule_id,
            deliveries.c.outcome.is_(None),
            deliveries.c.doubt_since.is_(None),
        )
        .values(
            outcome=Outcome.SKIPPED,
            reason=reason,
            finished_at=now,
            free_at=None,
            owner=None,
            payload=None,
        )
        .returning(deliveries),
    )
    return tuple(_claim(row) for row in dropped)


async def ping_nobody(connection: AsyncConnection, schedule_id: str) -> None:
    """Let a schedule's open claims ping no role, whatever their payload names."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.schedule_id == schedule_id, deliveries.c.outcome.is_(None))
        .values(role_id=None)
    )


async def days_taken(connection: AsyncConnection, schedule_id: str, since: date) -> frozenset[str]:
    """Give the local dates from `since` on, as text, that have a claim."""
    found = select(deliveries.c.occurrence).where(
        deliveries.c.schedule_id == schedule_id,
        deliveries.c.occurrence >= since.isoformat(),
        deliveries.c.occurrence.not_like("now:%"),
    )
    return frozenset((await connection.execute(found)).scalars())


async def history(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
    limit: int,
    outcomes: Collection[Outcome] = tuple(Outcome),
) -> tuple[Delivery, ...]:
    """Read schedules' claims, the newest first: those with these outcomes, and open ones."""
    found = (
        select(deliveries)
        .where(
            deliveries.c.schedule_id.in_(schedule_ids),
            deliveries.c.outcome.is_(None) | deliveries.c.outcome.in_(outcomes),
        )
        .order_by(deliveries.c.due.desc(), deliveries.c.id)
        .limit(limit)
    )
    return tuple(_claim(row) for row in await connection.execute(found))


async def count_claims(connection: AsyncConnection, guild_id: int) -> int:
    """Count the ledger's rows about a server."""
    found = select(func.count()).where(deliveries.c.guild_id == guild_id)
    return int((await connection.execute(found)).scalar_one())


async def forget_before(connection: AsyncConnection, moment: datetime) -> int:
    """Erase claims and notices that ended before a moment."""
    erased = await connection.execute(delete(deliveries).where(deliveries.c.finished_at < moment))
    await connection.execute(
        delete(alerts).where(alerts.c.free_at.is_(None), alerts.c.created_at < moment),
    )
    return erased.rowcount


_NAMED = {  # columns that bear other names until the next migration
    "due": "scheduled_for",
    "closes": "expires_at",
    "owner": "locked_by",
    "free_at": "available_at",
    "first_attempt": "first_attempt_at",
    "doubt_since": "uncertain_since",
}


def _settlement(settled: Delivery) -> dict[str, Any]:
    return {
        "settled": settled.id,
        "how": settled.outcome,
        "message": settled.message_id,
        "why": settled.reason,
        "at": settled.finished_at,
    }


def _claim_values(written: Delivery) -> dict[str, Any]:
    values = {field.name: getattr(written, field.name) for field in fields(written)}
    for column, name in _NAMED.items():
        values[column] = values.pop(name)
    payload = values["payload"]
    values["payload"] = None if payload is None else json.dumps(payload)
    return values


def _claim(row: Row[Any]) -> Delivery:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns
    for column, name in _NAMED.items():
        values[name] = values.pop(column)
    values["payload"] = None if row.payload is None else json.loads(row.payload)
    values["outcome"] = None if row.outcome is None else Outcome(row.outcome)
    return Delivery(**values)
