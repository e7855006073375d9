from __future__ import annotations

import asyncio
import io
import json
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

import pytest

from bot.cli.progress import report_part, show_count, show_progress
from bot.scheduling.storage.database import State
from tests.cli.test_advising import written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

LONG = {
    "facts eval": "Asking the questions",
    "facts lint": "Looking through the packs",
    "facts audit": "Holding the pack against its source",
    "backup": "Copying the state",
    "restore": "Copying the backup",
    "state copy": "Copying the state",
}
"""The commands that take long, each with the words beside its bar."""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is() -> None:
    terminal = Terminal()
    with redirect_stderr(terminal), show_progress(["a", "b"], "Asking the questions") as shown:
        assert list(shown) == ["a", "b"]

    assert "Asking the questions" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_a_terminal_shows_a_count_of_a_total_that_is_known_later() -> None:
    terminal = Terminal()
    with redirect_stderr(terminal), show_count("Copying the state") as report:
        report(5, 20)
        report(20, 20)

    assert " 25%" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_a_state_without_rows_is_counted_too() -> None:
    with redirect_stderr(Terminal()), show_count("Copying the state") as report:
        report(0, 0)


def test_a_pipe_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(["a", "b"], "Asking the questions") as shown:
        assert list(shown) == ["a", "b"]
    with show_count("Copying the state") as report:
        report(1, 2)

    assert capsys.readouterr() == ("", "")


def test_parts_of_a_work_are_reported_as_one() -> None:
    reported: list[tuple[int, int]] = []
    for part in range(2):
        report = report_part(lambda done, total: reported.append((done, total)), part, 2)
        report(5, 10)
        report(10, 10)

    assert reported == [(5, 20), (10, 20), (15, 20), (20, 20)]


@pytest.fixture
def words_of(tmp_path: Path) -> dict[str, list[str | Path]]:
    """What each command is called with, in a folder with a pack and a state."""
    pack, questions = written(tmp_path), tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"id": "q", "question": "Who drums?", "facts": ["drummer"]}))
    source = tmp_path / "source.txt"
    source.write_text("They recorded in a barn.\n\nMika drums.\n\nThe end.\n")
    states = [f"sqlite:///{tmp_path / name}" for name in ("state.db", "other.db")]
    asyncio.run(make_state(states[0]))
    backup = tmp_path / "before.db"
    backup.write_bytes((tmp_path / "state.db").read_bytes())
    return {
        "facts eval": [questions, "--packs", pack],
        "facts lint": [pack],
        "facts audit": [pack, "--source", source],
        "backup": [tmp_path / "backup.db"],
        "restore": [backup],
        "state copy": ["--from", states[0], "--to", states[1]],
    }


async def make_state(url: str) -> None:
    async with await State.open(url):
        pass


@pytest.mark.parametrize("command", LONG)
def test_a_long_command_shows_how_far_it_is_in_a_terminal_alone(
    run: Run,
    words_of: dict[str, list[str | Path]],
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = f"sqlite+aiosqlite:///{tmp_path / 'state.db'}"
    words = [*command.split(), *words_of[command]]

    monkeypatch.setattr("bot.cli.progress.is_terminal", lambda: True)
    assert LONG[command] in run(*words, LINERNOTES_STATE_URL=state).stderr

    monkeypatch.setattr("bot.cli.progress.is_terminal", lambda: False)
    assert LONG[command] not in run(*words, LINERNOTES_STATE_URL=state).stderr
