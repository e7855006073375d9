"""Whatever column is damaged, however: all others go on, and the row is mended or ends, told.

Each damage is done to a server of its own, in one state: so none may stop any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import BigInteger, Boolean, Integer, select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.scheduling.models import Outcome
from bot.scheduling.storage import tables
from bot.scheduling.storage.damage import read_rows
from bot.scheduling.storage.gaps import list_gaps
from bot.scheduling.storage.inspection import Condition, list_damage
from bot.scheduling.storage.values import may_hold, stand_in
from bot.scheduling.worker.loop import SHORT_REST
from tests.scheduling.conftest import ADMIN, GUILD, Harness
from tests.support.discord import START, Fate

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Table

OF_FIRST = {
    "schedules": "channel_id = 1",
    "draws": "schedule_id IN (SELECT id FROM schedules WHERE channel_id = 1)",
}
NOT_TO_BE_CHANGED = {
    True: (
        "CREATE TRIGGER held BEFORE UPDATE OF attempts ON deliveries WHEN OLD.attempts = -1 "
        "BEGIN SELECT RAISE(ABORT, 'it is so'); END"
    ),
    False: "ALTER TABLE deliveries ADD CONSTRAINT held CHECK (outcome <> 'failed')",
}
"""By whether it is SQLite: what lets no statement change a damaged delivery."""
LOOSE_DAMAGES = ("x'ff'", "cast(x'ff' as text)", "9223372036854775807")
"""Of a wrong type, not UTF-8, and out of range: what SQLite keeps in any column."""
FIRST = 100
FINE = 9
ELSEWHERE = frozenset({"channel_id"})
"""A number that may well be another channel's: what is wrong with it, only Discord knows."""


def damages_of(table: Table, *, is_sqlite: bool) -> list[tuple[str, str]]:
    """List how the columns of a table can be damaged that no foreign key protects."""
    damages = []
    for column in table.c:
        if column.foreign_keys or (not is_sqlite and isinstance(column.type, Boolean)):
            continue
        values: tuple[str, ...] = LOOSE_DAMAGES
        if not is_sqlite:
            values = ("'{'",)
            if isinstance(column.type, BigInteger | tables.Instant):
                values = ("-1", "9223372036854775807")
            elif isinstance(column.type, Integer):
                values = ("-1", "2147483647")
        damages += [(column.name, value) for value in values]
    return damages


async def add_servers(harness: Harness, count: int) -> list[int]:
    """Set up one schedule in each of many servers, and in one more that nothing happens to."""
    settings = (await harness.add("first", channel_id=1, opens_thread=True)).settings
    servers = [FINE, *range(FIRST, FIRST + count)]
    for server in servers:
        harness.discord.members_of.add(server)
        settings = replace(settings, channel_id=server)
        await harness.schedules.add(server, f"of {server}", settings, ADMIN)
    return servers[1:]


async def write(harness: Harness, statement: str, **values: object) -> bool:
    """Write by hand; return whether the database let it be."""
    async with harness.state.write() as transaction:
        if harness.state.is_sqlite:
            await transaction.execute(text("PRAGMA ignore_check_constraints = ON"))
        try:
            async with transaction.begin_nested():
                return bool((await transaction.execute(text(statement), values)).rowcount)
        except DBAPIError:
            return False
        finally:
            if harness.state.is_sqlite:
                await transaction.execute(text("PRAGMA ignore_check_constraints = OFF"))


async def damage_each(harness: Harness, table: Table, of_server: str) -> list[tuple[int, str]]:
    """Damage each column of a table in each way, each in a server of its own."""
    damages = damages_of(table, is_sqlite=harness.state.is_sqlite)
    return [
        (server, column)
        for server, (column, value) in enumerate(damages, FIRST)
        if await write(
            harness, f"UPDATE {table} SET {column} = {value} WHERE {of_server}", server=server
        )
    ]


async def list_unreadable(harness: Harness, table: Table) -> list[str]:
    async with harness.state.read() as transaction:
        read = await read_rows(transaction, select(table), table, tuple)
    return [one.fault for one in read.damaged]


def alerted(harness: Harness, server: int) -> bool:
    """Return whether an admin was told of a server's schedule, by its name or channel."""
    return any(str(server) in words for _, _, words in harness.discord.alerts)


async def work_often(harness: Harness) -> None:
    for _ in range(4):
        harness.clock.forward(minutes=2)
        await harness.work()


def unreachable_but(*kinds: str) -> Any:
    return lambda kind, _: Fate.FINE if kind in {"fetch_guild_ids", *kinds} else Fate.UNREACHABLE


