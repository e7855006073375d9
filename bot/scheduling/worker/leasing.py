"""Leasing of rows for work, and setting aside of damaged ones."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from bot.scheduling.models import Alert, FollowUp
from bot.scheduling.storage.damage import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.storage.damage import DamagedRow, RowsRead
    from bot.scheduling.worker.context import WorkerContext

log = structlog.stdlib.get_logger("bot.scheduling")

T = TypeVar("T", Alert, FollowUp)


@dataclass(frozen=True, slots=True)
class Queue(Generic[T]):
    """The statements by which the rows of a table are taken up."""

    list_available: Callable[[AsyncConnection, datetime, int], Awaitable[RowsRead[T]]]
    update: Callable[..., Awaitable[bool]]
    """Changes a row that is still as held, and returns whether it was."""
    set_aside: Callable[[AsyncConnection, DamagedRow, datetime], Awaitable[None]]
    """Mends a row that is damaged, or ends it."""


async def lease_available(context: WorkerContext, queue: Queue[T], limit: int) -> list[T]:
    """Lease the due rows that nobody holds, and set aside damaged ones."""
    now = context.clock.now()
    async with context.state.read() as transaction:
        available = await queue.list_available(transaction, now, limit)
    for one in available.damaged:
        async with set_one_aside(context, one) as transaction:
            await queue.set_aside(transaction, one, now)
    if not available.rows:
        return []
    lease = now + context.limits.lease
    async with context.state.write() as transaction:
        return [
            replace(row, available_at=lease)
            for row in available.rows
            if await queue.update(transaction, row, available_at=lease)
        ]


@asynccontextmanager
async def set_one_aside(
    context: WorkerContext, damaged: DamagedRow
) -> AsyncIterator[AsyncConnection]:
    """Set one row aside in a transaction of its own, and log it."""
    told = {"table": damaged.table.name, "id": damaged.id, "fault": damaged.fault}
    try:
        async with context.state.write() as transaction:
            yield transaction
    except UNREADABLE:
        log.exception("damaged row cannot be set aside; it is tried again", **told)
    else:
        log.error("damaged row is set aside", **told)
