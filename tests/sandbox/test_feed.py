"""The page's events: live, and again for those who missed some."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox.page_server.feed import MOST_EVENTS, Feed
from tests.support.waiting import PATIENCE_S, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def _next(events: AsyncIterator[tuple[int, Any]]) -> tuple[int, Any]:
    return await asyncio.wait_for(anext(events), PATIENCE_S)


async def test_events_come_live_with_growing_numbers() -> None:
    feed = Feed()
    events = feed.listen()
    waiting = asyncio.create_task(_next(events))
    await until(lambda: feed._listeners)
    feed.publish({"type": "a"})
    feed.publish({"type": "b"})
    assert await waiting == (1, {"type": "a"})
    assert await _next(events) == (2, {"type": "b"})


async def test_what_was_missed_comes_first() -> None:
    feed = Feed()
    for letter in "abc":
        feed.publish({"type": letter})
    events = feed.listen(after=1)
    assert [(await _next(events))[1]["type"] for _ in range(2)] == ["b", "c"]


async def test_who_missed_too_much_starts_anew() -> None:
    feed = Feed()
    for _ in range(MOST_EVENTS + 5):
        feed.publish({"type": "a"})
    assert (await _next(feed.listen(after=2)))[1] == {"type": "reset"}
    assert (await _next(feed.listen(after=MOST_EVENTS * 9)))[1] == {"type": "reset"}
    assert (await _next(feed.listen(after=5)))[0] == 6


async def test_who_stops_reading_is_told_to_start_anew_instead_of_filling_the_memory() -> None:
    feed = Feed()
    events = feed.listen()
    waiting = asyncio.create_task(_next(events))
    await until(lambda: feed._listeners)
    feed.publish({"type": "first"})
    await waiting
    for _ in range(MOST_EVENTS + 1):
        feed.publish({"type": "a"})
    assert await _next(events) == (MOST_EVENTS + 2, {"type": "reset"})


async def test_closing_ends_all_listening() -> None:
    feed = Feed()
    gathered = asyncio.create_task(_all(feed))
    await until(lambda: feed._listeners)
    feed.publish({"type": "a"})
    feed.close()
    assert await gathered == [(1, {"type": "a"})]


async def _all(feed: Feed) -> list[tuple[int, Any]]:
    return [each async for each in feed.listen()]
