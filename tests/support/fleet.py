"""One bot in several processes, each with its shards, over one sandbox and one PostgreSQL.

`daily_minute` lets posts be due, kills processes while they post, divides the bot into other
shards, and counts what came of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.sandbox.errors import InteractionFailed
from bot.sandbox.gateway.gateway import shard_of
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world
from bot.sandbox.world.snowflakes import made_at
from bot.scheduling.storage.database import State
from tests.support.due import let_be_due
from tests.support.waiting import patience

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable

ROOT = Path(__file__).parent.parent.parent
FOUR = ("0/4", "1/4", "2/4", "3/4")
THREE = ("0-1/6", "2-3/6", "4-5/6")
MC = 2
"""How many shards may identify at once: few enough that processes must wait for each other."""
LONGEST_S = 240.0
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Bot:
    """How a process of the bot is started."""

    module: str = "tests.support.bot_process"
    settings: dict[str, str] = field(default_factory=lambda: {"BRISK_POSTS": "1"})


QUICK_BOT = Bot()
REAL_BOT = Bot("bot", {})
"""As a host starts it: the packs that come with it, every wait at its usual length."""


@dataclass
class Count:
    """What came of one daily minute, or of many."""

    posts: int = 0
    sent: int = 0
    doubled: int = 0
    lost: int = 0
    unknown: int = 0
    kills: int = 0
    fell: int = 0
    """Processes that ended by themselves, and were started again."""
    starts: int = 0
    identifies: int = 0
    refused: int = 0
    unanswered: int = 0
    closest: float = float("inf")
    """Seconds between two identifies of one key, at least."""
    limited: int = 0
    """Requests that were answered with 429."""
    latest: float = 0.0
    """Seconds from when they were due until the last was posted."""
    log: Counter[str] = field(default_factory=Counter)
    """What the processes warned of."""

    def add(self, other: Count) -> None:
        for name in (
            *("posts", "sent", "doubled", "lost", "unknown", "kills", "fell", "starts"),
            *("identifies", "refused", "limited", "unanswered"),
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.closest = min(self.closest, other.closest)
        self.latest = max(self.latest, other.latest)
        self.log += other.log


class Fleet:
    """The processes that run, by the shards they were given."""

    def __init__(self, sandbox: Sandbox, url: str, folder: Path, bot: Bot) -> None:
        self._sandbox = sandbox
        self._url = url.replace("postgresql://", "postgresql+asyncpg://")
        self._folder = folder
        self._bot = bot
        self.running: dict[str, Process] = {}
        self.kills = self.starts = self.fell = 0

    async def start(self, shards: str) -> None:
        """Start the process of these shards."""
        env = {name: text for name, text in os.environ.items() if "LINERNOTES_" not in name}
        env |= self._bot.settings | {
            "LINERNOTES_DATA_DIR": str(self._folder),
            "LINERNOTES_STATE_URL": self._url,
            "LINERNOTES_TOKEN": self._sandbox.token,
            "LINERNOTES_API": self._sandbox.api_url,
            "LINERNOTES_GATEWAY": self._sandbox.gateway_url,
            "LINERNOTES_LOG_FORMAT": "json",
        }
        with self._log(shards).open("ab") as log:
            self.running[shards] = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self._bot.module, "run", "--shards", shards),
                cwd=ROOT, env=env, stdout=log, stderr=log,
            )  # fmt: skip
        self.starts += 1

    async def kill(self, shards: str) -> None:
        """End a process between one instruction and the next."""
        process = self.running.pop(shards)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        self.kills += 1

    async def supervise(self) -> None:
        """Start again, after a while, what ended by itself, as a host's supervisor does."""
        while True:
            await asyncio.sleep(1)
            for shards, process in tuple(self.running.items()):
                if process.returncode is not None:
                    self.fell += 1
                    await self.start(shards)

    async def end(self) -> None:
        """Kill all that run."""
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self.running.clear()

    def warnings(self) -> Counter[str]:
        """Count what the logs warn of, with numbers and addresses left out."""
        lines = (
            json.loads(line)
            for file in self._folder.glob("log-*")
            for line in file.read_text(encoding="utf-8").splitlines()
            if line.startswith("{")
        )
        return Counter(
            re.sub(r"https?://\S+|[0-9.]+", "…", line["event"])
            for line in lines
            if line["level"] not in {"debug", "info"}
        )

    def _log(self, shards: str) -> Path:
        return self._folder / f"log-{shards.replace('/', '-of-')}"


