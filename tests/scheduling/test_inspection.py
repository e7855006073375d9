"""Looking at a state changes nothing, and says what is wrong with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.errors import StateError
from bot.scheduling.storage import database
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import inspect_state
from bot.scheduling.storage.tables import REVISION

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


async def test_a_file_that_others_may_read_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}"):
        pass
    file.chmod(0o644)
    assert (await inspect_state(f"sqlite:///{file}")).is_shared
