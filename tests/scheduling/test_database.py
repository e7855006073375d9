"""Opening the state: migrations, and what a database that cannot be used says."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Thread
from traceback import format_exception
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from structlog.testing import capture_logs

from bot.errors import StateError
from bot.scheduling.storage import database
from bot.scheduling.storage.database import State, translate_faults
from bot.scheduling.storage.migrate import (
    LOCK,
    MIGRATIONS,
    read_revision,
    require_own_tables,
    upgrade,
)
from bot.scheduling.storage.tables import REVISION, schema
from bot.scheduling.storage.url import parse_url
from tests.scheduling.conftest import Harness
from tests.support.waiting import PATIENCE_S, until

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from tests.support.postgres import PostgresServer


def read_file(file: Path) -> tuple[dict[str, list[str]], list[str]]:
    """Read the parts of each table and index, in any order, and all rows."""
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        parts = {
            name: sorted(
                " ".join(sql.split()).removesuffix(")").replace("( ", "(").strip().split(", ")
            )
            for name, sql in made
        }
        return parts, [row for row in connection.iterdump() if row.startswith("INSERT")]


async def test_a_new_file_is_like_one_that_every_migration_went_through(tmp_path: Path) -> None:
    new, migrated = tmp_path / "new.db", tmp_path / "migrated.db"
    await (await State.open(f"sqlite:///{new}")).close()
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()

    assert read_file(new) == read_file(migrated)


async def test_the_migrations_make_exactly_the_tables(state: State) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, schema))

    async with state.write() as transaction:
        assert await transaction.run_sync(differences) == []


def test_the_revision_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


async def test_what_is_written_is_there_after_opening_again(url: str) -> None:
    async with await State.open(url) as first:
        kept = await Harness(first).add()
    async with await State.open(url) as second:
        assert await Harness(second).schedules.list(kept.guild_id) == (kept,)


async def test_one_state_is_opened_eight_times_at_once(url: str) -> None:
    opened = await asyncio.gather(*(State.open(url) for _ in range(8)))
    for one in opened:
        await one.close()


OPENING = """
import asyncio, sys
from bot.scheduling.storage import migrate
from bot.scheduling.storage.database import State
upgrade = migrate.upgrade
def told(*args):
    print("migrates", "alembic.command" in sys.modules)
    upgrade(*args)
