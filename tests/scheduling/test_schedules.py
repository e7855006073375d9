"""What admins do with schedules."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.errors import ScheduleError
from bot.scheduling.models import Outcome, ScheduleSettings, Stopped
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.timezones import rules_version
from tests.scheduling.conftest import ADMIN, CHANNEL, GUILD, NINE, Desk
from tests.support.discord import Fate

TEN = Timetable(time(10), "UTC")


async def test_a_schedule_is_kept_as_it_was_set(desk: Desk) -> None:
    timetable = Timetable(time(2, 30), "America/New_York", frozenset({0, 6}))
    wanted = ScheduleSettings(5, timetable, "duo", "duo", 77, timedelta(hours=2))
    await desk.schedules.add(GUILD, " Late   night ", wanted, ADMIN)
    kept = await desk.schedules.get(GUILD, "late NIGHT")
    assert (kept.name, kept.settings, kept.created_by) == ("Late night", wanted, ADMIN)
    assert kept.next_day == date(2026, 6, 7)


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("Morning", {}, "There is a schedule called 'Morning' already"),
        ("", {}, "needs a name"),
        ("x" * 33, {}, "may have 32 characters; this one has 33"),
        ("a\u202eb", {}, "needs a name"),
        ("other", {"pack": "nothing"}, "no quote in the pack 'nothing'"),
        ("other", {"speaker": "nobody"}, "no quote by nobody in the packs"),
        ("other", {"window": timedelta(days=2)}, "from 10 minutes to 23 hours"),
        ("other", {"timetable": Timetable(time(9), "UTC", frozenset())}, "at least one day"),
        ("other", {"timetable": Timetable(time(9), "Mars/Olympus")}, "not a time zone"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(
    desk: Desk, name: str, changes: dict[str, object], said: str
) -> None:
    await desk.add("morning")
    with pytest.raises(ScheduleError, match=said):
        await desk.add(name, **changes)
    assert len(await desk.schedules.list(GUILD)) == 1


async def test_the_eleventh_schedule_is_refused_even_if_all_come_at_once(desk: Desk) -> None:
    names = [f"schedule {number}" for number in range(14)]
    done = await asyncio.gather(*map(desk.add, names), return_exceptions=True)
    assert sum(isinstance(one, ScheduleError) for one in done) == 4
    assert len(await desk.schedules.list(GUILD)) == 10


async def test_of_two_who_take_one_name_at_once_one_gets_it(desk: Desk) -> None:
    done = await asyncio.gather(desk.add("same"), desk.add("SAME"), return_exceptions=True)
    assert sorted(isinstance(one, ScheduleError) for one in done) == [False, True]


async def test_an_unknown_name_suggests_the_nearest(desk: Desk) -> None:
    with pytest.raises(ScheduleError, match="no schedule yet; set one up with /daily set"):
        await desk.schedules.get(GUILD, "morning")
    await desk.add("morning")
    await desk.add("night")
    with pytest.raises(ScheduleError, match="did you mean 'morning'"):
        await desk.schedules.get(GUILD, "mornin")
    with pytest.raises(ScheduleError, match="'zz'; here there is 'morning', 'night'"):
        await desk.schedules.get(GUILD, "zz")


async def test_one_server_never_sees_another(desk: Desk) -> None:
    await desk.add("morning")
    with pytest.raises(ScheduleError):
        await desk.schedules.remove(GUILD + 1, "morning")
    assert await desk.schedules.list(GUILD + 1) == ()
    assert await desk.records.history(GUILD + 1) == ()


async def test_an_edit_after_todays_post_does_not_post_twice_that_day(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=1)
    await desk.work()
    edited = await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN))
    assert edited.next_day == date(2026, 6, 2)
    desk.clock.forward(hours=2)
    await desk.work()
    assert len(desk.discord.posted(CHANNEL)) == 1


async def test_an_edit_before_todays_post_moves_it(desk: Desk) -> None:
    await desk.add()
    edited = await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN), "ten")
    assert (edited.name, edited.next_due) == ("ten", datetime(2026, 6, 1, 10, tzinfo=UTC))


async def test_an_edit_does_not_lose_a_post_that_is_overdue(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=3)  # the poster was down at nine
    await desk.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN))
    await desk.work()
    assert len(desk.discord.posted(CHANNEL)) == 1


async def test_a_pause_ends_by_itself(desk: Desk) -> None:
    await desk.add()
    until = datetime(2026, 6, 4, 12, tzinfo=UTC)
    paused = await desk.schedules.pause(GUILD, "morning", until)
    assert paused.next_day == date(2026, 6, 5)
    await desk.mornings(5)
    assert [delivery.occurrence for delivery in await desk.ledger()] == ["2026-06-05"]
    with pytest.raises(ScheduleError, match="has passed already"):
        await desk.schedules.pause(GUILD, "morning", until)


async def test_a_pause_lets_go_of_a_post_that_is_being_retried(desk: Desk) -> None:
    await desk.add()
    desk.discord.fates.append(Fate.UNREACHABLE)
    desk.clock.forward(hours=1)
    await desk.work()
    await desk.schedules.pause(GUILD, "morning")
    await desk.work_for(hours=1)
    assert desk.discord.posted(CHANNEL) == []
    (delivery,) = await desk.ledger()
    assert delivery.outcome is Outcome.SKIPPED


async def test_resume_starts_a_stopped_schedule_from_its_next_time(desk: Desk) -> None:
    await desk.add()
    assert (await desk.schedules.pause(GUILD, "morning")).stopped is Stopped.PAUSED
    desk.clock.forward(days=3)
    resumed = await desk.schedules.resume(GUILD, "morning")
    assert (resumed.stopped, resumed.next_day) == (None, date(2026, 6, 4))
    assert await desk.schedules.resume(GUILD, "morning") == resumed


async def test_a_suspended_schedule_resumes_with_a_clean_count(desk: Desk) -> None:
    await desk.add()
    desk.discord.always = lambda kind, _: Fate.GONE if kind == "send" else Fate.FINE
    await desk.mornings(3)
    resumed = await desk.schedules.resume(GUILD, "morning")
    assert (resumed.stopped, resumed.failures) == (None, 0)


async def test_a_skipped_post_stands_in_the_ledger(desk: Desk) -> None:
    await desk.add()
    skipped, schedule = await desk.schedules.skip(GUILD, "morning")
    assert (skipped.day, schedule.next_day) == (date(2026, 6, 1), date(2026, 6, 2))
    (delivery,) = await desk.ledger()
    assert (delivery.outcome, delivery.occurrence) == (Outcome.SKIPPED, "2026-06-01")
    await desk.schedules.pause(GUILD, "morning")
    with pytest.raises(ScheduleError, match="is paused; there is no post to skip"):
        await desk.schedules.skip(GUILD, "morning")


async def test_a_preview_is_what_comes_next_and_draws_nothing(desk: Desk) -> None:
    await desk.add(role_id=7)
    payload = await desk.schedules.preview(GUILD, "morning")
    assert payload == await desk.schedules.preview(GUILD, "morning")
    assert payload["role"] is None
    assert (await desk.records.check_schedule(GUILD, "morning")).unseen == 8
    desk.clock.forward(hours=1)
    await desk.work()
    assert desk.discord.posted(CHANNEL) == [payload["quote"]]


async def test_a_post_on_the_spot_counts_in_the_deck_and_leaves_the_day_alone(desk: Desk) -> None:
    await desk.add()
    delivery = await desk.schedules.post_now(GUILD, "morning", interaction_id=9)
    await desk.work()
    found = await desk.records.get_delivery(delivery.id)
    assert found is not None
    assert found.outcome is Outcome.SENT
    checkup = await desk.records.check_schedule(GUILD, "morning")
    assert checkup.unseen == 7
    assert checkup.schedule.next_day == date(2026, 6, 1)


async def test_a_servers_packs_bound_what_is_posted(desk: Desk) -> None:
    desk.quotes.packs["solo"] = ["solo-1"]
    await desk.guilds.set_packs(GUILD, frozenset({"solo"}))
    await desk.add()
    with pytest.raises(ScheduleError, match="no quote in the pack 'duo'"):
        await desk.add("other", pack="duo")
    desk.clock.forward(hours=1)
    await desk.work()
    assert desk.discord.posted(CHANNEL) == ["solo-1"]
    await desk.guilds.set_packs(GUILD, None)
    assert (await desk.guilds.get(GUILD)).packs is None


async def test_the_doctor_finds_the_last_failure_and_what_was_told(desk: Desk) -> None:
    await desk.add()
    desk.discord.fates.append(Fate.FORBIDDEN)
    await desk.mornings(2)
    checkup = await desk.records.check_schedule(GUILD, "morning")
    assert checkup.last_failure is not None
    assert checkup.last_failure.reason == "The bot may not send messages there."
    assert checkup.last_failure.occurrence == "2026-06-01"
    assert len(checkup.alerts) == 1
    assert (checkup.quotes, checkup.unseen) == (8, 7)
    assert [post.day for post in checkup.upcoming] == [date(2026, 6, day) for day in (3, 4, 5)]


async def test_coming_posts_mark_a_change_of_clock(desk: Desk) -> None:
    desk.clock.moment = datetime(2026, 10, 30, 20, tzinfo=UTC)
    schedule = await desk.add(timetable=Timetable(time(9), "America/New_York"))
    moved = [post.is_moved for post in desk.records.list_upcoming(schedule)]
    assert moved == [False, True, False]


async def test_erasing_a_server_leaves_nothing_of_it(desk: Desk) -> None:
    await desk.add()
    await desk.guilds.set_alerts(GUILD, 5)
    await desk.mornings(1)
    stored = await desk.guilds.stored(GUILD)
    assert (len(stored.schedules), stored.delivery_count) == (1, 1)
    assert await desk.guilds.erase(GUILD) == 1
    async with desk.state.read() as transaction:
        for table in ("guilds", "schedules", "claims", "draws", "notices"):
            count = await transaction.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert count.scalar() == 0, table


async def test_a_server_left_is_not_posted_to_and_erased_after_a_week(desk: Desk) -> None:
    await desk.add()
    desk.discord.members_of.clear()
    await desk.mornings(7)
    assert len(desk.discord.posted(CHANNEL)) <= 1
    assert len(await desk.schedules.list(GUILD)) == 1
    await desk.mornings(3)
    assert await desk.schedules.list(GUILD) == ()


async def test_back_within_the_week_all_is_as_it_was(desk: Desk) -> None:
    kept = await desk.add()
    desk.discord.members_of.clear()
    await desk.mornings(4)
    posted = len(desk.discord.posted(CHANNEL))
    desk.discord.members_of.add(GUILD)
    await desk.mornings(3)
    (back,) = await desk.schedules.list(GUILD)
    assert back.settings == kept.settings
    assert len(desk.discord.posted(CHANNEL)) > posted
    assert desk.discord.alerts == []


async def test_servers_that_cannot_be_fetched_are_not_taken_for_left(desk: Desk) -> None:
    await desk.add()
    desk.discord.always = lambda kind, _: Fate.SERVER_ERROR if kind == "joined" else Fate.FINE
    await desk.mornings(2)
    assert (await desk.guilds.get(GUILD)).left_at is None
    assert len(desk.discord.posted(CHANNEL)) == 2


async def test_stored_instants_are_reckoned_anew_with_new_rules(desk: Desk) -> None:
    kept = await desk.add()
    async with desk.state.write() as transaction:
        wrong = "UPDATE schedules SET next_due = next_due + 3600000000"
        await transaction.exec_driver_sql(wrong)
        await transaction.exec_driver_sql("INSERT INTO marks VALUES ('load_zone', '1999.1')")
    await desk.work()
    (reckoned,) = await desk.schedules.list(GUILD)
    assert (reckoned.next_day, reckoned.next_due) == (kept.next_day, kept.next_due)
    async with desk.state.read() as transaction:
        stored = await transaction.exec_driver_sql("SELECT value FROM marks WHERE key='load_zone'")
        assert stored.scalar() == rules_version()


async def test_an_added_schedule_wakes_the_poster(desk: Desk) -> None:
    nudges: list[bool] = []
    schedules = ScheduleService(
        desk.state, desk.quotes, desk.clock, lambda: "0123456789abcdef", lambda: nudges.append(True)
    )
    await schedules.add(GUILD, "morning", ScheduleSettings(CHANNEL, NINE), ADMIN)
    assert nudges
