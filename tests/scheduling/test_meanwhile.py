"""What happens meanwhile: admins, clocks and other processes, while posts are being made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from bot.errors import ScheduleError
from bot.scheduling.models import Guild, Outcome, ScheduleSettings, Stopped, new_delivery
from bot.scheduling.recurrence import Timetable
from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.storage import guilds, schedules
from bot.scheduling.storage.database import State
from tests.scheduling.conftest import CHANNEL, GUILD, NINE, Desk
from tests.support.discord import Fate
from tests.support.waiting import patience

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.scheduling.models import Payload
    from bot.scheduling.ports import AcquireSlot

TEN = Timetable(time(10), "UTC")


@pytest.fixture
async def other(url: str, state: State) -> AsyncIterator[Desk]:
    """Give the desk of a second process on the same database."""
    async with await State.open(url) as opened:
        desk = Desk(opened)
        desk.schedules._new_id = lambda: f"f{next(desk._numbers):015x}"  # never the first one's
        yield desk


def asked(desk: Desk) -> list[str]:
    return [kind for _, kind, _ in desk.discord.requests if kind != "joined"]


async def test_a_day_moved_while_it_was_overdue_is_missed_once_and_stops_nobody(
    desk: Desk,
) -> None:
    await desk.add()
    await desk.work()
    desk.clock.forward(hours=3)  # the poster was down at nine
    await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN))
    desk.clock.forward(hours=6)
    await desk.add("evening", channel_id=5, timetable=Timetable(time(18), "UTC"))
    desk.clock.forward(hours=1)
    await desk.work()
    assert len(desk.discord.posted(5)) == 1
    (missed,) = await desk.ledger("morning")
    assert (missed.outcome, missed.occurrence) == (Outcome.MISSED, "2026-06-01")
    assert (await desk.schedules.get(GUILD, "morning")).next_day == date(2026, 6, 2)


async def test_a_zone_that_is_gone_is_told_and_keeps_nobody_else_from_posting(desk: Desk) -> None:
    await desk.add("lost", channel_id=1)
    await desk.add("fine", channel_id=2)
    async with desk.state.write() as transaction:
        await transaction.exec_driver_sql(
            "UPDATE schedules SET zone = 'Mars/Olympus' WHERE name = 'lost'"
        )
    desk.clock.forward(hours=1)
    await desk.work()
    assert len(desk.discord.posted(2)) == 1
    assert desk.discord.posted(1) == []
    assert (await desk.schedules.get(GUILD, "lost")).stopped is Stopped.SUSPENDED
    await desk.work()
    ((_, _, text),) = desk.discord.alerts
    assert "`lost` in <#1> is suspended: `Mars/Olympus` is not a time zone any more." in text
    (failed,) = await desk.ledger("lost")
    assert failed.outcome is Outcome.FAILED
    await desk.schedules.edit(GUILD, "lost", ScheduleSettings(1, NINE))
    assert (await desk.schedules.resume(GUILD, "lost")).next_day == date(2026, 6, 2)


async def test_a_pause_holds_for_a_post_in_doubt_that_was_never_made(desk: Desk) -> None:
    await desk.add()
    desk.discord.fates.append(Fate.LOST_REQUEST)
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.schedules.pause(GUILD, "morning")
    desk.clock.forward(minutes=10)
    await desk.work_for(hours=1)
    assert desk.discord.posted(CHANNEL) == []
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.SKIPPED
    assert (await desk.records.check_schedule(GUILD, "morning")).unseen == 8


async def test_a_pause_returns_the_quote_that_it_lets_go_of(desk: Desk) -> None:
    await desk.add()
    desk.discord.fates.append(Fate.UNREACHABLE)
    desk.clock.forward(hours=1)
    await desk.work()
    assert (await desk.records.check_schedule(GUILD, "morning")).unseen == 7
    await desk.schedules.pause(GUILD, "morning")
    assert (await desk.records.check_schedule(GUILD, "morning")).unseen == 8


async def test_a_post_on_the_spot_at_the_due_moment_is_not_the_same_quote(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    payload = desk.quotes.payload
    meanwhile = [desk.worker()]

    async def slowly(quote: str, delivery_id: str, role_id: int | None) -> Any:
        if meanwhile:  # this quote is chosen; before that is written, the due post is made
            await desk.work(meanwhile.pop())
        return await payload(quote, delivery_id, role_id)

    desk.quotes.payload = slowly  # type: ignore[method-assign]  # a moment inside a port
    await desk.schedules.post_now(GUILD, "morning", interaction_id=5)
    await desk.work()
    posted = desk.discord.posted(CHANNEL)
    assert len(posted) == len(set(posted)) == 2


async def test_a_nonce_is_not_trusted_when_the_clock_was_set_back(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    send = desk.discord.send

    async def send_and_set_back(
        channel_id: int, payload: Payload, nonce: str, role_id: int | None
    ) -> int:
        try:
            return await send(channel_id, payload, nonce, role_id)
        finally:
            desk.clock.forward(minutes=-30)

    desk.discord.send = send_and_set_back  # type: ignore[method-assign]  # while it is answered
    desk.discord.fates.append(Fate.LOST_REPLY)
    await desk.work()
    desk.clock.forward(minutes=10)
    await desk.work()
    assert asked(desk) == ["send", "find"]
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.SENT


async def test_nothing_is_sent_again_once_the_nonce_may_be_forgotten(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    desk.discord.fates.append(Fate.LOST_REPLY)
    await desk.work()
    desk.clock.forward(seconds=119)
    worker = desk.worker()
    pace = worker._deliverer._means.pace
    wait = pace.wait

    async def held_up(slot: datetime) -> None:
        await wait(slot)
        desk.clock.forward(seconds=5)

    pace.wait = held_up  # type: ignore[method-assign]  # a process that is held up
    await desk.work(worker)
    await desk.work(worker)
    assert asked(desk) == ["send", "find"]


async def test_a_role_that_is_taken_away_is_not_pinged_by_a_post_under_way(desk: Desk) -> None:
    await desk.add(role_id=77)
    desk.discord.fates.append(Fate.UNREACHABLE)
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, NINE))
    await desk.work_for(minutes=10)
    (message,) = desk.discord.messages[CHANNEL]
    assert message.role_id is None


async def test_of_two_admins_who_edit_at_once_the_later_is_told(desk: Desk) -> None:
    read = (await desk.add()).settings
    await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN), read=read)
    with pytest.raises(ScheduleError, match="was changed this moment by another; try again"):
        await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL + 1, NINE), read=read)
    assert (await desk.schedules.get(GUILD, "morning")).settings == ScheduleSettings(CHANNEL, TEN)


async def test_ten_are_the_most_even_if_two_processes_add_at_once(desk: Desk, other: Desk) -> None:
    done = await asyncio.gather(
        *(desk.add(f"here {number}") for number in range(6)),
        *(other.add(f"there {number}") for number in range(5)),
        return_exceptions=True,
    )
    refused = [one for one in done if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [ScheduleError]
    assert "has 10 schedules already" in str(refused[0])
    assert len(await desk.schedules.list(GUILD)) == 10


async def until_waited_for(state: State) -> None:
    """Wait until a connection waits for another's transaction."""
    waiting = text("SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted")
    async with patience():
        while True:
            async with state.read() as transaction:
                if (await transaction.execute(waiting)).scalar():
                    return


