"""Facts about the database as a whole, in SQL, each by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy import case, select

from bot.scheduling.storage.damage import UNREADABLE
from bot.scheduling.storage.tables import metadata, upsert

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

log = structlog.stdlib.get_logger("bot.scheduling")


async def get_value(connection: AsyncConnection, key: str) -> str | None:
    """Read a value; None if there is none, or it is damaged."""
    found = select(metadata.c.value).where(metadata.c.key == key)
    try:
        value = (await connection.execute(found)).scalar_one_or_none()
    except UNREADABLE:
        log.warning("damaged value is reckoned anew", key=key)
        return None
    return value if isinstance(value, str) else None


async def set_value(connection: AsyncConnection, key: str, value: str) -> None:
    """Write a value, over the one before."""
    await connection.execute(
        upsert(connection, metadata)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value}),
    )


async def write_changed_value(connection: AsyncConnection, key: str) -> None:
    """Write a value that differs from the one before: 0, then 1, then 0."""
    other = case((metadata.c.value == "0", "1"), else_="0")
    await connection.execute(
        upsert(connection, metadata)
        .values(key=key, value="0")
        .on_conflict_do_update(index_elements=["key"], set_={"value": other}),
    )
