"""Kill posting processes at random instants, and count what became of the posts.

The posting alone, on a wire of its own; `tests/support/faults.py` does it to whole bots.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import text

from bot.scheduling.models import Outcome, ScheduleSettings
from bot.scheduling.records import Records
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.storage.database import State
from tests.support.discord import FakeQuotes
from tests.support.wire import RealClock, WireServer

LONGEST_S = 600.0
CHANNELS = 20


@dataclass
class Toll:
    """What came of one run, or of many."""

    posts: int = 0
    killed: int = 0
    doubled: int = 0
    lost: int = 0
    unknown: int = 0
    silent: int = 0
    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Toll) -> None:
        for name in ("posts", "killed", "doubled", "lost", "unknown", "silent", "requests"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes += other.outcomes


async def kill_run(url: str, seed: int, at_once: int = 1, kills: int = 3) -> Toll:
    """Let twenty posts be due, kill who posts them some times, let the last one finish; count."""
    chance = random.Random(seed)
    async with await State.open(url) as state, WireServer(chance) as server:
        await set_up(state)
        for _ in range(kills):
            running = [await start(url, server.address) for _ in range(at_once)]
            if chance.random() < 0.2:
                server.is_out = True
            await asyncio.sleep(chance.random() * 0.8)
            for process in running:
                process.kill()
                await process.wait()
            server.is_out = False
        running = [await start(url, server.address) for _ in range(at_once)]
        try:
            toll = await count(state, server)
        finally:
            for process in running:
                process.kill()
                await process.wait()
        toll.killed = kills * at_once
        return toll


async def set_up(state: State) -> None:
    """Set twenty schedules, each in its own channel, and make them due now."""
    clock = RealClock()
    schedules = ScheduleService(
        state, FakeQuotes(), clock, lambda: secrets.token_hex(8), lambda: None
    )
    today = clock.now().replace(second=0, microsecond=0)
    for number in range(CHANNELS):
        wanted = ScheduleSettings(100 + number, Timetable(time(today.hour, today.minute), "UTC"))
        await schedules.add(1 + number // 10, f"schedule {number}", wanted, 42)
    async with state.write() as transaction:
        await transaction.execute(
            text("UPDATE schedules SET next_day = :day, next_due = :due"),
            {"day": today.date().isoformat(), "due": int(today.timestamp() * 1_000_000)},
        )


async def start(url: str, address: str) -> asyncio.subprocess.Process:
    """Start a posting process, and wait until it is about to post."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.wire", url, address, secrets.token_hex(4)),
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None or await process.stdout.readline() != b"ready\n":
        raise AssertionError("the posting process did not start")
    return process


async def count(state: State, server: WireServer) -> Toll:
    """Wait until every claim has an outcome, and hold the ledger against the channels."""
    records = Records(state, FakeQuotes(), RealClock())
    deadline = datetime.now(UTC) + timedelta(seconds=LONGEST_S)
    while True:
        ledger = [
            delivery for guild in (1, 2) for delivery in await records.history(guild, None, 99)
        ]
        is_done = len(ledger) >= CHANNELS and all(delivery.outcome for delivery in ledger)
        if is_done or datetime.now(UTC) > deadline:
            break
        await asyncio.sleep(0.2)
    there = [len(server.messages[100 + number]) for number in range(CHANNELS)]
    return Toll(
        posts=CHANNELS,
        doubled=sum(number > 1 for number in there),
        lost=sum(number == 0 for number in there),
        unknown=sum(delivery.outcome is Outcome.UNKNOWN for delivery in ledger),
        silent=CHANNELS - sum(delivery.outcome is not None for delivery in ledger),
        requests=server.requests,
        outcomes=Counter(str(delivery.outcome) for delivery in ledger),
    )
