"""Unanswered questions are kept beside the answer, never at its cost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import structlog

from bot.client.gap_recorder import MAX_UNDER_WAY, GapRecorder
from bot.client.knowledge import InFlight
from bot.errors import StateError
from bot.scheduling.gaps import GapService

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.scheduling.models import Gap

TYPED = "Who painted the xylophone?"


class Gaps(GapService):
    """Gaps that are written down once they may be, or fail."""

    def __init__(self, fault: Exception | None = None) -> None:  # it has no state to be given
        self.may_write = asyncio.Event()
        self.kept: list[str] = []
        self._fault = fault

    async def keep_question(
        self, guild_id: int, typed: str, known: Collection[str] = ()
    ) -> Gap | None:
        await self.may_write.wait()
        if self._fault:
            raise self._fault
        self.kept.append(typed)
        return None


async def test_a_stop_waits_for_questions_that_are_being_kept() -> None:
    gaps, in_flight = Gaps(), InFlight()
    recorder = GapRecorder(gaps, in_flight)
    assert recorder.keep_question(1, f"{TYPED} Mail ann@x.org", ())
    await asyncio.sleep(0)
    assert in_flight.count == 1
    gaps.may_write.set()
    await in_flight.wait_until_idle()
    assert gaps.kept == [f"{TYPED} Mail …"]


async def test_in_a_flood_no_more_wait_than_there_is_room_for() -> None:
    gaps, in_flight = Gaps(), InFlight()
    recorder = GapRecorder(gaps, in_flight)
    begun = [recorder.keep_question(1, TYPED, ()) for _ in range(MAX_UNDER_WAY + 5)]
    assert begun.count(True) == MAX_UNDER_WAY
    await asyncio.sleep(0)
    gaps.may_write.set()
    await in_flight.wait_until_idle()
    assert len(gaps.kept) == MAX_UNDER_WAY


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (StateError("The disk is full."), "The disk is full."),
        (ValueError(f"what to do with {TYPED}"), "ValueError"),
    ],
)
async def test_a_failure_is_logged_without_the_words(fault: Exception, told: str) -> None:
    gaps, in_flight = Gaps(fault), InFlight()
    gaps.may_write.set()
    with structlog.testing.capture_logs() as logged:
        assert GapRecorder(gaps, in_flight).keep_question(1, TYPED, ())
        await asyncio.sleep(0)
        await in_flight.wait_until_idle()
    (line,) = logged
    assert line["event"] == "gap not kept"
    assert told in str(line)
    assert "xylophone" not in str(line)


async def test_without_a_state_nothing_is_kept() -> None:
    assert not GapRecorder(None, InFlight()).keep_question(1, TYPED, ())
