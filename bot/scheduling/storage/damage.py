"""Damaged rows: read past them, look into them, and set them aside.

A disk may flip a bit, and somebody may write by hand. A row that cannot be read must not keep any
other from being read, and must not come up again and again. Setting it aside makes it readable:
each value that is damaged gives way to one that stands in for it, so that its end is seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog
from sqlalchemy import Integer, Text, cast, literal, literal_column, select, update
from sqlalchemy.exc import DBAPIError

from bot.scheduling.models import (
    AlertStatus,
    FollowUpKind,
    FollowUpStatus,
    Outcome,
    Stopped,
    follow_up_id,
)
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.storage.tables import (
    EPOCH,
    alerts,
    deliveries,
    draws,
    follow_ups,
    gaps,
    invalid_requests,
    metadata,
    rate_limits,
    suggestion_counts,
)
from bot.scheduling.storage.values import check_values, may_hold, stand_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

log = structlog.stdlib.get_logger("bot.scheduling")

SET_ASIDE = explain(Reason.DAMAGED)
"""The reason of a delivery or an alert that ended because it could not be read."""
UNREADABLE = (ValueError, TypeError, OverflowError, LookupError, DBAPIError)
"""The faults of one row, as it is fetched or converted.

A fault of the whole database is a DBAPIError too; it is raised again by a statement that needs no
value of the row.
"""

PRIVATE = frozenset({gaps, suggestion_counts, metadata})
"""Tables of members' words, and of keys: their values belong in no log."""
KEYS_AT_ONCE = 500
"""Few enough for one statement of any SQLite."""


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
    """Read, check and convert rows, in parts where some are damaged."""

    def checked(row: Row[Any]) -> T:
        check_values(table, row)
        return convert(row)

    try:
        return RowsRead(tuple(checked(row) for row in await connection.execute(found)))
    except UNREADABLE:
        pass
    key = key_of(connection, table)
    rows: list[T] = []
    damaged: list[DamagedRow] = []

    async def read_among(keys: Sequence[Any]) -> None:
        """Read the rows with these keys, in halves if some are damaged."""
        try:
            read = await connection.execute(found.where(key.in_(keys)))
            rows.extend([checked(row) for row in read])
        except UNREADABLE as error:
            if len(keys) == 1:
                # Of the whole database it would be a fault that says nothing of this row.
                await connection.execute(select(key).select_from(table).where(key == keys[0]))
                told = getattr(error, "orig", None) or error
                fault = "a value of it is damaged" if table in PRIVATE else str(told)
                damaged.append(await locate_row(connection, table, keys[0], fault))
                return
            half = len(keys) // 2
            await read_among(keys[:half])
            await read_among(keys[half:])

    # A literal column names no table by itself.
    keys = found.with_only_columns(key, maintain_column_froms=True)
    found_keys = (await connection.execute(keys)).scalars().all()
    for start in range(0, len(found_keys), KEYS_AT_ONCE):
        await read_among(found_keys[start : start + KEYS_AT_ONCE])
    return RowsRead(tuple(rows), tuple(damaged))


async def locate_row(
    connection: AsyncConnection, table: Table, key: object, fault: str
) -> DamagedRow:
    """Describe a damaged row by its key."""
    damaged = DamagedRow(table, key, None, fault)
    if "id" not in table.c:
        return damaged
    return replace(damaged, id=await read_column(connection, damaged, "id"))


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


async def read_mended(
    connection: AsyncConnection,
    found: Select[Any],
    table: Table,
    convert: Callable[[Row[Any]], T],
) -> tuple[T, ...]:
    """Read rows to show; damaged ones come last, with stand-ins."""
    read = await read_rows(connection, found, table, convert)
    mended = []
    for one in read.damaged:
        log.warning("damaged row is read in part", table=table.name, id=one.id, fault=one.fault)
        instead = await _stand_ins(connection, one, EPOCH)
        values = [
            literal(instead[column.name], column.type).label(column.name)
            if column.name in instead
            else column
            for column in table.c
        ]
        row = select(*values).where(key_of(connection, table) == one.key)
        mended += [convert(each) for each in await connection.execute(row)]
    return (*read.rows, *mended)


async def read_column(connection: AsyncConnection, damaged: DamagedRow, name: str) -> Any:
    """Read one column of a damaged row, or None if unreadable."""
    try:
        return await _read(connection, damaged.table, name, damaged.key)
    except UNREADABLE:
        return None


