"""Open the state, hand out transactions, and put its faults into words."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import tempfile
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from glob import escape
from typing import TYPE_CHECKING, Any, Self, cast

import structlog
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import StateError
from bot.scheduling.storage.metadata import write_changed_value
from bot.scheduling.storage.migrate import READS, migrate, require_own_tables
from bot.scheduling.storage.url import (
    connect_arguments,
    describe_url,
    parse_url,
    sqlite_file,
    without_options,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.pool import QueuePool

log = structlog.stdlib.get_logger("bot.scheduling")

BUSY_TIMEOUT_MS = 5_000
SYNCHRONOUS = "FULL"  # a post that is on record is still there after a power cut
CONNECTIONS = 5  # a writer and a few readers; more only waits in SQLite, and costs PostgreSQL
OWNER_ONLY, PERMISSIONS = 0o600, 0o777
RESTORE_DRAFT, KEPT = ".draft", ".kept-"
"""What `restore` adds to the state's file name: for its copy, and for the old state."""
RETURNED_WITHIN_S = 5.0
"""Closing waits no longer for a connection in use: a stop may take ten seconds in all."""
LOOK_AGAIN_S = 0.01
PREPARED_WITHIN_S = 120.0
"""A start waits as long for others that prepare the same file: a busy machine takes its time."""
PROBE_BYTES = 64 * 1024
"""More than a transaction of the bot needs, and next to nothing to write."""

_SQLITE_FAULTS = {
    "SQLITE_BUSY": "is locked by another program; close that program, then try again",
    "SQLITE_LOCKED": "is locked by another program; close that program, then try again",
    "SQLITE_READONLY": "cannot be written; give the bot's user write access to it and its folder",
    "SQLITE_FULL": "has no room to grow: the disk is full; free some space",
    "SQLITE_IOERR": "could not be read or written: the disk reports an error",
    "SQLITE_CORRUPT": "is damaged; bring back a backup with 'linernotes restore FILE'",
    "SQLITE_NOTADB": "is not a database; name another file, or move this one away",
    "SQLITE_CANTOPEN": "cannot be opened; check that its folder exists and may be written",
}
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_SYSTEM_FAULTS = {
    (PermissionError,): _SQLITE_FAULTS["SQLITE_READONLY"],
    (FileNotFoundError, NotADirectoryError): _SQLITE_FAULTS["SQLITE_CANTOPEN"],
    (ConnectionError, TimeoutError): "cannot be reached; check that the server runs, and its host "
    "and port",
}
_POOLER = "is behind a transaction pooler; add pgbouncer=true to its URL's options"
_POSTGRES_FAULTS = {
    "26000": _POOLER,
    "25006": "may only be read; point the bot at the primary server",
    "28000": "refused the user; check the user in the URL",
    "28P01": "refused the password; check the password in the URL",
    "3D000": "does not exist; create it with 'createdb'",
    "42P05": _POOLER,
    "42501": "refused a statement; grant the bot's user the rights to its tables",
    "53100": "has no room to grow: the disk is full; free some space",
    "53300": "has too many connections; raise max_connections or close some",
    "55P03": "is locked by another program; close that program, then try again",
}


class State:
    """An open state database. Use `read` and `write` for one transaction each."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(**{READS: True})
        # SQLite has one writer; waiting here is fair and cheap, waiting on its lock is neither.
        self._writing: Any = asyncio.Lock() if self.is_sqlite else nullcontext()
        self._is_open = True

    @classmethod
    async def open(cls, url: str) -> Self:
        """Open the state, created or migrated where needed.

        Args:
            url: `sqlite:///path/to/file` or `postgresql://user:password@host/name`.

        Raises:
            StateError: it cannot be reached or used, or is newer than this program.
        """
        parsed = parse_url(url)
        state = cls(create_engine_for(parsed))
        try:
            with translate_faults(state.place):
                if (file := sqlite_file(parsed)) is None:
                    await migrate(state._engine, state.place)
                else:
                    await asyncio.to_thread(require_room, file)
                    await _prepare_file(state._engine, state.place, file)
        except BaseException:
            await state.close()
            raise
        return state

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Name the database for a message, without its password."""
        return describe_url(self._engine.url)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that sees one consistent moment and writes nothing."""
        self._check_open()
        with translate_faults(self.place):
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; it is undone if the block raises."""
        async with self._writing:
            self._check_open()
            with translate_faults(self.place):
                async with self._engine.begin() as connection:
                    yield connection

    async def check(self) -> None:
        """Write a value; a StateError says why that cannot be done.

        A lock alone would not tell of a full disk, nor of a server that may only be read; nor
        would the same value as before, whose page SQLite leaves alone.
        """
        if (file := sqlite_file(self._engine.url)) is not None:
            with translate_faults(self.place):
                await asyncio.to_thread(require_room, file)
        async with self.write() as connection:
            await write_changed_value(connection, "write_check")

    async def close(self) -> None:
        """Close every connection, when the transactions under way have ended."""
        async with self._writing:
            self._is_open = False
            await self._wait_for_connections()
            await self._engine.dispose()

    def _check_open(self) -> None:
        # A connection opened after the others were closed would never be.
        if not self._is_open:
            raise StateError(f"The state database {self.place} has been closed.")

    async def _wait_for_connections(self) -> None:
        """Wait until the connections in use are returned.

        Disposing of the pool would leave those open: one whose user was cancelled is still on its
        way back.
        """
        pool = cast("QueuePool", self._engine.pool)
        with suppress(TimeoutError):
            async with asyncio.timeout(RETURNED_WITHIN_S):
                while pool.checkedout():  # noqa: ASYNC110  # the pool tells of a return before it is one
                    await asyncio.sleep(LOOK_AGAIN_S)

    async def __aenter__(self) -> Self:
        """Return the open state itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()


@contextmanager
def translate_faults(place: str) -> Iterator[None]:
    """Turn a database's fault into a sentence, except for a broken constraint."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise StateError(f"The state database {place} {_describe_fault(error.orig)}.") from error
    except UnicodeDecodeError as error:  # a name or text in a damaged file
        raise StateError(
            f"The state database {place} {_SQLITE_FAULTS['SQLITE_CORRUPT']}."
        ) from error
    except (sqlite3.Error, OSError) as error:
        raise StateError(f"The state database {place} {_describe_fault(error)}.") from error
    except SQLAlchemyError as error:
        raise StateError(f"The state database {place} could not be used: {error}.") from error


def _describe_fault(error: BaseException | None) -> str:
    """Say in words: the fault, and the remedy."""
    code = str(getattr(error, "sqlite_errorname", ""))
    if isinstance(error, OSError) and error.errno in _FULL:
        code = "SQLITE_FULL"
    for name, said in _SQLITE_FAULTS.items():
        if code.startswith(name):
            return said
    sqlstate = str(getattr(error, "sqlstate", ""))
    if sqlstate in _POSTGRES_FAULTS:
        return _POSTGRES_FAULTS[sqlstate]
    if isinstance(error, ConnectionError) and "SSL" in str(error):
        return (
            "takes no encrypted connections, which sslmode asks for; change the server or sslmode"
        )
    if "unsupported startup parameter" in str(error):  # PgBouncer's own words
        option = str(error).rpartition(" ")[2]
        return (
            f"is behind a pooler that does not take the option '{option}'; leave it out of the URL"
        )
    for kinds, said in _SYSTEM_FAULTS.items():
        if isinstance(error, kinds):
            return said
    return f"could not be used: {error}"


def create_engine_for(url: URL) -> AsyncEngine:
    """Create the engine; make a missing SQLite file for its owner alone."""
    file = sqlite_file(url)
    if file is None:
        return _create_postgres_engine(url)
    refuse_interrupted_restore(file)
    with translate_faults(describe_url(url)):
        # Made before SQLite opens it, so that -wal and -shm inherit its mode.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
    engine = create_async_engine(url, pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def require_room(file: Path) -> None:
    """Raise an OSError where a SQLite file has no room to grow.

    The database alone does not tell: it writes into the room that its log has taken already.
    """
    with tempfile.TemporaryFile(dir=file.parent) as probe:
        probe.write(bytes(PROBE_BYTES))


def _keep_private(file: Path) -> None:
    """Make a state file and its logs readable to their owner alone."""
    for path in (file, *(file.with_name(f"{file.name}{suffix}") for suffix in ("-wal", "-shm"))):
        with suppress(FileNotFoundError, PermissionError):  # `doctor` tells of another's file
            if path.stat().st_mode & PERMISSIONS & ~OWNER_ONLY:
                path.chmod(OWNER_ONLY)


def refuse_interrupted_restore(file: Path) -> None:
    """Raise a StateError beside the traces of a killed restore.

    Otherwise a missing state would be made anew, empty, and every schedule would be forgotten.
    """
    draft = file.with_name(f"{file.name}{RESTORE_DRAFT}")
    if draft.exists():
        raise StateError(
            f"A restore of the state database {file} still runs or was cut off: there is {draft}. "
            "Run 'linernotes restore FILE' again, or remove that file to go on without it."
        )
    kept = () if file.exists() else sorted(file.parent.glob(f"{escape(file.name)}{KEPT}*"))
    if kept:
        raise StateError(
            f"There is no state database {file}, but an old one that a restore kept, {kept[-1]}. "
            "Run 'linernotes restore FILE' with a backup or with that file, "
            "or move it away to begin with an empty state."
        )


def _create_postgres_engine(url: URL) -> AsyncEngine:
    try:
        return create_async_engine(
            without_options(url),
            connect_args=connect_arguments(url),
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,  # in errors and logs; people's words are among them
        )
    except ModuleNotFoundError as error:
        raise StateError(
            "PostgreSQL needs an extra: install it with pip install 'linernotes[postgres]'.",
        ) from error


async def _prepare_file(engine: AsyncEngine, place: str, file: Path) -> None:
    """Prepare a SQLite file, waiting for other processes that do the same."""
    loop = asyncio.get_running_loop()
    give_up_at = loop.time() + PREPARED_WITHIN_S
    tries = 0
    while True:
        try:
            # Before anything is changed: the file may be somebody else's.
            await require_own_tables(engine, place)
            _keep_private(file)
            await _use_write_ahead_log(engine)
            await migrate(engine, place)
        except (DBAPIError, sqlite3.OperationalError) as error:
            # SQLite waits for a lock, but for some not at all, and never for as long as migrating
            # may take. Each step may be tried again.
            if not _is_locked(error) or loop.time() > give_up_at:
                raise
            if not tries:
                log.info("waiting for another process that prepares the state database")
            tries += 1
            await asyncio.sleep(LOOK_AGAIN_S)
        else:
            return


async def _use_write_ahead_log(engine: AsyncEngine) -> None:
    # Outside a transaction, where alone it can be changed, and only once the file is known to be
    # a state: the mode stays with the file.
    async with engine.connect() as connection:
        driver = cast("Any", (await connection.get_raw_connection()).driver_connection)
        await driver.execute_fetchall("PRAGMA journal_mode = WAL")


def _is_locked(error: Exception) -> bool:
    fault = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(fault, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is never immediate: see below
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        f"synchronous = {SYNCHRONOUS}",
        "foreign_keys = ON",
        # What is erased is overwritten: people's words are among it.
        "secure_delete = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads first and then writes cannot wait for the lock; take it at once.
    reads = connection.get_execution_options().get(READS, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
