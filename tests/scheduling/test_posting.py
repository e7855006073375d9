"""Posting when all goes well, and when Discord says no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from bot.scheduling.limits import Limits
from bot.scheduling.models import AlertStatus, Outcome, Stopped
from bot.scheduling.storage import deliveries as stored_deliveries
from bot.scheduling.storage.database import State
from bot.scheduling.storage.tables import alerts, deliveries, draws
from bot.scheduling.worker.rate_limiter import SECOND
from tests.scheduling.conftest import ADMIN, CHANNEL, GUILD, Harness
from tests.support.discord import Fate

if TYPE_CHECKING:
    from pathlib import Path

ALERTS = 900


async def test_a_quote_is_posted_when_it_is_due_and_not_before(harness: Harness) -> None:
    await harness.add()
    await harness.work()
    assert harness.discord.posted(CHANNEL) == []
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    assert len(harness.discord.posted(CHANNEL)) == 1
    (sent,) = await harness.history()
    assert sent.outcome is Outcome.SENT
    assert sent.message_id == harness.discord.messages[CHANNEL][0].id
    assert sent.payload is None


async def test_a_post_carries_its_claim_and_pings_only_the_chosen_role(harness: Harness) -> None:
    await harness.add(role_id=77)
    harness.clock.forward(hours=1)
    await harness.work()
    (message,) = harness.discord.messages[CHANNEL]
    (sent,) = await harness.history()
    assert message.nonce == sent.id
    assert sent.id in message.payload["custom_id"]
    assert message.role_id == 77


async def test_eight_days_post_eight_different_quotes(harness: Harness) -> None:
    await harness.add()
    await harness.mornings(8)
    assert len(set(harness.discord.posted(CHANNEL))) == 8


async def test_a_late_start_posts_late_within_the_window(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=6, minutes=59)
    await harness.work()
    (sent,) = await harness.history()
    assert sent.outcome is Outcome.SENT
    assert sent.finished_at is not None
    # The roll call takes the first turn of the pace.
    assert sent.finished_at - sent.scheduled_for - timedelta(hours=5, minutes=59) < SECOND


async def test_days_missed_stand_in_the_ledger_and_the_admin_is_told_once(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(days=3, hours=8)
    await harness.work()
    await harness.work()
    assert [delivery.outcome for delivery in await harness.history()] == [Outcome.MISSED] * 4
    ((how, who, text),) = harness.discord.alerts
    assert (how, who) == ("person", ADMIN)
    assert "4 posts of `morning` in <#700>" in text
    assert harness.discord.posted(CHANNEL) == []


@pytest.mark.parametrize("fate", [Fate.FORBIDDEN, Fate.GONE])
async def test_a_refusal_is_told_once_and_the_third_day_suspends(
    harness: Harness, fate: Fate
) -> None:
    await harness.add()
    await harness.guilds.set_alerts(GUILD, ALERTS)
    harness.discord.always = lambda kind, _: fate if kind == "send" else Fate.FINE
    await harness.mornings(5)
    assert [delivery.outcome for delivery in await harness.history()] == [Outcome.FAILED] * 3
    told = [
        text for how, where, text in harness.discord.alerts if (how, where) == ("channel", ALERTS)
    ]
    assert len(told) == 2
    assert "was not posted" in told[0]
    assert "suspended" in told[1]
    (schedule,) = await harness.schedules.list(GUILD)
    assert schedule.stopped is Stopped.SUSPENDED


async def test_a_refused_post_ends_that_post_only(harness: Harness) -> None:
    await harness.add("one", channel_id=1)
    await harness.add("two", channel_id=2)
    harness.discord.always = lambda _, target: Fate.FORBIDDEN if target == 1 else Fate.FINE
    harness.clock.forward(hours=1)
    await harness.work()
    assert harness.discord.posted(1) == []
    assert len(harness.discord.posted(2)) == 1


async def test_a_quote_that_was_refused_goes_back_into_the_deck(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.append(Fate.FORBIDDEN)
    harness.clock.forward(hours=1)
    await harness.work()
    assert (await harness.records.check_schedule(GUILD, "morning")).unseen == 8


async def test_a_success_ends_the_count_of_failures(harness: Harness) -> None:
    await harness.add()
    harness.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.FINE
    await harness.mornings(2)
    harness.discord.always = None
    await harness.mornings(1)
    (schedule,) = await harness.schedules.list(GUILD)
    assert schedule.failures == 0


async def test_an_alerts_channel_that_refuses_leads_to_a_direct_message(harness: Harness) -> None:
    await harness.add()
    await harness.guilds.set_alerts(GUILD, ALERTS)
    harness.discord.always = lambda kind, _: Fate.FINE if kind == "alert_user" else Fate.FORBIDDEN
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    assert [(how, who) for how, who, _ in harness.discord.alerts] == [("person", ADMIN)]


async def test_a_refused_direct_message_stands_in_the_ledger(harness: Harness) -> None:
    await harness.add()
    harness.discord.closed_people.add(ADMIN)
    harness.discord.fates.append(Fate.FORBIDDEN)
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    (alert,) = (await harness.records.check_schedule(GUILD, "morning")).alerts
    assert alert.status is AlertStatus.REFUSED
    assert str(alert.reason) == "They take no direct messages from the bot."
    (failed,) = deliveries = await harness.history()
    assert await harness.records.list_undelivered(deliveries) == {failed.id: alert.reason}


async def test_an_alert_is_tried_again_while_discord_is_away(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.extend([Fate.FORBIDDEN, Fate.UNREACHABLE, Fate.LOST_REQUEST])
    harness.clock.forward(hours=1)
    await harness.work_for(minutes=5)
    assert len(harness.discord.alerts) == 1


async def test_a_pack_without_quotes_is_a_failure_that_is_told(harness: Harness) -> None:
    await harness.add()
    harness.quotes.packs["duo"].clear()
    harness.clock.forward(hours=1)
    await harness.work()
    (failed,) = await harness.history()
    assert failed.outcome is Outcome.FAILED
    assert str(failed.reason) == "There is no quote in the packs that answer here."
    assert len(harness.discord.alerts) == 1


async def test_quotes_that_may_not_stand_alone_are_told_of_as_the_reason(harness: Harness) -> None:
    await harness.add()
    harness.quotes.withheld_ids = set(harness.quotes.packs["duo"])
    harness.clock.forward(hours=1)
    await harness.work()
    (failed,) = await harness.history()
    assert str(failed.reason) == (
        "The 8 quotes in the packs that answer here are all marked 'daily: false': "
        "the pack’s author lets /quote and answers show them, and no daily post."
    )


async def test_a_drawn_quote_that_may_not_stand_alone_any_more_is_passed_over(
    harness: Harness,
) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    await harness.work()
    (first,) = harness.discord.posted(CHANNEL)
    harness.quotes.withheld_ids = {first}
    for _ in range(14):
        harness.clock.forward(days=1)
        await harness.work()
    assert harness.discord.posted(CHANNEL).count(first) == 1
    assert len(set(harness.discord.posted(CHANNEL))) == 8


async def test_a_quote_that_cannot_be_rendered_gives_way_to_another(harness: Harness) -> None:
    await harness.add()
    harness.quotes.broken = {f"duo-{number}" for number in range(7)}
    harness.quotes.gone = set()
    harness.clock.forward(hours=1)
    await harness.work()
    assert harness.discord.posted(CHANNEL) == ["duo-7"]


async def test_a_token_refused_stops_posting_and_loses_nothing(harness: Harness) -> None:
    await harness.add("one", channel_id=1)
    await harness.add("two", channel_id=2)
    worker = harness.worker()
    harness.discord.always = lambda _, __: Fate.UNAUTHORISED
    harness.clock.forward(hours=1)
    await harness.work(worker)
    asked = len(harness.discord.requests)
    assert worker.is_halted
    await harness.work_for(worker, minutes=10)
    assert len(harness.discord.requests) == asked
    harness.discord.always = None
    await harness.work(harness.worker("two"))
    assert len(harness.discord.posted(1)) == len(harness.discord.posted(2)) == 1


async def test_too_many_refused_requests_pause_posting_and_it_goes_on_by_itself(
    harness: Harness,
) -> None:
    harness.limits = Limits(max_invalid_requests=3, max_under_way=1)
    for number in range(6):
        await harness.add(f"schedule {number}", channel_id=number + 1)
    harness.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.FINE
    harness.clock.forward(hours=1)
    worker = harness.worker()
    for _ in range(20):
        await harness.work(worker)
    assert sum(kind == "send" for _, kind, _ in harness.discord.requests) == 3
    harness.clock.forward(minutes=11)
    harness.discord.always = None
    for _ in range(20):
        await harness.work(worker)
    assert sum(map(len, harness.discord.messages.values())) == 3


async def test_the_breaker_counts_what_other_processes_were_refused(harness: Harness) -> None:
    harness.limits = Limits(max_invalid_requests=1)
    await harness.add("one", channel_id=1)
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.FORBIDDEN)
    await harness.work(harness.worker("first"))
    await harness.add("two", channel_id=2)
    await harness.schedules.post_now(GUILD, "two", interaction_id=5)
    await harness.work(harness.worker("second"))
    assert harness.discord.posted(2) == []


async def test_posts_keep_the_pace_over_two_processes(harness: Harness) -> None:
    for number in range(10):
        await harness.add(f"schedule {number}", channel_id=number + 1)
    harness.limits = Limits(per_second=4, max_under_way=6, linger=timedelta())
    harness.clock.forward(hours=1)
    start = harness.clock.now()
    one, two = harness.worker("one"), harness.worker("two")
    await one.take()
    await two.take()
    await one.finish()
    await two.finish()
    assert sum(map(len, harness.discord.messages.values())) == 10
    begun = [moment for moment, kind, _ in harness.discord.requests if kind == "send"]
    assert max(sum(at <= one < at + SECOND for one in begun) for at in begun) == 4
    # Ten posts and the roll call.
    assert harness.clock.now() - start <= timedelta(seconds=10 / 4)


async def test_the_oldest_is_posted_first_and_only_so_many_at_once(harness: Harness) -> None:
    harness.limits = Limits(max_under_way=3, per_second=1000)
    for number in range(9):
        await harness.add(f"schedule {number}", channel_id=number + 1)
    harness.clock.forward(hours=1)
    worker = harness.worker()
    for _ in range(4):
        await harness.work(worker)
    assert harness.discord.most_at_once <= 3
    assert sum(map(len, harness.discord.messages.values())) == 9


async def test_a_skipped_or_paused_schedule_posts_nothing(harness: Harness) -> None:
    await harness.add("skipped", channel_id=1)
    await harness.add("paused", channel_id=2)
    await harness.schedules.skip(GUILD, "skipped")
    await harness.schedules.pause(GUILD, "paused")
    harness.clock.forward(hours=2)
    await harness.work()
    assert harness.discord.messages == {}
    harness.clock.forward(days=1)
    await harness.work()
    assert len(harness.discord.posted(1)) == 1
    assert harness.discord.posted(2) == []


async def test_the_ledger_finds_a_claim_for_its_button(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    await harness.work()
    (sent,) = await harness.history()
    async with harness.state.read() as transaction:
        found = await stored_deliveries.get_delivery(transaction, sent.id)
    assert found is not None
    assert found.quote_id == harness.discord.posted(CHANNEL)[0]


async def test_foreign_keys_hold_whatever_became_of_the_posts(tmp_path: Path) -> None:
    async with await State.open(f"sqlite:///{tmp_path / 'state.db'}") as state:
        harness = Harness(state)
        for number in range(6):
            await harness.add(f"schedule {number}", channel_id=number)
        harness.discord.fates += [Fate.FORBIDDEN, Fate.LOST_REPLY, Fate.SERVER_ERROR, Fate.GONE]
        await harness.mornings(4)
        await harness.schedules.post_now(GUILD, "schedule 5", interaction_id=5)
        await harness.schedules.skip(GUILD, "schedule 4")
        harness.clock.forward(days=3)
        await harness.work()
        outcomes = {delivery.outcome for delivery in await harness.history()}
        assert outcomes == {Outcome.SENT, Outcome.FAILED, Outcome.SKIPPED, Outcome.MISSED}
        ended = [delivery for delivery in await harness.history() if delivery.outcome is not None]
        assert [delivery.payload for delivery in ended] == [None] * len(ended)
        removed = await harness.schedules.get(GUILD, "schedule 0")
        await harness.schedules.remove(GUILD, removed.id)
        harness.clock.forward(days=1, hours=2)
        await harness.work()
        async with state.read() as transaction:
            for table in (deliveries, draws, alerts):
                count = select(func.count()).select_from(table)
                assert (await transaction.execute(count)).scalar_one()
            broken = await transaction.execute(text("PRAGMA foreign_key_check"))
            assert broken.all() == []


async def test_who_was_held_up_until_the_lease_ran_out_sends_nothing(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    late = harness.worker("late")
    await late.take()
    harness.clock.forward(seconds=harness.limits.lease.total_seconds())
    await late.finish()
    assert [kind for _, kind, _ in harness.discord.requests if kind == "send"] == []

    await harness.work(harness.worker("other"))
    assert len(harness.discord.messages[CHANNEL]) == 1


async def test_a_role_that_is_gone_is_told_once_and_again_only_of_another(harness: Harness) -> None:
    await harness.add(role_id=77)
    await harness.mornings(1)
    assert harness.discord.alerts == []
    harness.discord.gone_roles = {77, 78}
    await harness.mornings(3)
    ((_, who, told),) = harness.discord.alerts
    assert who == ADMIN
    assert "The role that `morning` in <#700> pings is gone" in told
    settings = (await harness.schedules.get(GUILD, "morning")).settings
    await harness.schedules.edit(GUILD, "morning", replace(settings, role_id=78))
    await harness.mornings(2)
    assert len(harness.discord.alerts) == 2
    assert len(harness.discord.posted(CHANNEL)) == 6


async def test_a_role_that_cannot_be_looked_up_is_looked_up_after_the_next_post(
    harness: Harness,
) -> None:
    await harness.add(role_id=77)
    harness.discord.gone_roles = {77}
    harness.discord.always = lambda kind, _: Fate.SERVER_ERROR if kind == "has_role" else Fate.FINE
    await harness.mornings(1)
    assert harness.discord.alerts == []
    harness.discord.always = None
    await harness.mornings(1)
    assert len(harness.discord.alerts) == 1


async def test_a_bot_in_a_time_out_is_told_as_that(harness: Harness) -> None:
    await harness.add()
    harness.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.FINE
    harness.discord.timed_out_until = harness.clock.now() + timedelta(days=2)
    await harness.mornings(1)
    ((_, _, told),) = harness.discord.alerts
    assert "The bot is in a time-out until 2026-06-03, 08:00 UTC" in told
    (failed,) = await harness.history()
    assert "in a time-out until" in str(failed.reason)
