"""What happens meanwhile: admins, clocks and other processes, while posts are being made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import ScheduleError
from bot.scheduling.models import Guild, Outcome, ScheduleSettings, Stopped, new_delivery
from bot.scheduling.recurrence import Timetable
from bot.scheduling.storage import deliveries as stored_deliveries
from bot.scheduling.storage import guilds, schedules
from bot.scheduling.storage.database import State
from tests.scheduling.conftest import CHANNEL, GUILD, NINE, Harness
from tests.support.discord import Fate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.scheduling.models import Payload
    from bot.scheduling.ports import AcquireSlot

TEN = Timetable(time(10), "UTC")


@pytest.fixture
async def other(url: str, state: State) -> AsyncIterator[Harness]:
    """Give the harness of a second process on the same database."""
    async with await State.open(url) as opened:
        harness = Harness(opened)
        harness.schedules._new_id = lambda: (
            f"f{next(harness._numbers):015x}"
        )  # never the first one's
        yield harness


def asked(harness: Harness) -> list[str]:
    return [kind for _, kind, _ in harness.discord.requests if kind != "fetch_guild_ids"]


async def test_a_day_moved_while_it_was_overdue_is_missed_once_and_stops_nobody(
    harness: Harness,
) -> None:
    await harness.add()
    await harness.work()
    harness.clock.forward(hours=3)  # the poster was down at nine
    await harness.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN))
    harness.clock.forward(hours=6)
    await harness.add("evening", channel_id=5, timetable=Timetable(time(18), "UTC"))
    harness.clock.forward(hours=1)
    await harness.work()
    assert len(harness.discord.posted(5)) == 1
    (missed,) = await harness.history("morning")
    assert (missed.outcome, missed.occurrence) == (Outcome.MISSED, "2026-06-01")
    assert (await harness.schedules.get(GUILD, "morning")).next_day == date(2026, 6, 2)


async def test_a_zone_that_is_gone_is_told_and_keeps_nobody_else_from_posting(
    harness: Harness,
) -> None:
    await harness.add("lost", channel_id=1)
    await harness.add("fine", channel_id=2)
    async with harness.state.write() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE schedules SET zone = 'Mars/Olympus' WHERE name = 'lost'"
        )
    harness.clock.forward(hours=1)
    await harness.work()
    assert len(harness.discord.posted(2)) == 1
    assert harness.discord.posted(1) == []
    assert (await harness.schedules.get(GUILD, "lost")).stopped is Stopped.SUSPENDED
    await harness.work()
    ((_, _, text),) = harness.discord.alerts
    assert "`lost` in <#1> is suspended: `Mars/Olympus` is not a time zone any more." in text
    (failed,) = await harness.history("lost")
    assert failed.outcome is Outcome.FAILED
    await harness.schedules.edit(GUILD, "lost", ScheduleSettings(1, NINE))
    assert (await harness.schedules.resume(GUILD, "lost")).next_day == date(2026, 6, 2)


async def test_a_pause_holds_for_a_post_in_doubt_that_was_never_made(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.append(Fate.LOST_REQUEST)
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.schedules.pause(GUILD, "morning")
    harness.clock.forward(minutes=10)
    await harness.work_for(hours=1)
    assert harness.discord.posted(CHANNEL) == []
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.SKIPPED
    assert (await harness.records.check_schedule(GUILD, "morning")).unseen == 8


async def test_a_pause_returns_the_quote_that_it_lets_go_of(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.append(Fate.UNREACHABLE)
    harness.clock.forward(hours=1)
    await harness.work()
    assert (await harness.records.check_schedule(GUILD, "morning")).unseen == 7
    await harness.schedules.pause(GUILD, "morning")
    assert (await harness.records.check_schedule(GUILD, "morning")).unseen == 8


async def test_a_post_on_the_spot_at_the_due_moment_is_not_the_same_quote(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    payload = harness.quotes.payload
    meanwhile = [harness.worker()]

    async def slowly(*entry: Any) -> Any:
        if meanwhile:  # this quote is chosen; before that is written, the due post is made
            await harness.work(meanwhile.pop())
        return await payload(*entry)

    harness.quotes.payload = slowly  # type: ignore[method-assign,assignment]  # a moment inside a port
    await harness.schedules.post_now(GUILD, "morning", interaction_id=5)
    await harness.work()
    posted = harness.discord.posted(CHANNEL)
    assert len(posted) == len(set(posted)) == 2


async def test_a_nonce_is_not_trusted_when_the_clock_was_set_back(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    send = harness.discord.send

    async def send_and_set_back(
        channel_id: int, payload: Payload, nonce: str, role_id: int | None
    ) -> int:
        try:
            return await send(channel_id, payload, nonce, role_id)
        finally:
            harness.clock.forward(minutes=-30)

    harness.discord.send = send_and_set_back  # type: ignore[method-assign]  # while it is answered
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work()
    harness.clock.forward(minutes=10)
    await harness.work()
    assert asked(harness) == ["send", "find"]
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.SENT


async def test_nothing_is_sent_again_once_the_nonce_may_be_forgotten(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    harness.discord.fates.append(Fate.LOST_REPLY)
    await harness.work()
    harness.clock.forward(seconds=119)
    worker = harness.worker()
    limiter = worker._deliverer._context.rate_limiter
    wait = limiter.wait_for

    async def held_up(slot: datetime) -> None:
        await wait(slot)
        harness.clock.forward(seconds=5)

    limiter.wait_for = held_up  # type: ignore[method-assign]  # a process that is held up
    await harness.work(worker)
    await harness.work(worker)
    assert asked(harness) == ["send", "find"]


async def test_a_role_that_is_taken_away_is_not_pinged_by_a_post_under_way(
    harness: Harness,
) -> None:
    await harness.add(role_id=77)
    harness.discord.fates.append(Fate.UNREACHABLE)
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, NINE))
    await harness.work_for(minutes=10)
    (message,) = harness.discord.messages[CHANNEL]
    assert message.role_id is None


async def test_of_two_admins_who_edit_at_once_the_later_is_told(harness: Harness) -> None:
    read = (await harness.add()).settings
    await harness.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN), read=read)
    with pytest.raises(ScheduleError, match="was changed this moment by another; try again"):
        await harness.schedules.edit(
            GUILD, "morning", ScheduleSettings(CHANNEL + 1, NINE), read=read
        )
    assert (await harness.schedules.get(GUILD, "morning")).settings == ScheduleSettings(
        CHANNEL, TEN
    )


async def test_ten_are_the_most_even_if_two_processes_add_at_once(
    harness: Harness, other: Harness
) -> None:
    done = await asyncio.gather(
        *(harness.add(f"here {number}") for number in range(6)),
        *(other.add(f"there {number}") for number in range(5)),
        return_exceptions=True,
    )
    refused = [one for one in done if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [ScheduleError]
    assert "has 10 schedules already" in str(refused[0])
    assert len(await harness.schedules.list(GUILD)) == 10


async def test_a_skip_waits_for_a_claim_and_the_claim_never_for_the_skip(
    harness: Harness, other: Harness
) -> None:
    schedule = await harness.add()
    delivery = new_delivery(schedule, "2026-06-01", harness.clock.now(), schedule.settings.window)
    async with harness.state.write() as transaction:  # as whoever posts does
        assert await schedules.update_schedule(transaction, schedule) is not None
        skip = asyncio.create_task(other.schedules.skip(GUILD, "morning"))
        await asyncio.sleep(0.5)  # on PostgreSQL it waits for the row now, on SQLite for the lock
        assert await stored_deliveries.insert_delivery(
            transaction, replace(delivery, available_at=harness.clock.now())
        )
    if harness.state.is_sqlite:  # which sees the schedule as it is once it has the lock
        assert (await skip)[1].next_day == date(2026, 6, 2)
    else:
        with pytest.raises(ScheduleError, match="was changed this moment by another"):
            await skip
    (kept,) = await harness.history()
    assert kept.outcome is None


async def test_a_server_set_up_while_the_roll_is_called_is_not_taken_for_left(
    harness: Harness,
) -> None:
    joined = harness.discord.fetch_guild_ids
    harness.discord.members_of.clear()

    async def slowly(acquire: AcquireSlot) -> frozenset[int]:
        before = await joined(acquire)
        await harness.add()  # joined, and set up, while the list was fetched
        return before

    harness.discord.fetch_guild_ids = slowly  # type: ignore[method-assign]  # a moment inside a port
    await harness.work()
    assert (await harness.guilds.get(GUILD)).left_at is None


async def test_a_server_that_is_back_is_not_erased_before_the_roll_is_called(
    harness: Harness,
) -> None:
    await harness.add()
    harness.discord.members_of.clear()
    await harness.mornings(1)
    await harness.work_for(days=1)
    assert (await harness.guilds.get(GUILD)).left_at is not None
    harness.discord.members_of.add(GUILD)  # on the third day, while the bot was not running
    harness.clock.forward(days=8)
    await harness.work()
    assert len(await harness.schedules.list(GUILD)) == 1
    assert (await harness.guilds.get(GUILD)).left_at is None


async def test_nothing_is_erased_while_the_roll_cannot_be_called(harness: Harness) -> None:
    await harness.add()
    harness.discord.members_of.clear()
    await harness.mornings(1)
    await harness.work_for(days=1)
    harness.discord.always = lambda kind, _: (
        Fate.SERVER_ERROR if kind == "fetch_guild_ids" else Fate.FINE
    )
    harness.clock.forward(days=8)
    await harness.work()
    assert len(await harness.schedules.list(GUILD)) == 1


async def test_who_manages_a_server_proves_that_the_bot_is_back(harness: Harness) -> None:
    await harness.add()
    async with harness.state.write() as transaction:
        await guilds.put_guild(transaction, Guild(GUILD, left_at=harness.clock.now()))
    harness.clock.forward(days=1, hours=2)
    await harness.guilds.confirm_membership(GUILD, harness.clock.now())
    assert (await harness.guilds.get(GUILD)).left_at is None
    assert (await harness.schedules.get(GUILD, "morning")).next_day == date(2026, 6, 3)
