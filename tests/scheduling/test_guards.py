"""The worker's guards, each with a test that fails without it.

One database is enough: their SQL is the same in both, and other tests run it on the other.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.scheduling.limits import Limits
from bot.scheduling.models import AlertStatus, Outcome
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.storage import deliveries as stored_deliveries
from tests.scheduling.conftest import CHANNEL, GUILD, Harness
from tests.support.discord import Fate
from tests.support.waiting import until

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.scheduling.models import Delivery, Payload


@pytest.fixture
def url(tmp_path: Path, migrated_file: Path) -> str:
    """Give one database for each test."""
    shutil.copy(migrated_file, tmp_path / "state.db")
    return f"sqlite:///{tmp_path / 'state.db'}"


def sends(harness: Harness) -> list[datetime]:
    return [moment for moment, kind, _ in harness.discord.requests if kind == "send"]


async def claimed(harness: Harness) -> Delivery:
    """Give a delivery that a worker called `one` has just leased."""
    await harness.add()
    harness.clock.forward(hours=1)
    ((delivery,), _) = await harness.worker()._deliveries.claim_due(10)
    return delivery


async def test_discord_is_asked_again_no_sooner_than_it_says(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.RATE_LIMITED)  # for three seconds; we would wait two
    await harness.work()
    (first,) = sends(harness)
    (waiting,) = await harness.history()
    assert waiting.available_at is not None
    assert waiting.available_at - first >= timedelta(seconds=3)
    harness.clock.moment = waiting.available_at
    await harness.work()
    assert len(sends(harness)) == 2


async def test_a_halted_worker_rests_though_something_is_due(harness: Harness) -> None:
    await harness.add()
    worker = harness.worker()
    harness.clock.forward(hours=1)
    harness.discord.always = lambda _, __: Fate.UNAUTHORISED
    await worker._take_turn()
    await worker.finish()
    assert worker.is_halted
    assert await worker._take_turn() == harness.limits.max_idle.total_seconds()


async def test_a_worker_that_was_refused_too_often_rests_though_something_is_due(
    harness: Harness,
) -> None:
    harness.limits = Limits(max_invalid_requests=1)
    await harness.add("one", channel_id=1)
    worker = harness.worker()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.FORBIDDEN)
    await worker._take_turn()
    await worker.finish()
    await harness.add("two", channel_id=2)
    await harness.schedules.post_now(GUILD, "two", interaction_id=5)
    assert await worker._take_turn() == harness.limits.max_idle.total_seconds()
    assert len(sends(harness)) == 1


async def test_never_more_are_under_way_than_may_be(harness: Harness) -> None:
    harness.limits = Limits(max_under_way=3, per_second=1000)
    for number in range(9):
        await harness.add(f"schedule {number}", channel_id=number + 1)
    worker = harness.worker()
    harness.clock.forward(minutes=30)
    await harness.work(worker)  # with housekeeping, which takes a place of its own
    harness.clock.forward(minutes=30)
    send, gate = harness.discord.send, asyncio.Event()
    under_way, most = 0, 0

    async def slowly(channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await gate.wait()
        under_way -= 1
        return await send(channel_id, payload, nonce, role_id)

    harness.discord.send = slowly  # type: ignore[method-assign]  # none ends before the others began
    await worker.take()
    await worker.take()
    await until(lambda: under_way == 3)
    for _ in range(3):
        await worker.take()
    gate.set()
    await worker.finish()
    for _ in range(3):
        await harness.work(worker)
    assert most == 3
    assert len(sends(harness)) == 9


async def test_nothing_is_sent_in_the_last_seconds_of_a_lease(harness: Harness) -> None:
    """Another machine's clock may be ahead by as much, and the lease over there."""
    await harness.add()
    harness.clock.forward(hours=1)
    worker = harness.worker()
    limiter, limits = worker._context.rate_limiter, harness.limits
    wait = limiter.wait_for

    async def held_up(slot: datetime) -> None:
        await wait(slot)
        left = limits.lease - limits.lease_margin
        harness.clock.forward(seconds=left.total_seconds())

    limiter.wait_for = held_up  # type: ignore[method-assign]  # a process that is held up
    await harness.work(worker)
    assert sends(harness) == []


async def test_a_request_may_take_what_is_left_of_the_lease_before_its_margin(
    harness: Harness,
) -> None:
    delivery = await claimed(harness)
    deliveries, now = harness.worker()._deliveries, harness.clock.now()
    short = replace(delivery, available_at=now + timedelta(seconds=20))
    assert deliveries.lease_left(short) == 15
    assert deliveries.lease_left(replace(delivery, available_at=now + timedelta(hours=1))) == 40


async def test_a_lease_that_has_just_ended_is_nobodys(harness: Harness) -> None:
    delivery = await claimed(harness)
    worker = harness.worker()
    harness.clock.moment = delivery.available_at
    assert await worker._deliveries.renew_lease(delivery) is None
    held, _ = await worker._deliveries.begin_attempt(delivery)
    assert held is None


async def test_who_took_a_delivery_up_anew_does_not_act_by_the_old_lease(harness: Harness) -> None:
    old = await claimed(harness)
    worker = harness.worker()
    harness.clock.moment = old.available_at
    (new,) = await worker._deliveries.take_up(1)
    assert new.locked_by == old.locked_by
    await worker._deliveries.release(old, harness.clock.now(), None)
    async with harness.state.write() as transaction:
        assert not await stored_deliveries.update_held(transaction, old, attempts=9)
        assert await stored_deliveries.get_delivery(transaction, new.id) == new


@pytest.mark.parametrize(
    ("fates", "outcome"),
    [
        ([Fate.FORBIDDEN], Outcome.FAILED),
        ([Fate.LOST_REPLY], Outcome.UNKNOWN),
    ],
)
async def test_a_post_on_demand_that_fails_leaves_the_schedule_alone(
    harness: Harness, fates: list[Fate], outcome: Outcome
) -> None:
    kept = await harness.add()
    for number in range(harness.limits.suspend_after):
        await harness.schedules.post_now(GUILD, "morning", interaction_id=number)
        harness.discord.fates.extend(fates)
        harness.discord.unreadable.add(CHANNEL)
        await harness.work()
        harness.clock.forward(minutes=5)
        await harness.work()
        await harness.work()
    assert [one.outcome for one in await harness.history()] == [outcome] * 3
    assert len(harness.discord.alerts) == 3
    after = await harness.schedules.get(GUILD, "morning")
    assert replace(after, revision=kept.revision) == kept


async def test_an_alert_expires_after_a_day_and_the_history_shows_it(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.append(Fate.FORBIDDEN)
    harness.clock.forward(hours=1)
    await harness.work()
    harness.discord.always = lambda kind, _: Fate.UNREACHABLE if kind == "alert_user" else Fate.FINE
    harness.clock.forward(hours=23, minutes=59)
    await harness.schedules.pause(GUILD, "morning")
    await harness.work()

    async def status() -> AlertStatus:
        (alert,) = (await harness.records.check_schedule(GUILD, "morning")).alerts
        return alert.status

    assert await status() is AlertStatus.PENDING
    harness.clock.forward(minutes=6)
    await harness.work()
    assert await status() is AlertStatus.EXPIRED
    (failed,) = deliveries = await harness.history()
    undelivered = await harness.records.list_undelivered(deliveries)
    assert undelivered == {failed.id: explain(Reason.UNREACHABLE)}


async def test_the_days_that_were_missed_are_named_and_the_one_that_can_be_posted_is_not(
    harness: Harness,
) -> None:
    await harness.add()
    harness.clock.forward(days=3, hours=6, minutes=59)  # the fourth day's window is still open
    await harness.work()
    await harness.work()
    ((_, _, told),) = harness.discord.alerts
    assert told == (
        "3 posts of `morning` in <#700>, due from Monday 1 June 2026, 09:00 (UTC) to Wednesday "
        "3 June 2026, 09:00 (UTC), were not posted: the bot was not running, or could not reach "
        "Discord, until more than 6 hours too late."
    )
    assert [one.outcome for one in await harness.history()] == [Outcome.MISSED] * 3 + [Outcome.SENT]


async def test_a_failure_is_counted_once_however_often_it_is_written(harness: Harness) -> None:
    delivery = await claimed(harness)
    counted: list[Delivery] = []
    harness.completed = counted.append
    deliveries = harness.worker()._deliveries
    for _ in range(3):
        await deliveries.complete_failed(delivery, explain(Reason.CHANNEL_GONE), is_fault=True)
    await deliveries.complete_sent(delivery, 5)
    assert [one.outcome for one in counted] == [Outcome.FAILED]
    schedule = await harness.schedules.get(GUILD, "morning")
    assert (schedule.failures, schedule.stopped) == (1, None)


async def test_a_success_is_counted_once_however_often_it_is_written(harness: Harness) -> None:
    delivery = await claimed(harness)
    counted: list[Delivery] = []
    harness.completed = counted.append
    deliveries = harness.worker()._deliveries
    await deliveries.complete_sent(delivery, 5)
    await deliveries.complete_sent(delivery, 6)
    await deliveries.complete_failed(delivery, explain(Reason.CHANNEL_GONE), is_fault=True)
    assert [one.message_id for one in counted] == [5]
    assert (await harness.schedules.get(GUILD, "morning")).failures == 0
