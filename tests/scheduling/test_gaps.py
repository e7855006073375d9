"""What members ask in vain is kept where a server wants it, and only there."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select

from bot.scheduling.clock import Trust, TrustedTime
from bot.scheduling.gaps import GapService, Kept, NothingLeft, NotTaken, TooMany
from bot.scheduling.models import GAP_DAYS, MAX_GAPS, Gap, GapKind, Guild
from bot.scheduling.storage import archive, gaps, guilds
from bot.scheduling.storage.database import State
from bot.scheduling.storage.tables import gaps as gaps_table
from bot.scheduling.storage.tables import metadata, suggestion_counts
from tests.scheduling.conftest import GUILD, Harness
from tests.support.discord import Clock

if TYPE_CHECKING:
    from pathlib import Path

OTHER = 2
MEMBER = 4242
UNANSWERED, NOT_RIGHT, SUGGESTED = GapKind


def doubtful() -> TrustedTime:
    """Give the check of a clock that Discord does not confirm."""
    check = TrustedTime()
    check.trust = Trust.DOUBTED
    return check


def service(state: State, clock: Clock) -> GapService:
    keys = count()
    return GapService(state, clock, lambda: f"{id(keys):032x}{next(keys):032x}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def kept(state: State, clock: Clock) -> GapService:
    """Give the gaps of a state, where one server keeps them and takes suggestions."""
    made = service(state, clock)
    await made.switch_on(GUILD, takes_suggestions=True)
    return made


async def words(made: GapService, guild_id: int = GUILD) -> list[tuple[str, int]]:
    return [(gap.words, gap.times) for gap in await made.list(guild_id)]


async def rows(state: State, table: Any) -> int:
    async with state.read() as transaction:
        counted = await transaction.execute(select(func.count()).select_from(table))
        return int(counted.scalar_one())


async def test_nothing_is_kept_where_nobody_switched_it_on(state: State, clock: Clock) -> None:
    made = service(state, clock)
    assert await made.keep_question(GUILD, "Who mixed it?") is None
    assert await made.keep_objection(GUILD, "duo", "drummer", "no") is None
    assert await made.suggest(GUILD, MEMBER, "Who mixed it?") == NotTaken()
    assert [await rows(state, table) for table in (gaps_table, suggestion_counts)] == [0, 0]


async def test_a_question_is_counted_however_it_is_written(kept: GapService, clock: Clock) -> None:
    await kept.keep_question(GUILD, "Who mixed it?")
    await kept.keep_question(GUILD, "Who sings?")
    clock.forward(days=1)
    await kept.keep_question(GUILD, "who MIXED it??")
    first, second = await kept.list(GUILD)
    today = clock.now().date()
    assert first == Gap(UNANSWERED, "Who mixed it?", today, 2)
    assert second == Gap(UNANSWERED, "Who sings?", today - timedelta(days=1), 1)
    assert await kept.list(OTHER) == ()


async def test_an_objection_is_kept_with_its_fact_and_without_a_reason_too(
    kept: GapService, clock: Clock
) -> None:
    await kept.keep_objection(GUILD, "duo", "drummer", "")
    await kept.keep_objection(GUILD, "duo", "drummer", "")
    await kept.keep_objection(GUILD, "duo", "drummer", "It was Ann, ann@x.org")
    today = clock.now().date()
    assert set(await kept.list(GUILD)) == {
        Gap(NOT_RIGHT, "", today, 2, "duo", "drummer"),
        Gap(NOT_RIGHT, "It was Ann, …", today, 1, "duo", "drummer"),
    }


async def test_a_count_stays_in_what_corrects_and_not_in_a_question(kept: GapService) -> None:
    await kept.keep_objection(GUILD, "duo", "songs", "It has 12 songs")
    await kept.suggest(GUILD, MEMBER, "The tour was in 2013")
    await kept.keep_question(GUILD, "Who had 12 of them in 2013")
    assert {gap.words for gap in await kept.list(GUILD)} == {
        "It has 12 songs",
        "The tour was in 2013",
        "Who had … of them in …",
    }


async def test_two_processes_that_count_the_same_gap_lose_none(url: str, clock: Clock) -> None:
    async with await State.open(url) as one, await State.open(url) as other:
        here, there = service(one, clock), service(other, clock)
        await here.switch_on(GUILD)
        await asyncio.gather(
            *(made.keep_question(GUILD, "Who mixed it?") for made in (here, there) * 10)
        )
        assert await words(there) == [("Who mixed it?", 20)]


async def test_a_member_may_suggest_three_a_day_whichever_process_answers(
    url: str, clock: Clock
) -> None:
    async with await State.open(url) as one, await State.open(url) as other:
        here, there = service(one, clock), service(other, clock)
        await here.switch_on(GUILD, takes_suggestions=True)
        done = await asyncio.gather(
            *(
                made.suggest(GUILD, MEMBER, f"A question by the name of {name}")
                for made in (here, there)
                for name in ("Ann", "Ben", "Cal")
            )
        )
        left = [each.left for each in done if isinstance(each, Kept)]
        assert sorted(left) == [0, 1, 2]
        assert done.count(TooMany()) == 3
        assert isinstance(await here.suggest(GUILD, MEMBER + 1, "Somebody else’s"), Kept)
    # A restart forgets nothing of the day.
    async with await State.open(url) as again:
        made = service(again, clock)
        assert await made.suggest(GUILD, MEMBER, "One more") == TooMany()
        clock.forward(days=1)
        assert await made.suggest(GUILD, MEMBER, "One more") == Kept("One more", 2)


async def test_who_suggested_cannot_be_told_once_the_day_is_over(
    kept: GapService, state: State, clock: Clock
) -> None:
    await kept.suggest(GUILD, MEMBER, "Who mixed it?")
    async with state.read() as transaction:
        (before,) = (await transaction.execute(select(suggestion_counts))).all()
        (key,) = (await transaction.execute(select(metadata.c.value))).scalars()
    assert str(MEMBER) not in str(before)
    clock.forward(days=1)
    await kept.suggest(GUILD, MEMBER + 1, "Who sings?")
    async with state.read() as transaction:
        (after,) = (await transaction.execute(select(suggestion_counts))).all()
        (other,) = (await transaction.execute(select(metadata.c.value))).scalars()
    assert after.day > before.day
    assert (after.member, other) != (before.member, key)


async def test_what_has_nothing_left_is_refused_and_costs_no_turn(kept: GapService) -> None:
    assert await kept.suggest(GUILD, MEMBER, "https://x.example @ann 12") == NothingLeft()
    assert await kept.suggest(GUILD, MEMBER, "Who mixed it?") == Kept("Who mixed it?", 2)


async def test_gaps_alone_take_no_suggestions(state: State, clock: Clock) -> None:
    made = service(state, clock)
    assert await made.switch_on(GUILD) == Guild(GUILD, keeps_gaps=True)
    assert await made.suggest(GUILD, MEMBER, "Who mixed it?") == NotTaken()
    await made.switch_on(GUILD, takes_suggestions=True)
    assert (await made.switch_on(GUILD)).takes_suggestions
    assert not (await made.switch_on(GUILD, takes_suggestions=False)).takes_suggestions


async def test_off_erases_all_and_keeps_no_more(kept: GapService, state: State) -> None:
    await kept.switch_on(OTHER)
    await kept.keep_question(OTHER, "Theirs?")
    await kept.keep_question(GUILD, "Who mixed it?")
    await kept.suggest(GUILD, MEMBER, "Who sings?")
    assert await kept.switch_off(GUILD) == 2
    assert await kept.keep_question(GUILD, "Who mixed it?") is None
    assert await words(kept) == []
    assert await words(kept, OTHER) == [("Theirs?", 1)]
    async with state.read() as transaction:
        assert await guilds.list_guilds(transaction) == (Guild(OTHER, keeps_gaps=True),)
    assert await rows(state, suggestion_counts) == 0


async def test_clear_erases_all_and_keeps_on(kept: GapService) -> None:
    await kept.keep_question(GUILD, "Who mixed it?")
    assert await kept.clear(GUILD) == 1
    assert await kept.keep_question(GUILD, "Who sings?") is not None
    assert await words(kept) == [("Who sings?", 1)]


async def test_a_server_that_is_erased_or_left_keeps_nothing(
    kept: GapService, state: State
) -> None:
    harness = Harness(state)
    await kept.keep_question(GUILD, "Who mixed it?")
    await kept.suggest(GUILD, MEMBER, "Who sings?")
    assert (await harness.guilds.stored(GUILD)).gap_count == 2
    async with state.write() as transaction:
        away = Guild(GUILD, keeps_gaps=True, left_at=harness.clock.now())
        await guilds.put_guild(transaction, away)
    assert await kept.keep_question(GUILD, "Away?") is None
    await harness.guilds.erase(GUILD)
    assert [await rows(state, table) for table in (gaps_table, suggestion_counts)] == [0, 0]


async def fill(state: State, kind: GapKind, number: int, times: int, day: date) -> None:
    async with state.write() as transaction:
        row = {"guild_id": GUILD, "kind": kind, "last_day": day.isoformat(), "times": times}
        names = (f"{kind} {each}" for each in range(number))
        await transaction.execute(
            insert(gaps_table), [row | {"id": name, "words": name} for name in names]
        )


async def test_a_full_store_makes_room_by_the_rarest_and_oldest_of_the_commonest_kind(
    kept: GapService, state: State, clock: Clock
) -> None:
    today = clock.now().date()
    await fill(state, UNANSWERED, MAX_GAPS - 2, 2, today)
    await fill(state, SUGGESTED, 1, 1, today - timedelta(days=9))
    await kept.keep_question(GUILD, "Old and rare?")
    assert await rows(state, gaps_table) == MAX_GAPS
    clock.forward(days=1)
    await kept.keep_question(GUILD, "New?")
    await kept.suggest(GUILD, MEMBER, "Newer")
    assert await rows(state, gaps_table) == MAX_GAPS
    found = {gap.words for gap in await kept.list(GUILD)}
    assert {"Newer", "suggested 0"} <= found
    assert "Old and rare?" not in found
    await kept.keep_question(GUILD, "unanswered 7")  # asked again, and no row more
    assert await rows(state, gaps_table) == MAX_GAPS


async def test_housekeeping_erases_after_sixty_days_and_by_no_clock_that_is_wrong(
    kept: GapService, state: State
) -> None:
    harness = Harness(state)
    made = service(state, harness.clock)
    await made.keep_question(GUILD, "Old?")
    await made.suggest(GUILD, MEMBER, "Old too")
    harness.clock.forward(days=GAP_DAYS)
    await made.keep_question(GUILD, "Young?")
    await harness.work()
    assert sorted(await words(made)) == [("Old too", 1), ("Old?", 1), ("Young?", 1)]
    assert await rows(state, suggestion_counts) == 0
    harness.clock.forward(days=1)
    await harness.work()
    assert await words(made) == [("Young?", 1)]
    harness.clock.forward(days=400)
    await Harness(state, clock=harness.clock, time_check=doubtful()).work()
    assert await words(made) == [("Young?", 1)]


async def test_a_day_to_come_is_put_right(kept: GapService, state: State, clock: Clock) -> None:
    ahead = clock.now().date() + timedelta(days=400)
    await fill(state, UNANSWERED, 1, 1, ahead)
    async with state.write() as transaction:
        await gaps.delete_old_gaps(transaction, clock.now().date())
    assert [gap.last_day for gap in await kept.list(GUILD)] == [clock.now().date()]


async def test_a_backup_has_the_gaps_and_not_the_members_of_the_day(
    tmp_path: Path, clock: Clock
) -> None:
    url, file = f"sqlite:///{tmp_path / 'state.db'}", tmp_path / "backup.db"
    async with await State.open(url) as state:
        made = service(state, clock)
        await made.switch_on(GUILD, takes_suggestions=True)
        await made.suggest(GUILD, MEMBER, "Who mixed it?")
    archive.backup(url, file)
    archive.restore(url, file, clock.now())
    async with await State.open(url) as state:
        assert await words(service(state, clock)) == [("Who mixed it?", 1)]
        assert await rows(state, suggestion_counts) == 0
        async with state.read() as transaction:
            keys = (await transaction.execute(select(metadata.c.key))).scalars().all()
    assert not [key for key in keys if key.startswith(gaps.KEY_OF_DAY)]


async def test_a_copy_has_them_all(url: str, tmp_path: Path, clock: Clock) -> None:
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    async with await State.open(url) as state:
        made = service(state, clock)
        await made.switch_on(GUILD, takes_suggestions=True)
        await made.suggest(GUILD, MEMBER, "Who mixed it?")
    await archive.copy(url, target)
    async with await State.open(target) as state:
        made = service(state, clock)
        assert await words(made) == [("Who mixed it?", 1)]
        assert await made.suggest(GUILD, MEMBER, "Another") == Kept("Another", 1)


async def test_erased_words_are_nowhere_in_the_file(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "state.db"
    async with await State.open(f"sqlite:///{file}") as state:
        made = service(state, clock)
        await made.switch_on(GUILD)
        await made.keep_question(GUILD, "Who is Xylophonia?")
        await made.switch_off(GUILD)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Xylophonia" not in file.read_bytes()


async def test_a_damaged_row_hides_no_other(kept: GapService, state: State, clock: Clock) -> None:
    await kept.keep_question(GUILD, "Who mixed it?")
    fine = {
        "guild_id": GUILD, "kind": UNANSWERED, "words": "w", "times": 1, "last_day": "2026-06-01",
    }  # fmt: skip
    odd: tuple[dict[str, Any], ...] = ({"kind": "odd"}, {"last_day": "yesterday"}, {"times": -1})
    async with state.write() as transaction:
        rows = [fine | {"id": str(number)} | each for number, each in enumerate(odd)]
        await transaction.execute(insert(gaps_table), rows)
    assert await words(kept) == [("Who mixed it?", 1)]
