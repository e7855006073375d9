"""What all processes share of Discord's limits, in SQL: send slots, and refused requests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from bot.daily.state.settings import upsert
from bot.daily.state.tables import EPOCH, invalid_requests, pace

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

THE_PACE = 1  # the table's only row
MINUTE = timedelta(minutes=1)


async def reserve_slots(
    connection: AsyncConnection,
    now: datetime,
    count: int,
    spacing: timedelta,
) -> datetime:
    """Reserve the next `count` slots for the caller alone; give the first.

    A slot further ahead than the clocks of two machines may disagree means a clock was set
    back; the pace then begins again from now.
    """
    first = upsert(connection, pace).values(id=THE_PACE, next_slot=EPOCH).on_conflict_do_nothing()
    await connection.execute(first)
    found = select(pace.c.next_slot).where(pace.c.id == THE_PACE).with_for_update()
    stored: datetime = (await connection.execute(found)).scalar_one()
    start = now if stored > now + MINUTE else max(stored, now)
    await connection.execute(
        update(pace).where(pace.c.id == THE_PACE).values(next_slot=start + count * spacing),
    )
    return start


async def count_invalid(connection: AsyncConnection, now: datetime) -> None:
    """Count one request that Discord refused with 401, 403 or 429."""
    counted = upsert(connection, invalid_requests).values(minute=_minute(now), count=1)
    await connection.execute(
        counted.on_conflict_do_update(
            index_elements=["minute"],
            set_={"count": invalid_requests.c.count + 1},
        ),
    )


async def invalid_since(connection: AsyncConnection, moment: datetime) -> int:
    """Sum up the refused requests from a moment's minute on."""
    found = select(func.sum(invalid_requests.c.count)).where(
        invalid_requests.c.minute >= _minute(moment),
    )
    return int((await connection.execute(found)).scalar() or 0)


async def forget_invalid(connection: AsyncConnection, before: datetime) -> None:
    """Erase counts that no longer matter."""
    old = delete(invalid_requests).where(invalid_requests.c.minute < _minute(before))
    await connection.execute(old)


def _minute(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE
