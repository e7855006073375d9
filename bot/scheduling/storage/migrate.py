"""Migration of a state database at start, once over all processes.

The stored revision is compared by plain SQL first: Alembic is imported only when there is
something to do, as it costs memory for as long as the process lives.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bot.errors import StateError
from bot.scheduling.storage.tables import REVISION, schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

MIGRATIONS = Path(__file__).parent.parent / "migrations"
SHOWN_TABLES = 3
READS = "linernotes_reads"
"""The option of a connection that takes no lock for writing."""
LOCK = 0x11_4E_07_E5  # any number; PostgreSQL's advisory locks are named by one


async def migrate(engine: AsyncEngine, place: str) -> None:
    """Upgrade the database to this program's revision, under a lock.

    Raises:
        StateError: it is newer than the program, or somebody else's.
    """
    stored = await require_own_tables(engine, place)
    if stored == REVISION:
        return
    is_sqlite = engine.dialect.name == "sqlite"
    if stored is not None or not is_sqlite:
        # Before the lock is taken, as others wait for it; on a busy machine this takes seconds.
        import_module("alembic.command")
    # On SQLite the transaction itself is the lock: it begins immediately.
    async with engine.begin() as connection:
        if not is_sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        stored = await connection.run_sync(read_own_revision, place)
        if stored is None and is_sqlite:
            await connection.run_sync(create_tables)
        elif stored != REVISION:
            await connection.run_sync(upgrade)


async def require_own_tables(engine: AsyncEngine, place: str) -> str | None:
    """Return a state's revision; None for an empty database.

    Raises:
        StateError: it is newer than the program, or somebody else's; nothing was changed.
    """
    # Only reading: many processes may start together, and one of them migrate meanwhile.
    async with engine.execution_options(**{READS: True}).connect() as connection:
        return await connection.run_sync(read_own_revision, place)


def read_revision(connection: Connection) -> str | None:
    """Read the revision of a database; None for one without any."""
    return _read_revision(connection, inspect(connection).get_table_names())


def read_own_revision(connection: Connection, place: str) -> str | None:
    """Read a state's revision; raises as `require_own_tables`."""
    # One look at the tables for all: between two, another process may make them.
    tables = set(inspect(connection).get_table_names())
    stored = _read_revision(connection, tables)
    if stored is None:
        if connection.dialect.name == "sqlite":
            # A file is the bot's alone; the bot makes no views.
            theirs = {*inspect(connection).get_view_names(), *tables}
            if connection.execute(text("PRAGMA application_id")).scalar():
                raise StateError(
                    f"The database {place} is marked as another program's file; "
                    "name another database.",
                )
        else:  # a server's database may hold an extension's tables
            theirs = tables & set(schema.tables)
        if theirs:
            raise StateError(
                f"The database {place} has tables that are not the bot's "
                f"({', '.join(sorted(theirs)[:SHOWN_TABLES])}); name another database.",
            )
    elif not stored.isdigit() or (int(stored) <= int(REVISION) and "schedules" not in tables):
        raise StateError(
            f"The database {place} belongs to another program; name another database.",
        )
    elif int(stored) > int(REVISION):
        raise StateError(
            f"The state database {place} is newer than this program "
            f"(revision {stored}, known up to {REVISION}); update the program, "
            "or bring back a backup with 'linernotes restore FILE'.",
        )
    return stored


def _read_revision(connection: Connection, tables: Collection[str]) -> str | None:
    if "alembic_version" not in tables:
        return None
    stored = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if stored is None else str(stored)


def create_tables(connection: Connection) -> None:
    """Create in an empty SQLite file the tables that all migrations make.

    A first start then waits for none of them, nor for Alembic, which would stay in memory.
    """
    schema.create_all(connection)
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
            " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(
        text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION}
    )


def upgrade(connection: Connection, revision: str = REVISION) -> None:
    """Run the missing migrations up to a revision, inside the transaction under way."""
    from alembic import command  # noqa: PLC0415 - only where there is something to migrate
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