@pytest.mark.long  # hundreds of damages
@pytest.mark.postgres
async def test_any_damaged_column_of_a_schedule_stops_no_other_and_is_mended_and_told(
    harness: Harness, url: str
) -> None:
    table = tables.schedules
    await add_servers(harness, len(damages_of(table, is_sqlite=harness.state.is_sqlite)))
    of_server = "channel_id = :server"
    damaged = await damage_each(harness, table, of_server)
    unreadable = await list_unreadable(harness, table)
    assert len(await list_damage(url)) == len(unreadable) >= len(damaged) // 2
    harness.clock.forward(hours=1)
    await work_often(harness)
    assert len(harness.discord.posted(FINE)) == 1
    assert await list_unreadable(harness, table) == []
    untold = [
        (server, column)
        for server, column in damaged
        if column not in ELSEWHERE
        and len(harness.discord.posted(server)) + alerted(harness, server) != 1
    ]
    assert untold == []


@pytest.mark.long  # hundreds of damages
@pytest.mark.postgres
async def test_any_damaged_column_of_a_post_under_way_stops_no_other_and_its_end_is_seen(
    harness: Harness,
) -> None:
    table = tables.deliveries
    await add_servers(harness, len(damages_of(table, is_sqlite=harness.state.is_sqlite)))
    harness.discord.always = unreachable_but()
    harness.clock.forward(hours=1)
    await work_often(harness)
    damaged = await damage_each(harness, table, "channel_id = :server AND outcome IS NULL")
    assert len(damaged) > len(table.c) // 2
    harness.discord.always = None
    harness.clock.forward(hours=1)
    await work_often(harness)
    assert len(harness.discord.posted(FINE)) == 1
    assert await list_unreadable(harness, table) == []
    for server, column in damaged:
        (ended,) = await harness.records.history(server)
        assert ended.outcome in {Outcome.SENT, Outcome.FAILED, Outcome.UNKNOWN}, column
        is_told = alerted(harness, server)
        assert is_told == (ended.outcome is not Outcome.SENT), column
        if column not in ELSEWHERE:
            assert len(harness.discord.posted(server)) == (not is_told), column


@pytest.mark.long  # hundreds of damages
@pytest.mark.postgres
async def test_any_damaged_column_of_a_post_that_was_made_hides_neither_it_nor_its_thread(
    harness: Harness,
) -> None:
    table = tables.deliveries
    await add_servers(harness, len(damages_of(table, is_sqlite=harness.state.is_sqlite)))
    harness.discord.always = unreachable_but("send", "find")
    harness.clock.forward(hours=1)
    await work_often(harness)
    damaged = await damage_each(harness, table, "channel_id = :server")
    harness.discord.always = None
    harness.clock.forward(minutes=30)
    await work_often(harness)
    for server, column in damaged:
        assert len(await harness.records.history(server)) == 1, column
        (message,) = harness.discord.messages[server]
        has_thread = bool(harness.discord.threads[message.id])
        if column not in {*ELSEWHERE, "message_id", "id"}:
            assert has_thread != alerted(harness, server), column


@pytest.mark.long  # hundreds of damages
@pytest.mark.postgres
async def test_any_damaged_column_of_an_alert_or_follow_up_is_mended_and_it_is_made(
    harness: Harness,
) -> None:
    count = len(damages_of(tables.alerts, is_sqlite=harness.state.is_sqlite))
    await add_servers(harness, count)
    of_server = {
        tables.alerts: "schedule_id = (SELECT id FROM schedules WHERE guild_id = :server)",
        tables.follow_ups: (
            "delivery_id = (SELECT id FROM deliveries WHERE guild_id = :server "
            "AND outcome = 'sent')"
        ),
    }
    harness.discord.always = unreachable_but("send", "find")
    harness.clock.forward(hours=1)
    await work_often(harness)
    follow_ups = await damage_each(harness, tables.follow_ups, of_server[tables.follow_ups])
    harness.discord.always = unreachable_but("open_thread")
    await work_often(harness)
    harness.discord.always = lambda kind, _: (
        Fate.FORBIDDEN if kind == "send" else unreachable_but()(kind, _)
    )
    harness.clock.forward(hours=24)
    await work_often(harness)
    alerts = await damage_each(harness, tables.alerts, of_server[tables.alerts])
    harness.discord.always = None
    harness.clock.forward(minutes=10)
    await work_often(harness)
    for server, column in follow_ups:
        (message,) = harness.discord.messages[server]
        assert harness.discord.threads[message.id], column
    assert len(harness.discord.alerts) == count + 2, alerts
    for table in of_server:
        assert await list_unreadable(harness, table) == []


def test_each_column_may_hold_the_value_that_stands_in_for_a_damaged_one() -> None:
    for table in (tables.schedules, tables.deliveries, tables.follow_ups, tables.alerts):
        for column in table.c:
            if column.foreign_keys or isinstance(column.type, BigInteger):
                continue  # an id, which is only ever another row's
            instead = stand_in(column, "1", START)
            assert may_hold(column, instead), f"{column}: {instead!r}"


