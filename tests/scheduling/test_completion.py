"""What a meter hears of daily posts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.observability.meter import record_delivery
from tests.scheduling.conftest import CHANNEL
from tests.support.discord import Fate
from tests.support.tally import Tally

if TYPE_CHECKING:
    from tests.scheduling.conftest import Harness


async def counted(harness: Harness) -> Tally:
    tally = Tally()
    harness.completed = partial(record_delivery, tally)
    return tally


async def test_a_post_is_counted_with_how_late_it_was(harness: Harness) -> None:
    tally = await counted(harness)
    await harness.add()
    harness.clock.forward(hours=1, minutes=2)
    await harness.work()
    assert len(harness.discord.posted(CHANNEL)) == 1
    (sent,) = await harness.history()
    assert sent.finished_at is not None
    assert tally.posts == [("sent", (sent.finished_at - sent.scheduled_for).total_seconds())]
    assert sent.finished_at - sent.scheduled_for >= timedelta(minutes=2)


async def test_a_refusal_is_counted_without_lateness(harness: Harness) -> None:
    tally = await counted(harness)
    await harness.add()
    harness.discord.fates.append(Fate.FORBIDDEN)
    harness.clock.forward(hours=1)
    await harness.work()
    assert tally.posts == [("failed", None)]


async def test_missed_mornings_are_counted_each(harness: Harness) -> None:
    tally = await counted(harness)
    await harness.add()
    harness.clock.forward(days=3)
    await harness.work()
    assert set(tally.posts) == {("missed", None)}
    assert len(tally.posts) == len(await harness.history())


async def test_want_of_quotes_is_counted_once(harness: Harness) -> None:
    tally = await counted(harness)
    await harness.add()
    harness.quotes.packs.clear()
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    assert tally.posts == [("failed", None)]
