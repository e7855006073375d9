"""Which packs answer in which server, remembered for a little while."""

from __future__ import annotations

import asyncio

import pytest

from bot.client.knowledge import (
    FRESH_SECONDS,
    MAX_SERVERS,
    InFlight,
    KnowledgeHolder,
    ScopeCache,
)
from bot.errors import StateError
from bot.scheduling.guilds import GuildService
from bot.scheduling.models import Guild
from tests.support.knowledge import PACK, KnowledgeInMemory


class Choices(GuildService):
    """What admins chose, in memory; counts how often it is asked."""

    def __init__(self) -> None:  # it has no state to be given
        self.chosen: dict[int, frozenset[str]] = {}
        self.keeping: set[int] = set()
        self.asked = 0
        self.is_lost = self.is_stuck = False

    async def list_choices(self) -> dict[int, frozenset[str]]:
        if self.is_lost:
            raise StateError("The state is away.")
        return dict(self.chosen)

    async def get(self, guild_id: int) -> Guild:
        self.asked += 1
        if self.is_lost:
            raise StateError("The state is away.")
        if self.is_stuck:
            await asyncio.Event().wait()
        return Guild(guild_id, self.chosen.get(guild_id), keeps_gaps=guild_id in self.keeping)


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def scope_cache() -> tuple[ScopeCache, Choices, Seconds]:
    choices, seconds = Choices(), Seconds()
    holder = KnowledgeHolder(KnowledgeInMemory(), InFlight())
    return ScopeCache(holder, choices, seconds), choices, seconds


async def test_without_a_choice_every_pack_answers() -> None:
    known, _, _ = scope_cache()
    assert await known.scope_for(1) == await known.scope_for(None) == frozenset({PACK})


async def test_a_choice_names_packs_that_are_there() -> None:
    known, choices, _ = scope_cache()
    choices.chosen = {1: frozenset({PACK, "removed"}), 2: frozenset()}
    assert await known.scope_for(1) == frozenset({PACK})
    assert await known.scope_for(2) == frozenset()


async def test_a_choice_is_asked_for_once_in_a_while_and_at_once_when_it_changed() -> None:
    known, choices, seconds = scope_cache()
    for _ in range(5):
        await known.scope_for(1)
    assert choices.asked == 1
    seconds.now += FRESH_SECONDS + 1
    await known.scope_for(1)
    assert choices.asked == 2
    known.remember(1, frozenset())
    assert await known.scope_for(1) == frozenset()
    assert choices.asked == 2


async def test_while_the_database_is_lost_the_last_known_choice_holds() -> None:
    known, choices, seconds = scope_cache()
    choices.chosen = {1: frozenset(), 2: frozenset({PACK})}
    await known.load()
    choices.is_lost = True
    for _ in range(2):
        assert await known.scope_for(1) == frozenset()  # never asked for before
        assert await known.scope_for(2) == await known.scope_for(3) == frozenset({PACK})
        seconds.now += FRESH_SECONDS + 1
    choices.is_lost, choices.chosen[3] = False, frozenset()
    seconds.now += FRESH_SECONDS + 1
    assert await known.scope_for(3) == frozenset()


async def test_a_database_that_does_not_answer_is_a_lost_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.client.knowledge.READ_SECONDS", 0.01)
    known, choices, _ = scope_cache()
    choices.chosen = {1: frozenset()}
    await known.load()
    choices.is_stuck = True
    assert await known.scope_for(1) == frozenset()


async def test_a_choice_that_was_never_read_is_not_guessed() -> None:
    known, choices, _ = scope_cache()
    choices.is_lost = True
    with pytest.raises(StateError):
        await known.scope_for(1)


async def test_whether_gaps_are_kept_is_read_with_the_packs_and_anew_once_it_changed() -> None:
    known, choices, _ = scope_cache()
    choices.keeping = {1}
    assert await known.keeps_gaps(1)
    assert not await known.keeps_gaps(2)
    assert not await known.keeps_gaps(None)
    known.remember(1, frozenset({PACK}))
    assert await known.keeps_gaps(1)
    choices.keeping = set()
    known.forget(1)
    assert not await known.keeps_gaps(1)


async def test_where_the_settings_cannot_be_read_no_gap_is_kept() -> None:
    known, choices, seconds = scope_cache()
    choices.keeping, choices.chosen = {1}, {1: frozenset({PACK})}
    assert await known.keeps_gaps(1)
    choices.is_lost = True
    seconds.now += FRESH_SECONDS + 1
    assert not await known.keeps_gaps(1)
    assert await known.scope_for(1) == frozenset({PACK})


async def test_no_more_servers_are_remembered_than_there_is_room_for() -> None:
    known, choices, _ = scope_cache()
    for guild_id in range(MAX_SERVERS + 5):
        await known.scope_for(guild_id)
    assert len(known._fresh) == MAX_SERVERS
    await known.scope_for(MAX_SERVERS + 4)
    assert choices.asked == MAX_SERVERS + 5
