"""`linernotes backup`, `restore`, `state copy`: told what was done, or why not."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli.main import linernotes
from bot.cli.program import Program
from bot.errors import StateError
from bot.scheduling.models import ScheduleSettings
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.storage.database import State
from tests.support.discord import Clock, FakeQuotes

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


class Terminal:
    """The commands over a state in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder / 'state.db'}"

    def run(self, *words: str) -> str:
        settings = {"LINERNOTES_STATE_URL": self.url.replace("sqlite:", "sqlite+aiosqlite:")}
        done = CliRunner(env=settings).invoke(
            linernotes, words, obj=Program(now=lambda: NOW), catch_exceptions=False
        )
        assert done.exit_code == 0, done.output
        return done.output

    def add(self, name: str) -> None:
        async def add() -> None:
            async with await State.open(self.url) as state:
                await self._schedules(state).add(
                    1, name, ScheduleSettings(7, Timetable(time(9), "UTC")), created_by=42
                )

        asyncio.run(add())

    def names(self, url: str | None = None) -> list[str]:
        async def names() -> list[str]:
            async with await State.open(url or self.url) as state:
                return [one.name for one in await self._schedules(state).list(1)]

        return asyncio.run(names())

    def _schedules(self, state: State) -> ScheduleService:
        return ScheduleService(
            state, FakeQuotes(), Clock(), lambda: secrets.token_hex(8), lambda: None
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_a_backup_brings_back_what_was_there(terminal: Terminal) -> None:
    file = terminal.folder / "backup.db"
    terminal.add("morning")
    assert terminal.run("backup", str(file)) == f"Backed up to {file}.\n"
    terminal.add("evening")
    told = terminal.run("restore", str(file))
    assert f"Restored from {file}.\nThe old state is kept in {terminal.folder}" in told
    assert "What is due is looked for in its channel before it is posted" in told
    assert terminal.names() == ["morning"]
    assert "Noted in " in terminal.run("state", "restored")


def test_a_backup_never_replaces_a_file(terminal: Terminal) -> None:
    terminal.add("morning")
    file = terminal.folder / "backup.db"
    file.write_text("mine")
    with pytest.raises(StateError, match="exists already; name a new file"):
        terminal.run("backup", str(file))
    assert file.read_text() == "mine"


def test_what_is_no_backup_replaces_nothing(terminal: Terminal) -> None:
    terminal.add("morning")
    file = terminal.folder / "letter.txt"
    file.write_text("Dear all, " * 100)
    with pytest.raises(StateError, match="is not a database"):
        terminal.run("restore", str(file))
    assert terminal.names() == ["morning"]


def test_a_state_is_copied_whole_to_an_empty_database(terminal: Terminal) -> None:
    terminal.add("morning")
    target = f"sqlite:///{terminal.folder / 'other.db'}"
    assert "Copied " in terminal.run("state", "copy", "--to", target)
    assert terminal.names(target) == ["morning"]
    with pytest.raises(StateError, match="is not empty"):
        terminal.run("state", "copy", "--to", target)


def test_a_state_that_is_not_there_is_not_said_to_be_brought_back(terminal: Terminal) -> None:
    with pytest.raises(StateError, match=r"no state in the database .*; bring the backup back"):
        terminal.run("state", "restored")
    assert list(terminal.folder.iterdir()) == []


@pytest.mark.parametrize("content", [None, b""])
def test_a_state_that_is_not_there_is_copied_nowhere(
    terminal: Terminal, content: bytes | None
) -> None:
    if content is not None:
        (terminal.folder / "state.db").write_bytes(content)
    there = set(terminal.folder.iterdir())
    with pytest.raises(StateError, match=r"no state in the database .*; nothing to copy"):
        terminal.run("state", "copy", "--to", f"sqlite:///{terminal.folder / 'other.db'}")
    assert set(terminal.folder.iterdir()) == there


@pytest.mark.parametrize(
    "words", [("backup", "new.db"), ("restore", "none.db")], ids=["backup", "restore"]
)
def test_no_command_makes_a_state_that_was_not_there(
    terminal: Terminal, words: tuple[str, str]
) -> None:
    with pytest.raises(StateError, match="There is no"):
        terminal.run(words[0], str(terminal.folder / words[1]))
    assert list(terminal.folder.iterdir()) == []
