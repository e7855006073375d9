"""The questions of the shared folder, scored by the program that lies beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli.main import linernotes
from tests.support.shared import QUESTIONS, has_questions
from tests.support.waiting import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.stores import Stores

pytestmark = [pytest.mark.shared, has_questions]

# Floors that only rise, and a ceiling that only falls; in percent of each set. Only four of the
# themes here have no quote: those that are left alone have their floor in answering/test_floors.py.
AT_LEAST = {"answerable_right": 88.0, "quotes_right": 80.0}
AT_MOST = {"answerable_wrong": 3.0, "unanswerable_invented": 4.5, "far_suggested": 10.0}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory, stores: Stores) -> Mapping[str, float]:
    folder = tmp_path_factory.mktemp("scored")
    stores.put_shipped(folder)
    asked = b"".join(
        (QUESTIONS / name).read_bytes() for name in ("answerable.jsonl", "unanswerable.jsonl")
    )
    replies = _replies("ask", asked, folder)
    quotes = _replies("quote", (QUESTIONS / "quotes.jsonl").read_bytes(), folder)
    places = ("--questions", str(QUESTIONS), "--topics", str(QUESTIONS / "topics.json"))
    given = ("--replies", str(replies), "--quotes", str(quotes))
    scored = subprocess.run(
        [sys.executable, str(QUESTIONS / "score.py"), *places, *given],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    )
    found: dict[str, float] = json.loads(scored.stdout)
    return found


def _replies(command: str, lines: bytes, folder: Path) -> Path:
    """Return the file of a command's replies to JSON lines."""
    env = {"LINERNOTES_DATA_DIR": str(folder)}
    result = CliRunner().invoke(linernotes, [command, "--jsonl"], lines, env)
    assert result.exit_code == 0, result.output
    path = folder / f"{command}.jsonl"
    path.write_text(result.output, encoding="utf-8")
    return path


@pytest.mark.parametrize("figure", AT_LEAST)
def test_enough_is_answered_rightly(figures: Mapping[str, float], figure: str) -> None:
    assert figures[figure] >= AT_LEAST[figure], figures


@pytest.mark.parametrize("figure", AT_MOST)
def test_little_is_invented(figures: Mapping[str, float], figure: str) -> None:
    assert figures[figure] <= AT_MOST[figure], figures
