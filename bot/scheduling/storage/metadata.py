"""Facts about the database as a whole, in SQL, each by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.scheduling.storage.tables import metadata, upsert

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def get_value(connection: AsyncConnection, key: str) -> str | None:
    """Read a value; None if there is none."""
    found = await connection.execute(select(metadata.c.value).where(metadata.c.key == key))
    value: str | None = found.scalar_one_or_none()
    return value


async def set_value(connection: AsyncConnection, key: str, value: str) -> None:
    """Write a value, over the one before."""
    await connection.execute(
        upsert(connection, metadata)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value}),
    )
