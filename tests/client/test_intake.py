"""The line of interactions, by a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.client import intake
from bot.client.intake import AT_ONCE, CONGESTED_SECONDS, TOO_OLD_SECONDS, Intake
from tests.support.tally import Tally
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Line:
    """A line whose interactions are answered when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0
        self.tally = Tally()
        self.intake = Intake(self.tally, lambda: self.now)
        self.begun: list[int] = []
        self.answered: list[int] = []
        self.may_end = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def come(self, *numbers: int) -> None:
        for number in numbers:
            self.intake.offer(partial(self._begin, number))

    def defer(self, *numbers: int) -> None:
        self._tasks |= {asyncio.create_task(self._answer_deferred(number)) for number in numbers}

    def _begin(self, number: int) -> None:
        self.begun.append(number)
        self._tasks.add(asyncio.create_task(self._answer(number)))

    async def _answer(self, number: int) -> None:
        with self.intake.occupy():
            await self.may_end.wait()
        self.answered.append(number)

    async def _answer_deferred(self, number: int) -> None:
        async with self.intake.wait_for_place():
            self.answered.append(number)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    line = Line()
    running = asyncio.create_task(line.intake.run())
    yield line
    line.may_end.set()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await asyncio.gather(*line._tasks)


async def test_first_come_is_first_served_and_no_more_at_once_than_the_bound(line: Line) -> None:
    line.come(*range(AT_ONCE + 50))
    await until(lambda: len(line.begun) == AT_ONCE)
    for _ in range(5):
        await asyncio.sleep(0)
    assert line.begun == list(range(AT_ONCE))
    line.may_end.set()
    await until(lambda: len(line.answered) == AT_ONCE + 50)
    assert line.answered == list(range(AT_ONCE + 50))


async def test_what_has_waited_three_seconds_is_dropped_and_the_others_waits_are_told(
    line: Line,
) -> None:
    line.come(*range(AT_ONCE + 2))
    await until(lambda: len(line.begun) == AT_ONCE)
    line.now += TOO_OLD_SECONDS - 1
    line.come(777)
    line.now += 1.5
    line.may_end.set()
    await until(lambda: 777 in line.begun)
    assert line.begun[AT_ONCE:] == [777]
    assert line.tally.drops == ["too old"] * 2
    assert line.tally.waits[-1] == 1.5


async def test_a_line_that_is_full_takes_no_more(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_WAITING", 3)
    line.come(1, 2, 3, 4, 5)
    assert line.tally.drops == ["full"] * 2
    await until(lambda: line.begun == [1, 2, 3])


async def test_answers_are_deferred_while_the_first_in_line_waits_long(line: Line) -> None:
    line.come(*range(AT_ONCE + 1))
    await until(lambda: len(line.begun) == AT_ONCE)
    assert not line.intake.is_congested
    line.now += CONGESTED_SECONDS + 0.1
    assert line.intake.is_congested
    line.may_end.set()
    await until(lambda: len(line.answered) == AT_ONCE + 1)
    assert not line.intake.is_congested


async def test_deferred_answers_come_after_the_others_but_are_not_starved(line: Line) -> None:
    line.may_end.set()
    line.defer(*range(1000, 1010))
    await asyncio.sleep(0)  # they stand in line now
    line.come(*range(100))
    await until(lambda: len(line.answered) == 110)
    order = [number >= 1000 for number in line.answered]
    assert not all(order[:10])
    assert any(order[:20])
    assert [n for n in line.answered if n >= 1000] == list(range(1000, 1010))
