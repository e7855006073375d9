"""Moments for requests, so many a second and no more: pure.

Discord counts requests by the second. So there are as many places as a second may hold requests,
and each place gives one moment a second: in any second whatever, and however often whoever asks
was held up, there are no more moments than places. Who fell behind catches up a little faster
than the pace, out of what the second has left.
"""

from __future__ import annotations

from datetime import timedelta
from heapq import heapify, heapreplace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SECOND = timedelta(seconds=1)
CATCH_UP = 1.25  # forty a second, caught up at fifty: what Discord itself allows


def spacing(places: int) -> timedelta:
    """Give the least time between two moments."""
    return SECOND / (places * CATCH_UP)


def next_slots(
    free_from: Mapping[int, datetime],
    now: datetime,
    count: int,
) -> list[tuple[int, datetime]]:
    """Give the next moments, in order, each with the place it takes for a second.

    Args:
        free_from: every place, and when it gives its next moment.
        now: no moment lies before it.
        count: how many are wanted.
    """
    apart = spacing(len(free_from))
    waiting = [(moment, place) for place, moment in free_from.items()]
    earliest = max(now, max(moment for moment, _ in waiting) - SECOND + apart)
    heapify(waiting)
    taken = []
    for _ in range(count):
        free, place = waiting[0]
        slot = max(free, earliest)
        heapreplace(waiting, (slot + SECOND, place))
        taken.append((place, slot))
        earliest = slot + apart
    return taken
