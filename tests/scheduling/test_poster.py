"""Posting when all goes well, and when Discord says no."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from bot.scheduling.limits import Limits
from bot.scheduling.models import AlertStatus, Outcome, Stopped
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage.database import State
from bot.scheduling.storage.tables import alerts, deliveries, draws
from bot.scheduling.worker.slots import SECOND
from tests.scheduling.conftest import ADMIN, CHANNEL, GUILD, Desk
from tests.support.discord import Fate

if TYPE_CHECKING:
    from pathlib import Path

ALERTS = 900


async def test_a_quote_is_posted_when_it_is_due_and_not_before(desk: Desk) -> None:
    await desk.add()
    await desk.work()
    assert desk.discord.posted(CHANNEL) == []
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.work()
    assert len(desk.discord.posted(CHANNEL)) == 1
    (sent,) = await desk.ledger()
    assert sent.outcome is Outcome.SENT
    assert sent.message_id == desk.discord.messages[CHANNEL][0].id
    assert sent.payload is None


async def test_a_post_carries_its_claim_and_pings_only_the_chosen_role(desk: Desk) -> None:
    await desk.add(role_id=77)
    desk.clock.forward(hours=1)
    await desk.work()
    (message,) = desk.discord.messages[CHANNEL]
    (sent,) = await desk.ledger()
    assert message.nonce == sent.id
    assert sent.id in message.payload["custom_id"]
    assert message.role_id == 77


async def test_eight_days_post_eight_different_quotes(desk: Desk) -> None:
    await desk.add()
    await desk.mornings(8)
    assert len(set(desk.discord.posted(CHANNEL))) == 8


async def test_a_late_start_posts_late_within_the_window(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=6, minutes=59)
    await desk.work()
    (sent,) = await desk.ledger()
    assert sent.outcome is Outcome.SENT
    assert sent.finished_at is not None
    # The roll call takes the first turn of the pace.
    assert sent.finished_at - sent.scheduled_for - timedelta(hours=5, minutes=59) < SECOND


async def test_days_missed_stand_in_the_ledger_and_the_admin_is_told_once(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(days=3, hours=8)
    await desk.work()
    await desk.work()
    assert [delivery.outcome for delivery in await desk.ledger()] == [Outcome.MISSED] * 4
    ((how, who, text),) = desk.discord.alerts
    assert (how, who) == ("person", ADMIN)
    assert "4 quotes of `morning` in <#700>" in text
    assert desk.discord.posted(CHANNEL) == []


@pytest.mark.parametrize("fate", [Fate.FORBIDDEN, Fate.GONE])
async def test_a_refusal_is_told_once_and_the_third_day_suspends(desk: Desk, fate: Fate) -> None:
    await desk.add()
    await desk.guilds.set_alerts(GUILD, ALERTS)
    desk.discord.always = lambda kind, _: fate if kind == "send" else Fate.FINE
    await desk.mornings(5)
    assert [delivery.outcome for delivery in await desk.ledger()] == [Outcome.FAILED] * 3
    told = [text for how, where, text in desk.discord.alerts if (how, where) == ("channel", ALERTS)]
    assert len(told) == 2
    assert "was not posted" in told[0]
    assert "suspended" in told[1]
    (schedule,) = await desk.schedules.list(GUILD)
    assert schedule.stopped is Stopped.SUSPENDED


async def test_a_refused_post_ends_that_post_only(desk: Desk) -> None:
    await desk.add("one", channel_id=1)
    await desk.add("two", channel_id=2)
    desk.discord.always = lambda _, target: Fate.FORBIDDEN if target == 1 else Fate.FINE
    desk.clock.forward(hours=1)
    await desk.work()
    assert desk.discord.posted(1) == []
    assert len(desk.discord.posted(2)) == 1


async def test_a_quote_that_was_refused_goes_back_into_the_deck(desk: Desk) -> None:
    await desk.add()
    desk.discord.fates.append(Fate.FORBIDDEN)
    desk.clock.forward(hours=1)
    await desk.work()
    assert (await desk.records.check_schedule(GUILD, "morning")).unseen == 8


async def test_a_success_ends_the_count_of_failures(desk: Desk) -> None:
    await desk.add()
    desk.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.FINE
    await desk.mornings(2)
    desk.discord.always = None
    await desk.mornings(1)
    (schedule,) = await desk.schedules.list(GUILD)
    assert schedule.failures == 0


async def test_an_alerts_channel_that_refuses_leads_to_a_direct_message(desk: Desk) -> None:
    await desk.add()
    await desk.guilds.set_alerts(GUILD, ALERTS)
    desk.discord.always = lambda kind, _: Fate.FINE if kind == "alert_user" else Fate.FORBIDDEN
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.work()
    assert [(how, who) for how, who, _ in desk.discord.alerts] == [("person", ADMIN)]


async def test_a_refused_direct_message_stands_in_the_ledger(desk: Desk) -> None:
    await desk.add()
    desk.discord.closed_people.add(ADMIN)
    desk.discord.fates.append(Fate.FORBIDDEN)
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.work()
    (alert,) = (await desk.records.check_schedule(GUILD, "morning")).alerts
    assert alert.told is AlertStatus.REFUSED
    assert alert.reason == "They take no direct messages from the bot."
    (failed,) = deliveries = await desk.ledger()
    assert await desk.records.list_undelivered(deliveries) == {failed.id: alert.reason}


async def test_an_alert_is_tried_again_while_discord_is_away(desk: Desk) -> None:
    await desk.add()
    desk.discord.fates.extend([Fate.FORBIDDEN, Fate.UNREACHABLE, Fate.LOST_REQUEST])
    desk.clock.forward(hours=1)
    await desk.work_for(minutes=5)
    assert len(desk.discord.alerts) == 1


async def test_a_pack_without_quotes_is_a_failure_that_is_told(desk: Desk) -> None:
    await desk.add()
    desk.quotes.packs["duo"].clear()
    desk.clock.forward(hours=1)
    await desk.work()
    (failed,) = await desk.ledger()
    assert failed.outcome is Outcome.FAILED
    assert failed.reason == "There is no quote in the packs that answer here."
    assert len(desk.discord.alerts) == 1


async def test_quotes_that_may_not_stand_alone_are_told_of_as_the_reason(desk: Desk) -> None:
    await desk.add()
    desk.quotes.withheld_ids = set(desk.quotes.packs["duo"])
    desk.clock.forward(hours=1)
    await desk.work()
    (failed,) = await desk.ledger()
    assert failed.reason == (
        "The 8 quotes in the packs that answer here are all marked 'daily: false': "
        "the pack’s author lets /quote and answers show them, and no daily post."
    )


async def test_a_drawn_quote_that_may_not_stand_alone_any_more_is_passed_over(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    await desk.work()
    (first,) = desk.discord.posted(CHANNEL)
    desk.quotes.withheld_ids = {first}
    for _ in range(14):
        desk.clock.forward(days=1)
        await desk.work()
    assert desk.discord.posted(CHANNEL).count(first) == 1
    assert len(set(desk.discord.posted(CHANNEL))) == 8


async def test_a_quote_that_cannot_be_rendered_gives_way_to_another(desk: Desk) -> None:
    await desk.add()
    desk.quotes.broken = {f"duo-{number}" for number in range(7)}
    desk.quotes.gone = set()
    desk.clock.forward(hours=1)
    await desk.work()
    assert desk.discord.posted(CHANNEL) == ["duo-7"]


async def test_a_token_refused_stops_posting_and_loses_nothing(desk: Desk) -> None:
    await desk.add("one", channel_id=1)
    await desk.add("two", channel_id=2)
    worker = desk.worker()
    desk.discord.always = lambda _, __: Fate.UNAUTHORISED
    desk.clock.forward(hours=1)
    await desk.work(worker)
    asked = len(desk.discord.requests)
    assert worker.is_halted
    await desk.work_for(worker, minutes=10)
    assert len(desk.discord.requests) == asked
    desk.discord.always = None
    await desk.work(desk.worker("two"))
    assert len(desk.discord.posted(1)) == len(desk.discord.posted(2)) == 1


async def test_too_many_refused_requests_pause_posting_and_it_goes_on_by_itself(desk: Desk) -> None:
    desk.limits = Limits(invalid=3, at_once=1)
    for number in range(6):
        await desk.add(f"schedule {number}", channel_id=number + 1)
    desk.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.FINE
    desk.clock.forward(hours=1)
    worker = desk.worker()
    for _ in range(20):
        await desk.work(worker)
    assert sum(kind == "send" for _, kind, _ in desk.discord.requests) == 3
    desk.clock.forward(minutes=11)
    desk.discord.always = None
    for _ in range(20):
        await desk.work(worker)
    assert sum(map(len, desk.discord.messages.values())) == 3


async def test_the_breaker_counts_what_other_processes_were_refused(desk: Desk) -> None:
    desk.limits = Limits(invalid=1)
    await desk.add("one", channel_id=1)
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.FORBIDDEN)
    await desk.work(desk.worker("first"))
    await desk.add("two", channel_id=2)
    await desk.schedules.post_now(GUILD, "two", interaction_id=5)
    await desk.work(desk.worker("second"))
    assert desk.discord.posted(2) == []


async def test_posts_keep_the_pace_over_two_processes(desk: Desk) -> None:
    for number in range(10):
        await desk.add(f"schedule {number}", channel_id=number + 1)
    desk.limits = Limits(per_second=4, at_once=6, company=timedelta())
    desk.clock.forward(hours=1)
    start = desk.clock.now()
    one, two = desk.worker("one"), desk.worker("two")
    await one.take()
    await two.take()
    await one.finish()
    await two.finish()
    assert sum(map(len, desk.discord.messages.values())) == 10
    begun = [moment for moment, kind, _ in desk.discord.requests if kind == "send"]
    assert max(sum(at <= one < at + SECOND for one in begun) for at in begun) == 4
    # Ten posts and the roll call.
    assert desk.clock.now() - start <= timedelta(seconds=10 / 4)


async def test_the_oldest_is_posted_first_and_only_so_many_at_once(desk: Desk) -> None:
    desk.limits = Limits(at_once=3, per_second=1000)
    for number in range(9):
        await desk.add(f"schedule {number}", channel_id=number + 1)
    desk.clock.forward(hours=1)
    worker = desk.worker()
    for _ in range(4):
        await desk.work(worker)
    assert desk.discord.most_at_once <= 3
    assert sum(map(len, desk.discord.messages.values())) == 9


async def test_a_skipped_or_paused_schedule_posts_nothing(desk: Desk) -> None:
    await desk.add("skipped", channel_id=1)
    await desk.add("paused", channel_id=2)
    await desk.schedules.skip(GUILD, "skipped")
    await desk.schedules.pause(GUILD, "paused")
    desk.clock.forward(hours=2)
    await desk.work()
    assert desk.discord.messages == {}
    desk.clock.forward(days=1)
    await desk.work()
    assert len(desk.discord.posted(1)) == 1
    assert desk.discord.posted(2) == []


async def test_the_ledger_finds_a_claim_for_its_button(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    await desk.work()
    (sent,) = await desk.ledger()
    async with desk.state.read() as transaction:
        found = await ledger.delivery(transaction, sent.id)
    assert found is not None
    assert found.quote_id == desk.discord.posted(CHANNEL)[0]


async def test_foreign_keys_hold_whatever_became_of_the_posts(tmp_path: Path) -> None:
    async with await State.open(f"sqlite:///{tmp_path / 'state.db'}") as state:
        desk = Desk(state)
        for number in range(6):
            await desk.add(f"schedule {number}", channel_id=number)
        desk.discord.fates += [Fate.FORBIDDEN, Fate.LOST_REPLY, Fate.SERVER_ERROR, Fate.GONE]
        await desk.mornings(4)
        await desk.schedules.post_now(GUILD, "schedule 5", interaction_id=5)
        await desk.schedules.skip(GUILD, "schedule 4")
        desk.clock.forward(days=3)
        await desk.work()
        outcomes = {delivery.outcome for delivery in await desk.ledger()}
        assert outcomes == {Outcome.SENT, Outcome.FAILED, Outcome.SKIPPED, Outcome.MISSED}
        ended = [delivery for delivery in await desk.ledger() if delivery.outcome is not None]
        assert [delivery.payload for delivery in ended] == [None] * len(ended)
        await desk.schedules.remove(GUILD, "schedule 0")
        async with state.read() as transaction:
            for table in (deliveries, draws, alerts):
                count = select(func.count()).select_from(table)
                assert (await transaction.execute(count)).scalar_one()
            broken = await transaction.execute(text("PRAGMA foreign_key_check"))
            assert broken.all() == []


async def test_who_was_held_up_until_the_lease_ran_out_sends_nothing(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    late = desk.worker("late")
    await late.take()
    desk.clock.forward(seconds=desk.limits.lease.total_seconds())
    await late.finish()
    assert [kind for _, kind, _ in desk.discord.requests if kind == "send"] == []

    await desk.work(desk.worker("other"))
    assert len(desk.discord.messages[CHANNEL]) == 1
