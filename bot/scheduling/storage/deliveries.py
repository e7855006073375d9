"""Deliveries, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from bot.scheduling.models import Delivery, Outcome, Trigger
from bot.scheduling.recurrence import DAY, next_occurrence
from bot.scheduling.storage.damage import (
    SET_ASIDE,
    DamagedRow,
    RowsRead,
    key_of,
    locate_row,
    read_column,
    read_mended,
    read_rows,
)
from bot.scheduling.storage.tables import (
    EPOCH,
    LATEST,
    Instant,
    alerts,
    deliveries,
    follow_ups,
    guilds,
    schedules,
    update_sound,
    upsert,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Column, ColumnElement, Row, ScalarSelect
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.localization.messages import Message
    from bot.scheduling.recurrence import Occurrence, Timetable

# Statements that every post needs are built once: building one costs more than running it.
_COMPLETE = (
    update_sound(deliveries)
    .where(deliveries.c.id == bindparam("completed"), deliveries.c.outcome.is_(None))
    .values(
        outcome=bindparam("new_outcome"),
        message_id=bindparam("new_message_id"),
        reason=bindparam("new_reason"),
        finished_at=bindparam("now"),
        available_at=None,
        locked_by=None,
        payload=None,
    )
)
_CHANGE = update_sound(deliveries).where(
    deliveries.c.id == bindparam("held"),
    deliveries.c.outcome.is_(None),
    deliveries.c.locked_by.is_not_distinct_from(bindparam("holder")),
    # The time as well: the same process may have taken the delivery up again after its lease.
    deliveries.c.available_at == bindparam("held_until"),
)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The moments when work of each kind is next due, if any."""

    schedule: datetime | None
    delivery: datetime | None
    alert: datetime | None
    follow_up: datetime | None


async def read_agenda(connection: AsyncConnection) -> Agenda:
    """Read when the next schedule, open delivery and pending alert are due."""
    # Bounded, as a damaged moment that is no moment must not keep the others from being read.
    due = select(_earliest(schedules.c.next_due)).select_from(schedules).join(guilds)
    columns = (
        due.where(
            guilds.c.left_at.is_(None),
            schedules.c.removed_at.is_(None),
            _is_moment(schedules.c.next_due),
        ).scalar_subquery(),
        _first(deliveries.c.available_at),
        _first(alerts.c.available_at),
        _first(follow_ups.c.available_at),
    )
    return Agenda(*(await connection.execute(select(*columns))).one())


def _first(moment: Column[Any]) -> ScalarSelect[Any]:
    return select(_earliest(moment)).where(_is_moment(moment)).scalar_subquery()


def _earliest(moment: Column[Any]) -> ColumnElement[Any]:
    # SQLite may keep a fraction, which is no moment: it must not spoil the agenda.
    return type_coerce(cast(func.min(moment), BigInteger), Instant)


def _is_moment(column: Column[Any]) -> ColumnElement[bool]:
    return column.between(EPOCH, LATEST)


async def insert_delivery(connection: AsyncConnection, delivery: Delivery) -> bool:
    """Write a delivery; return whether the occurrence had none yet."""
    added = upsert(connection, deliveries).values(_values(delivery)).on_conflict_do_nothing()
    return bool((await connection.execute(added)).rowcount)


async def insert_deliveries(
    connection: AsyncConnection, added: Sequence[Delivery]
) -> frozenset[str]:
    """Write many deliveries; return the ids of those that were written.

    An occurrence that has a delivery keeps that one.
    """
    if not added:
        return frozenset()
    there = select(deliveries.c.id).where(deliveries.c.id.in_([one.id for one in added]))
    known = frozenset((await connection.execute(there)).scalars())
    fresh = [one for one in added if one.id not in known]
    if fresh:
        await connection.execute(insert(deliveries), [_values(one) for one in fresh])
    return frozenset(one.id for one in fresh)


async def get_delivery(connection: AsyncConnection, delivery_id: str) -> Delivery | None:
    """Read one delivery, however damaged."""
    found = select(deliveries).where(deliveries.c.id == delivery_id)
    return next(iter(await read_mended(connection, found, deliveries, _delivery)), None)


async def list_available(
    connection: AsyncConnection,
    now: datetime,
    limit: int,
) -> RowsRead[Delivery]:
    """Read the open deliveries that no process holds, oldest first."""
    found = (
        select(deliveries)
        .where(deliveries.c.available_at <= now)
        .order_by(deliveries.c.scheduled_for, deliveries.c.id)
        .limit(limit)
    )
    return await read_rows(connection, found, deliveries, _open_delivery)


async def list_damaged_deliveries(connection: AsyncConnection) -> tuple[DamagedRow, ...]:
    """List the deliveries under way that cannot be read."""
    found = select(deliveries).where(deliveries.c.outcome.is_(None)).order_by(deliveries.c.id)
    return (await read_rows(connection, found, deliveries, _open_delivery)).damaged


async def list_set_aside(connection: AsyncConnection) -> tuple[DamagedRow, ...]:
    """List the deliveries that ended because they could not be read, as damaged rows."""
    key = key_of(connection, deliveries)
    found = select(key).where(deliveries.c.reason == SET_ASIDE).order_by(deliveries.c.finished_at)
    keys = (await connection.execute(found)).scalars()
    return tuple([await locate_row(connection, deliveries, one, str(SET_ASIDE)) for one in keys])


async def next_free_occurrence(
    connection: AsyncConnection,
    schedule_id: str,
    timetable: Timetable,
    after: datetime,
    exclude: Collection[date] = (),
) -> Occurrence:
    """Find the next occurrence on a day without a delivery."""
    taken = await list_delivered_days(connection, schedule_id, after.date() - 2 * DAY)
    return next_occurrence(timetable, after, {*taken, *exclude})


async def release_held_beyond(connection: AsyncConnection, beyond: datetime, now: datetime) -> int:
    """Free the deliveries that a clock far ahead put off; count them."""
    freed = await connection.execute(
        update_sound(deliveries)
        .where(deliveries.c.available_at > beyond)
        .values(available_at=now, locked_by=None)
    )
    return freed.rowcount


async def delete_missed_beyond(connection: AsyncConnection, now: datetime) -> None:
    """Erase days to come that a clock ahead called missed."""
    await connection.execute(
        delete(deliveries).where(
            deliveries.c.outcome == Outcome.MISSED, deliveries.c.scheduled_for > now
        )
    )


async def update_held(connection: AsyncConnection, held: Delivery, **changes: Any) -> bool:
    """Change a delivery that is still held; return whether it was.

    It is while it is open, with the same holder and the same lease.
    """
    still = {"held": held.id, "holder": held.locked_by, "held_until": held.available_at}
    written = await connection.execute(_CHANGE, {**still, **changes})
    return bool(written.rowcount)


async def complete_delivery(connection: AsyncConnection, completed: Delivery) -> bool:
    """Write a delivery's outcome; return whether it was still open.

    Another process may hold it at the moment.
    """
    return bool((await connection.execute(_COMPLETE, _completion(completed))).rowcount)


async def complete_deliveries(
    connection: AsyncConnection, completed: Sequence[Delivery]
) -> frozenset[str]:
    """Write outcomes; return the ids of deliveries that were still open."""
    ids = [one.id for one in completed]
    still_open = (
        select(deliveries.c.id)
        .where(deliveries.c.id.in_(ids), deliveries.c.outcome.is_(None))
        .order_by(deliveries.c.id)  # in one order, so that two processes never lock crosswise
        .with_for_update()
    )
    found = frozenset((await connection.execute(still_open)).scalars())
    await connection.execute(_COMPLETE, [_completion(one) for one in completed])
    return found


async def skip_certain(
    connection: AsyncConnection,
    schedule_id: str,
    reason: Message,
    now: datetime,
) -> tuple[Delivery, ...]:
    """Skip a schedule's open deliveries, except those that may have been posted."""
    skipped = await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.schedule_id == schedule_id,
            deliveries.c.outcome.is_(None),
            deliveries.c.uncertain_since.is_(None),
        )
        .values(
            outcome=Outcome.SKIPPED,
            reason=reason,
            finished_at=now,
            available_at=None,
            locked_by=None,
            payload=None,
        )
        .returning(deliveries),
    )
    return tuple(_delivery(row) for row in skipped)


async def clear_role(connection: AsyncConnection, schedule_id: str) -> None:
    """Let a schedule's open deliveries ping no role, whatever their payload names."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.schedule_id == schedule_id, deliveries.c.outcome.is_(None))
        .values(role_id=None)
    )


async def list_delivered_days(
    connection: AsyncConnection, schedule_id: str, since: date
) -> frozenset[date]:
    """Read the local dates from `since` on that have a delivery."""
    found = select(deliveries).where(
        deliveries.c.schedule_id == schedule_id,
        deliveries.c.trigger == Trigger.SCHEDULED,
        deliveries.c.occurrence >= since.isoformat(),
    )
    read = await read_rows(connection, found, deliveries, _delivery)
    # One that is damaged elsewhere was a post of its day all the same.
    days = [one.occurrence for one in read.rows]
    days += [await read_column(connection, one, "occurrence") for one in read.damaged]
    return frozenset(day for day in map(_parse_day, days) if day is not None)


async def list_history(
    connection: AsyncConnection,
    schedule_ids: Collection[str],
    limit: int,
    outcomes: Collection[Outcome] = tuple(Outcome),
) -> tuple[Delivery, ...]:
    """Read schedules' open deliveries, and those with these outcomes.

    The newest come first.
    """
    found = (
        select(deliveries)
        .where(
            deliveries.c.schedule_id.in_(schedule_ids),
            # Not by those that are asked for: a damaged one is seen as unknown.
            deliveries.c.outcome.is_(None)
            | deliveries.c.outcome.not_in([one for one in Outcome if one not in outcomes]),
        )
        .order_by(deliveries.c.scheduled_for.desc(), deliveries.c.id)
        .limit(limit)
    )
    listed = await read_mended(connection, found, deliveries, _delivery)
    return tuple(sorted(listed, key=lambda one: one.scheduled_for, reverse=True))


async def count_deliveries(connection: AsyncConnection, guild_id: int) -> int:
    """Count a server's deliveries."""
    found = select(func.count()).where(deliveries.c.guild_id == guild_id)
    return int((await connection.execute(found)).scalar_one())


async def delete_history(connection: AsyncConnection, before: datetime) -> None:
    """Erase the deliveries and alerts that ended before a moment."""
    await connection.execute(delete(deliveries).where(deliveries.c.finished_at < before))
    await connection.execute(
        delete(alerts).where(alerts.c.available_at.is_(None), alerts.c.created_at < before),
    )


def _completion(completed: Delivery) -> dict[str, Any]:
    return {
        "completed": completed.id,
        "new_outcome": completed.outcome,
        "new_message_id": completed.message_id,
        "new_reason": completed.reason,
        "now": completed.finished_at,
    }


def _values(delivery: Delivery) -> dict[str, Any]:
    values = {field.name: getattr(delivery, field.name) for field in fields(delivery)}
    values["payload"] = None if delivery.payload is None else json.dumps(delivery.payload)
    return values


def _open_delivery(row: Row[Any]) -> Delivery:
    """Convert a row into an open delivery, or raise ValueError."""
    if row.outcome is not None:
        raise ValueError(f"outcome is {row.outcome}, and available_at {row.available_at}")
    if row.payload is None:
        raise ValueError("payload is none")
    return _delivery(row)


def _delivery(row: Row[Any]) -> Delivery:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented way to a row's columns
    values["trigger"] = Trigger(row.trigger)
    values["payload"] = None if row.payload is None else json.loads(row.payload)
    values["outcome"] = None if row.outcome is None else Outcome(row.outcome)
    return Delivery(**values)


def _parse_day(occurrence: str | None) -> date | None:
    try:
        return date.fromisoformat(occurrence or "")
    except ValueError:
        return None
