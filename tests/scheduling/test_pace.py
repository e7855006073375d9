"""The pace over the state, and what a process does that comes late to its turns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.scheduling.worker.rate_limiter import Pace
from bot.scheduling.worker.slots import SECOND
from tests.support.discord import START, Clock

if TYPE_CHECKING:
    from datetime import datetime

    from bot.scheduling.storage.database import State

PER_SECOND = 8


async def reserve(pace: Pace, state: State, count: int) -> list[datetime]:
    async with state.write() as transaction:
        return await pace.reserve(transaction, count)


def most_in_a_second(moments: list[datetime]) -> int:
    return max(sum(start <= moment < start + SECOND for moment in moments) for start in moments)


async def test_two_processes_share_the_moments_of_a_second(state: State) -> None:
    clock = Clock()
    one, two = (Pace(state, clock, PER_SECOND) for _ in range(2))
    slots: list[datetime] = []
    for seconds in (0, 0.3, 0.1, 0.9, 0, 0.2):
        clock.forward(seconds=seconds)
        slots += [*await reserve(one, state, 3), *await reserve(two, state, 4)]
    assert slots == sorted(set(slots))
    assert most_in_a_second(slots) == PER_SECOND


async def test_a_held_up_process_does_not_make_its_requests_in_a_heap(state: State) -> None:
    clock = Clock()
    pace = Pace(state, clock, PER_SECOND)
    slots = await reserve(pace, state, 20)
    clock.forward(seconds=60)
    begun: list[datetime] = []

    async def request(slot: datetime) -> None:
        await pace.wait(slot)
        begun.append(clock.now())

    await asyncio.gather(*map(request, slots))
    assert most_in_a_second(begun) == PER_SECOND


async def test_a_clock_that_was_set_back_does_not_stop_the_posts(state: State) -> None:
    clock = Clock()
    pace = Pace(state, clock, PER_SECOND)
    for slot in await reserve(pace, state, PER_SECOND):
        await pace.wait(slot)
    clock.moment = back = START - timedelta(days=1)
    for slot in await reserve(pace, state, PER_SECOND):
        await pace.wait(slot)
    assert clock.now() - back <= 2 * SECOND


async def test_a_state_of_the_even_pace_before_goes_on(state: State) -> None:
    pace = Pace(state, Clock(), PER_SECOND)
    first = await reserve(Pace(state, Clock(), 1), state, 1)
    slots = await reserve(pace, state, PER_SECOND)
    assert most_in_a_second([*first, *slots]) == PER_SECOND