async def test_a_damaged_column_of_a_server_keeps_no_other_from_its_post(harness: Harness) -> None:
    table = tables.guilds
    await add_servers(harness, len(damages_of(table, is_sqlite=harness.state.is_sqlite)))
    await damage_each(harness, table, "id = :server")
    harness.clock.forward(hours=1)
    await work_often(harness)
    assert len(harness.discord.posted(FINE)) == 1


async def test_a_server_whose_leaving_is_no_moment_has_its_post_again(harness: Harness) -> None:
    await add_servers(harness, 0)
    await write(harness, f"UPDATE guilds SET left_at = -1 WHERE id = {FINE}")
    harness.clock.forward(hours=1)
    await harness.work()
    assert len(harness.discord.posted(FINE)) == 1


async def test_no_words_of_members_are_told_of_a_damaged_gap(harness: Harness, url: str) -> None:
    await harness.add()
    await write(
        harness,
        "INSERT INTO gaps (id, guild_id, kind, words, last_day, times) "
        f"VALUES ('1', {GUILD}, 'who asked this?', 'who asked this?', '2026-06-01', 1)",
    )
    with capture_logs() as logs:
        async with harness.state.read() as transaction:
            assert await list_gaps(transaction) == ()
    (damage,) = await list_damage(url)
    assert damage.condition is Condition.BOOKKEEPING_UNREADABLE
    assert logs
    assert "who asked" not in f"{logs} {damage}"


@pytest.mark.long
async def test_damaged_bookkeeping_is_listed_and_reckoned_anew(harness: Harness, url: str) -> None:
    await add_servers(harness, 0)
    await harness.mornings(1)
    is_sqlite = harness.state.is_sqlite
    days = 1
    for table in (tables.draws, tables.rate_limits, tables.invalid_requests, tables.metadata):
        for column, value in damages_of(table, is_sqlite=is_sqlite):
            await write(harness, "DELETE FROM invalid_requests")
            await write(harness, "INSERT INTO invalid_requests VALUES (29000000, 1)")
            where = OF_FIRST.get(table.name, "true")
            await write(harness, f"UPDATE {table} SET {column} = {value} WHERE {where}")
            conditions = {one.condition for one in await list_damage(url)}
            assert conditions <= {Condition.BOOKKEEPING_UNREADABLE}
            if is_sqlite and value in LOOSE_DAMAGES[:2]:  # in a text, a number is none
                assert conditions, column
            await harness.mornings(1)
            days += 1
            assert len(harness.discord.posted(FINE)) == days
            assert len(harness.discord.posted(1)) == days


@pytest.mark.parametrize(
    ("table", "column"), [("schedules", "revision"), ("schedules", "failures"), ("draws", "number")]
)
@pytest.mark.parametrize(
    "url",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long])],
    indirect=True,
)
async def test_the_greatest_number_that_a_column_holds_stops_no_other(
    harness: Harness, table: str, column: str
) -> None:
    await add_servers(harness, 0)
    await harness.mornings(1)
    await write(harness, f"UPDATE {table} SET {column} = 2147483647 WHERE {OF_FIRST[table]}")
    await harness.mornings(1)
    assert len(harness.discord.posted(FINE)) == 2


async def test_a_schedule_that_cannot_be_claimed_keeps_no_other_from_its_post(
    harness: Harness,
) -> None:
    servers = [1, FINE, *await add_servers(harness, 2)]
    eligible, asked = harness.quotes.eligible, list[str]()

    async def fails_at_first(packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        asked.append("")
        if len(asked) <= 2:  # all of them together, then the first alone
            raise RuntimeError("a bug")
        return await eligible(packs, speaker)

    harness.quotes.eligible = fails_at_first  # type: ignore[method-assign]  # a fault of a port
    harness.clock.forward(hours=1)
    worker = harness.worker()
    await harness.work(worker)
    assert sum(len(harness.discord.posted(one)) for one in servers) == 3
    await harness.work(worker)
    assert [len(harness.discord.posted(one)) for one in servers] == [1] * 4


async def test_a_row_that_cannot_be_set_aside_keeps_no_other_and_the_loop_rests(
    harness: Harness,
) -> None:
    await add_servers(harness, 1)
    harness.discord.always = unreachable_but()
    harness.clock.forward(hours=1)
    await harness.work()
    await write(harness, f"UPDATE deliveries SET attempts = -1 WHERE channel_id = {FIRST}")
    await write(harness, NOT_TO_BE_CHANGED[harness.state.is_sqlite])
    harness.discord.always = None
    harness.clock.forward(minutes=5)
    worker = harness.worker()
    await harness.work(worker)
    assert len(harness.discord.posted(FINE)) == 1
    assert await worker._take_turn() == SHORT_REST
