"""So many moments a second and no more, however unevenly they are asked for."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.scheduling.limits import Limits
from bot.scheduling.worker.slots import SECOND, next_slots, spacing
from tests.support.discord import START

if TYPE_CHECKING:
    from datetime import datetime

PER_SECOND = Limits().per_second
IDLE = dict.fromkeys(range(PER_SECOND), START - SECOND)

asked = st.lists(
    st.tuples(
        st.timedeltas(min_value=-timedelta(seconds=5), max_value=timedelta(seconds=3)),
        st.integers(min_value=1, max_value=64),
    ),
    min_size=1,
    max_size=40,
)
"""How long after the last who asks asks, by a clock that may be behind; and for how many."""


def reserved(asked: list[tuple[timedelta, int]]) -> list[datetime]:
    """Give every moment that is handed out, in the order of asking."""
    free, now, slots = dict(IDLE), START, []
    for later, count in asked:
        now += later
        taken = next_slots(free, now, count)
        free.update((place, slot + SECOND) for place, slot in taken)
        slots += [slot for _, slot in taken]
    return slots


@given(asked)
def test_no_second_holds_more_than_the_pace_whoever_asks_and_when(
    asked: list[tuple[timedelta, int]],
) -> None:
    slots = reserved(asked)
    assert all(
        later - earlier >= SECOND for earlier, later in zip(slots, slots[PER_SECOND:], strict=False)
    )


@given(asked)
def test_moments_only_go_forward_and_never_come_in_a_heap(
    asked: list[tuple[timedelta, int]],
) -> None:
    apart = spacing(PER_SECOND)
    assert all(later - earlier >= apart for earlier, later in pairwise(reserved(asked)))


@given(st.lists(st.floats(min_value=0, max_value=0.1), min_size=30, max_size=30))
def test_who_is_held_up_for_a_moment_loses_next_to_nothing(
    held_up: list[float],
) -> None:
    free, now = dict(IDLE), START
    slot = START
    for seconds in held_up:  # asks when the last batch is through, and is held up first
        now = max(now, slot) + timedelta(seconds=seconds)
        taken = next_slots(free, now, 20)
        free.update((place, at + SECOND) for place, at in taken)
        slot = taken[-1][1]
    lost = (slot - START) - SECOND * (len(held_up) * 20 / PER_SECOND)
    assert lost <= SECOND / 4
