"""A thread below a post, and its publication: after the post, once, and told when it fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.scheduling.models import AlertStatus, FollowUpKind, FollowUpStatus, Outcome, PostStyle
from bot.scheduling.storage.follow_ups import list_available_follow_ups
from tests.scheduling.conftest import CHANNEL, GUILD
from tests.support.discord import Fate

if TYPE_CHECKING:
    from sqlalchemy import Row

    from tests.scheduling.conftest import Harness


async def rows(harness: Harness) -> dict[str, Row[tuple[str, str]]]:
    async with harness.state.read() as transaction:
        found = text("SELECT kind, status, reason, attempts FROM follow_ups")
        return {row.kind: row for row in await transaction.execute(found)}


async def test_a_post_gets_its_thread_and_is_published_once(harness: Harness) -> None:
    await harness.add(opens_thread=True, publishes=True)
    await harness.mornings(2)
    ids = [message.id for message in harness.discord.messages[CHANNEL]]
    assert dict(harness.discord.threads) == {
        ids[0]: ["Quote of the day, 1 June 2026"],
        ids[1]: ["Quote of the day, 2 June 2026"],
    }
    assert dict(harness.discord.published) == dict.fromkeys(ids, 1)
    await harness.work_for(hours=2)
    assert sum(map(len, harness.discord.threads.values())) == len(ids) == 2
    assert {row.status for row in (await rows(harness)).values()} == {FollowUpStatus.DONE}


async def test_a_schedule_without_them_has_none_and_an_edit_counts_at_once(
    harness: Harness,
) -> None:
    added = await harness.add()
    await harness.mornings(1)
    assert not await rows(harness)
    wanted = replace(added.settings, opens_thread=True, style=PostStyle("Owl post"))
    await harness.schedules.edit(GUILD, "morning", wanted)
    await harness.schedules.post_now(GUILD, "morning", interaction_id=3)
    await harness.work()
    await harness.work()
    assert [*harness.discord.threads.values()] == [["Owl post, 1 June 2026"]]
    assert (await harness.schedules.get(GUILD, "morning")).settings == wanted


async def test_a_process_killed_after_the_post_leaves_the_thread_to_the_next(
    harness: Harness,
) -> None:
    await harness.add(opens_thread=True)
    harness.clock.forward(hours=1)
    await harness.work(harness.worker("killed"))  # its post is confirmed, and it does no more
    assert not harness.discord.threads
    await harness.work(harness.worker("next"))
    assert len(harness.discord.threads) == len(harness.discord.messages[CHANNEL]) == 1


async def test_a_process_killed_in_a_follow_up_leaves_it_until_its_lease_is_over(
    harness: Harness,
) -> None:
    await harness.add(opens_thread=True)
    harness.clock.forward(hours=1)
    await harness.work()
    killed = harness.worker("killed")
    (held,) = await killed._follow_ups.take_up(5)
    assert held.available_at == harness.clock.now() + harness.limits.lease
    await harness.work(harness.worker("next"))
    assert not harness.discord.threads
    harness.clock.forward(seconds=61)
    await harness.work(harness.worker("next"))
    await killed._follow_ups.make(held)  # only frozen, it goes on: Discord knows the thread
    assert (await rows(harness))["thread"].status == FollowUpStatus.DONE
    assert not harness.discord.alerts


async def test_a_lost_answer_is_asked_for_again_and_the_post_is_left_alone(
    harness: Harness,
) -> None:
    fates = {"open_thread": [Fate.LOST_REPLY, Fate.RATE_LIMITED, Fate.SERVER_ERROR]}
    harness.discord.always = lambda kind, _: (fates.get(kind) or [Fate.FINE]).pop(0)
    await harness.add(opens_thread=True)
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work_for(minutes=5)
    assert (await rows(harness))["thread"].status == FollowUpStatus.DONE
    assert (await rows(harness))["thread"].attempts == 3
    assert len(harness.discord.messages[CHANNEL]) == 1
    assert not harness.discord.alerts


async def test_a_refusal_is_told_once_in_a_row_and_the_post_counts_as_sent(
    harness: Harness,
) -> None:
    refused = {"open_thread"}
    harness.discord.always = lambda kind, _: Fate.FORBIDDEN if kind in refused else Fate.FINE
    await harness.add(opens_thread=True, publishes=True)
    await harness.mornings(3)
    await harness.work()
    ((_, _, told),) = harness.discord.alerts
    assert told.startswith(
        "The post of `morning` in <#700>, due Monday 1 June 2026, 09:00 (UTC), was made, but no "
        "thread was opened below it: The bot may not send messages there."
    )
    assert [one.outcome for one in await harness.history()] == [Outcome.SENT] * 3
    assert len(harness.discord.published) == 3
    assert (await harness.schedules.get(GUILD, "morning")).failures == 0
    (alert,) = (await harness.records.check_schedule(GUILD, "morning")).alerts
    assert alert.status is AlertStatus.SENT_TO_USER
    refused.clear()
    await harness.mornings(1)
    refused.add("open_thread")
    await harness.mornings(1)
    await harness.work()
    assert len(harness.discord.alerts) == 2  # it had worked in between


async def test_a_post_that_was_deleted_meanwhile_is_nobodys_trouble(harness: Harness) -> None:
    harness.discord.always = lambda kind, _: Fate.GONE if kind == "publish" else Fate.FINE
    await harness.add(publishes=True)
    await harness.mornings(1)
    await harness.work()
    assert (await rows(harness))["publish"].status == FollowUpStatus.FAILED
    assert not harness.discord.alerts


async def test_after_some_hours_without_discord_it_is_given_up_and_told(harness: Harness) -> None:
    is_out = {"open_thread"}
    harness.discord.always = lambda kind, _: Fate.UNREACHABLE if kind in is_out else Fate.FINE
    await harness.add(opens_thread=True)
    harness.clock.forward(hours=1)
    await harness.work_for(hours=5)
    assert (await rows(harness))["thread"].status == FollowUpStatus.PENDING
    await harness.work_for(hours=3)
    await harness.work()
    assert (await rows(harness))["thread"].status == FollowUpStatus.FAILED
    ((_, _, told),) = harness.discord.alerts
    assert "no thread was opened below it: Discord could not be reached." in told


async def test_a_damaged_follow_up_is_mended_and_made_like_the_others(harness: Harness) -> None:
    await harness.add(opens_thread=True, publishes=True)
    harness.clock.forward(hours=1)
    await harness.work()
    async with harness.state.write() as transaction:
        await transaction.execute(text("UPDATE follow_ups SET kind = 'x' WHERE kind = 'thread'"))
    await harness.work()
    await harness.work()
    made = await rows(harness)
    assert {kind: made[kind].status for kind in made} == {
        FollowUpKind.THREAD: FollowUpStatus.DONE,
        FollowUpKind.PUBLISH: FollowUpStatus.DONE,
    }
    assert len(harness.discord.threads) == len(harness.discord.published) == 1


async def test_a_follow_up_that_nothing_tells_the_kind_of_ends(harness: Harness) -> None:
    await harness.add(opens_thread=True)
    harness.clock.forward(hours=1)
    await harness.work()
    async with harness.state.write() as transaction:
        await transaction.execute(text("UPDATE follow_ups SET kind = 'x', id = 'y'"))
    await harness.work()
    await harness.work()
    assert [one.status for one in (await rows(harness)).values()] == [FollowUpStatus.FAILED]
    assert not harness.discord.threads


async def test_they_are_erased_with_their_post(harness: Harness) -> None:
    await harness.add(opens_thread=True, publishes=True)
    await harness.mornings(1)
    assert len(await rows(harness)) == 2
    await harness.guilds.erase(GUILD)
    assert not await rows(harness)


async def test_a_clock_that_was_far_ahead_puts_none_off(harness: Harness) -> None:
    await harness.add(opens_thread=True)
    harness.clock.forward(hours=1)
    await harness.work()
    async with harness.state.write() as transaction:
        await transaction.execute(text("UPDATE follow_ups SET available_at = 9000000000000000"))
    harness.clock.forward(hours=1)
    await harness.work()  # housekeeping is hourly
    await harness.work()
    assert len(harness.discord.threads) == 1
    async with harness.state.read() as transaction:
        later = harness.clock.now() + timedelta(days=1)
        assert not (await list_available_follow_ups(transaction, later, 9)).rows
