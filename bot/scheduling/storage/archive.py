"""Backup, restore and copying of a state.

A restored state does not know what was posted since its backup. What came due before the restore
may have been posted, so it is uncertain: it is searched for in its channel before anything is
sent, as after a crash.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, NullPool, create_engine, func, insert, select, update

from bot.errors import StateError
from bot.scheduling.storage.database import (
    KEPT,
    OWNER_ONLY,
    RESTORE_DRAFT,
    State,
    translate_faults,
)
from bot.scheduling.storage.gaps import KEY_OF_DAY
from bot.scheduling.storage.inspection import require_state
from bot.scheduling.storage.migrate import read_revision, upgrade
from bot.scheduling.storage.tables import REVISION, deliveries, schedules, schema
from bot.scheduling.storage.url import describe_url, parse_url, sqlite_file

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from sqlalchemy import Connection, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    Report = Callable[[int, int], None]
    """Takes how much of a total is done."""

DELIVERY_TABLES = {"deliveries", "claims"}  # as it is called since revision 0002, and was before
ROWS_AT_ONCE = 500
PAGES_A_STEP = 256
"""Of a SQLite file, copied between two reports: a megabyte."""
WAIT_FOR_LOCK_S = 1.0


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished copy: its rows, and the names of both databases."""

    rows: int
    source: str
    target: str


def backup(url: str, file: Path, report: Report = lambda _done, _total: None) -> None:
    """Copy a SQLite state to a new file, safely while the bot runs.

    `report` is called with the pages that are copied, and with how many there are.

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
        _copy_database(source, draft, report)
        _forget_members(draft)
        check_backup(draft)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(
    url: str, file: Path, now: datetime, report: Report = lambda _done, _total: None
) -> Path | None:
    """Check a backup, and put it in a SQLite state's place.

    The bot must be stopped. What came due before is then looked for in its channel before it is
    posted.

    Args:
        url: the state to replace.
        file: the backup; it is left as it is.
        now: names the file that the old state is kept in.
        report: is called with the pages that are copied, and with how many there are.

    Returns:
        Where the old state is kept, or None if there was none.

    Raises:
        StateError: the backup is no good, or the bot is running; then nothing was changed.
    """
    target = _file_of(url, "bring it back with 'pg_restore', then 'linernotes state restored'")
    check_backup(file)
    draft = target.with_name(f"{target.name}{RESTORE_DRAFT}")
    try:
        _copy_database(file, draft, report)
        check_backup(draft)
        _bring_up_to_date(draft, now)
        with translate_faults(str(target)):
            kept = _keep_old(target, now)
            # The only step that counts: killed before it, the old state is in its place, and
            # killed after it, the new one.
            draft.replace(target)
            if os.name != "nt":  # Windows opens no folders
                _sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def check_backup(file: Path) -> None:
    """Check that a file holds a state.

    Raises:
        StateError: it is missing, damaged, something else, or newer than this program.
    """
    if not file.is_file():
        raise StateError(f"There is no file {file}; name a backup made with 'linernotes backup'.")
    with translate_faults(str(file)), closing(_open(file, "ro")) as database:
        damage = database.execute("PRAGMA integrity_check").fetchone()[0]
        if damage != "ok":
            raise StateError(f"The backup {file} is damaged ({damage}); use an older one.")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        if not ({"alembic_version", "schedules"} <= tables and tables & DELIVERY_TABLES):
            raise StateError(f"{file} is a database, but not a state of this bot; name another.")
        found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if found is None:
        raise StateError(f"The backup {file} names no version; it is damaged, use an older one.")
    (revision,) = found
    if not str(revision).isdigit() or int(revision) > int(REVISION):
        raise StateError(
            f"The backup {file} is of a newer program (revision {revision}, known up to "
            f"{REVISION}); update the program first.",
        )


async def copy(from_url: str, to_url: str, report: Report = lambda _done, _total: None) -> Copied:
    """Copy a whole state into an empty database of either kind.

    Stop the bot first: what it writes meanwhile is not copied. `report` is called with the rows
    copied so far, and those of all tables.

    Raises:
        StateError: either cannot be used, or the target has anything in it.
    """
    if parse_url(from_url) == parse_url(to_url):
        raise StateError("The state would be copied onto itself; name another database.")
    await require_state(from_url, "nothing to copy")
    async with await State.open(from_url) as source, await State.open(to_url) as target:
        async with source.read() as reads, target.write() as writes:
            for table in schema.sorted_tables:
                if count := await _count_rows(table, writes):
                    raise StateError(
                        f"The database {target.place} is not empty ({count} rows in {table.name}); "
                        "name an empty one.",
                    )
            total = sum([await _count_rows(table, reads) for table in schema.sorted_tables])
            rows = 0
            for table in schema.sorted_tables:
                async for arrived in _copy_table(table, reads, writes):
                    rows += arrived
                    report(rows, total)
        return Copied(rows, source.place, target.place)


async def mark_restored(url: str, now: datetime) -> str:
    """Note in a state that it was restored otherwise; return its name.

    Raises:
        StateError: it cannot be used, or there is none; none is made.
    """
    await require_state(url, "bring the backup back first, or set LINERNOTES_STATE_URL")
    async with await State.open(url) as state, state.write() as transaction:
        await transaction.run_sync(_mark_uncertain, now)
        return state.place


async def _copy_table(
    table: Table, reads: AsyncConnection, writes: AsyncConnection
) -> AsyncIterator[int]:
    """Copy a table a page at a time, yield each page's rows, and count on both sides."""
    page: list[dict[str, Any]] = []
    async for row in await reads.stream(select(table)):
        page.append(dict(row._mapping))  # noqa: SLF001 - SQLAlchemy's way to a row's columns
        if len(page) == ROWS_AT_ONCE:
            await writes.execute(insert(table), page)
            yield len(page)
            page = []
    if page:
        await writes.execute(insert(table), page)
        yield len(page)
    there, arrived = await _count_rows(table, reads), await _count_rows(table, writes)
    if there != arrived:
        raise StateError(f"Of {there} rows of {table.name} only {arrived} arrived; try again.")


