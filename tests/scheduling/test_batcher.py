"""Doing at once what many ask for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.scheduling.worker.batcher import Batcher
from tests.support.waiting import patience

if TYPE_CHECKING:
    from collections.abc import Sequence


async def test_who_asks_while_work_is_done_is_served_together_in_order() -> None:
    batches: list[list[int]] = []

    async def double(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        await asyncio.sleep(0)
        return [2 * item for item in items]

    batcher = Batcher(double, max_size=4)
    assert await asyncio.gather(*map(batcher.submit, range(9))) == [2 * item for item in range(9)]
    assert batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]


async def test_a_failure_is_the_batchs_and_the_next_is_served() -> None:
    async def work(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        if 1 in items:
            raise OSError("a disk")
        return list(items)

    batcher = Batcher(work, max_size=2)
    done = await asyncio.gather(*map(batcher.submit, range(4)), return_exceptions=True)
    assert [type(one) for one in done] == [OSError, OSError, int, int]
    assert await batcher.submit(7) == 7


async def test_who_asks_alone_does_not_wait_for_company() -> None:
    async def work(items: Sequence[int]) -> list[int]:
        return list(items)

    async with patience():
        assert await Batcher(work, max_size=20).submit(5) == 5


async def test_who_stops_waiting_does_not_disturb_the_others() -> None:
    hold = asyncio.Event()

    async def work(items: Sequence[int]) -> list[int]:
        await hold.wait()
        return list(items)

    batcher = Batcher(work, max_size=1)
    first, second, third = (asyncio.create_task(batcher.submit(number)) for number in range(3))
    await asyncio.sleep(0)
    second.cancel()
    hold.set()
    assert await first == 0
    assert await third == 2
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_work_begun_is_ended_though_who_asked_for_it_is_gone() -> None:
    ended: list[int] = []
    hold = asyncio.Event()

    async def work(items: Sequence[int]) -> list[int]:
        await hold.wait()
        ended.extend(items)
        return list(items)

    batcher = Batcher(work, max_size=2)
    asked = [asyncio.create_task(batcher.submit(number)) for number in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asked[0].cancel()
    await asyncio.sleep(0)
    hold.set()
    assert await asked[1] == 1
    assert ended == [0, 1]


async def test_who_waits_for_company_is_served_with_it() -> None:
    batches: list[list[int]] = []
    here = asyncio.Event()

    async def note(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        return list(items)

    async def linger() -> None:
        await here.wait()

    batcher = Batcher(note, max_size=20, linger=linger)
    first = asyncio.create_task(batcher.submit(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(batcher.submit(number)) for number in (2, 3)]
    await asyncio.sleep(0)
    assert batches == []
    here.set()
    assert await asyncio.gather(first, *others) == [1, 2, 3]
    assert batches == [[1, 2, 3]]