async def daily_minute(  # noqa: PLR0913 - what a minute is made of
    url: str, folder: Path, *, posts: int, seed: int, bot: Bot = QUICK_BOT, concurrency: int = MC
) -> Count:
    """Let posts be due while four processes are killed, started again, and become three."""
    chance = random.Random(seed)
    async with Sandbox(crowded_world(posts)) as sandbox, await State.open(url) as state:
        sandbox.container.ratelimits.switch(enabled=True)
        sandbox.container.ratelimits.max_concurrency = concurrency
        answers: Counter[int | None] = Counter()
        sandbox.log.watchers.append(lambda entry: answers.update([entry.get("status")]))
        async with _fleet(sandbox, url, folder, bot) as fleet:
            await asyncio.gather(*map(fleet.start, FOUR))
            await _online(sandbox, 4, range(4))
            due = datetime.now(UTC)
            await let_be_due(state, sandbox.world.bot_guild_ids(), due)
            for victim in chance.sample(FOUR, 2):
                await _ended(state, posts * chance.uniform(0.05, 0.45), "sent")
                await fleet.kill(victim)
                await fleet.start(victim)
            await _ended(state, posts * chance.uniform(0.5, 0.8), "sent")
            for shards in chance.sample(FOUR, 4):
                await fleet.kill(shards)
            await asyncio.gather(*map(fleet.start, chance.sample(THREE, 3)))
            await _online(sandbox, 6, range(6))
            with contextlib.suppress(TimeoutError):  # what is missing then is counted as lost
                await _ended(state, posts, "sent", "failed", "missed", "unknown")
            found = await _count(state, sandbox, due)
            found.limited = answers[TOO_MANY]
            found.unanswered = await _unanswered(sandbox, 6)
            found.kills, found.fell, found.starts = fleet.kills, fleet.fell, fleet.starts
            found.log = fleet.warnings()
        return found


@contextlib.asynccontextmanager
async def _fleet(sandbox: Sandbox, url: str, folder: Path, bot: Bot) -> AsyncIterator[Fleet]:
    fleet = Fleet(sandbox, url, folder, bot)
    supervising = asyncio.create_task(fleet.supervise())
    try:
        yield fleet
    finally:
        supervising.cancel()
        await asyncio.wait({supervising})
        await fleet.end()


async def _online(sandbox: Sandbox, count: int, shards: range) -> None:
    """Wait until these shards of so many are connected."""

    def is_so() -> bool:
        there = {
            one.shard for one in sandbox.gateway.sessions() if one.is_online and one.count == count
        }
        return there >= set(shards)

    await _until(is_so)


async def _ended(state: State, count: float, *outcomes: str) -> None:
    """Wait until so many posts came to one of these ends."""
    async with patience():
        while await _outcomes(state, *outcomes) < count:  # noqa: ASYNC110 - a ledger has no event
            await asyncio.sleep(0.1)


async def _unanswered(sandbox: Sandbox, count: int) -> int:
    """Use a command in a server of each shard; give how many had no answer."""
    failed = 0
    for shard in range(count):
        guild = next(
            each for each in sandbox.world.bot_guild_ids() if shard_of(each, count) == shard
        )
        fan = sandbox.user("fan", guild=guild)
        try:
            await fan.command("about")
        except InteractionFailed:
            failed += 1
    return failed


async def _outcomes(state: State, *wanted: str) -> int:
    async with state.read() as transaction:
        found = await transaction.execute(
            text("SELECT count(*) FROM deliveries WHERE outcome = ANY(:wanted)"),
            {"wanted": list(wanted)},
        )
        return int(found.scalar_one())


async def _count(state: State, sandbox: Sandbox, due: datetime) -> Count:
    """Hold the ledger against the channels, and look at what the sandbox saw."""
    messages = {
        guild: sandbox.container.messages.oldest(guild + 1, 99, bool)
        for guild in sandbox.world.bot_guild_ids()
    }
    last = max(made_at(one.id) for each in messages.values() for one in each)
    starts = sandbox.container.ratelimits.starts
    keys: dict[int, list[float]] = {}
    for start in starts:
        keys.setdefault(start.key, []).append(start.at)
    gaps = [later - sooner for key in keys.values() for sooner, later in pairwise(key)]
    return Count(
        posts=len(messages),
        sent=await _outcomes(state, "sent"),
        doubled=sum(len(each) > 1 for each in messages.values()),
        lost=sum(not each for each in messages.values()),
        unknown=await _outcomes(state, "unknown"),
        identifies=len(starts),
        refused=sum(not start.is_accepted for start in starts),
        closest=min(gaps),
        latest=last - due.timestamp(),
    )


async def _until(happened: Callable[[], Any]) -> None:
    async with patience():
        while not happened():  # noqa: ASYNC110 - what is waited for has no event to offer
            await asyncio.sleep(0.05)
