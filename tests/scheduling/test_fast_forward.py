"""Days that pass as in life, though in a moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.scheduling.fast_forward import FastForward
from bot.scheduling.models import Outcome
from bot.scheduling.recurrence import Timetable
from tests.scheduling.conftest import GUILD, Harness

if TYPE_CHECKING:
    from collections.abc import Coroutine


class Hours:
    """The harness's clock, as it is moved in a demonstration."""

    def __init__(self, harness: Harness) -> None:
        self.now = harness.clock.now
        self._clock = harness.clock

    def forward(self, by: timedelta) -> None:
        self._clock.moment += by


def fast_forward(harness: Harness) -> FastForward:
    """Pass days at a harness whose poster works when it is nudged."""
    worker, turns = harness.worker(), set[asyncio.Task[None]]()

    def begin(work: Coroutine[None, None, None]) -> None:
        turns.add(turn := asyncio.create_task(work))
        turn.add_done_callback(turns.discard)

    return FastForward(harness.state, Hours(harness), lambda: begin(harness.work(worker)))


async def test_every_post_on_the_way_is_made_on_time(harness: Harness) -> None:
    for hour in (1, 9, 23):
        await harness.add(f"at {hour}", channel_id=hour, timetable=Timetable(time(hour), "UTC"))
    goal = harness.clock.now() + timedelta(days=3, minutes=5)
    await fast_forward(harness).run_until(goal)
    ledger = await harness.history()
    assert [delivery.outcome for delivery in ledger] == [Outcome.SENT] * 9
    assert all(
        (delivery.finished_at or goal) - delivery.scheduled_for < timedelta(seconds=5)
        for delivery in ledger
    )
    assert timedelta() <= harness.clock.now() - goal < timedelta(minutes=1)


async def test_what_was_due_before_is_made_first_and_nothing_is_due_moves_the_clock(
    harness: Harness,
) -> None:
    await harness.add()
    harness.clock.forward(hours=3)
    goal = harness.clock.now() + timedelta(minutes=1)
    await fast_forward(harness).run_until(goal)
    assert [delivery.outcome for delivery in await harness.history()] == [Outcome.SENT]
    await harness.schedules.pause(GUILD, "morning")
    await fast_forward(harness).run_until(datetime(2027, 1, 1, tzinfo=UTC))
    assert harness.clock.now() >= datetime(2027, 1, 1, tzinfo=UTC)
    assert len(await harness.history()) == 1
