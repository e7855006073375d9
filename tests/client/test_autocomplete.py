"""What becomes of an autocompletion that fails."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from discord import app_commands

from bot.client.autocomplete import Choice, autocompleting
from bot.errors import StateError, UserFacingError


async def complete(error: Exception | None) -> list[Choice]:
    """Fail, or take for ever."""
    if error:
        raise error
    await asyncio.Event().wait()
    return [app_commands.Choice(name="x", value="x")]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(StateError("The state is away."), "The state is away."), (None, "not done within 0.01 s")],
)
async def test_a_slow_or_lost_one_is_a_line_at_warning(
    error: Exception | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.client.autocomplete.COMPLETION_SECONDS", 0.01)
    with structlog.testing.capture_logs() as logged:
        assert await autocompleting(complete)(error) == []
    (line,) = logged
    assert (line["log_level"], line["reason"]) == ("warning", reason)
    assert "exc_info" not in line


async def test_a_refusal_is_nothing_to_log_and_a_fault_of_ours_keeps_its_traceback() -> None:
    with structlog.testing.capture_logs() as logged:
        assert await autocompleting(complete)(UserFacingError("Not here.")) == []
        assert await autocompleting(complete)(KeyError("x")) == []
    (line,) = logged
    assert line["log_level"] == "error"
    assert line["exc_info"]
