"""The limiter over the state, and what a process does that comes late to its turns."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.scheduling.limits import Limits
from bot.scheduling.worker.rate_limiter import SECOND, RateLimiter, min_spacing, next_slot
from tests.support.discord import START, Clock

if TYPE_CHECKING:
    from datetime import datetime

    from bot.scheduling.storage.database import State

PER_SECOND = 8


async def reserve(limiter: RateLimiter, state: State, count: int) -> list[datetime]:
    async with state.write() as transaction:
        return await limiter.reserve(transaction, count)


def most_in_a_second(moments: list[datetime]) -> int:
    return max(sum(start <= moment < start + SECOND for moment in moments) for start in moments)


async def test_two_processes_share_the_moments_of_a_second(state: State) -> None:
    clock = Clock()
    one, two = (RateLimiter(state, clock, PER_SECOND) for _ in range(2))
    slots: list[datetime] = []
    for seconds in (0, 0.3, 0.1, 0.9, 0, 0.2):
        clock.forward(seconds=seconds)
        slots += [*await reserve(one, state, 3), *await reserve(two, state, 4)]
    assert slots == sorted(set(slots))
    assert most_in_a_second(slots) == PER_SECOND


async def test_a_held_up_process_does_not_make_its_requests_in_a_heap(state: State) -> None:
    clock = Clock()
    limiter = RateLimiter(state, clock, PER_SECOND)
    slots = await reserve(limiter, state, 20)
    clock.forward(seconds=60)
    begun: list[datetime] = []

    async def request(slot: datetime) -> None:
        await limiter.wait_for(slot)
        begun.append(clock.now())

    await asyncio.gather(*map(request, slots))
    assert most_in_a_second(begun) == PER_SECOND


async def test_a_clock_that_was_set_back_does_not_stop_the_posts(state: State) -> None:
    clock = Clock()
    limiter = RateLimiter(state, clock, PER_SECOND)
    for slot in await reserve(limiter, state, PER_SECOND):
        await limiter.wait_for(slot)
    clock.moment = back = START - timedelta(days=1)
    for slot in await reserve(limiter, state, PER_SECOND):
        await limiter.wait_for(slot)
    assert clock.now() - back <= 2 * SECOND


async def test_a_state_of_the_even_pace_before_goes_on(state: State) -> None:
    limiter = RateLimiter(state, Clock(), PER_SECOND)
    first = await reserve(RateLimiter(state, Clock(), 1), state, 1)
    slots = await reserve(limiter, state, PER_SECOND)
    assert most_in_a_second([*first, *slots]) == PER_SECOND


USUAL = Limits().per_second

asked = st.lists(
    st.tuples(
        st.timedeltas(min_value=-timedelta(seconds=5), max_value=timedelta(seconds=3)),
        st.integers(min_value=1, max_value=64),
    ),
    min_size=1,
    max_size=40,
)
"""How long after the last who asks asks, by a clock that may be behind; and for how many."""


def reserve_all(asked: list[tuple[timedelta, int]]) -> list[datetime]:
    """Return every slot that is reserved, in the order of asking."""
    slots: list[datetime] = []
    now = START
    for later, count in asked:
        now += later
        for _ in range(count):
            slots.append(next_slot(slots, now, USUAL))
    return slots


@given(asked)
def test_no_second_holds_more_than_the_pace_whoever_asks_and_when(
    asked: list[tuple[timedelta, int]],
) -> None:
    slots = reserve_all(asked)
    assert all(
        later - earlier >= SECOND for earlier, later in zip(slots, slots[USUAL:], strict=False)
    )


@given(asked)
def test_moments_only_go_forward_and_never_come_in_a_heap(
    asked: list[tuple[timedelta, int]],
) -> None:
    apart = min_spacing(USUAL)
    assert all(later - earlier >= apart for earlier, later in pairwise(reserve_all(asked)))


@given(st.lists(st.floats(min_value=0, max_value=0.1), min_size=30, max_size=30))
def test_who_is_held_up_for_a_moment_loses_next_to_nothing(
    held_up: list[float],
) -> None:
    now, slots = START, [START - SECOND]
    for seconds in held_up:  # asks when the last batch is through, and is held up first
        now = max(now, slots[-1]) + timedelta(seconds=seconds)
        for _ in range(20):
            slots.append(next_slot(slots, now, USUAL))
    lost = (slots[-1] - START) - SECOND * (len(held_up) * 20 / USUAL)
    assert lost <= SECOND / 4
