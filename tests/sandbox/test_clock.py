"""Clocks: one that is moved by hand, and the wall's."""

from __future__ import annotations

import asyncio
import time

from bot.sandbox.clock import ManualClock, WallClock
from tests.support.waiting import PATIENCE_S


def test_a_manual_clock_calls_back_in_order_on_the_way() -> None:
    clock = ManualClock(100)
    called: list[tuple[str, float]] = []
    clock.call_later(5, lambda: called.append(("five", clock.time())))
    clock.call_later(2, lambda: called.append(("two", clock.time())))
    clock.call_later(3, lambda: called.append(("never", 0))).cancel()
    clock.advance(4)
    assert called == [("two", 102)]
    clock.advance(4)
    assert called == [("two", 102), ("five", 105)]
    assert clock.time() == 108


def test_what_is_due_may_ask_for_more_on_the_way() -> None:
    clock = ManualClock(0)
    called: list[float] = []

    def again() -> None:
        called.append(clock.time())
        clock.call_later(1, again)

    clock.call_later(1, again)
    clock.advance(3.5)
    assert called == [1, 2, 3]


async def test_sleeping_ends_when_the_clock_is_moved() -> None:
    clock = ManualClock()
    sleeping = asyncio.create_task(clock.sleep(3))
    await asyncio.sleep(0)
    clock.advance(2.9)
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.advance(0.2)
    await sleeping


async def test_moving_the_wall_clock_leaves_deadlines_alone() -> None:
    clock = WallClock()
    before = clock.monotonic()
    clock.advance(86_400)
    assert clock.time() - time.time() > 86_399
    assert clock.monotonic() - before < 3_600
    called = asyncio.Event()
    clock.call_later(0, called.set)
    await asyncio.wait_for(called.wait(), PATIENCE_S)
