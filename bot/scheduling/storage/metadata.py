"""Remarks about the database as a whole, in SQL, each under a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.scheduling.storage.tables import marks
from bot.scheduling.storage.upsert import upsert

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def mark(connection: AsyncConnection, key: str) -> str | None:
    """Read a remark; None if there is none."""
    found = await connection.execute(select(marks.c.value).where(marks.c.key == key))
    value: str | None = found.scalar_one_or_none()
    return value


async def put_mark(connection: AsyncConnection, key: str, value: str) -> None:
    """Write a remark, over the one before."""
    await connection.execute(
        upsert(connection, marks)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value}),
    )
