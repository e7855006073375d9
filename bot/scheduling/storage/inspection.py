"""Look at a state database without making, migrating or changing it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.errors import StateError
from bot.scheduling.models import AlertKind, Stopped, damage_alert_id
from bot.scheduling.storage import schedules
from bot.scheduling.storage.alerts import list_alert_ids
from bot.scheduling.storage.damage import SET_ASIDE, list_damaged_bookkeeping, read_column
from bot.scheduling.storage.database import (
    OWNER_ONLY,
    PERMISSIONS,
    create_engine_for,
    refuse_interrupted_restore,
    require_room,
    translate_faults,
)
from bot.scheduling.storage.deliveries import list_damaged_deliveries, list_set_aside
from bot.scheduling.storage.gaps import list_gaps
from bot.scheduling.storage.guilds import list_damaged_guilds
from bot.scheduling.storage.metadata import write_changed_value
from bot.scheduling.storage.migrate import READS, require_own_tables
from bot.scheduling.storage.tables import REVISION, guilds
from bot.scheduling.storage.url import describe_url, parse_url, says_pooled, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from bot.scheduling.models import Gap
    from bot.scheduling.storage.damage import DamagedRow


@dataclass(frozen=True, slots=True)
class Inspected:
    """Findings about a usable database; an unusable one is a StateError."""

    place: str
    revision: str | None
    """Its migration; None where there is nothing yet, and `run` will make it."""
    is_shared: bool
    """Whether others on this machine may read its file."""
    is_pooled: bool = False
    """Whether a transaction pooler stands before its server, and its URL does not say so."""

    @property
    def is_current(self) -> bool:
        """Return whether it stands at this program's revision."""
        return self.revision == REVISION


class Condition(Enum):
    """The state of a damaged row."""

    SETTINGS_UNREADABLE = auto()
    """A server's settings; no pack answers there."""
    SCHEDULE_UNREADABLE = auto()
    """A schedule; nothing is posted of it."""
    SCHEDULE_SUSPENDED = auto()
    """A schedule that was damaged, can be read again, and waits for its admin."""
    POST_UNREADABLE = auto()
    """A post under way; the bot ends it as soon as it runs."""
    POST_ENDED = auto()
    """A post that was damaged, and has ended; its admin was told."""
    BOOKKEEPING_UNREADABLE = auto()
    """A row of the bot's own, such as a draw; it is passed over and written anew."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A damaged row of the state, as its host is told of it."""

    condition: Condition
    row_id: str
    guild_id: int | None
    fault: str


async def inspect_state(url: str) -> Inspected:
    """Check that the state can be read and written, and read its revision.

    Raises:
        StateError: it cannot be reached or written, or is newer than this program.
    """
    parsed = parse_url(url)
    place, file = describe_url(parsed), sqlite_file(parsed)
    if file is not None and not file.exists():
        refuse_interrupted_restore(file)
        _check_folder(file)
        return Inspected(place, None, is_shared=False)
    with translate_faults(place):
        engine = create_engine_for(parsed)
        try:
            if file is not None:
                await asyncio.to_thread(require_room, file)
            revision = await require_own_tables(engine, place)
            # On SQLite it begins with the lock that writing takes.
            async with engine.connect() as connection, connection.begin() as transaction:
                if revision == REVISION:
                    # A lock alone would not tell of a server or a table that may only be read.
                    await write_changed_value(connection, "write_check")
                await transaction.rollback()
            is_pooled = file is None and not says_pooled(parsed) and await _is_pooled(engine)
        finally:
            await engine.dispose()
    is_shared = file is not None and bool(file.stat().st_mode & PERMISSIONS & ~OWNER_ONLY)
    return Inspected(place, revision, is_shared, is_pooled)


async def _is_pooled(engine: AsyncEngine) -> bool:
    """Return whether a transaction pooler stands before the server."""
    ask = text("SELECT pg_backend_pid()")
    alone = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with alone.connect() as one, alone.connect() as other:
        # Each has a process of the server to itself, and keeps it, unless a pooler gives out one
        # for each transaction; in an order that tells even where it gives them out in turn.
        asked = [(each, await each.scalar(ask)) for each in (one, other, one, one, other)]
    of_one, of_other = ({pid for each, pid in asked if each is whose} for whose in (one, other))
    return len(of_one) > 1 or bool(of_one & of_other)


async def list_damage(url: str) -> tuple[Damage, ...]:
    """List the damaged rows of a state at this program's revision.

    Raises:
        StateError: it cannot be read.
    """
    parsed = parse_url(url)
    engine = create_engine_for(parsed)
    try:
        with translate_faults(describe_url(parsed)):
            async with engine.execution_options(**{READS: True}).connect() as connection:
                return await _list_damage(connection)
    finally:
        await engine.dispose()


async def _list_damage(connection: AsyncConnection) -> tuple[Damage, ...]:
    async def describe(rows: Sequence[DamagedRow], condition: Condition) -> list[Damage]:
        guild_ids = [
            await read_column(connection, one, "id" if one.table is guilds else "guild_id")
            if one.table is guilds or "guild_id" in one.table.c
            else None
            for one in rows
        ]
        return [
            Damage(condition, str(one.id or f"row {one.key}"), guild_id, one.fault)
            for one, guild_id in zip(rows, guild_ids, strict=True)
        ]

    read = await schedules.read_schedules(connection)
    told = await list_alert_ids(connection, AlertKind.SUSPENDED)
    return (
        *await describe(await list_damaged_guilds(connection), Condition.SETTINGS_UNREADABLE),
        *await describe(read.damaged, Condition.SCHEDULE_UNREADABLE),
        *(
            Damage(Condition.SCHEDULE_SUSPENDED, one.id, one.guild_id, str(SET_ASIDE))
            for one in read.rows
            if one.stopped is Stopped.SUSPENDED
            and damage_alert_id(AlertKind.SUSPENDED, one.id) in told
        ),
        *await describe(await list_damaged_deliveries(connection), Condition.POST_UNREADABLE),
        *await describe(await list_set_aside(connection), Condition.POST_ENDED),
        *await describe(
            await list_damaged_bookkeeping(connection), Condition.BOOKKEEPING_UNREADABLE
        ),
    )


async def read_all_gaps(url: str) -> tuple[Gap, ...]:
    """Read the gaps of all servers, and change nothing.

    Raises:
        StateError: there is no state, it cannot be read, or is of another revision.
    """
    await require_state(url, "a bot that was started with it makes one")
    parsed = parse_url(url)
    place = describe_url(parsed)
    if (await inspect_state(url)).revision != REVISION:
        raise StateError(
            f"The state database {place} is of an older program; start the bot once, or use "
            "'linernotes doctor', which says more."
        )
    engine = create_engine_for(parsed)
    try:
        with translate_faults(place):
            async with engine.execution_options(**{READS: True}).connect() as connection:
                return await list_gaps(connection)
    finally:
        await engine.dispose()


async def require_state(url: str, otherwise: str) -> None:
    """Raise a StateError unless the database holds a state; make nothing.

    `otherwise` is the end of the sentence: the consequence, or the remedy.
    """
    parsed = parse_url(url)
    file = sqlite_file(parsed)
    # Asked of the file itself: to open it would make it.
    if (file is not None and not file.exists()) or (await inspect_state(url)).revision is None:
        raise StateError(f"There is no state in the database {describe_url(parsed)}; {otherwise}.")


def _check_folder(file: Path) -> None:
    folder = next(one for one in file.absolute().parents if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise StateError(
            f"The state database {file} cannot be made in {folder}; give the bot's user write "
            "access there, or set LINERNOTES_STATE_URL."
        )
