"""Gaps and the day's counts of suggestions, in SQL.

Each function runs inside the transaction it is given.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, select, update

from bot.scheduling.gap_words import fold_words
from bot.scheduling.models import GAP_DAYS, MAX_GAPS, Gap, GapKind
from bot.scheduling.storage.damage import read_readable
from bot.scheduling.storage.metadata import get_value
from bot.scheduling.storage.tables import gaps, guilds, metadata, suggestion_counts, upsert

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

KEY_OF_DAY = "suggestion_key "
"""Begins the name of the value that holds a day's key."""


async def lock_if_kept(connection: AsyncConnection, guild_id: int) -> bool:
    """Lock a server that keeps gaps, and return whether it does."""
    kept = select(guilds.c.id).where(
        guilds.c.id == guild_id, guilds.c.keeps_gaps, guilds.c.left_at.is_(None)
    )
    return (await connection.execute(kept.with_for_update())).scalar() is not None


async def count_gap(connection: AsyncConnection, guild_id: int, gap: Gap) -> None:
    """Add a gap of a locked server, or count it once more."""
    day, gap_id = gap.last_day.isoformat(), _gap_id(guild_id, gap)
    await connection.execute(
        upsert(connection, gaps)
        .values(
            id=gap_id,
            guild_id=guild_id,
            kind=gap.kind,
            words=gap.words,
            pack=gap.pack,
            fact=gap.fact,
            last_day=day,
            times=gap.times,
        )
        .on_conflict_do_update(
            index_elements=["id"],
            set_={
                "times": gaps.c.times + gap.times,
                "last_day": case((gaps.c.last_day < day, day), else_=gaps.c.last_day),
            },
        )
    )
    await _make_room(connection, guild_id, gap_id)


async def list_gaps(connection: AsyncConnection, guild_id: int | None = None) -> tuple[Gap, ...]:
    """Read the gaps of a server or of all, commonest first."""
    found = select(gaps).order_by(gaps.c.times.desc(), gaps.c.last_day.desc(), gaps.c.id)
    if guild_id is not None:
        found = found.where(gaps.c.guild_id == guild_id)
    return await read_readable(connection, found, gaps, _gap)


async def count_gaps(connection: AsyncConnection, guild_id: int) -> int:
    """Count the gaps of a server."""
    found = select(func.count()).where(gaps.c.guild_id == guild_id)
    return int((await connection.execute(found)).scalar_one())


async def delete_gaps(connection: AsyncConnection, guild_id: int) -> int:
    """Erase a server's gaps; return how many there were."""
    erased = await count_gaps(connection, guild_id)
    await connection.execute(delete(gaps).where(gaps.c.guild_id == guild_id))
    return erased


async def read_key(connection: AsyncConnection, day: date, fresh: str) -> str:
    """Return a day's key, or make it of `fresh` and erase earlier ones."""
    name = f"{KEY_OF_DAY}{day.isoformat()}"
    if (key := await get_value(connection, name)) is not None:
        return key
    await delete_past_counts(connection, day)
    # Another process may make one at this moment: the first stands.
    added = upsert(connection, metadata).values(key=name, value=fresh).on_conflict_do_nothing()
    await connection.execute(added)
    return await get_value(connection, name) or fresh


async def count_suggestion(
    connection: AsyncConnection, guild_id: int, day: date, member: str, limit: int
) -> int | None:
    """Count a suggestion of a locked server's member.

    Returns how many more they may make that day; None if this is one too many.
    """
    mine = (
        suggestion_counts.c.guild_id == guild_id,
        suggestion_counts.c.day == day.isoformat(),
        suggestion_counts.c.member == member,
    )
    found = await connection.execute(select(suggestion_counts.c.count).where(*mine))
    counted = found.scalar()
    made = counted if isinstance(counted, int) else 0  # a damaged count begins anew
    if made >= limit:
        return None
    await connection.execute(
        upsert(connection, suggestion_counts)
        .values(guild_id=guild_id, day=day.isoformat(), member=member, count=1)
        .on_conflict_do_update(
            index_elements=["guild_id", "day", "member"],
            set_={"count": suggestion_counts.c.count + 1},
        )
    )
    return limit - made - 1


async def delete_counts(connection: AsyncConnection, guild_id: int) -> None:
    """Erase the counts of a server's members."""
    await connection.execute(
        delete(suggestion_counts).where(suggestion_counts.c.guild_id == guild_id)
    )


async def delete_past_counts(connection: AsyncConnection, today: date) -> None:
    """Erase the counts and keys of all days but today."""
    tomorrow = today + timedelta(days=1)
    for column, prefix, is_meant in (
        (suggestion_counts.c.day, "", None),
        (metadata.c.key, KEY_OF_DAY, metadata.c.key.startswith(KEY_OF_DAY, autoescape=True)),
    ):
        is_other: ColumnElement[bool] = (column < f"{prefix}{today.isoformat()}") | (
            column > f"{prefix}{tomorrow.isoformat()}"
        )
        outdated = delete(column.table).where(is_other)
        await connection.execute(outdated if is_meant is None else outdated.where(is_meant))


async def delete_old_gaps(connection: AsyncConnection, today: date) -> None:
    """Erase the gaps that nobody asked for 60 days."""
    since = (today - timedelta(days=GAP_DAYS)).isoformat()
    await connection.execute(delete(gaps).where(gaps.c.last_day < since))
    # A clock ahead would keep them for longer.
    ahead = gaps.c.last_day > (today + timedelta(days=1)).isoformat()
    await connection.execute(update(gaps).where(ahead).values(last_day=today.isoformat()))


async def _make_room(connection: AsyncConnection, guild_id: int, newest: str) -> None:
    """Erase the rarest and oldest gap of the commonest kind, where full."""
    found = await connection.execute(
        select(gaps.c.kind, func.count())
        .where(gaps.c.guild_id == guild_id)
        .group_by(gaps.c.kind)
        .order_by(func.count().desc(), gaps.c.kind)
    )
    counts = [(str(kind), int(count)) for kind, count in found]
    beyond = sum(count for _, count in counts) - MAX_GAPS
    if beyond > 0:
        # A flood of questions then costs no suggestion.
        least = (
            select(gaps.c.id)
            .where(gaps.c.guild_id == guild_id, gaps.c.kind == counts[0][0], gaps.c.id != newest)
            .order_by(gaps.c.times, gaps.c.last_day, gaps.c.id)
            .limit(beyond)
        )
        await connection.execute(delete(gaps).where(gaps.c.id.in_(least.scalar_subquery())))


def _gap_id(guild_id: int, gap: Gap) -> str:
    parts = (str(guild_id), gap.kind, gap.pack or "", gap.fact or "", fold_words(gap.words))
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _gap(row: Row[Any]) -> Gap:
    """Convert a row, or raise ValueError if no program wrote it so."""
    if not isinstance(row.words, str) or not isinstance(row.times, int) or row.times < 1:
        raise ValueError("its words or its times are none")  # the words belong in no log
    return Gap(
        kind=GapKind(row.kind),
        words=row.words,
        last_day=date.fromisoformat(row.last_day),
        times=row.times,
        pack=row.pack,
        fact=row.fact,
    )
