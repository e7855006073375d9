"""Whatever column is damaged, however: every other server has its post, and the host is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.scheduling.storage import tables
from bot.scheduling.storage.database import State
from bot.scheduling.storage.inspection import Condition, list_damage
from tests.scheduling.conftest import ADMIN, GUILD, Harness
from tests.support.discord import Fate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection
    from pathlib import Path

DAMAGES = ("x'ff'", "cast(x'ff' as text)", "9223372036854775807")
"""Of a wrong type, not UTF-8, and out of range."""
FINE = 9


def columns(*names: str) -> list[tuple[str, str]]:
    """List the columns of tables that no foreign key keeps from being damaged."""
    found = [tables.schema.tables[name] for name in names]
    return [
        (table.name, column.name)
        for table in found
        for column in table.c
        if not column.foreign_keys and (table.name, column.name) != ("guilds", "id")
    ]


@pytest.fixture
def place(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'loose.db'}"


@pytest.fixture
async def loose(tmp_path: Path, place: str, migrated_file: Path) -> AsyncIterator[Harness]:
    """Give four servers on SQLite, which keeps whatever is written into any column."""
    (tmp_path / "loose.db").write_bytes(migrated_file.read_bytes())
    async with await State.open(place) as state:
        harness = Harness(state)
        await add_servers(harness)
        yield harness


async def add_servers(harness: Harness) -> None:
    settings = (await harness.add("damaged", channel_id=1)).settings
    for server in (GUILD + 1, GUILD + 2, FINE):
        harness.discord.members_of.add(server)
        await harness.schedules.add(
            server, "of another", replace(settings, channel_id=server), ADMIN
        )


async def write(harness: Harness, *statements: str) -> None:
    async with harness.state.write() as transaction:
        await transaction.execute(text("PRAGMA ignore_check_constraints = ON"))
        for statement in statements:
            await transaction.execute(text(statement))
        await transaction.execute(text("PRAGMA ignore_check_constraints = OFF"))


@pytest.mark.parametrize(("table", "column"), columns("schedules", "guilds", "deliveries"))
async def test_a_damaged_column_of_servers_keeps_no_other_from_its_post(
    loose: Harness, place: str, table: str, column: str
) -> None:
    await loose.work()
    if table == "deliveries":
        loose.discord.always = lambda kind, _: (
            Fate.FINE if kind == "fetch_guild_ids" else Fate.UNREACHABLE
        )
        loose.clock.forward(hours=1)
        await loose.work()
        loose.discord.always = None
    server = "id" if table == "guilds" else "guild_id"
    await write(
        loose,
        *(
            f"UPDATE OR IGNORE {table} SET {column} = {damage} WHERE {server} = {GUILD + number}"
            for number, damage in enumerate(DAMAGES)
        ),
    )
    told = await list_damage(place)
    loose.clock.forward(hours=1)
    for _ in range(3):
        await loose.work()
    assert len(loose.discord.posted(FINE)) == 1
    assert told or await list_damage(place)


@pytest.mark.parametrize(
    ("table", "column"), columns("draws", "rate_limits", "invalid_requests", "metadata")
)
async def test_damaged_bookkeeping_is_listed_and_reckoned_anew(
    loose: Harness, place: str, table: str, column: str
) -> None:
    await loose.mornings(1)
    where = "schedule_id IN (SELECT id FROM schedules WHERE channel_id = 1)"
    for days, damage in enumerate(DAMAGES, start=2):
        among = where if table == "draws" else "true"
        await write(
            loose,
            "INSERT OR REPLACE INTO invalid_requests VALUES (29000000, 1)",
            f"UPDATE OR IGNORE {table} SET {column} = {damage} WHERE {among}",
        )
        conditions = [one.condition for one in await list_damage(place)]
        if damage != DAMAGES[-1]:  # in a text, a number is none
            assert Condition.BOOKKEEPING_UNREADABLE in conditions
        await loose.mornings(1)
        assert len(loose.discord.posted(FINE)) == days
        assert len(loose.discord.posted(1)) == days


async def test_a_server_whose_leaving_is_no_moment_has_its_post_again(loose: Harness) -> None:
    await write(loose, f"UPDATE guilds SET left_at = 'abc' WHERE id = {GUILD}")
    loose.clock.forward(hours=1)
    await loose.work()
    assert len(loose.discord.posted(1)) == 1


@pytest.mark.parametrize(
    ("table", "column"), [("schedules", "revision"), ("schedules", "failures"), ("draws", "number")]
)
@pytest.mark.postgres
async def test_the_greatest_number_that_a_column_holds_stops_no_other(
    harness: Harness, table: str, column: str
) -> None:
    await add_servers(harness)
    await harness.mornings(1)
    async with harness.state.write() as transaction:
        own = (
            "channel_id = 1"
            if table == "schedules"
            else ("schedule_id IN (SELECT id FROM schedules WHERE channel_id = 1)")
        )
        await transaction.execute(text(f"UPDATE {table} SET {column} = 2147483647 WHERE {own}"))
    await harness.mornings(1)
    assert len(harness.discord.posted(FINE)) == 2


async def test_a_schedule_that_cannot_be_claimed_keeps_no_other_from_its_post(
    loose: Harness,
) -> None:
    eligible, asked = loose.quotes.eligible, list[str]()

    async def fails_at_first(packs: frozenset[str] | None, speaker: str | None) -> Collection[str]:
        asked.append("")
        if len(asked) <= 2:  # all of them together, then the first alone
            raise RuntimeError("a bug")
        return await eligible(packs, speaker)

    loose.quotes.eligible = fails_at_first  # type: ignore[method-assign]  # a fault of a port
    loose.clock.forward(hours=1)
    worker = loose.worker()
    await loose.work(worker)
    assert sum(len(loose.discord.posted(one)) for one in (1, GUILD + 1, GUILD + 2, FINE)) == 3
    await loose.work(worker)
    assert [len(loose.discord.posted(one)) for one in (1, GUILD + 1, GUILD + 2, FINE)] == [1] * 4
