"""Servers' settings, in SQL. Each function runs inside the transaction it is given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from bot.scheduling.models import Guild
from bot.scheduling.storage.tables import guilds, schedules
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def guild(connection: AsyncConnection, guild_id: int) -> Guild:
    """Read a server's settings; a server never heard of has the usual ones."""
    row = (await connection.execute(select(guilds).where(guilds.c.id == guild_id))).one_or_none()
    return Guild(guild_id) if row is None else _guild(row)


async def guilds_by_id(
    connection: AsyncConnection,
    ids: Collection[int],
) -> dict[int, Guild]:
    """Read the settings of several servers."""
    rows = await connection.execute(select(guilds).where(guilds.c.id.in_(ids)))
    return {row.id: _guild(row) for row in rows}


async def every_guild(connection: AsyncConnection) -> tuple[Guild, ...]:
    """Read the settings of every server that has any."""
    rows = await connection.execute(select(guilds).order_by(guilds.c.id))
    return tuple(_guild(row) for row in rows)


async def put_guild(connection: AsyncConnection, kept: Guild) -> None:
    """Write a server's settings, new or changed."""
    values = {
        "packs": None if kept.packs is None else json.dumps(sorted(kept.packs)),
        "alerts_channel": kept.alerts_channel_id,
        "left_at": kept.left_at,
    }
    await connection.execute(
        upsert(connection, guilds)
        .values(id=kept.id, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values),
    )


async def lock_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Make sure the server has a row, and keep others from changing what hangs on it."""
    known = upsert(connection, guilds).values(id=guild_id).on_conflict_do_nothing()
    await connection.execute(known)
    await connection.execute(select(guilds.c.id).where(guilds.c.id == guild_id).with_for_update())


async def erase_guild(connection: AsyncConnection, guild_id: int) -> int:
    """Erase a server with everything that hangs on it; give how many schedules that was."""
    count = select(func.count()).where(schedules.c.guild_id == guild_id)
    erased = (await connection.execute(count)).scalar_one()
    await connection.execute(delete(guilds).where(guilds.c.id == guild_id))
    return int(erased)


async def forget_bare_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Erase the row of a locked server when it says nothing any more."""
    has_schedule = select(schedules.c.id).where(schedules.c.guild_id == guilds.c.id).exists()
    await connection.execute(
        delete(guilds).where(
            guilds.c.id == guild_id,
            guilds.c.packs.is_(None),
            guilds.c.alerts_channel.is_(None),
            guilds.c.left_at.is_(None),
            ~has_schedule,
        ),
    )


def _guild(row: Row[Any]) -> Guild:
    packs = None if row.packs is None else frozenset(json.loads(row.packs))
    return Guild(row.id, packs, row.alerts_channel, row.left_at)
