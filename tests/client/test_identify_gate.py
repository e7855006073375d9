"""Waiting to identify: in turn where the state can tell, bounded and said where it cannot."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.client.identify_gate import PATIENCE, IdentifyGate
from bot.errors import DiscordError, StateError
from bot.scheduling.storage.advisory_lock import QUEUE, SPACING

OWN_WAIT = 5.0
ALL_OF_IT = 60.0
"""What discord.py waits itself, and how long it gives a shard to connect again."""


class Line:
    """The turns that were asked for, and how they end."""

    def __init__(self, ending: bool | Exception | None = True) -> None:  # noqa: FBT001, FBT002  # what `take` does
        self.ending = ending
        self.asked: list[int] = []
        self.ended: list[str] = []

    async def acquire(self, number: int) -> bool:
        self.asked.append(number)
        if isinstance(self.ending, Exception):
            raise self.ending
        if self.ending is None:
            try:
                await asyncio.sleep(3600)
            finally:
                self.ended.append("cancelled")
        return bool(self.ending)


def limit(concurrency: int = 16, remaining: int = 1000) -> dict[str, int]:
    return {
        "total": 1000,
        "remaining": remaining,
        "reset_after": 5_400_000,
        "max_concurrency": concurrency,
    }


async def test_a_shard_waits_with_those_of_its_key() -> None:
    line = Line()
    gate = IdentifyGate(line, lambda: 0.0)
    gate.learn_limit(limit(concurrency=4), range(16))
    for shard in (0, 3, 4, 15):
        await gate.wait(shard)
    assert line.asked == [0, 3, 0, 3]


async def test_until_discord_says_otherwise_all_wait_for_each_other() -> None:
    line = Line()
    await IdentifyGate(line, lambda: 0.0).wait(7)
    assert line.asked == [0]


async def test_a_long_queue_is_a_connection_that_failed() -> None:
    with pytest.raises(TimeoutError, match="too many processes wait to identify before shard 3"):
        await IdentifyGate(Line(ending=False), lambda: 0.0).wait(3)


async def test_a_state_that_is_lost_keeps_nobody_from_identifying() -> None:
    lost = StateError("The state database 'notes' cannot be reached.")
    with capture_logs() as logs:
        await IdentifyGate(Line(lost), lambda: 0.001).wait(3)
    assert [(one["event"], one["shard"], one["reason"]) for one in logs] == [
        ("identifying out of turn", 3, str(lost))
    ]


async def test_a_state_that_says_nothing_is_waited_for_in_vain_only_once() -> None:
    line = Line(ending=None)
    with capture_logs() as logs:
        await IdentifyGate(line, lambda: 0.5, patience=0.05).wait(3)
    assert logs[0]["reason"] == "The state database did not answer within 0.05 seconds."
    await asyncio.sleep(0)
    assert line.ended == ["cancelled"]


async def test_whoever_stops_waiting_leaves_the_queue() -> None:
    line = Line(ending=None)
    waiting = asyncio.create_task(IdentifyGate(line, lambda: 0.0).wait(3))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    await asyncio.sleep(0)
    assert line.ended == ["cancelled"]


def test_fewer_starts_than_shards_are_not_begun() -> None:
    gate = IdentifyGate(Line(), lambda: 0.0)
    gate.learn_limit(limit(remaining=4), range(4))
    with pytest.raises(DiscordError, match=r"identify 3 more times in the next 1\.5 hours, and 4"):
        gate.learn_limit(limit(remaining=3), range(4))


def test_every_wait_together_is_shorter_than_discord_py_gives_a_connection() -> None:
    assert OWN_WAIT + PATIENCE < ALL_OF_IT
    assert QUEUE + SPACING < PATIENCE
