"""Damaged rows: the bad one is set aside and told of, and everybody else's posts are made."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from bot.errors import LinerNotesError, ScheduleError
from bot.scheduling.models import AlertStatus, Guild, Outcome, PostStyle
from bot.scheduling.recurrence import Timetable
from bot.scheduling.storage import guilds
from bot.scheduling.storage.damage import SET_ASIDE, read_rows
from bot.scheduling.storage.database import State
from bot.scheduling.storage.deliveries import read_agenda
from bot.scheduling.storage.inspection import Condition, Damage, list_damage
from bot.scheduling.storage.tables import deliveries
from bot.scheduling.worker.loop import MANY_FAILURES
from tests.scheduling.conftest import ADMIN, CHANNEL, GUILD, Harness
from tests.support.discord import Fate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ALERTS = 900


@pytest.fixture
async def loose(tmp_path: Path, migrated_file: Path) -> AsyncIterator[Harness]:
    """Give a harness on SQLite, which keeps whatever is written into any column."""
    file = tmp_path / "state.db"
    file.write_bytes(migrated_file.read_bytes())
    async with await State.open(f"sqlite:///{file}") as state:
        yield Harness(state)


async def write(harness: Harness, *statements: str) -> None:
    """Write by hand, or as a flipped bit does: no constraint keeps it back."""
    async with harness.state.write() as transaction:
        if harness.state.is_sqlite:
            await transaction.execute(text("PRAGMA ignore_check_constraints = ON"))
        for statement in statements:
            await transaction.execute(text(statement))
        if harness.state.is_sqlite:
            await transaction.execute(text("PRAGMA ignore_check_constraints = OFF"))


@pytest.mark.parametrize("change", ["next_day = 'no day'", "next_day = '2027-01-01'"])
async def test_a_damaged_schedule_is_set_aside_and_told_and_all_others_are_posted(
    harness: Harness, change: str
) -> None:
    await a_damaged_schedule_stops_nobody(harness, change)


@pytest.mark.parametrize(
    "change",
    [
        "seed = cast(x'ff' as text)",
        "speaker = cast(x'fffe' as text)",
        "next_due = 'soon'",
        "next_due = -99999999999999999",
        "minute = 'nine'",
        "minute = 5000",
        "days = 0",
        "window_seconds = 'long'",
        "window_seconds = 0",
        "stopped = 'gone'",
        "id = cast(x'ff' as text)",
    ],
)
async def test_whatever_is_damaged_in_a_schedule_stops_nobody(loose: Harness, change: str) -> None:
    await a_damaged_schedule_stops_nobody(loose, change, is_named=not change.startswith("id"))


async def a_damaged_schedule_stops_nobody(
    harness: Harness, change: str, *, is_named: bool = True
) -> None:
    damaged = await harness.add("damaged", channel_id=1)
    await harness.add("fine", channel_id=2)
    await write(harness, f"UPDATE schedules SET {change} WHERE name = 'damaged'")
    harness.clock.forward(hours=1)
    with capture_logs() as logs:
        for _ in range(3):
            await harness.work()
    assert harness.discord.posted(1) == []
    assert len(harness.discord.posted(2)) == 1
    assert [one.name for one in await harness.schedules.list(GUILD)] == ["damaged", "fine"]
    assert await harness.schedules.list_damaged(GUILD) == ()  # since it was set aside
    (set_aside,) = [one for one in logs if one["event"] == "damaged row is set aside"]
    assert set_aside["id"] == (damaged.id if is_named else None)
    ((_, who, told),) = harness.discord.alerts
    assert who == ADMIN
    assert "`damaged` in <#1> is suspended: its row in the state database is damaged" in told
    with pytest.raises(ScheduleError, match="called 'DAMAGED' already"):
        await harness.add("DAMAGED")
    found = await harness.schedules.get(GUILD, "damaged")
    await harness.schedules.remove(GUILD, found.id)
    await harness.add("damaged", channel_id=1)


async def test_a_damaged_schedule_is_told_within_the_hour_though_it_is_due_much_later(
    harness: Harness,
) -> None:
    await harness.add()
    worker = harness.worker()
    await harness.work(worker)
    await write(harness, "UPDATE schedules SET next_day = 'no day'")
    harness.clock.forward(minutes=59)
    await harness.work(worker)
    assert harness.discord.alerts == []
    harness.clock.forward(minutes=1, seconds=-1)
    await write(harness, "UPDATE schedules SET next_due = next_due + 7200000000")
    harness.clock.forward(seconds=1)
    await harness.work(worker)
    await harness.work(worker)
    assert len(harness.discord.alerts) == 1


@pytest.mark.parametrize(
    ("fate", "outcome", "told"),
    [
        (Fate.UNREACHABLE, Outcome.FAILED, "was not posted"),
        (Fate.LOST_REPLY, Outcome.UNKNOWN, "may or may not have been posted"),
    ],
)
async def test_a_post_under_way_whose_payload_is_cut_short_ends_told_and_others_go_on(
    harness: Harness, fate: Fate, outcome: Outcome, told: str
) -> None:
    await harness.add("damaged", channel_id=1)
    harness.discord.fates.append(fate)
    harness.clock.forward(hours=1)
    await harness.work()
    await write(harness, "UPDATE deliveries SET payload = substr(payload, 1, 9)")
    await harness.add("fine", channel_id=2)
    await harness.schedules.post_now(GUILD, "fine", interaction_id=5)
    harness.clock.forward(minutes=5)
    for _ in range(3):
        await harness.work()
    assert len(harness.discord.posted(2)) == 1
    ended = {one.channel_id: one for one in await harness.history()}
    assert (ended[1].outcome, ended[2].outcome) == (outcome, Outcome.SENT)
    ((_, _, words),) = harness.discord.alerts
    assert f"A post of `damaged` in <#1> {told}: its row in the state database" in words


@pytest.mark.parametrize(
    "change",
    [
        "payload = NULL",
        "payload = '[]'",
        "trigger = 'moon'",
        "attempts = -1",
        "expires_at = 'late'",
        "occurrence = cast(x'ff' as text)",
        "id = cast(x'ff' as text)",
    ],
)
async def test_whatever_is_damaged_in_a_post_under_way_it_ends(loose: Harness, change: str) -> None:
    await loose.add("damaged", channel_id=1)
    await loose.add("fine", channel_id=2)
    loose.discord.fates.extend([Fate.UNREACHABLE] * 2)
    loose.clock.forward(hours=1)
    await loose.work()
    await write(loose, f"UPDATE deliveries SET {change} WHERE channel_id = 1")
    loose.clock.forward(minutes=5)
    for _ in range(3):
        await loose.work()
    assert loose.discord.posted(1) == []
    assert len(loose.discord.posted(2)) == 1
    (ended,) = [one for one in await loose.history() if one.channel_id == 1]
    assert (ended.outcome, ended.reason) == (Outcome.FAILED, SET_ASIDE)
    async with loose.state.read() as transaction:
        read = await read_rows(transaction, select(deliveries), deliveries, tuple)
    assert read.damaged == ()
    assert len(loose.discord.alerts) == 1


async def test_a_post_whose_time_cannot_be_read_is_taken_up_within_the_hour(
    loose: Harness,
) -> None:
    await loose.add("damaged", channel_id=1)
    await loose.add("fine", channel_id=2, timetable=Timetable(time(9, 30), "UTC"))
    loose.discord.fates.append(Fate.UNREACHABLE)
    loose.clock.forward(hours=1)
    worker = loose.worker()
    await loose.work(worker)
    await write(loose, "UPDATE deliveries SET available_at = 'soon' WHERE channel_id = 1")
    loose.clock.forward(minutes=30)
    await loose.work(worker)
    assert (len(loose.discord.posted(1)), len(loose.discord.posted(2))) == (0, 1)
    loose.clock.forward(minutes=30)
    await loose.work(worker)
    assert len(loose.discord.posted(1)) == 1


async def test_a_damaged_alert_is_mended_and_sent_like_the_others(harness: Harness) -> None:
    await harness.add("one", channel_id=1)
    await harness.add("two", channel_id=2)
    harness.discord.always = lambda kind, _: (
        Fate.FINE
        if kind == "fetch_guild_ids"
        else Fate.FORBIDDEN
        if kind == "send"
        else Fate.UNREACHABLE
    )
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    await write(harness, "UPDATE alerts SET kind = 'moon' WHERE text LIKE '%`one`%'")
    harness.discord.always = None
    harness.clock.forward(minutes=5)
    await harness.work()
    await harness.work()
    one, two = sorted(told for _, _, told in harness.discord.alerts)
    assert "`one`" in one
    assert "`two`" in two
    checkup = await harness.records.check_schedule(GUILD, "one")
    assert [one.status for one in checkup.alerts] == [AlertStatus.SENT_TO_USER]


async def test_what_stands_in_for_a_damaged_alert_is_in_the_schedules_language(
    loose: Harness,
) -> None:
    await loose.add(style=PostStyle(language="de"))
    loose.discord.always = lambda kind, _: Fate.FORBIDDEN if kind == "send" else Fate.UNREACHABLE
    loose.clock.forward(hours=1)
    await loose.work()
    await loose.work()
    await write(loose, "UPDATE alerts SET text = cast(x'ff' as text)")
    loose.discord.always = None
    loose.clock.forward(minutes=5)
    await loose.work()
    await loose.work()
    (told,) = [words for _, _, words in loose.discord.alerts]
    assert told.startswith("Der Wortlaut dieser Meldung wurde beschädigt.")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("'de'", "`morning` in <#1> ist ausgesetzt: seine Zeile"),
        ("'elvish'", "`morning` in <#1> is suspended: its row"),
    ],
)
async def test_a_damaged_schedule_is_told_in_its_language_if_that_can_be_read(
    harness: Harness, language: str, said: str
) -> None:
    await harness.add(channel_id=1)
    await write(harness, f"UPDATE schedules SET next_day = 'no day', language = {language}")
    harness.clock.forward(hours=1)
    for _ in range(3):
        await harness.work()
    ((_, _, told),) = harness.discord.alerts
    assert told.startswith(said)


async def test_a_server_whose_packs_cannot_be_read_keeps_no_other_from_its_post(
    harness: Harness,
) -> None:
    await harness.add("damaged", channel_id=1)
    await harness.guilds.set_packs(GUILD, frozenset({"duo"}))
    await write(harness, f"UPDATE guilds SET packs = '[\"duo' WHERE id = {GUILD}")
    fine = GUILD + 1
    harness.discord.members_of.add(fine)
    settings = (await harness.schedules.get(GUILD, "damaged")).settings
    await harness.schedules.add(fine, "fine", settings, ADMIN)
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    assert len(harness.discord.posted(1)) == 1
    assert (await harness.guilds.get(GUILD)).packs == frozenset()
    async with harness.state.read() as transaction:
        assert await guilds.list_guilds(transaction) == (Guild(fine),)
    await harness.guilds.set_packs(GUILD, frozenset({"duo"}))
    assert (await harness.guilds.get(GUILD)).packs == frozenset({"duo"})


@pytest.mark.parametrize("change", ["number = 'first'", "quote_id = cast(x'ff' as text)"])
async def test_a_damaged_rotation_begins_anew(loose: Harness, change: str) -> None:
    await loose.add("damaged", channel_id=1)
    await loose.add("fine", channel_id=2)
    await loose.mornings(1)
    await write(
        loose,
        f"UPDATE draws SET {change} WHERE schedule_id = "
        "(SELECT id FROM schedules WHERE name = 'damaged')",
    )
    await loose.mornings(1)
    assert len(loose.discord.posted(1)) == len(loose.discord.posted(2)) == 2


async def test_a_damaged_rate_limit_stops_no_post(harness: Harness) -> None:
    await harness.add()
    await harness.work()
    await write(harness, "UPDATE rate_limits SET recent_slots = '[17'")
    harness.clock.forward(hours=1)
    await harness.work()
    assert len(harness.discord.posted(CHANNEL)) == 1


async def test_a_damaged_delivery_in_the_history_hides_neither_itself_nor_another(
    harness: Harness,
) -> None:
    await harness.add()
    await harness.mornings(2)
    await write(harness, "UPDATE deliveries SET payload = '{' WHERE occurrence = '2026-06-01'")
    listed = [(one.occurrence, one.outcome, one.payload) for one in await harness.history()]
    assert listed == [
        ("2026-06-01", Outcome.SENT, None),
        ("2026-06-02", Outcome.SENT, None),
    ]


@pytest.mark.parametrize("moment", [-99_999_999_999_999_999, 10**18])
@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        ("schedules", "next_due", "schedule"),
        ("deliveries", "available_at", "delivery"),
        ("alerts", "available_at", "alert"),
    ],
)
async def test_a_moment_that_is_none_hides_no_other_from_the_agenda(
    harness: Harness, table: str, column: str, kind: str, moment: int
) -> None:
    for name, channel in (("damaged", 1), ("fine", 2)):
        await harness.add(name, channel_id=channel)
    harness.discord.always = lambda asked, _: (
        Fate.FINE if asked == "fetch_guild_ids" else Fate.UNREACHABLE
    )
    if kind == "alert":
        harness.discord.always = lambda asked, _: (
            Fate.FINE
            if asked == "fetch_guild_ids"
            else Fate.FORBIDDEN
            if asked == "send"
            else Fate.UNREACHABLE
        )
    harness.clock.forward(hours=1)
    await harness.work()
    await harness.work()
    async with harness.state.read() as transaction:
        before = getattr(await read_agenda(transaction), kind)
        ids = (await transaction.execute(text(f"SELECT id FROM {table}"))).scalars().all()
    assert len(ids) == 2
    assert before is not None
    await write(harness, f"UPDATE {table} SET {column} = {moment} WHERE id = '{ids[0]}'")
    async with harness.state.read() as transaction:
        assert getattr(await read_agenda(transaction), kind) is not None
    await write(harness, f"UPDATE {table} SET {column} = {moment}")
    async with harness.state.read() as transaction:
        assert getattr(await read_agenda(transaction), kind) is None


async def test_damaged_rows_are_listed_for_the_host_with_the_state_that_each_is_in(
    harness: Harness, url: str
) -> None:
    unreadable = await harness.add("unreadable", channel_id=1)
    harness.discord.fates.extend([Fate.UNREACHABLE] * 2)
    harness.clock.forward(hours=1)
    await harness.work()
    ended = (await harness.history())[0].id
    await write(harness, "UPDATE deliveries SET payload = '{'")
    assert await list_damage(url) == (Damage(Condition.POST_UNREADABLE, ended, GUILD, ANY),)
    harness.clock.forward(minutes=5)
    await harness.work()
    suspended = await harness.add("suspended", channel_id=2)
    await write(harness, "UPDATE schedules SET next_day = 'no day' WHERE name = 'suspended'")
    harness.clock.forward(hours=24)
    await harness.work()
    await write(
        harness,
        "UPDATE schedules SET window_seconds = -5 WHERE name = 'unreadable'",
        f"UPDATE guilds SET packs = '[' WHERE id = {GUILD}",
    )
    assert await list_damage(url) == (
        Damage(Condition.SETTINGS_UNREADABLE, str(GUILD), GUILD, ANY),
        Damage(Condition.SCHEDULE_UNREADABLE, unreadable.id, GUILD, "window_seconds is -5"),
        Damage(Condition.SCHEDULE_SUSPENDED, suspended.id, GUILD, ANY),
        Damage(Condition.POST_ENDED, ended, GUILD, ANY),
    )


async def test_a_damaged_row_without_a_readable_id_is_listed_by_its_number(
    loose: Harness, tmp_path: Path
) -> None:
    await loose.add()
    await write(loose, "UPDATE schedules SET id = cast(x'ff' as text)")
    (damage,) = await list_damage(f"sqlite:///{tmp_path / 'state.db'}")
    assert (damage.condition, damage.row_id) == (Condition.SCHEDULE_UNREADABLE, "row 1")


async def test_a_state_without_damage_lists_none(harness: Harness, url: str) -> None:
    await harness.add()
    await harness.mornings(2)
    assert await list_damage(url) == ()


async def test_a_damaged_schedule_is_named_as_that_by_every_action(harness: Harness) -> None:
    await harness.add("damaged")
    await write(harness, "UPDATE schedules SET window_seconds = -5")
    for act in (harness.schedules.get, harness.schedules.pause, harness.records.check_schedule):
        with pytest.raises(ScheduleError, match="'damaged' is damaged in the bot's database"):
            await act(GUILD, "Damaged")
    assert await harness.schedules.list_names(GUILD) == ("damaged",)


async def test_turns_that_keep_failing_are_not_well(harness: Harness) -> None:
    await harness.add()
    worker = harness.worker()

    async def broken(*_: object) -> list[str]:
        raise RuntimeError("a bug")

    eligible = harness.quotes.eligible
    harness.quotes.eligible = broken  # type: ignore[method-assign,assignment]  # a fault of a port
    harness.clock.forward(hours=1)
    for _ in range(MANY_FAILURES - 1):
        await worker._take_turn()
    await worker.check()
    await worker._take_turn()
    with pytest.raises(LinerNotesError, match="fails again and again: RuntimeError"):
        await worker.check()
    harness.quotes.eligible = eligible  # type: ignore[method-assign]  # it is mended
    await worker._take_turn()
    await worker.check()
    await worker.finish()


async def test_work_that_keeps_failing_is_not_well(harness: Harness) -> None:
    for number in range(MANY_FAILURES):
        await harness.add(f"schedule {number}", channel_id=number + 1)
    worker = harness.worker()
    harness.clock.forward(minutes=30)
    await harness.work(worker)  # with housekeeping, which goes well
    harness.clock.forward(minutes=30)
    send = harness.discord.send

    async def broken(*_: object) -> int:
        raise RuntimeError("a bug")

    harness.discord.send = broken  # type: ignore[method-assign,assignment]  # a fault of a port
    await harness.work(worker)
    with pytest.raises(LinerNotesError, match="fails again and again: RuntimeError"):
        await worker.check()
    harness.discord.send = send  # type: ignore[method-assign]  # it is mended
    harness.clock.forward(minutes=2)
    await harness.work(worker)
    await worker.check()
