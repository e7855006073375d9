"""What readiness asks of the state and of the poster."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.errors import DiscordError, StateError
from bot.scheduling.storage import database
from bot.scheduling.storage.database import State
from bot.scheduling.storage.metadata import get_value
from tests.scheduling.conftest import full_disk
from tests.support.discord import Fate

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scheduling.conftest import Harness


async def test_a_state_that_can_be_written_is_well(state: State) -> None:
    await state.check()


async def test_a_check_writes_a_value_that_differs_from_the_one_before(state: State) -> None:
    written = []
    for _ in range(3):
        await state.check()
        async with state.read() as connection:
            written.append(await get_value(connection, "write_check"))
    assert written[0] == written[2] != written[1]


async def test_on_a_full_disk_a_state_is_not_well_until_there_is_room(tmp_path: Path) -> None:
    async with await State.open(f"sqlite:///{tmp_path / 'state.db'}") as state:
        for _ in range(2):  # the log has room of its own by now
            await state.check()
        with full_disk(), pytest.raises(StateError, match="the disk is full; free some space"):
            await state.check()
        await state.check()


async def test_a_start_on_a_full_disk_says_so(tmp_path: Path) -> None:
    there, new = (f"sqlite:///{tmp_path / name}" for name in ("there.db", "new.db"))
    await (await State.open(there)).close()
    for url in (there, new):
        with full_disk(), pytest.raises(StateError, match="the disk is full; free some space"):
            await State.open(url)
        await (await State.open(url)).close()


async def test_a_locked_state_is_not_well_until_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 20)
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}") as state:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StateError, match="locked by another program"):
                await state.check()
            other.execute("ROLLBACK")
        await state.check()


async def test_a_state_that_takes_a_lock_but_no_row_is_not_well(tmp_path: Path) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}") as state:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("ALTER TABLE metadata RENAME TO elsewhere")
        with pytest.raises(StateError, match="could not be used"):
            await state.check()


async def test_a_poster_whose_token_is_refused_is_not_well(harness: Harness) -> None:
    worker = harness.worker()
    await worker.check()
    await harness.add()
    harness.discord.fates.append(Fate.UNAUTHORISED)
    harness.clock.forward(hours=1)
    await harness.work(worker)
    with pytest.raises(DiscordError, match="does not accept the bot's token"):
        await worker.check()