async def is_null(connection: AsyncConnection, damaged: DamagedRow, name: str) -> bool:
    """Return whether a column of a damaged row certainly holds nothing."""
    key = key_of(connection, damaged.table)
    holds_nothing = damaged.table.c[name].is_(None)
    found = select(key).where(key == damaged.key, holds_nothing)
    return (await connection.execute(found)).scalar_one_or_none() is not None


async def set_schedule_aside(
    connection: AsyncConnection, damaged: DamagedRow, now: datetime
) -> None:
    """Suspend a damaged schedule, so that it is due no more."""
    written = await _stand_ins(connection, damaged, now)
    written |= {"stopped": Stopped.SUSPENDED, "next_day": None, "next_due": None, "revision": 0}
    await _write(connection, damaged, written)


async def set_delivery_aside(
    connection: AsyncConnection, damaged: DamagedRow, outcome: Outcome, now: datetime
) -> bool:
    """End a damaged delivery; return whether it was still open."""
    written = await _stand_ins(connection, damaged, now)
    written |= {"available_at": None, "locked_by": None, "payload": None}
    # One that says so without a time did not; and no constraint would let it be written.
    endings = [await read_column(connection, damaged, one) for one in ("outcome", "finished_at")]
    has_ended = None not in endings
    if not has_ended:
        written |= {"outcome": outcome, "reason": SET_ASIDE, "finished_at": now}
    is_written = await _write(connection, damaged, written, deliveries.c.available_at <= now)
    return is_written and not has_ended


async def set_follow_up_aside(
    connection: AsyncConnection, damaged: DamagedRow, now: datetime
) -> None:
    """Mend a damaged follow-up, or end it if its kind is lost.

    To make one twice is harmless, so it is made all the same.
    """
    written = await _stand_ins(connection, damaged, now)
    written |= {"status": FollowUpStatus.PENDING, "reason": None, "available_at": now}
    post = await read_column(connection, damaged, "delivery_id")
    if "kind" in written or post is None:
        # The id is made of the kind and the post, so it tells the kind.
        kinds = [one for one in FollowUpKind if post and follow_up_id(one, post) == damaged.id]
        written |= {"kind": kinds[0]} if kinds else _ENDED | {"status": FollowUpStatus.FAILED}
    await _write(connection, damaged, written, follow_ups.c.available_at <= now)


async def set_alert_aside(connection: AsyncConnection, damaged: DamagedRow, now: datetime) -> None:
    """Mend a damaged alert, or end it if its schedule is lost.

    What is left of it is sent all the same: an admin who is told little knows where to look.
    """
    written = await _stand_ins(connection, damaged, now)
    written |= {"status": AlertStatus.PENDING, "reason": None, "available_at": now}
    if await read_column(connection, damaged, "schedule_id") is None:
        written |= _ENDED | {"status": AlertStatus.REFUSED}
    await _write(connection, damaged, written, alerts.c.available_at <= now)


async def list_damaged_bookkeeping(connection: AsyncConnection) -> tuple[DamagedRow, ...]:
    """List the damaged rows that the bot passes over and writes anew."""
    tables = (
        draws,
        follow_ups,
        alerts,
        gaps,
        suggestion_counts,
        rate_limits,
        invalid_requests,
        metadata,
    )
    read = [await read_rows(connection, select(table), table, tuple) for table in tables]
    return tuple(one for rows in read for one in rows.damaged)


async def _stand_ins(
    connection: AsyncConnection, damaged: DamagedRow, now: datetime
) -> dict[str, Any]:
    """Choose values for the damaged columns of a row."""
    instead = {}
    for column in damaged.table.c:
        try:
            await _read(connection, damaged.table, column.name, damaged.key)
        except UNREADABLE:
            instead[column.name] = stand_in(column, damaged.key, now)
    return instead


async def _write(
    connection: AsyncConnection,
    damaged: DamagedRow,
    values: dict[str, Any],
    *still: ColumnElement[bool],
) -> bool:
    key = key_of(connection, damaged.table)
    # A row that has lost whose it is stays unreadable: no other row must come by it.
    values = {
        name: value for name, value in values.items() if not damaged.table.c[name].foreign_keys
    }
    written = update(damaged.table).where(key == damaged.key, *still).values(values)
    return bool((await connection.execute(written)).rowcount)


async def _read(connection: AsyncConnection, table: Table, name: str, key: object) -> Any:
    """Read a column of a row, or raise one of UNREADABLE."""
    column = table.c[name]
    found = select(column).where(key_of(connection, table) == key)
    row = (await connection.execute(found)).one_or_none()
    if row is not None and not may_hold(column, row[0]):
        raise ValueError(f"{name} is {row[0]!r}")
    return None if row is None else row[0]


_ENDED = {"reason": SET_ASIDE, "available_at": None}
