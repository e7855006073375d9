"""Request slots and invalid requests, shared by all processes, in SQL."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import case, delete, func, select, update

from bot.scheduling.storage.damage import UNREADABLE
from bot.scheduling.storage.tables import (
    EPOCH,
    MICROSECOND,
    MOST_COUNTED,
    invalid_requests,
    rate_limits,
    upsert,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

log = structlog.stdlib.get_logger("bot.scheduling")

BUCKET = "requests"
MINUTE = timedelta(minutes=1)

_LOCKED = select(rate_limits.c.recent_slots).where(rate_limits.c.bucket == BUCKET).with_for_update()

_IS_COUNT = invalid_requests.c.count.between(0, MOST_COUNTED)  # and no damaged one


async def lock_recent_slots(connection: AsyncConnection) -> list[datetime]:
    """Read the slots reserved last, in order, and keep other processes from reserving."""
    try:
        stored = (await connection.execute(_LOCKED)).scalar()
    except UNREADABLE:
        stored = ""  # as damaged as a text that is no list
    if stored is None:  # a new state; of two processes that see that, one inserts
        empty = upsert(connection, rate_limits).values(bucket=BUCKET, recent_slots="[]")
        await connection.execute(empty.on_conflict_do_nothing())
        stored = (await connection.execute(_LOCKED)).scalar_one()
    try:
        return [EPOCH + moment * MICROSECOND for moment in json.loads(stored)]
    except (ValueError, TypeError, OverflowError):
        # A second's worth of requests, at most, is forgotten with a row that is damaged.
        log.warning("the rate limit's row is damaged; it begins anew")
        return []


async def store_recent_slots(connection: AsyncConnection, slots: Sequence[datetime]) -> None:
    """Write the slots reserved last, in order."""
    moments = json.dumps([(slot - EPOCH) // MICROSECOND for slot in slots])
    await connection.execute(
        update(rate_limits).where(rate_limits.c.bucket == BUCKET).values(recent_slots=moments)
    )


async def count_invalid_request(connection: AsyncConnection, now: datetime) -> None:
    """Count one request that Discord refused with 401, 403 or 429."""
    counted = upsert(connection, invalid_requests).values(minute=_minute(now), count=1)
    one_more = case((_IS_COUNT, invalid_requests.c.count + 1), else_=1)
    await connection.execute(
        counted.on_conflict_do_update(
            index_elements=["minute"],
            set_={"count": one_more},
        ),
    )


async def sum_invalid_requests(
    connection: AsyncConnection, since: datetime, until: datetime
) -> int:
    """Sum up the invalid requests between the minutes of two moments."""
    found = select(func.sum(invalid_requests.c.count)).where(
        invalid_requests.c.minute.between(_minute(since), _minute(until)), _IS_COUNT
    )
    return int((await connection.execute(found)).scalar() or 0)


async def delete_invalid_requests_beyond(connection: AsyncConnection, after: datetime) -> None:
    """Erase counts of minutes to come, as a clock ahead leaves them."""
    ahead = delete(invalid_requests).where(invalid_requests.c.minute > _minute(after))
    await connection.execute(ahead)


async def delete_invalid_requests(connection: AsyncConnection, before: datetime) -> None:
    """Erase counts that no longer matter."""
    old = delete(invalid_requests).where(invalid_requests.c.minute < _minute(before))
    await connection.execute(old)


def _minute(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE
