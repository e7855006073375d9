"""Backups, bringing them back, and moving between databases."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.errors import StateError
from bot.scheduling.models import Outcome
from bot.scheduling.storage.archive import backup, check_backup, copy, mark_restored, restore
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import inspect_state
from tests.scheduling.conftest import CHANNEL, GUILD, Harness
from tests.support.discord import Clock, Fate

if TYPE_CHECKING:
    from pathlib import Path

    from bot.scheduling.models import Delivery
    from tests.support.postgres import PostgresServer

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def sqlite_url(folder: Path, name: str = "state.db") -> str:
    return f"sqlite:///{folder / name}"


async def names(url: str) -> list[str]:
    async with await State.open(url) as state:
        return [schedule.name for schedule in await Harness(state).schedules.list(GUILD)]


async def add(url: str, name: str) -> None:
    async with await State.open(url) as state:
        await Harness(state).guilds.set_packs(GUILD, None)
        harness = Harness(state)
        harness.schedules._new_id = lambda: f"id-of-{name}"
        await harness.add(name)


async def test_a_backup_of_a_running_bot_has_everything(tmp_path: Path) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    async with await State.open(url) as running:
        await Harness(running).add("morning")
        backup(url, file)
    assert await names(f"sqlite:///{file}") == ["morning"]
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_backup_goes_on_while_the_bot_writes_and_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.scheduling.storage.archive.PAGES_A_STEP", 8)
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    told: list[tuple[int, int]] = []
    async with await State.open(url) as running:
        await Harness(running).add("morning")

        def rename(done: int, total: int) -> None:
            with closing(sqlite3.connect(tmp_path / "state.db")) as other:
                other.execute("UPDATE schedules SET name = ?", (f"after {done} pages",))
                other.commit()
            told.append((done, total))

        backup(url, file, rename)

    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert await names(f"sqlite:///{file}") == ["morning"]


async def test_a_backup_brought_back_replaces_the_state_and_keeps_the_old_one(
    tmp_path: Path,
) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    await add(url, "first")
    backup(url, file)
    await add(url, "second")
    kept = restore(url, file, NOON)
    assert await names(url) == ["first"]
    assert kept == tmp_path / "state.db.kept-20260601T120000Z"
    assert await names(f"sqlite:///{kept}") == ["first", "second"]


async def test_a_stale_log_beside_the_state_does_not_spoil_what_is_brought_back(
    tmp_path: Path,
) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    await add(url, "first")
    backup(url, file)
    state = tmp_path / "state.db"
    crashed = sqlite3.connect(state)
    crashed.execute("PRAGMA journal_mode = WAL")
    crashed.execute("PRAGMA wal_autocheckpoint = 0")
    crashed.execute("UPDATE schedules SET name = 'later'")
    crashed.commit()
    left = {name: (tmp_path / name).read_bytes() for name in ("state.db-wal", "state.db")}
    crashed.close()
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    kept = restore(url, file, NOON)
    assert await names(url) == ["first"]
    assert await names(f"sqlite:///{kept}") == ["later"]


async def test_nothing_is_brought_back_while_the_bot_runs(tmp_path: Path) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    async with await State.open(url) as running:
        await Harness(running).add("morning")
        backup(url, file)
        with pytest.raises(StateError, match="is in use; stop the bot"):
            restore(url, file, NOON)
        assert len(await Harness(running).schedules.list(GUILD)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "state.db"]


KILLED_AT_EVERY_STEP = """
import os, shutil, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.scheduling.storage.archive import restore

def die_at(step):
    steps = iter(range(step))
    def watch(event, args):
        if event in WATCHED and "state.db" in str(args) and next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)

WATCHED = {"open", "sqlite3.connect", "os.link", "os.rename", "os.remove", "shutil.copyfile"}
folder, step = Path(sys.argv[1]), 0
while True:
    case = folder / f"case-{step}"
    shutil.copytree(folder / "before", case)
    child = os.fork()
    if not child:
        die_at(step)
        restore(f"sqlite:///{case / 'state.db'}", folder / "backup.db", datetime.now(UTC))
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        break
    step += 1
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither fork nor SIGKILL")
@pytest.mark.parametrize("is_damaged", [False, True], ids=["sound", "damaged"])
async def test_a_restore_killed_at_any_step_never_leaves_a_start_without_a_state(
    tmp_path: Path, *, is_damaged: bool
) -> None:
    before = tmp_path / "before"
    before.mkdir()
    await add(sqlite_url(before), "first")
    backup(sqlite_url(before), tmp_path / "backup.db")
    await add(sqlite_url(before), "second")
    if is_damaged:
        (before / "state.db").write_bytes(b"damaged" * 1000)
    killing = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path)]
    await asyncio.to_thread(subprocess.run, killing, check=True)
    cases = sorted(tmp_path.glob("case-*"), key=lambda case: int(case.name[5:]))
    assert len(cases) > 8
    assert all((case / "state.db").exists() for case in cases)  # the old one or the new one
    found = [await names_or_refusal(case) for case in cases]
    # Killed before anything was written, the old state; then a refusal; at the end the new one.
    untouched = "StateError" if is_damaged else ["first", "second"]
    assert [one for one, _ in itertools.groupby(found)] == [untouched, "interrupted", ["first"]]
    for case in cases:  # from everything that was left, a restore gets to its end
        restore(sqlite_url(case), tmp_path / "backup.db", NOON)
        assert await names(sqlite_url(case)) == ["first"]


async def names_or_refusal(folder: Path) -> list[str] | str:
    try:
        return await names(sqlite_url(folder))
    except StateError as error:
        with pytest.raises(StateError) as told_by_doctor:
            await inspect_state(sqlite_url(folder))
        told = {"or was cut off" in str(one) for one in (error, told_by_doctor.value)}
        return "interrupted" if told == {True} else "StateError"


async def test_no_empty_state_is_made_beside_one_that_a_restore_kept(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    await add(url, "first")
    kept = (tmp_path / "state.db").rename(tmp_path / "state.db.kept-20260601T120000Z")
    for look in (State.open, inspect_state):
        with pytest.raises(StateError, match="an old one that a restore kept"):
            await look(url)
    restore(url, kept, NOON + timedelta(hours=1))
    assert await names(url) == ["first"]


async def test_a_damaged_state_can_be_replaced(tmp_path: Path) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    await add(url, "first")
    backup(url, file)
    (tmp_path / "state.db").write_bytes(b"damaged" * 1000)
    restore(url, file, NOON)
    assert await names(url) == ["first"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("missing", "There is no file"),
        ("text", "is not a database"),
        ("other", "not a state of this bot"),
        ("newer", "newer program"),
        ("damaged", "damaged"),
    ],
)
async def test_a_backup_that_is_no_good_changes_nothing(
    tmp_path: Path, fault: str, said: str
) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    await add(url, "first")
    if fault != "missing":
        backup(url, file)
        spoil(file, fault)
    with pytest.raises(StateError, match=said):
        restore(url, file, NOON)
    assert await names(url) == ["first"]
    assert not list(tmp_path.glob("*.kept-*"))
    assert not list(tmp_path.glob("*.draft*"))


def spoil(file: Path, fault: str) -> None:
    match fault:
        case "text":
            file.write_text("Dear diary, " * 100)
        case "other":
            file.unlink()
            sqlite3.connect(file).execute("CREATE TABLE one (two)").connection.close()
        case "newer":
            database = sqlite3.connect(file)
            database.execute("UPDATE alembic_version SET version_num = '9999'")
            database.commit()
            database.close()
        case _:
            content = bytearray(file.read_bytes())
            content[5000:] = b"\x07" * (len(content) - 5000)
            file.write_bytes(bytes(content))


async def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    await add(sqlite_url(tmp_path), "first")
    (tmp_path / "backup.db").write_text("precious")
    with pytest.raises(StateError, match="exists already"):
        backup(sqlite_url(tmp_path), tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "precious"


def test_postgres_is_left_to_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="pg_dump"):
        backup("postgresql://bot@db/notes", tmp_path / "backup")
    with pytest.raises(StateError, match="pg_restore"):
        restore("postgresql://bot@db/notes", tmp_path / "backup", NOON)


