"""What admins do with schedules."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.errors import ScheduleError
from bot.localization.messages import message
from bot.scheduling.models import Outcome, ScheduleSettings, Stopped
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.timezones import rules_version
from tests.scheduling.conftest import ADMIN, CHANNEL, GUILD, NINE, Harness
from tests.support.discord import Fate

TEN = Timetable(time(10), "UTC")


async def test_a_schedule_is_kept_as_it_was_set(harness: Harness) -> None:
    timetable = Timetable(time(2, 30), "America/New_York", frozenset({0, 6}))
    wanted = ScheduleSettings(5, timetable, "duo", "duo", 77, timedelta(hours=2))
    await harness.schedules.add(GUILD, " Late   night ", wanted, ADMIN)
    kept = await harness.schedules.get(GUILD, "late NIGHT")
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
    harness: Harness, name: str, changes: dict[str, object], said: str
) -> None:
    await harness.add("morning")
    with pytest.raises(ScheduleError, match=said):
        await harness.add(name, **changes)
    assert len(await harness.schedules.list(GUILD)) == 1


async def test_the_eleventh_schedule_is_refused_even_if_all_come_at_once(harness: Harness) -> None:
    names = [f"schedule {number}" for number in range(14)]
    done = await asyncio.gather(*map(harness.add, names), return_exceptions=True)
    assert sum(isinstance(one, ScheduleError) for one in done) == 4
    assert len(await harness.schedules.list(GUILD)) == 10


async def test_of_two_who_take_one_name_at_once_one_gets_it(harness: Harness) -> None:
    done = await asyncio.gather(harness.add("same"), harness.add("SAME"), return_exceptions=True)
    assert sorted(isinstance(one, ScheduleError) for one in done) == [False, True]


async def test_an_unknown_name_suggests_the_nearest(harness: Harness) -> None:
    with pytest.raises(ScheduleError, match="no schedule yet; set one up with /daily set"):
        await harness.schedules.get(GUILD, "morning")
    await harness.add("morning")
    await harness.add("night")
    with pytest.raises(ScheduleError, match="did you mean 'morning'"):
        await harness.schedules.get(GUILD, "mornin")
    with pytest.raises(ScheduleError, match="'zz'; here there is 'morning', 'night'"):
        await harness.schedules.get(GUILD, "zz")


async def test_one_server_never_sees_another(harness: Harness) -> None:
    added = await harness.add("morning")
    with pytest.raises(ScheduleError):
        await harness.schedules.remove(GUILD + 1, added.id)
    assert await harness.schedules.list(GUILD + 1) == ()
    assert await harness.records.history(GUILD + 1) == ()


async def test_an_edit_after_todays_post_does_not_post_twice_that_day(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=1)
    await harness.work()
    edited = await harness.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN))
    assert edited.next_day == date(2026, 6, 2)
    harness.clock.forward(hours=2)
    await harness.work()
    assert len(harness.discord.posted(CHANNEL)) == 1


async def test_an_edit_before_todays_post_moves_it(harness: Harness) -> None:
    await harness.add()
    edited = await harness.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN), "ten")
    assert (edited.name, edited.next_due) == ("ten", datetime(2026, 6, 1, 10, tzinfo=UTC))


async def test_an_edit_does_not_lose_a_post_that_is_overdue(harness: Harness) -> None:
    await harness.add()
    harness.clock.forward(hours=3)  # the poster was down at nine
    await harness.schedules.edit(GUILD, "morning", ScheduleSettings(CHANNEL, TEN))
    await harness.work()
    assert len(harness.discord.posted(CHANNEL)) == 1


async def test_a_pause_ends_by_itself(harness: Harness) -> None:
    await harness.add()
    until = datetime(2026, 6, 4, 12, tzinfo=UTC)
    paused = await harness.schedules.pause(GUILD, "morning", until)
    assert paused.next_day == date(2026, 6, 5)
    await harness.mornings(5)
    assert [delivery.occurrence for delivery in await harness.history()] == ["2026-06-05"]
    with pytest.raises(ScheduleError, match="has passed already"):
        await harness.schedules.pause(GUILD, "morning", until)


async def test_a_pause_lets_go_of_a_post_that_is_being_retried(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.append(Fate.UNREACHABLE)
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.schedules.pause(GUILD, "morning")
    await harness.work_for(hours=1)
    assert harness.discord.posted(CHANNEL) == []
    (delivery,) = await harness.history()
    assert delivery.outcome is Outcome.SKIPPED


async def test_resume_starts_a_stopped_schedule_from_its_next_time(harness: Harness) -> None:
    await harness.add()
    assert (await harness.schedules.pause(GUILD, "morning")).stopped is Stopped.PAUSED
    harness.clock.forward(days=3)
    resumed = await harness.schedules.resume(GUILD, "morning")
    assert (resumed.stopped, resumed.next_day) == (None, date(2026, 6, 4))
    assert await harness.schedules.resume(GUILD, "morning") == resumed


async def test_a_suspended_schedule_resumes_with_a_clean_count(harness: Harness) -> None:
    await harness.add()
    harness.discord.always = lambda kind, _: Fate.GONE if kind == "send" else Fate.FINE
    await harness.mornings(3)
    resumed = await harness.schedules.resume(GUILD, "morning")
    assert (resumed.stopped, resumed.failures) == (None, 0)


async def test_a_skipped_post_stands_in_the_ledger(harness: Harness) -> None:
    await harness.add()
    skipped, schedule = await harness.schedules.skip(GUILD, "morning")
    assert (skipped.day, schedule.next_day) == (date(2026, 6, 1), date(2026, 6, 2))
    (delivery,) = await harness.history()
    assert (delivery.outcome, delivery.occurrence) == (Outcome.SKIPPED, "2026-06-01")
    await harness.schedules.pause(GUILD, "morning")
    with pytest.raises(ScheduleError, match="is paused; there is no post to skip"):
        await harness.schedules.skip(GUILD, "morning")


async def test_a_preview_is_what_comes_next_and_draws_nothing(harness: Harness) -> None:
    await harness.add(role_id=7)
    payload = await harness.schedules.preview(GUILD, "morning")
    assert payload == await harness.schedules.preview(GUILD, "morning")
    assert payload["role"] is None
    assert (await harness.records.check_schedule(GUILD, "morning")).unseen == 8
    harness.clock.forward(hours=1)
    await harness.work()
    assert harness.discord.posted(CHANNEL) == [payload["quote"]]


async def test_a_post_on_the_spot_counts_in_the_deck_and_leaves_the_day_alone(
    harness: Harness,
) -> None:
    await harness.add()
    delivery = await harness.schedules.post_now(GUILD, "morning", interaction_id=9)
    await harness.work()
    found = await harness.records.get_delivery(delivery.id)
    assert found is not None
    assert found.outcome is Outcome.SENT
    checkup = await harness.records.check_schedule(GUILD, "morning")
    assert checkup.unseen == 7
    assert checkup.schedule.next_day == date(2026, 6, 1)


async def test_a_servers_packs_bound_what_is_posted(harness: Harness) -> None:
    harness.quotes.packs["solo"] = ["solo-1"]
    await harness.guilds.set_packs(GUILD, frozenset({"solo"}))
    await harness.add()
    with pytest.raises(ScheduleError, match="no quote in the pack 'duo'"):
        await harness.add("other", pack="duo")
    harness.clock.forward(hours=1)
    await harness.work()
    assert harness.discord.posted(CHANNEL) == ["solo-1"]
    await harness.guilds.set_packs(GUILD, None)
    assert (await harness.guilds.get(GUILD)).packs is None


async def test_the_doctor_finds_the_last_failure_and_what_was_told(harness: Harness) -> None:
    await harness.add()
    harness.discord.fates.append(Fate.FORBIDDEN)
    await harness.mornings(2)
    checkup = await harness.records.check_schedule(GUILD, "morning")
    assert checkup.last_failure is not None
    assert checkup.last_failure.reason == message("The bot may not send messages there.")
    assert checkup.last_failure.occurrence == "2026-06-01"
    assert len(checkup.alerts) == 1
    assert (checkup.quotes, checkup.unseen) == (8, 7)
    assert [post.day for post in checkup.upcoming] == [date(2026, 6, day) for day in (3, 4, 5)]


async def test_coming_posts_mark_a_change_of_clock(harness: Harness) -> None:
    harness.clock.moment = datetime(2026, 10, 30, 20, tzinfo=UTC)
    schedule = await harness.add(timetable=Timetable(time(9), "America/New_York"))
    moved = [post.is_moved for post in harness.records.list_upcoming(schedule)]
    assert moved == [False, True, False]


async def test_erasing_a_server_leaves_nothing_of_it(harness: Harness) -> None:
    await harness.add()
    await harness.guilds.set_alerts(GUILD, 5)
    await harness.mornings(1)
    stored = await harness.guilds.stored(GUILD)
    assert (len(stored.schedules), stored.delivery_count) == (1, 1)
    assert await harness.guilds.erase(GUILD) == 1
    async with harness.state.read() as transaction:
        for table in ("guilds", "schedules", "deliveries", "draws", "alerts"):
            count = await transaction.exec_driver_sql(f"SELECT count(*) FROM {table}")
            assert count.scalar() == 0, table


async def test_a_server_left_is_not_posted_to_and_erased_after_a_week(harness: Harness) -> None:
    await harness.add()
    harness.discord.members_of.clear()
    await harness.mornings(7)
    assert len(harness.discord.posted(CHANNEL)) <= 1
    assert len(await harness.schedules.list(GUILD)) == 1
    await harness.mornings(3)
    assert await harness.schedules.list(GUILD) == ()


async def test_back_within_the_week_all_is_as_it_was(harness: Harness) -> None:
    kept = await harness.add()
    harness.discord.members_of.clear()
    await harness.mornings(4)
    posted = len(harness.discord.posted(CHANNEL))
    harness.discord.members_of.add(GUILD)
    await harness.mornings(3)
    (back,) = await harness.schedules.list(GUILD)
    assert back.settings == kept.settings
    assert len(harness.discord.posted(CHANNEL)) > posted
    assert harness.discord.alerts == []


async def test_servers_that_cannot_be_fetched_are_not_taken_for_left(harness: Harness) -> None:
    await harness.add()
    harness.discord.always = lambda kind, _: (
        Fate.SERVER_ERROR if kind == "fetch_guild_ids" else Fate.FINE
    )
    await harness.mornings(2)
    assert (await harness.guilds.get(GUILD)).left_at is None
    assert len(harness.discord.posted(CHANNEL)) == 2


async def test_stored_instants_are_reckoned_anew_with_new_rules(harness: Harness) -> None:
    kept = await harness.add()
    async with harness.state.write() as transaction:
        wrong = "UPDATE schedules SET next_due = next_due + 3600000000"
        await transaction.exec_driver_sql(wrong)
        await transaction.exec_driver_sql(
            "INSERT INTO metadata VALUES ('zone_rules_version', '1999.1')"
        )
    await harness.work()
    (reckoned,) = await harness.schedules.list(GUILD)
    assert (reckoned.next_day, reckoned.next_due) == (kept.next_day, kept.next_due)
    async with harness.state.read() as transaction:
        stored = await transaction.exec_driver_sql(
            "SELECT value FROM metadata WHERE key='zone_rules_version'"
        )
        assert stored.scalar() == rules_version()


async def test_an_added_schedule_wakes_the_poster(harness: Harness) -> None:
    nudges: list[bool] = []
    schedules = ScheduleService(
        harness.state,
        harness.quotes,
        harness.clock,
        lambda: "0123456789abcdef",
        lambda: nudges.append(True),
    )
    await schedules.add(GUILD, "morning", ScheduleSettings(CHANNEL, NINE), ADMIN)
    assert nudges
