"""A schedule that was removed posts no more, is as if gone, and can be brought back for a day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import ScheduleError
from bot.scheduling.clock import Trust
from bot.scheduling.models import Outcome, Trigger
from tests.scheduling.conftest import CHANNEL, GUILD
from tests.support.discord import Fate

if TYPE_CHECKING:
    from tests.scheduling.conftest import Harness


async def test_it_is_as_if_gone_and_its_name_is_free(harness: Harness) -> None:
    added = await harness.add()
    await harness.schedules.remove(GUILD, added.id)
    assert await harness.schedules.list(GUILD) == ()
    with pytest.raises(ScheduleError, match="This server has no schedule yet"):
        await harness.schedules.get(GUILD, "morning")
    with pytest.raises(ScheduleError, match="removed already"):
        await harness.schedules.remove(GUILD, added.id)
    await harness.mornings(1)
    assert not harness.discord.posted(CHANNEL)
    again = await harness.add()
    with pytest.raises(ScheduleError, match="There is a schedule called 'morning' already"):
        await harness.schedules.undo_removal(GUILD, added.id)
    await harness.schedules.remove(GUILD, again.id)
    stored = await harness.guilds.stored(GUILD)
    assert {one.id for one in stored.schedules} == {added.id, again.id}


async def test_brought_back_it_goes_on_with_its_history_and_its_deck(harness: Harness) -> None:
    added = await harness.add()
    await harness.mornings(1)
    before = await harness.schedules.get(GUILD, "morning")
    await harness.schedules.remove(GUILD, added.id)
    assert await harness.records.history(GUILD) == ()
    harness.clock.forward(hours=20)
    back = await harness.schedules.undo_removal(GUILD, added.id)
    assert replace(back, revision=before.revision) == before
    assert await harness.schedules.undo_removal(GUILD, added.id) == back
    await harness.mornings(1)
    assert len({*harness.discord.posted(CHANNEL)}) == 2
    assert [one.outcome for one in await harness.history()] == [Outcome.SENT] * 2


async def test_what_came_due_meanwhile_is_let_go_and_a_pause_stays_a_pause(
    harness: Harness,
) -> None:
    added, paused = await harness.add(), await harness.add("paused")
    await harness.schedules.pause(GUILD, "paused")
    for one in (added, paused):
        await harness.schedules.remove(GUILD, one.id)
    harness.clock.forward(hours=2)
    await harness.work()
    back = await harness.schedules.undo_removal(GUILD, added.id)
    assert back.next_due is not None
    assert back.next_due > harness.clock.now()
    assert (await harness.schedules.undo_removal(GUILD, paused.id)).is_paused(harness.clock.now())
    await harness.work()
    assert not harness.discord.posted(CHANNEL)


async def test_after_a_day_it_is_erased_and_so_is_the_empty_server(harness: Harness) -> None:
    added = await harness.add()
    await harness.mornings(1)
    await harness.schedules.remove(GUILD, added.id)
    assert len((await harness.guilds.stored(GUILD)).schedules) == 1
    harness.clock.forward(days=1)
    with pytest.raises(ScheduleError, match="It is erased by now; set it up anew"):
        await harness.schedules.undo_removal(GUILD, added.id)
    harness.clock.forward(minutes=1)
    await harness.work()
    stored = await harness.guilds.stored(GUILD)
    assert (stored.schedules, stored.delivery_count) == ((), 0)


async def test_by_a_clock_that_nobody_confirms_nothing_is_erased(harness: Harness) -> None:
    added = await harness.add()
    await harness.schedules.remove(GUILD, added.id)
    harness.time_check.trust = Trust.UNTOLD
    harness.clock.forward(days=400)
    await harness.work()
    assert len((await harness.guilds.stored(GUILD)).schedules) == 1


async def test_a_post_under_way_ends_and_none_is_sent_after_the_removal(harness: Harness) -> None:
    added = await harness.add()
    harness.discord.fates += [Fate.UNREACHABLE, Fate.LOST_REQUEST]
    await harness.schedules.post_now(GUILD, "morning", interaction_id=1)
    await harness.work()
    await harness.schedules.post_now(GUILD, "morning", interaction_id=2)
    worker = harness.worker()
    await worker.take()
    await worker.finish()
    await harness.schedules.remove(GUILD, added.id)
    await harness.work_for(minutes=10)
    await harness.schedules.undo_removal(GUILD, added.id)
    history = await harness.history()
    assert {one.trigger for one in history} == {Trigger.ON_DEMAND}
    assert all(one.outcome is not None for one in history)
    assert Outcome.SKIPPED in {one.outcome for one in history}
    sent = [one for one in history if one.outcome is Outcome.SENT]
    assert len(harness.discord.posted(CHANNEL)) == len(sent)
