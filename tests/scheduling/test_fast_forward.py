"""Days that pass as in life, though in a moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from bot.scheduling.fast_forward import FastForward
from bot.scheduling.models import Outcome
from bot.scheduling.recurrence import Timetable
from tests.scheduling.conftest import GUILD, Harness


class Hours:
    """The harness's clock, as it is moved in a demonstration."""

    def __init__(self, harness: Harness) -> None:
        self.now = harness.clock.now
        self._clock = harness.clock

    def forward(self, by: timedelta) -> None:
        self._clock.moment += by


async def let_pass(harness: Harness, goal: datetime) -> None:
    """Let days pass for a worker that works when it is nudged, and let it finish."""
    worker = harness.worker()
    async with asyncio.TaskGroup() as tasks:

        def nudge() -> None:
            tasks.create_task(harness.work(worker))

        await FastForward(harness.state, Hours(harness), nudge).run_until(goal)


async def test_every_post_on_the_way_is_made_on_time(harness: Harness) -> None:
    for hour in (1, 9, 23):
        await harness.add(f"at {hour}", channel_id=hour, timetable=Timetable(time(hour), "UTC"))
    goal = harness.clock.now() + timedelta(days=3, minutes=5)
    await let_pass(harness, goal)
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
    await let_pass(harness, goal)
    assert [delivery.outcome for delivery in await harness.history()] == [Outcome.SENT]
    await harness.schedules.pause(GUILD, "morning")
    await let_pass(harness, datetime(2027, 1, 1, tzinfo=UTC))
    assert harness.clock.now() >= datetime(2027, 1, 1, tzinfo=UTC)
    assert len(await harness.history()) == 1
