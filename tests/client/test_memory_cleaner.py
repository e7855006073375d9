"""What an answer leaves behind in circles is freed soon, whether or not anybody asks again."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from bot.client.knowledge import InFlight
from bot.client.memory_cleaner import MemoryCleaner
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator


class Remains:
    """Something that only the collector frees."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collector_at_rest() -> Iterator[None]:
    """Let nothing collect but what is tested."""
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


async def test_what_an_interaction_left_behind_is_freed() -> None:
    left = weakref.ref(Remains())
    MemoryCleaner(seconds=0.01).schedule(InFlight())
    assert left() is not None
    await until(lambda: left() is None)


async def test_what_comes_meanwhile_and_what_takes_long_is_freed_too() -> None:
    cleaner, in_flight = MemoryCleaner(seconds=0.01), InFlight()
    with in_flight.track():
        cleaner.schedule(in_flight)
        early = weakref.ref(Remains())
        await until(lambda: early() is None)
        cleaner.schedule(in_flight)
        late = weakref.ref(Remains())
    await until(lambda: late() is None)


async def test_once_all_is_freed_nothing_waits() -> None:
    cleaner = MemoryCleaner(seconds=0.01)
    cleaner.schedule(InFlight())
    await until(lambda: cleaner._timer is None)


async def test_what_was_there_before_is_not_looked_at_again() -> None:
    before = weakref.ref(Remains())
    cleaner = MemoryCleaner(seconds=0.01)
    cleaner.start()
    cleaner.schedule(InFlight())
    after = weakref.ref(Remains())
    await until(lambda: after() is None)
    assert before() is not None


def test_what_a_start_turned_off_collects_again() -> None:
    MemoryCleaner().start()
    assert gc.isenabled()
