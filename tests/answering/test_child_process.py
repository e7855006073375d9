"""Work in a process of its own: its result, its error, and its early end."""

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.answering.child_process import run_in_child
from bot.errors import PackError
from bot.packs.files import read_text

if TYPE_CHECKING:
    from pathlib import Path

FOR_EVER_S = 100_000.0


def test_the_result_comes_back_and_an_expected_error_is_raised_here(tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("words", encoding="utf-8")

    assert run_in_child(read_text, tmp_path / "there.txt", name="reader", within=300) == "words"
    with pytest.raises(PackError, match="cannot be read"):
        run_in_child(read_text, tmp_path / "gone.txt", name="reader", within=300)


def test_work_that_nobody_wants_any_more_is_ended() -> None:
    unwanted = Event()
    unwanted.set()

    with pytest.raises(ChildProcessError, match="no longer wanted"):
        run_in_child(time.sleep, FOR_EVER_S, name="sleeper", within=300, unwanted=unwanted)

    names = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    assert [name for name in names if "spawn_main" in name] == []


def test_work_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError, match=r"sleeper: over 0\.01 seconds"):
        run_in_child(time.sleep, FOR_EVER_S, name="sleeper", within=0.01)