async def _count_rows(table: Table, connection: AsyncConnection) -> int:
    counted = await connection.execute(select(func.count()).select_from(table))
    return int(counted.scalar_one())


def _bring_up_to_date(draft: Path, now: datetime) -> None:
    """Migrate a restored file, and note that it was restored."""
    url = URL.create("sqlite", database=str(draft))
    with translate_faults(str(draft)):
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            if read_revision(connection) != REVISION:
                upgrade(connection)
            _mark_uncertain(connection, now)
        engine.dispose()


def _mark_uncertain(connection: Connection, now: datetime) -> None:
    """Mark all that came due until now as uncertain."""
    connection.execute(update(schedules).values(uncertain_until=now))
    open_deliveries = update(deliveries).where(deliveries.c.outcome.is_(None))
    due = deliveries.c.scheduled_for
    connection.execute(
        open_deliveries.values(
            uncertain_since=func.coalesce(deliveries.c.uncertain_since, due),
            first_attempt_at=func.coalesce(deliveries.c.first_attempt_at, due),
        )
    )


def _keep_old(target: Path, now: datetime) -> Path | None:
    """Give the old state a second name, and leave it in place."""
    if not target.exists():
        _drop_logs(target)
        return None
    kept = target.with_name(f"{target.name}{KEPT}{now:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise StateError(f"{kept} exists already; move it away first.")
    _close_log(target)
    try:
        kept.hardlink_to(target)
    except OSError:  # some file systems have no links
        shutil.copy2(target, kept)
    for suffix in ("-wal", "-shm"):  # only a damaged state still has them: keep what there is
        log = Path(f"{target}{suffix}")
        if log.exists():
            log.rename(f"{kept}{suffix}")
    return kept


def _sync(path: Path) -> None:
    """Write a file, or the names in a folder, to the disk, against a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _close_log(target: Path) -> None:
    """Leave WAL mode: merge the log, if no other program uses it."""
    with closing(sqlite3.connect(target, timeout=WAIT_FOR_LOCK_S)) as database:
        try:
            (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            return  # damaged, which may be why a backup is brought back
    if mode == "wal":
        raise StateError(f"The state database {target} is in use; stop the bot, then try again.")


def _drop_logs(target: Path) -> None:
    """Remove logs without their database: beside another database they would damage it."""
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)


def _copy_database(source: Path, draft: Path, report: Report) -> None:
    """Copy with SQLite's online backup, for its owner's eyes only."""
    with translate_faults(str(draft)):
        draft.unlink(missing_ok=True)
        _drop_logs(draft)  # of a copy that was killed
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    with (
        translate_faults(str(source)),
        closing(_open(source, "ro")) as old,
        closing(sqlite3.connect(draft)) as new,
    ):
        # Within one transaction: between two steps the bot may write, and all would begin anew.
        old.execute("BEGIN")
        old.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        old.backup(
            new,
            pages=PAGES_A_STEP,
            progress=lambda _status, left, total: report(total - left, total),
        )
        new.execute("PRAGMA journal_mode = DELETE")
    with translate_faults(str(draft)):
        _sync(draft)


def _forget_members(draft: Path) -> None:
    """Erase the day's counts of members from a backup, which outlives the day."""
    with translate_faults(str(draft)), closing(sqlite3.connect(draft)) as database:
        database.execute("PRAGMA secure_delete = ON")
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        if "suggestion_counts" in tables:  # a backup is made of older states, too
            database.execute("DELETE FROM suggestion_counts")
            database.execute("DELETE FROM metadata WHERE key LIKE ?", (f"{KEY_OF_DAY}%",))
            database.commit()


def _open(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True)


def _file_of(url: str, instead: str) -> Path:
    parsed = parse_url(url)
    file = sqlite_file(parsed)
    if file is None:
        raise StateError(f"The state is in PostgreSQL ({describe_url(parsed)}); {instead}.")
    return file