migrate.upgrade = told
async def main(): await (await State.open(sys.argv[1])).close()
asyncio.run(main())
"""


@pytest.mark.long
async def test_of_four_processes_that_start_at_once_one_migrates_and_had_all_it_needs(
    url: str,
) -> None:
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", OPENING, url), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    said = [(await each.communicate())[0] for each in started]
    assert [each.returncode for each in started] == [0] * 4
    # A new SQLite file needs no migration.
    assert [one for one in said if one] == ([] if "sqlite" in url else [b"migrates True\n"])


async def test_a_start_waits_longer_than_sqlite_does_for_another_that_migrates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 1)
    file = tmp_path / "state.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other, capture_logs() as logs:
        other.execute("BEGIN EXCLUSIVE")
        opening = asyncio.create_task(State.open(f"sqlite:///{file}"))
        await until(lambda: logs or opening.done())
        other.execute("ROLLBACK")
        await (await opening).close()
    assert [one["event"] for one in logs] == [
        "waiting for another process that prepares the state database"
    ]


async def test_a_new_state_that_stays_locked_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 1)
    monkeypatch.setattr(database, "PREPARED_WITHIN_S", 0.0)
    file = tmp_path / "state.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match="is locked by another program"):
            await State.open(f"sqlite:///{file}")


@pytest.mark.postgres
async def test_tables_that_another_process_makes_during_the_look_are_not_taken_for_foreign(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.new_database()
    engine = database.create_engine_for(parse_url(url))
    makes = iter([lambda: asyncio.run(open_and_close(url))])

    def make_tables(*_: object) -> None:
        other = Thread(target=next(makes, lambda: None))
        other.start()
        other.join()

    event.listen(engine.sync_engine, "after_cursor_execute", make_tables)
    assert await require_own_tables(engine, url) is None
    await engine.dispose()


async def open_and_close(url: str) -> None:
    async with await State.open(url):
        pass


@pytest.mark.postgres
async def test_on_postgres_migrating_waits_until_nobody_else_does(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.new_database()
    engine = database.create_engine_for(parse_url(url))
    async with engine.connect() as other:
        await other.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        await other.commit()
        opening = asyncio.create_task(State.open(url))
        while not await _someone_waits(other):  # noqa: ASYNC110 - a lock has no event to offer
            await asyncio.sleep(0.01)
        assert not await other.run_sync(read_revision)
        await other.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
        await other.commit()
        async with (
            await asyncio.wait_for(opening, PATIENCE_S) as opened,
            opened.read() as transaction,
        ):
            assert await transaction.run_sync(read_revision) == REVISION
    await engine.dispose()


async def _someone_waits(connection: AsyncConnection) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    found = (await connection.execute(text(waiting))).scalar()
    await connection.commit()
    return bool(found)


async def test_a_newer_database_is_refused(url: str) -> None:
    async with await State.open(url) as opened, opened.write() as transaction:
        await transaction.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateError, match=r"newer than this program.*update the program"):
        await State.open(url)


async def test_somebody_elses_database_is_refused(url: str) -> None:
    async with await State.open(url) as opened, opened.write() as transaction:
        await transaction.execute(text("UPDATE alembic_version SET version_num = 'ae1027a6acf'"))
    with pytest.raises(StateError, match="belongs to another program"):
        await State.open(url)


@pytest.mark.parametrize(
    "made",
    [
        "CREATE VIEW totals AS SELECT 1",
        "CREATE TABLE alembic_version (version_num TEXT)",
        "PRAGMA application_id = 1",
    ],
)
async def test_a_file_of_another_program_is_not_filled(tmp_path: Path, made: str) -> None:
    file = tmp_path / "theirs.db"
    with closing(sqlite3.connect(file)) as theirs:
        theirs.execute(made)
        theirs.commit()
    before = file.read_bytes()
    with pytest.raises(StateError, match="name another database"):
        await State.open(f"sqlite:///{file}")
    assert file.read_bytes() == before


async def test_a_transaction_that_fails_leaves_nothing_half_saved(state: State) -> None:
    async def fail() -> None:
        async with state.write() as transaction:
            await transaction.execute(text("INSERT INTO metadata (key, value) VALUES ('a', 'b')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with state.read() as transaction:
        assert (await transaction.execute(text("SELECT count(*) FROM metadata"))).scalar() == 0


@pytest.mark.long
def test_opening_a_new_or_up_to_date_file_never_imports_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    program = (
        "import asyncio, sys\n"
        "from bot.scheduling.storage.database import State\n"
        f"async def main(): await (await State.open({url!r})).close()\n"
        "asyncio.run(main())\n"
        "print('alembic' in sys.modules)\n"
    )
    said = [subprocess.check_output([sys.executable, "-c", program], text=True) for _ in range(2)]
    assert said == ["False\n", "False\n"]


async def test_sqlite_is_set_up_for_safety(power_cuts: None, tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}") as opened, opened.write() as transaction:
        found = {
            name: (await transaction.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    assert set(modes.values()) == {0o600}


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("Dear diary, " * 100)
    with pytest.raises(StateError, match=r"state\.db is not a database"):
        await State.open(f"sqlite:///{tmp_path / 'state.db'}")


async def test_a_damaged_database_points_to_the_backup(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}") as opened:
        for number in range(5):
            await Harness(opened).guilds.set_alerts(number, number)
    pages = bytearray(file.read_bytes())
    pages[1024:] = b"\x07" * (len(pages) - 1024)
    file.write_bytes(bytes(pages))
    with pytest.raises(StateError, match=r"damaged; bring back a backup with 'linernotes restore"):
        await State.open(f"sqlite:///{file}")


async def test_a_locked_database_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)  # a constant, so that no test waits 5 s
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}") as opened:
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match=r"is locked by another program"):
            await Harness(opened).add()
        holder.close()
        await Harness(opened).add()


async def test_a_full_disk_says_so_and_keeps_what_was_there(tmp_path: Path) -> None:
    async with await State.open(f"sqlite:///{tmp_path / 'state.db'}") as opened:
        harness = Harness(opened)
        kept = await harness.add()

        async def fill() -> None:
            async with opened.write() as transaction:
                await transaction.execute(text("PRAGMA max_page_count = 1"))
                await transaction.execute(
                    text("INSERT INTO metadata (key, value) VALUES ('big', :big)"),
                    {"big": "x" * 100_000},
                )

        with pytest.raises(StateError, match="the disk is full; free some space"):
            await fill()
        assert await harness.schedules.list(kept.guild_id) == (kept,)


def test_a_read_only_database_says_so(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    sqlite3.connect(file).execute("CREATE TABLE one (two)").connection.close()
    reader = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    said = "cannot be written; give the bot's user write access"
    with pytest.raises(StateError, match=said), translate_faults(str(file)):
        reader.execute("INSERT INTO one VALUES (1)")
    reader.close()


async def test_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="check that its folder exists"):
        await State.open(f"sqlite:///{tmp_path / 'nowhere' / 'state.db'}")


async def test_a_postgres_that_is_not_there_says_so() -> None:
    with pytest.raises(StateError, match=r"'notes' on 127\.0\.0\.1 cannot be reached") as refusal:
        await State.open("postgresql://bot:secret@127.0.0.1:1/notes")
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://here/there", "sqlite://", "sqlite:///:memory:"]
)
def test_a_url_that_cannot_be_used_is_refused_with_examples(url: str) -> None:
    with pytest.raises(StateError, match="sqlite:///"):
        parse_url(url)


@pytest.mark.parametrize("place", ["db:port", "[::1", "db:1:secret"])
def test_a_url_with_a_port_that_is_none_is_refused_without_its_password(place: str) -> None:
    with pytest.raises(StateError, match="as %XX") as refusal:
        parse_url(f"postgresql://bot:secret@{place}/notes")
    assert "secret" not in str(refusal.value)
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("url", ["postgresql://bot:secret/notes"])  # the host is forgotten
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(StateError) as refusal:
        parse_url(url)
    assert "secret" not in "".join(format_exception(refusal.value))


async def test_a_state_is_closed_when_the_transaction_under_way_has_ended(url: str) -> None:
    state = await State.open(url)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with state.write() as transaction:
            begun.set()
            await go_on.wait()
            await transaction.execute(text("INSERT INTO metadata VALUES ('a', '1')"))

    writing = asyncio.create_task(write())
    await begun.wait()
    closing = asyncio.create_task(state.close())
    await asyncio.sleep(0)
    assert not closing.done()
    go_on.set()
    await asyncio.gather(writing, closing)
    for use in (state.read, state.write):
        with pytest.raises(StateError, match="has been closed"):
            async with use():
                pass
    async with await State.open(url) as again, again.read() as connection:
        assert (await connection.execute(text("SELECT value FROM metadata"))).scalar() == "1"


async def test_closing_waits_for_who_reads(url: str) -> None:
    state = await State.open(url)
    begun = asyncio.Event()
    ended: list[str] = []

    async def read() -> None:
        async with state.read() as connection:
            begun.set()
            await asyncio.sleep(0.1)
            await connection.execute(text("SELECT value FROM metadata"))
            ended.append("reading")

    reading = asyncio.create_task(read())
    await begun.wait()
    await state.close()
    ended.append("closing")
    await reading
    assert ended == ["reading", "closing"]