@pytest.mark.postgres
async def test_a_state_goes_to_postgres_and_back_whole(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    there, target = sqlite_url(tmp_path), postgres_server.new_database()
    async with await State.open(there) as state:
        harness = Harness(state)
        await harness.add("morning", role_id=2**62)
        await harness.add("evening", channel_id=5)
        await harness.guilds.set_packs(GUILD, frozenset({"duo"}))
        harness.clock.forward(hours=1)
        await harness.work()
        before = await content(harness)
    reports: list[tuple[int, int]] = []
    first = await copy(there, target, lambda *report: reports.append(report))
    back = await copy(target, sqlite_url(tmp_path, "back.db"))
    assert first.rows == back.rows > 6
    assert reports == sorted(reports)
    assert reports[-1] == (first.rows, first.rows)
    async with (
        await State.open(target) as moved,
        await State.open(sqlite_url(tmp_path, "back.db")) as returned,
    ):
        assert await content(Harness(moved)) == await content(Harness(returned)) == before
        harness = Harness(moved)
        harness.clock.forward(days=1, hours=1)
        await harness.work()
        assert len(harness.discord.posted(CHANNEL)) == 1


async def content(harness: Harness) -> object:
    return (
        await harness.schedules.list(GUILD),
        await harness.history(),
        await harness.guilds.get(GUILD),
        (await harness.records.check_schedule(GUILD, "morning")).unseen,
    )


async def test_a_target_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    one, two = sqlite_url(tmp_path, "one.db"), sqlite_url(tmp_path, "two.db")
    await add(one, "first")
    await add(two, "second")
    with pytest.raises(StateError, match="is not empty"):
        await copy(one, two)
    assert await names(two) == ["second"]


async def test_a_state_is_not_copied_onto_itself_or_from_nowhere(tmp_path: Path) -> None:
    one, two = sqlite_url(tmp_path, "one.db"), sqlite_url(tmp_path, "two.db")
    with pytest.raises(StateError, match="onto itself"):
        await copy(one, one)
    with pytest.raises(StateError, match="nothing to copy"):
        await copy(one, two)
    assert not (tmp_path / "one.db").exists()


async def posted_since_a_backup(tmp_path: Path, *, is_readable: bool = True) -> Harness:
    """Give the harness of a state brought back from before its post at nine was made."""
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    async with await State.open(url) as state:
        harness = Harness(state)
        await harness.add()
        backup(url, file)
        harness.clock.forward(hours=1)
        await harness.work()
        assert len(harness.discord.posted(CHANNEL)) == 1
    harness.clock.forward(minutes=30)
    restore(url, file, harness.clock.now())
    if not is_readable:
        harness.discord.unreadable.add(CHANNEL)
    return harness


async def work_with(harness: Harness, folder: Path) -> list[Delivery]:
    """Let a poster work at the restored state, over the same Discord and clock."""
    async with await State.open(sqlite_url(folder)) as state:
        again = Harness(state, clock=harness.clock, quotes=harness.quotes)
        again.discord = harness.discord
        for _ in range(3):
            await again.work()
        return await again.history()


async def test_what_was_posted_since_a_backup_is_found_and_not_posted_again(tmp_path: Path) -> None:
    harness = await posted_since_a_backup(tmp_path)
    (delivery,) = await work_with(harness, tmp_path)
    (message,) = harness.discord.messages[CHANNEL]
    assert (delivery.outcome, delivery.message_id) == (Outcome.SENT, message.id)


async def test_what_was_not_posted_since_a_backup_is_posted_late(tmp_path: Path) -> None:
    harness = await posted_since_a_backup(tmp_path)
    harness.discord.messages.clear()
    (delivery,) = await work_with(harness, tmp_path)
    assert delivery.outcome is Outcome.SENT
    assert len(harness.discord.posted(CHANNEL)) == 1


async def test_what_cannot_be_looked_for_after_a_restore_is_unknown_and_told(
    tmp_path: Path,
) -> None:
    harness = await posted_since_a_backup(tmp_path, is_readable=False)
    (delivery,) = await work_with(harness, tmp_path)
    assert delivery.outcome is Outcome.UNKNOWN
    assert len(harness.discord.posted(CHANNEL)) == 1
    ((_, _, told),) = harness.discord.alerts
    assert "may or may not have been posted; it is not sent again" in told


async def test_what_is_too_old_after_a_restore_is_unknown_not_missed(tmp_path: Path) -> None:
    harness = await posted_since_a_backup(tmp_path)
    harness.clock.forward(hours=12)
    (delivery,) = await work_with(harness, tmp_path)
    assert delivery.outcome is Outcome.UNKNOWN
    ((_, _, told),) = harness.discord.alerts
    assert "may or may not have been posted: a backup was brought back" in told


async def test_a_claim_that_a_backup_holds_open_is_looked_for_too(tmp_path: Path) -> None:
    url, file = sqlite_url(tmp_path), tmp_path / "backup.db"
    async with await State.open(url) as state:
        harness = Harness(state)
        await harness.add()
        harness.clock.forward(hours=1)
        harness.discord.fates.append(Fate.UNREACHABLE)
        await harness.work()
        backup(url, file)
        harness.clock.forward(minutes=10)
        await harness.work()
    harness.clock.forward(minutes=30)
    restore(url, file, harness.clock.now())
    (delivery,) = await work_with(harness, tmp_path)
    assert delivery.outcome is Outcome.SENT
    assert len(harness.discord.posted(CHANNEL)) == 1


async def test_a_state_brought_back_by_other_means_is_looked_through_alike(url: str) -> None:
    async with await State.open(url) as state:
        harness = Harness(state)
        added = await harness.add()
        harness.clock.forward(hours=1)
        await harness.work()
        await mark_restored(url, harness.clock.now())
        async with state.write() as transaction:
            await transaction.execute(text("DELETE FROM deliveries"))
            await transaction.execute(
                text("UPDATE schedules SET next_day = :day, next_due = :due"),
                {"day": "2026-06-01", "due": int(harness.clock.now().timestamp()) * 1_000_000},
            )
        harness.clock.forward(minutes=30)
        for _ in range(3):
            await harness.work()
        (delivery,) = await harness.history()
    assert (delivery.schedule_id, delivery.outcome) == (added.id, Outcome.SENT)
    assert len(harness.discord.posted(CHANNEL)) == 1


async def test_an_empty_database_is_not_said_to_be_brought_back(url: str) -> None:
    with pytest.raises(StateError, match="There is no state in the database"):
        await mark_restored(url, Clock().now())
    with pytest.raises(StateError, match="There is no state in the database"):
        await mark_restored(url, Clock().now())  # nor did asking make one


async def test_a_backup_with_an_empty_version_table_is_refused(tmp_path: Path) -> None:
    await add(sqlite_url(tmp_path), "first")
    with closing(sqlite3.connect(tmp_path / "state.db")) as changed:
        changed.execute("DELETE FROM alembic_version")
        changed.commit()
    with pytest.raises(StateError, match="names no version"):
        check_backup(tmp_path / "state.db")
