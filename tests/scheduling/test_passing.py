"""Days that pass as in life, though in a moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from bot.scheduling.fast_forward import FastForward
from bot.scheduling.models import Outcome
from bot.scheduling.recurrence import Timetable
from tests.scheduling.conftest import GUILD, Desk, long_on_postgres


class Hours:
    """The desk's clock, as it is moved in a demonstration."""

    def __init__(self, desk: Desk) -> None:
        self.now = desk.clock.now
        self._clock = desk.clock

    def forward(self, by: timedelta) -> None:
        self._clock.moment += by


async def let_pass(desk: Desk, goal: datetime) -> None:
    """Let days pass at a desk whose poster works when it is nudged, and let it finish."""
    worker = desk.worker()
    async with asyncio.TaskGroup() as turns:

        def nudge() -> None:
            turns.create_task(desk.work(worker))

        await FastForward(desk.state, Hours(desk), nudge).until(goal)


@long_on_postgres
async def test_every_post_on_the_way_is_made_on_time(desk: Desk) -> None:
    for hour in (1, 9, 23):
        await desk.add(f"at {hour}", channel_id=hour, timetable=Timetable(time(hour), "UTC"))
    goal = desk.clock.now() + timedelta(days=3, minutes=5)
    await let_pass(desk, goal)
    ledger = await desk.ledger()
    assert [delivery.outcome for delivery in ledger] == [Outcome.SENT] * 9
    assert all(
        (delivery.finished_at or goal) - delivery.scheduled_for < timedelta(seconds=5)
        for delivery in ledger
    )
    assert timedelta() <= desk.clock.now() - goal < timedelta(minutes=1)


async def test_what_was_due_before_is_made_first_and_nothing_is_due_moves_the_clock(
    desk: Desk,
) -> None:
    await desk.add()
    desk.clock.forward(hours=3)
    goal = desk.clock.now() + timedelta(minutes=1)
    await let_pass(desk, goal)
    assert [delivery.outcome for delivery in await desk.ledger()] == [Outcome.SENT]
    await desk.schedules.pause(GUILD, "morning")
    await let_pass(desk, datetime(2027, 1, 1, tzinfo=UTC))
    assert desk.clock.now() >= datetime(2027, 1, 1, tzinfo=UTC)
    assert len(await desk.ledger()) == 1
