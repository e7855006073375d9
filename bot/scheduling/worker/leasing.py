"""Leasing of rows that any process may take up: alerts and follow-ups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import structlog

from bot.scheduling.models import Alert, FollowUp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.storage.damage import DamagedRow, RowsRead
    from bot.scheduling.worker.context import WorkerContext

log = structlog.stdlib.get_logger("bot.scheduling")

T = TypeVar("T", Alert, FollowUp)


@dataclass(frozen=True, slots=True)
class Queue(Generic[T]):
    """The statements by which the rows of a table are taken up."""

    table: str
    list_available: Callable[[AsyncConnection, datetime, int], Awaitable[RowsRead[T]]]
    update: Callable[..., Awaitable[bool]]
    """Changes a row that is still as held, and returns whether it was."""
    set_aside: Callable[[AsyncConnection, DamagedRow], Awaitable[None]]


async def lease_available(context: WorkerContext, queue: Queue[T], limit: int) -> list[T]:
    """Lease the rows that are due and that nobody holds; set aside those that are damaged."""
    now = context.clock.now()
    async with context.state.read() as transaction:
        available = await queue.list_available(transaction, now, limit)
    if available.damaged:
        async with context.state.write() as transaction:
            for one in available.damaged:
                await queue.set_aside(transaction, one)
                log.error("damaged row is set aside", table=queue.table, id=one.id, fault=one.fault)
    if not available.rows:
        return []
    lease = now + context.limits.lease
    async with context.state.write() as transaction:
        return [
            replace(row, available_at=lease)
            for row in available.rows
            if await queue.update(transaction, row, available_at=lease)
        ]
