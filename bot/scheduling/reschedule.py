"""When a schedule comes next, its ledger considered: a day that stands there is not posted again.

Each function runs inside the transaction it is given.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from bot.scheduling.recurrence import DAY, next_due
from bot.scheduling.storage import deliveries as ledger

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Schedule, Settings
    from bot.scheduling.recurrence import Occurrence


async def retimed(
    transaction: AsyncConnection,
    old: Schedule,
    wanted: Settings,
    now: datetime,
) -> dict[str, Any]:
    """Give the next time under new settings; a post that is overdue now is not lost to it."""
    if wanted.timetable == old.settings.timetable or old.next_due is None:
        return {}
    start = max(now, old.paused_until) if old.paused_until is not None else now
    following = await next_free(transaction, old, wanted, start)
    if old.next_day is not None and old.next_due <= now and following.day > old.next_day:
        return {}
    return due_at(following)


async def next_free(
    transaction: AsyncConnection,
    schedule: Schedule,
    wanted: Settings,
    after: datetime,
    besides: Collection[date] = (),
) -> Occurrence:
    """Find the next occurrence whose day is neither in the ledger nor one of those besides."""
    taken = await ledger.days_taken(transaction, schedule.id, after.date() - 2 * DAY)
    return next_due(wanted.timetable, after, {*map(date.fromisoformat, taken), *besides})


def due_at(following: Occurrence) -> dict[str, Any]:
    """Give what of a schedule changes when it is due next at an occurrence."""
    return {"next_day": following.day, "next_due": following.instant}
