"""Quotes, facts, or both in turn; and on its day an entry comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import ScheduleError
from bot.scheduling.models import FACT, RELEASE, Outcome, PostKind, PostStyle
from bot.scheduling.recurrence import Timetable
from tests.scheduling.conftest import CHANNEL, GUILD, NINE

if TYPE_CHECKING:
    from tests.scheduling.conftest import Harness

# What differs is decided above the SQL, which is the same for every kind.
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

FACTS = [f"{FACT}duo:{number}" for number in range(3)]
RECORD = f"{RELEASE}duo:record"


async def test_a_schedule_of_both_posts_a_quote_and_a_fact_in_turn(harness: Harness) -> None:
    harness.quotes.fact_ids = FACTS
    harness.quotes.packs = {"duo": ["duo-1", "duo-2"]}
    await harness.add(kind=PostKind.BOTH)
    checkup = await harness.records.check_schedule(GUILD, "morning")
    assert (checkup.quotes, checkup.unseen) == (5, 5)
    await harness.mornings(6)
    posted = harness.discord.posted(CHANNEL)
    assert [entry.startswith(FACT) for entry in posted] == [False, True] * 3
    assert sorted(posted[1::2]) == FACTS
    assert {*posted[:3:2]} == {"duo-1", "duo-2"}
    assert (await harness.records.check_schedule(GUILD, "morning")).unseen == 1


async def test_a_schedule_of_facts_posts_facts_alone_and_needs_some(harness: Harness) -> None:
    with pytest.raises(ScheduleError, match="There is no fact in the packs that answer here"):
        await harness.add(kind=PostKind.FACTS)
    harness.quotes.fact_ids = FACTS
    await harness.add(kind=PostKind.FACTS)
    await harness.mornings(3)
    assert sorted(harness.discord.posted(CHANNEL)) == FACTS
    harness.quotes.fact_ids = []
    await harness.mornings(1)
    *_, failed = await harness.history()
    assert failed.outcome is Outcome.FAILED
    assert str(failed.reason) == "There is no fact in the packs that answer here."


async def test_where_one_kind_has_run_out_the_other_goes_on(harness: Harness) -> None:
    harness.quotes.packs = {}
    harness.quotes.fact_ids = FACTS
    await harness.add(kind=PostKind.BOTH)
    await harness.mornings(2)
    assert all(entry in FACTS for entry in harness.discord.posted(CHANNEL))


async def test_on_its_day_an_entry_comes_first_and_counts_as_a_fact(harness: Harness) -> None:
    harness.quotes.fact_ids = FACTS
    harness.quotes.days = {(6, 2): [RECORD], (6, 3): [FACTS[0]]}
    await harness.add(kind=PostKind.BOTH)
    assert (await harness.schedules.preview(GUILD, "morning"))["today"] is None
    await harness.mornings(1)
    assert (await harness.schedules.preview(GUILD, "morning"))["quote"] == RECORD
    await harness.mornings(5)
    posted = harness.discord.posted(CHANNEL)
    assert posted[1:3] == [RECORD, FACTS[0]]
    assert harness.discord.messages[CHANNEL][1].payload["today"] == "2026-06-02"
    # The fact was seen on its day, and is not posted again while others wait.
    assert [entry for entry in posted[3:] if entry in FACTS] in (FACTS[1:2], FACTS[2:3])
    assert [entry.startswith(FACT) for entry in posted[3:]] == [False, True, False]


async def test_of_two_entries_of_a_day_the_other_has_its_turn_a_year_later(
    harness: Harness,
) -> None:
    harness.quotes.fact_ids = FACTS
    harness.quotes.days = {(6, 1): [FACTS[0], RECORD]}
    await harness.add(kind=PostKind.FACTS, timetable=NINE)
    await harness.mornings(1)
    await harness.schedules.pause(GUILD, "morning")
    harness.clock.forward(days=363)
    await harness.schedules.resume(GUILD, "morning")
    await harness.mornings(2)
    assert [each.payload["today"] for each in harness.discord.messages[CHANNEL]].count(None) == 1
    assert {harness.discord.posted(CHANNEL)[at] for at in (0, -1)} == {FACTS[0], RECORD}


async def test_a_schedule_of_quotes_and_a_post_on_demand_know_no_days(harness: Harness) -> None:
    harness.quotes.fact_ids = FACTS
    harness.quotes.days = {(6, 1): [RECORD]}
    await harness.add()
    await harness.add("facts", kind=PostKind.FACTS)
    await harness.schedules.post_now(GUILD, "facts", interaction_id=9)
    await harness.work()
    assert harness.discord.posted(CHANNEL)[0] in FACTS
    await harness.mornings(1)
    assert sorted(each in (RECORD, *FACTS) for each in harness.discord.posted(CHANNEL)) == [
        False,
        True,
        True,
    ]


async def test_a_post_that_is_made_after_its_day_says_nothing_of_today(harness: Harness) -> None:
    harness.quotes.fact_ids = FACTS
    harness.quotes.days = {(6, 1): [RECORD]}
    late = Timetable(NINE.time.replace(hour=23), "UTC")
    await harness.add(kind=PostKind.FACTS, timetable=late)
    harness.clock.forward(hours=17)
    await harness.work()
    (posted,) = harness.discord.messages[CHANNEL]
    assert posted.payload["quote"] in FACTS
    assert posted.payload["today"] is None


async def test_kind_title_colour_and_language_are_kept(harness: Harness) -> None:
    harness.quotes.fact_ids = FACTS
    style = PostStyle("News", 0xABCDEF, "pt-BR")
    added = await harness.add(kind=PostKind.BOTH, style=style)
    assert await harness.schedules.get(GUILD, "morning") == added
    assert added.settings.style == style
