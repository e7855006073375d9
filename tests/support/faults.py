"""Kill whole bots at random instants over a sandbox in bad weather; count what became of posts.

The real client over real HTTP; `tests/support/kills.py` kills the posting alone, which is faster.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import sys
from collections import Counter
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.client.adapters.quote_source import QuoteSource
from bot.client.knowledge import InFlight, KnowledgeHolder
from bot.sandbox.http.faults import Fault
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world
from bot.scheduling.clock import SystemClock
from bot.scheduling.models import Outcome, ScheduleSettings
from bot.scheduling.records import Records
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.storage.database import State
from tests.support.kills import KINDS, Toll
from tests.support.knowledge import KnowledgeInMemory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

POSTS = 20
LONGEST_S = 600.0
START_S = 1.6
"""About how long a bot takes from its start until it has posted everything."""

MESSAGES = "/channels/*/messages"
WEATHER = (
    Fault("lost_reply", times=1, method="POST", path=MESSAGES),
    Fault("lost_reply", times=1, method="POST", path=MESSAGES),
    Fault("error", status=500, times=1, method="POST", path=MESSAGES),
    Fault("error", status=503, times=1, method="POST", path=MESSAGES),
    Fault("ratelimit", retry_after=0.2, times=1, method="POST", path=MESSAGES),
    Fault("slow", seconds=0.4, times=1, method="POST", path=MESSAGES),
    Fault("slow", seconds=4.0, times=1, method="POST", path=MESSAGES),
    Fault("error", status=502, times=1, method="GET", path=MESSAGES),
    Fault("outage", seconds=0.4, path=MESSAGES),
    Fault("outage", seconds=0.3),
)
LAST_GUSTS = (
    Fault("lost_reply", times=1, method="POST", path=MESSAGES),
    Fault("error", status=500, times=1, method="POST", path=MESSAGES),
)


async def fault_run(
    url: str, seed: int, at_once: int = 1, kills: int = 3, kind: str = "kills"
) -> Toll:
    """Let posts be due, kill who posts them some times, let the last go on in calm; count.

    Two requests go wrong under the last as well: the others may be killed before they make any.
    """
    chance, steps = random.Random(seed), json.dumps(KINDS[kind].steps)
    async with Sandbox(crowded_world(POSTS)) as sandbox, await State.open(url) as state:
        await _set_up(state, sandbox)
        async with _weather(sandbox, chance):
            for _ in range(kills):
                async with _bots(url, sandbox, at_once, steps):
                    await asyncio.sleep(chance.random() * START_S)
        for fault in LAST_GUSTS:
            sandbox.faults.add(fault)
        async with _bots(url, sandbox, at_once, steps):
            toll = await _count(state, sandbox)
        toll.killed = kills * at_once
        return toll


@contextlib.asynccontextmanager
async def _weather(sandbox: Sandbox, chance: random.Random) -> AsyncIterator[None]:
    """Let things go wrong at Discord's side, several times a second, until the block ends."""

    async def blow() -> None:
        while True:
            await asyncio.sleep(chance.random() * 0.15)
            sandbox.faults.add(chance.choice(WEATHER))

    blowing = asyncio.create_task(blow())
    try:
        yield
    finally:
        blowing.cancel()
        sandbox.faults.clear()


@contextlib.asynccontextmanager
async def _bots(url: str, sandbox: Sandbox, count: int, steps: str) -> AsyncIterator[None]:
    """Start bots, and kill them when the block ends."""
    where = (url, sandbox.api_url, sandbox.gateway_url, sandbox.token, "fast", steps)
    running = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.fault_process", *where),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # an outage at login ends a bot, as it should
        )
        for _ in range(count)
    ]
    try:
        for process in running:
            if process.stdout is None or await process.stdout.readline() != b"ready\n":
                raise AssertionError("the bot did not start")
        yield
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()


async def _set_up(state: State, sandbox: Sandbox) -> None:
    """Set a daily quote in each server, and make it due now."""
    clock, quotes = SystemClock(), _quotes()
    schedules = ScheduleService(state, quotes, clock, lambda: secrets.token_hex(8), lambda: None)
    today = clock.now().replace(second=0, microsecond=0)
    for guild_id in sandbox.world.bot_guild_ids():
        wanted = ScheduleSettings(guild_id + 1, Timetable(time(today.hour, today.minute), "UTC"))
        await schedules.add(guild_id, "daily", wanted, 42)
    async with state.write() as transaction:
        await transaction.execute(
            text("UPDATE schedules SET next_day = :day, next_due = :due"),
            {"day": today.date().isoformat(), "due": int(today.timestamp() * 1_000_000)},
        )


def _quotes() -> QuoteSource:
    return QuoteSource(KnowledgeHolder(KnowledgeInMemory(), InFlight()))


async def _count(state: State, sandbox: Sandbox) -> Toll:
    """Wait until every claim has an outcome, and hold the ledger against the channels."""
    guilds = list(sandbox.world.bot_guild_ids())
    records = Records(state, _quotes(), SystemClock())
    begun = datetime.now(UTC)
    while True:
        ledger = [delivery for guild in guilds for delivery in await records.history(guild)]
        is_done = len(ledger) >= POSTS and all(delivery.outcome for delivery in ledger)
        if is_done or (datetime.now(UTC) - begun).total_seconds() > LONGEST_S:
            break
        await asyncio.sleep(0.2)
    there = [len(sandbox.container.messages.oldest(guild + 1, 99, bool)) for guild in guilds]
    return Toll(
        posts=POSTS,
        doubled=sum(number > 1 for number in there),
        lost=sum(number == 0 for number in there),
        unknown=sum(delivery.outcome is Outcome.UNKNOWN for delivery in ledger),
        silent=POSTS - sum(delivery.outcome is not None for delivery in ledger),
        requests=len(sandbox.log.requests("POST", "/messages")),
        outcomes=Counter(str(delivery.outcome) for delivery in ledger),
    )
