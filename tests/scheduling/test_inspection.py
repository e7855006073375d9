"""Looking at a state changes nothing, and says what is wrong with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.errors import StateError
from bot.scheduling.storage import database
from bot.scheduling.storage.archive import copy
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import inspect_state
from bot.scheduling.storage.metadata import get_value
from bot.scheduling.storage.tables import REVISION
from tests.scheduling.conftest import full_disk

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_state_in_use_is_current(state: State, url: str) -> None:
    inspected = await inspect_state(url)
    assert (inspected.revision, inspected.is_current) == (REVISION, True)
    assert not inspected.is_shared


async def test_an_empty_database_has_no_revision_and_is_not_migrated(url: str) -> None:
    for _ in range(2):
        assert (await inspect_state(url)).revision is None


async def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    file = tmp_path / "later" / "state.db"
    inspected = await inspect_state(f"sqlite:///{file}")
    assert (inspected.place, inspected.revision) == (str(file), None)
    assert not file.parent.exists()


async def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="cannot be made in"):
        await inspect_state(f"sqlite:///{tmp_path / 'file' / 'state.db'}")


async def test_a_newer_state_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    async with await State.open(url):
        pass
    with closing(sqlite3.connect(tmp_path / "state.db")) as changed:
        changed.execute("UPDATE alembic_version SET version_num = '9999'")
        changed.commit()
    with pytest.raises(StateError, match="newer than this program"):
        await inspect_state(url)


async def test_a_locked_state_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 20)
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}"):
        pass
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="locked by another program"):
            await inspect_state(f"sqlite:///{file}")
        other.execute("ROLLBACK")


async def test_a_full_disk_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    async with await State.open(url):
        with full_disk(), pytest.raises(StateError, match="the disk is full; free some space"):
            await inspect_state(url)
        await inspect_state(url)


async def test_a_state_that_takes_a_lock_but_no_row_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    async with await State.open(url):
        pass
    with closing(sqlite3.connect(tmp_path / "state.db")) as changed:
        changed.execute("ALTER TABLE metadata RENAME TO elsewhere")
        changed.commit()
    with pytest.raises(StateError, match="could not be used"):
        await inspect_state(url)


async def test_looking_leaves_no_value_behind(state: State, url: str) -> None:
    await inspect_state(url)
    async with state.read() as connection:
        assert await get_value(connection, "write_check") is None


FOREIGN = {
    "with tables of its own": ["CREATE TABLE recipes (name)"],
    "with migrations of its own": [
        "CREATE TABLE recipes (name)",
        "CREATE TABLE alembic_version (version_num)",
        f"INSERT INTO alembic_version VALUES ('{REVISION}')",
    ],
}


@pytest.mark.parametrize("kind", FOREIGN)
async def test_another_programs_file_is_refused_and_left_as_it_is(
    tmp_path: Path, kind: str
) -> None:
    file, new = tmp_path / "recipes.db", tmp_path / "state.db"
    with closing(sqlite3.connect(file)) as theirs:
        for statement in FOREIGN[kind]:
            theirs.execute(statement)
        theirs.commit()
    file.chmod(0o644)
    before = file.read_bytes()
    url = f"sqlite:///{file}"
    for use in (inspect_state(url), State.open(url), copy(url, f"sqlite:///{new}")):
        with pytest.raises(StateError, match=r"not the bot's \(recipes\)|another program"):
            await use
    async with await State.open(f"sqlite:///{new}"):
        pass
    with pytest.raises(StateError, match=r"not the bot's \(recipes\)|another program"):
        await copy(f"sqlite:///{new}", url)
    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o777 == 0o644
    assert {path.name for path in tmp_path.iterdir()} == {"recipes.db", "state.db"}


async def test_opening_a_state_that_others_may_read_closes_it_to_them(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}"):
        pass
    file.chmod(0o664)
    async with await State.open(f"sqlite:///{file}") as state:
        await state.check()
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


async def test_a_file_that_others_may_read_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}"):
        pass
    file.chmod(0o644)
    assert (await inspect_state(f"sqlite:///{file}")).is_shared
