"""What all processes share of Discord's limits, in SQL: send slots, and refused requests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update

from bot.scheduling.storage.tables import EPOCH, invalid_requests, pace
from bot.scheduling.storage.upsert import upsert
from bot.scheduling.worker.slots import SECOND, next_slots

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

MINUTE = timedelta(minutes=1)
FURTHEST_AHEAD = MINUTE  # what two machines may disagree by, and all that is ever reserved ahead

_PLACES = (  # in one order, so that two who lock them do not wait for each other
    select(pace).where(pace.c.id <= bindparam("most")).order_by(pace.c.id).with_for_update()
)
_TAKE = update(pace).where(pace.c.id == bindparam("place")).values(next_slot=bindparam("free"))


async def reserve_slots(
    connection: AsyncConnection,
    now: datetime,
    count: int,
    per_second: int,
) -> list[datetime]:
    """Reserve the next `count` moments for the caller alone: at most so many in any second.

    A moment further ahead than the clocks of two machines may disagree means a clock was set
    back; its place then begins again from now.
    """
    places = await _places(connection, per_second)
    free_from = {
        place: EPOCH if moment > now + FURTHEST_AHEAD else moment
        for place, moment in places.items()
    }
    taken = next_slots(free_from, now, count)
    again = {place: slot + SECOND for place, slot in taken}
    rows = [{"place": place, "free": moment} for place, moment in again.items()]
    await connection.execute(_TAKE, rows)
    return [slot for _, slot in taken]


async def _places(connection: AsyncConnection, count: int) -> dict[int, datetime]:
    """Read when each place is free, and keep others from taking it meanwhile."""
    found = await _locked_places(connection, count)
    if len(found) < count:  # a new state, or a faster pace
        rows = [{"id": place, "next_slot": EPOCH} for place in range(1, count + 1)]
        await connection.execute(upsert(connection, pace).on_conflict_do_nothing(), rows)
        found = await _locked_places(connection, count)
    return found


async def _locked_places(connection: AsyncConnection, count: int) -> dict[int, datetime]:
    found = await connection.execute(_PLACES, {"most": count})
    return {row.id: row.next_slot for row in found}


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
