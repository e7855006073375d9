"""Damaged rows: read past them, look into them, and set them aside.

A disk may flip a bit, and somebody may write by hand. A row that cannot be read must not keep any
other from being read, and must not come up again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from sqlalchemy import Integer, Text, case, cast, literal_column, select, update
from sqlalchemy.exc import DBAPIError

from bot.scheduling.models import AlertStatus, FollowUpStatus, Outcome, Stopped, Trigger
from bot.scheduling.storage.tables import (
    alerts,
    check_values,
    deliveries,
    draws,
    follow_ups,
    invalid_requests,
    may_hold,
    metadata,
    rate_limits,
    schedules,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

log = structlog.stdlib.get_logger("bot.scheduling")

SET_ASIDE = "Its row in the state database is damaged."
"""The reason of a delivery or an alert that ended because it could not be read."""
UNREADABLE = (ValueError, TypeError, OverflowError, LookupError, DBAPIError)
"""The faults of one row, as it is fetched or converted.

A fault of the whole database is a DBAPIError too; it is raised again by the next statement.
"""


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row that cannot be read, and the reason."""

    table: Table
    key: Any
    """Finds the row; on SQLite its number, as the id may be damaged as well."""
    id: str | None
    """None if not even that can be read."""
    fault: str


@dataclass(frozen=True, slots=True)
class RowsRead(Generic[T]):
    """The readable rows, in order, and the damaged ones."""

    rows: tuple[T, ...]
    damaged: tuple[DamagedRow, ...] = ()

    def __len__(self) -> int:
        """Count all rows, damaged ones included."""
        return len(self.rows) + len(self.damaged)


def key_of(connection: AsyncConnection, table: Table) -> ColumnElement[Any]:
    """Return the column that finds even a damaged row."""
    if connection.dialect.name == "sqlite":
        return literal_column(f"{table.name}.rowid", Integer)
    if "id" in table.c:
        return table.c.id
    return cast(literal_column(f"{table.name}.ctid"), Text)


async def read_rows(
    connection: AsyncConnection,
    found: Select[Any],
    table: Table,
    convert: Callable[[Row[Any]], T],
) -> RowsRead[T]:
    """Read, check and convert rows, one by one where some are damaged."""

    def checked(row: Row[Any]) -> T:
        check_values(table, row)
        return convert(row)

    try:
        return RowsRead(tuple(checked(row) for row in await connection.execute(found)))
    except UNREADABLE:
        pass
    key = key_of(connection, table)
    rows, damaged = [], []
    # A literal column names no table by itself.
    keys = found.with_only_columns(key, maintain_column_froms=True)
    for value in (await connection.execute(keys)).scalars().all():
        try:
            row = (await connection.execute(found.where(key == value))).one_or_none()
            if row is not None:
                rows.append(checked(row))
        except UNREADABLE as error:
            fault = str(getattr(error, "orig", None) or error)
            damaged.append(await locate_row(connection, table, value, fault))
    return RowsRead(tuple(rows), tuple(damaged))


async def locate_row(
    connection: AsyncConnection, table: Table, key: object, fault: str
) -> DamagedRow:
    """Describe a damaged row by its key."""
    has_id = "id" in table.c
    row_id = await _read(connection, table, "id", key) if has_id else None
    return DamagedRow(table, key, row_id, fault)


async def read_readable(
    connection: AsyncConnection,
    found: Select[Any],
    table: Table,
    convert: Callable[[Row[Any]], T],
) -> tuple[T, ...]:
    """Read and convert the readable rows, and log the damaged ones."""
    read = await read_rows(connection, found, table, convert)
    for one in read.damaged:
        log.warning("damaged row is passed over", table=table.name, id=one.id, fault=one.fault)
    return read.rows


async def read_column(connection: AsyncConnection, damaged: DamagedRow, name: str) -> Any:
    """Read one column of a damaged row, or None if unreadable."""
    return await _read(connection, damaged.table, name, damaged.key)


async def is_null(connection: AsyncConnection, damaged: DamagedRow, name: str) -> bool:
    """Return whether a column of a damaged row certainly holds nothing."""
    key = key_of(connection, damaged.table)
    holds_nothing = damaged.table.c[name].is_(None)
    found = select(key).where(key == damaged.key, holds_nothing)
    return (await connection.execute(found)).scalar_one_or_none() is not None


async def set_schedule_aside(connection: AsyncConnection, damaged: DamagedRow) -> None:
    """Suspend a damaged schedule, so that it is due no more."""
    minute, days = schedules.c.minute, schedules.c.days
    await connection.execute(
        update(schedules)
        .where(key_of(connection, schedules) == damaged.key)
        .values(
            stopped=Stopped.SUSPENDED,
            next_day=None,
            next_due=None,
            revision=0,
            # A row that breaks a constraint cannot be changed before it keeps it again.
            minute=case((minute.between(0, 1439), minute), else_=0),
            days=case((days.between(1, 127), days), else_=127),
        )
    )


async def set_delivery_aside(
    connection: AsyncConnection, damaged: DamagedRow, outcome: Outcome, now: datetime
) -> None:
    """End a damaged delivery, so that it is taken up no more."""
    trigger = deliveries.c.trigger
    await connection.execute(
        update(deliveries)
        .where(key_of(connection, deliveries) == damaged.key)
        .values(
            outcome=outcome,
            reason=SET_ASIDE,
            finished_at=now,
            available_at=None,
            locked_by=None,
            payload=None,
            trigger=case((trigger.in_(tuple(Trigger)), trigger), else_=Trigger.SCHEDULED),
        )
    )


async def set_follow_up_aside(connection: AsyncConnection, damaged: DamagedRow) -> None:
    """End a follow-up that cannot be read, as one that failed."""
    await connection.execute(
        update(follow_ups)
        .where(key_of(connection, follow_ups) == damaged.key)
        .values(
            status=FollowUpStatus.FAILED,
            reason="Its row in the state database is damaged.",
            available_at=None,
        )
    )


async def set_alert_aside(connection: AsyncConnection, damaged: DamagedRow) -> None:
    """End an alert that cannot be read, as one that reached nobody."""
    await connection.execute(
        update(alerts)
        .where(key_of(connection, alerts) == damaged.key)
        .values(
            status=AlertStatus.REFUSED,
            reason=SET_ASIDE,
            available_at=None,
        )
    )


async def list_damaged_bookkeeping(connection: AsyncConnection) -> tuple[DamagedRow, ...]:
    """List the damaged rows that the bot passes over and writes anew."""
    tables = (draws, follow_ups, alerts, rate_limits, invalid_requests, metadata)
    read = [await read_rows(connection, select(table), table, tuple) for table in tables]
    return tuple(one for rows in read for one in rows.damaged)


async def _read(connection: AsyncConnection, table: Table, name: str, key: object) -> Any:
    column = table.c[name]
    found = select(column).where(key_of(connection, table) == key)
    try:
        value = (await connection.execute(found)).scalar_one_or_none()
        return value if may_hold(column, value) else None
    except UNREADABLE:
        return None