async def test_a_skip_waits_for_a_claim_and_the_claim_never_for_the_skip(
    desk: Desk, other: Desk
) -> None:
    schedule = await desk.add()
    delivery = new_delivery(schedule, "2026-06-01", desk.clock.now(), schedule.settings.window)
    async with desk.state.write() as transaction:  # as whoever posts does
        assert await schedules.change_schedule(transaction, schedule) is not None
        skip = asyncio.create_task(other.schedules.skip(GUILD, "morning"))
        if desk.state.is_sqlite:
            await asyncio.sleep(0.1)  # most likely it waits for the lock by now
        else:
            await until_waited_for(other.state)
        assert await ledger.add_claim(transaction, replace(delivery, available_at=desk.clock.now()))
    if desk.state.is_sqlite:  # which sees the schedule as it is once it has the lock
        assert (await skip)[1].next_day == date(2026, 6, 2)
    else:
        with pytest.raises(ScheduleError, match="was changed this moment by another"):
            await skip
    (kept,) = await desk.ledger()
    assert kept.outcome is None


async def test_a_server_set_up_while_the_roll_is_called_is_not_taken_for_left(
    desk: Desk,
) -> None:
    joined = desk.discord.joined
    desk.discord.members_of.clear()

    async def slowly(acquire: AcquireSlot) -> frozenset[int]:
        before = await joined(acquire)
        await desk.add()  # joined, and set up, while the list was fetched
        return before

    desk.discord.joined = slowly  # type: ignore[method-assign]  # a moment inside a port
    await desk.work()
    assert (await desk.guilds.get(GUILD)).left_at is None


async def test_a_server_that_is_back_is_not_erased_before_the_roll_is_called(desk: Desk) -> None:
    await desk.add()
    desk.discord.members_of.clear()
    await desk.mornings(1)
    await desk.work_for(days=1)
    assert (await desk.guilds.get(GUILD)).left_at is not None
    desk.discord.members_of.add(GUILD)  # on the third day, while the bot was not running
    desk.clock.forward(days=8)
    await desk.work()
    assert len(await desk.schedules.list(GUILD)) == 1
    assert (await desk.guilds.get(GUILD)).left_at is None


async def test_nothing_is_erased_while_the_roll_cannot_be_called(desk: Desk) -> None:
    await desk.add()
    desk.discord.members_of.clear()
    await desk.mornings(1)
    await desk.work_for(days=1)
    desk.discord.always = lambda kind, _: Fate.SERVER_ERROR if kind == "joined" else Fate.FINE
    desk.clock.forward(days=8)
    await desk.work()
    assert len(await desk.schedules.list(GUILD)) == 1


async def test_who_manages_a_server_proves_that_the_bot_is_back(desk: Desk) -> None:
    await desk.add()
    async with desk.state.write() as transaction:
        await guilds.put_guild(transaction, Guild(GUILD, left_at=desk.clock.now()))
    desk.clock.forward(days=1, hours=2)
    await desk.guilds.confirm_membership(GUILD, desk.clock.now())
    assert (await desk.guilds.get(GUILD)).left_at is None
    assert (await desk.schedules.get(GUILD, "morning")).next_day == date(2026, 6, 3)
