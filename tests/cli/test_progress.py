from __future__ import annotations

import io
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

from bot.cli.progress import show_count, show_progress

if TYPE_CHECKING:
    import pytest


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
