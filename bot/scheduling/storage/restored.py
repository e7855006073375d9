"""A state brought back from a backup: it does not know what was posted since.

Whatever came due before it was brought back may have been posted, so it is in doubt: it is looked
for in its channel before anything is sent, as after a crash.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.scheduling.storage import metadata as marks
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import require_state
from bot.scheduling.storage.tables import EPOCH, MICROSECOND

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

KEY = "restored_at"

# Plain SQL, for sqlite3 and SQLAlchemy alike.
_DOUBT = """
    UPDATE claims
    SET doubt_since = coalesce(doubt_since, due), first_attempt = coalesce(first_attempt, due)
    WHERE outcome IS NULL
"""
_MARK = f"""
    INSERT INTO marks (key, value) VALUES ('{KEY}', :at)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""  # noqa: S608  # the key is ours


def mark_file(file: Path, now: datetime) -> None:
    """Note in a SQLite file that nobody uses yet that it is brought back now."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(_DOUBT)
        database.execute(_MARK, {"at": _written(now)})


async def mark(url: str, now: datetime) -> str:
    """Note in a state that it was brought back by other means; give its name.

    Raises:
        StateError: it cannot be used, or there is none; none is made.
    """
    await require_state(url, "bring the backup back first, or set LINERNOTES_STATE_URL")
    async with await State.open(url) as state, state.write() as transaction:
        await transaction.execute(text(_DOUBT))
        await transaction.execute(text(_MARK), {"at": _written(now)})
        return state.place


async def restored_at(connection: AsyncConnection) -> datetime:
    """Say when the state was last brought back; long ago, if it never was."""
    written = await marks.mark(connection, KEY)
    return EPOCH if written is None else EPOCH + int(written) * MICROSECOND


def _written(moment: datetime) -> str:
    return str((moment - EPOCH) // MICROSECOND)
