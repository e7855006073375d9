"""Servers' settings, in SQL.

Each function runs inside the transaction it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import BigInteger, cast, delete, func, select, update

from bot.scheduling.models import Guild
from bot.scheduling.storage.damage import read_readable, read_rows
from bot.scheduling.storage.tables import EPOCH, LATEST, guilds, schedules, upsert

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.storage.damage import DamagedRow

log = structlog.stdlib.get_logger("bot.scheduling")


async def get_guild(connection: AsyncConnection, guild_id: int) -> Guild:
    """Read a server's settings; without a row it has the usual ones."""
    found = select(guilds).where(guilds.c.id == guild_id)
    read = await read_rows(connection, found, guilds, _guild)
    if read.damaged:
        log.error("a server's settings are damaged; no pack answers there", guild=guild_id)
        return Guild(guild_id, packs=frozenset())
    return read.rows[0] if read.rows else Guild(guild_id)


async def list_guilds(connection: AsyncConnection) -> tuple[Guild, ...]:
    """Read the settings of every server that has a row."""
    return await read_readable(connection, select(guilds).order_by(guilds.c.id), guilds, _guild)


async def list_damaged_guilds(connection: AsyncConnection) -> tuple[DamagedRow, ...]:
    """List the servers whose settings cannot be read."""
    return (await read_rows(connection, select(guilds), guilds, _guild)).damaged


async def heal_guilds(connection: AsyncConnection) -> int:
    """Take servers whose leaving is no moment for joined; return how many.

    Their posts would be passed over untold; reconciliation notes it if the bot did leave.
    """
    left_at = guilds.c.left_at
    is_moment = left_at.between(EPOCH, LATEST) & (left_at == cast(left_at, BigInteger))
    healed = await connection.execute(
        update(guilds).where(left_at.is_not(None), ~is_moment).values(left_at=None)
    )
    return healed.rowcount


def _guild(row: Row[Any]) -> Guild:
    return Guild(*row)


async def put_guild(connection: AsyncConnection, kept: Guild) -> None:
    """Write a server's settings, new or changed."""
    values = {
        "packs": kept.packs,
        "alerts_channel_id": kept.alerts_channel_id,
        "left_at": kept.left_at,
        "keeps_gaps": kept.keeps_gaps,
        "takes_suggestions": kept.takes_suggestions,
    }
    await connection.execute(
        upsert(connection, guilds)
        .values(id=kept.id, **values)
        .on_conflict_do_update(index_elements=["id"], set_=values),
    )


async def lock_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Lock a server's row against others, making one if needed."""
    known = upsert(connection, guilds).values(id=guild_id).on_conflict_do_nothing()
    await connection.execute(known)
    await connection.execute(select(guilds.c.id).where(guilds.c.id == guild_id).with_for_update())


async def delete_guild(connection: AsyncConnection, guild_id: int) -> int:
    """Erase a server with its schedules; return how many schedules that was."""
    count = select(func.count()).where(schedules.c.guild_id == guild_id)
    erased = (await connection.execute(count)).scalar_one()
    await connection.execute(delete(guilds).where(guilds.c.id == guild_id))
    return int(erased)


async def delete_bare_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Erase the row of a locked server that has neither settings nor schedules."""
    has_schedule = select(schedules.c.id).where(schedules.c.guild_id == guilds.c.id).exists()
    await connection.execute(
        delete(guilds).where(
            guilds.c.id == guild_id,
            guilds.c.packs.is_(None),
            guilds.c.alerts_channel_id.is_(None),
            guilds.c.left_at.is_(None),
            ~guilds.c.keeps_gaps,
            ~has_schedule,
        ),
    )
