"""Ids only grow, and tell when they were made."""

from __future__ import annotations

import pytest

from bot.sandbox.clock import ManualClock
from bot.sandbox.world.snowflakes import Snowflakes, at, made_at


def test_discords_own_example_is_read() -> None:
    assert made_at(175928847299117063) == pytest.approx(1462015105.796)


def test_an_id_tells_when_it_was_made() -> None:
    assert made_at(at(1_790_000_000.5)) == pytest.approx(1_790_000_000.5, abs=0.001)


def test_ids_of_one_instant_differ_and_grow(clock: ManualClock) -> None:
    ids = Snowflakes(clock)
    made = [ids.make() for _ in range(5000)]
    assert made == sorted(set(made))


def test_a_clock_that_goes_back_makes_no_smaller_id() -> None:
    clock = ManualClock()
    ids = Snowflakes(clock)
    first = ids.make()
    clock.advance(-10)
    assert ids.make() > first
