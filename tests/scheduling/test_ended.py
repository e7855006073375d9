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
    from tests.scheduling.conftest import Desk


async def counted(desk: Desk) -> Tally:
    tally = Tally()
    desk.ended = partial(record_delivery, tally)
    return tally


async def test_a_post_is_counted_with_how_late_it_was(desk: Desk) -> None:
    tally = await counted(desk)
    await desk.add()
    desk.clock.forward(hours=1, minutes=2)
    await desk.work()
    assert len(desk.discord.posted(CHANNEL)) == 1
    (sent,) = await desk.ledger()
    assert sent.finished_at is not None
    assert tally.posts == [("sent", (sent.finished_at - sent.scheduled_for).total_seconds())]
    assert sent.finished_at - sent.scheduled_for >= timedelta(minutes=2)


async def test_a_refusal_is_counted_without_lateness(desk: Desk) -> None:
    tally = await counted(desk)
    await desk.add()
    desk.discord.fates.append(Fate.FORBIDDEN)
    desk.clock.forward(hours=1)
    await desk.work()
    assert tally.posts == [("failed", None)]


async def test_missed_mornings_are_counted_each(desk: Desk) -> None:
    tally = await counted(desk)
    await desk.add()
    desk.clock.forward(days=3)
    await desk.work()
    assert set(tally.posts) == {("missed", None)}
    assert len(tally.posts) == len(await desk.ledger())


async def test_want_of_quotes_is_counted_once(desk: Desk) -> None:
    tally = await counted(desk)
    await desk.add()
    desk.quotes.packs.clear()
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.work()
    assert tally.posts == [("failed", None)]
