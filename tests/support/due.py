"""Many schedules that are due at one moment, written at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from bot.scheduling.storage.tables import guilds, schedules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.scheduling.storage.database import State


async def let_be_due(state: State, servers: Iterable[int], due: datetime) -> None:
    """Give each server a schedule in its first channel, due at that moment."""
    wanted = list(servers)
    usual = {
        "name": "daily",
        "name_key": "daily",
        "minute": due.hour * 60 + due.minute,
        "zone": "UTC",
        "days": 0b111_1111,
        "window_seconds": 21_600,
        "created_by": 42,
        "created_at": due,
        "next_day": due.date().isoformat(),
        "next_due": due,
    }
    rows = [
        usual | {"id": f"{one:016x}", "seed": f"{one:016x}", "guild_id": one, "channel_id": one + 1}
        for one in wanted
    ]
    async with state.write() as transaction:
        await transaction.execute(insert(guilds), [{"id": one} for one in wanted])
        await transaction.execute(insert(schedules), rows)
