"""Back up a state, bring one back, and move it between SQLite and PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from bot.errors import StateError
from bot.scheduling.storage.database import (
    OWNER_ONLY,
    State,
    place_of,
    sentences,
    sqlite_file,
    state_url,
)
from bot.scheduling.storage.inspection import require_state
from bot.scheduling.storage.restored import mark_file
from bot.scheduling.storage.tables import REVISION, metadata

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

ROWS_AT_ONCE = 500
WAIT_FOR_LOCK_S = 1.0


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows went where."""

    rows: int
    source: str
    target: str


def backup(url: str, file: Path) -> None:
    """Copy a SQLite state to a new file, safely while the bot runs.

    Raises:
        StateError: the state is not in SQLite, or a file is missing, in the way, or damaged.
    """
    source = _file_of(url, "back it up with 'pg_dump' instead")
    if file.exists():
        raise StateError(f"{file} exists already; name a new file.")
    if not source.exists():
        raise StateError(f"There is no state database at {source} yet; nothing to back up.")
    draft = file.with_name(f"{file.name}.draft")
    try:
        _copy_database(source, draft)
        check_backup(draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(url: str, file: Path, now: datetime) -> Path | None:
    """Put a backup in the place of a SQLite state, after checking it; the bot must be stopped.

    What came due before is then looked for in its channel before it is posted.

    Args:
        url: the state to replace.
        file: the backup; it is left as it is.
        now: names the file that the old state is kept in.

    Returns:
        Where the old state is kept, or None if there was none.

    Raises:
        StateError: the backup is no good, or the bot is running; then nothing was changed.
    """
    target = _file_of(url, "bring it back with 'pg_restore', then 'linernotes state restored'")
    check_backup(file)
    draft = target.with_name(f"{target.name}.draft")
    try:
        _copy_database(file, draft)
        check_backup(draft)
        mark_file(draft, now)
        kept = _set_aside(target, now)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def check_backup(file: Path) -> None:
    """Hold a file against what a state must be.

    Raises:
        StateError: it is missing, damaged, something else, or newer than this program.
    """
    if not file.is_file():
        raise StateError(f"There is no file {file}; name a backup made with 'linernotes backup'.")
    with sentences(str(file)), closing(_open(file, "ro")) as database:
        damage = database.execute("PRAGMA integrity_check").fetchone()[0]
        if damage != "ok":
            raise StateError(f"The backup {file} is damaged ({damage}); use an older one.")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        if not {"alembic_version", "schedules", "claims"} <= tables:
            raise StateError(f"{file} is a database, but not a state of this bot; name another.")
        (revision,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if not str(revision).isdigit() or int(revision) > int(REVISION):
        raise StateError(
            f"The backup {file} is of a newer program (revision {revision}, known up to "
            f"{REVISION}); update the program first.",
        )


async def copy(from_url: str, to_url: str) -> Copied:
    """Copy a whole state into an empty database, between SQLite and PostgreSQL or alike.

    Stop the bot first: what it writes meanwhile is not copied.

    Raises:
        StateError: either cannot be used, or the target has anything in it.
    """
    if state_url(from_url) == state_url(to_url):
        raise StateError("The state would be copied onto itself; name another database.")
    await require_state(from_url, "nothing to copy")
    async with await State.open(from_url) as source, await State.open(to_url) as target:
        async with source.read() as reads, target.write() as writes:
            await _refuse_filled(writes, target.place)
            rows = 0
            for table in metadata.sorted_tables:
                rows += await _copy_table(table, reads, writes)
        return Copied(rows, source.place, target.place)


async def _refuse_filled(connection: AsyncConnection, place: str) -> None:
    for table in metadata.sorted_tables:
        count = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        if count:
            raise StateError(
                f"The database {place} is not empty ({count} rows in {table.name}); "
                "name an empty one.",
            )


async def _copy_table(table: Table, reads: AsyncConnection, writes: AsyncConnection) -> int:
    """Copy a table a page at a time, and count on both sides."""
    page: list[dict[str, Any]] = []
    async for row in await reads.stream(select(table)):
        page.append(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's way to a row's columns
        if len(page) == ROWS_AT_ONCE:
            await writes.execute(insert(table), page)
            page = []
    if page:
        await writes.execute(insert(table), page)
    count = select(func.count()).select_from(table)
    there = (await reads.execute(count)).scalar_one()
    arrived = (await writes.execute(count)).scalar_one()
    if there != arrived:
        raise StateError(f"Of {there} rows of {table.name} only {arrived} arrived; try again.")
    return int(arrived)


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Make the old state one whole file, its log included, and move it out of the way."""
    if not target.exists():
        _drop_log(target)
        return None
    kept = target.with_name(f"{target.name}.kept-{now:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise StateError(f"{kept} exists already; move it away first.")
    _close_log(target)
    target.rename(kept)
    for suffix in ("-wal", "-shm"):  # only a damaged state still has them: keep what there is
        log = Path(f"{target}{suffix}")
        if log.exists():
            log.rename(f"{kept}{suffix}")
    return kept


def _close_log(target: Path) -> None:
    """Leave WAL mode, which merges the log, and works only while nobody else has it open."""
    with closing(sqlite3.connect(target, timeout=WAIT_FOR_LOCK_S)) as database:
        try:
            (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            return  # damaged, which may be why a backup is brought back
    if mode == "wal":
        raise StateError(f"The state database {target} is in use; stop the bot, then try again.")


def _drop_log(target: Path) -> None:
    """Remove a log without its database: beside another database it would damage it."""
    for suffix in ("-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)


def _copy_database(source: Path, draft: Path) -> None:
    """Copy with SQLite's online backup, into a file of its own that only its owner may read."""
    with sentences(str(draft)):
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    with (
        sentences(str(source)),
        closing(_open(source, "ro")) as old,
        closing(sqlite3.connect(draft)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
    with sentences(str(draft)):
        descriptor = os.open(draft, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _open(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)


def _file_of(url: str, instead: str) -> Path:
    parsed = state_url(url)
    file = sqlite_file(parsed)
    if file is None:
        raise StateError(f"The state is in PostgreSQL ({place_of(parsed)}); {instead}.")
    return file
