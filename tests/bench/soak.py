"""Serve for half an hour as in a busy week, and hold what the process takes against its beginning.

    python -m tests.bench.soak [MINUTES]

A bot as a host starts it, with ten shards over the sandbox, is used about 667 times a minute, told
ten times to read a changed pack anew, loses the gateway of a shard ten times, and has a daily post
to make: in thirty minutes 20,000 interactions, 300 reloads and 300 reconnects. Its memory, its
descriptors and its children must stay as they are. A busy machine does less; the counts say so.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from sqlalchemy import text

from bot.sandbox.errors import InteractionFailed
from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world
from bot.scheduling.storage.database import State
from tests.bench.floors.asking import questions
from tests.support.due import let_be_due
from tests.support.waiting import patience

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from bot.sandbox.testing import Person

ROOT = Path(__file__).parent.parent.parent
STARTER = ROOT / "bot" / "packs" / "starter.yaml"
MINUTES = 30.0
SHARDS = 10
"""As many, so that each is lost once a minute: one lost more often waits longer each time."""
GUILDS = 40
FANS = 6
INTERACTIONS, RELOADS, RECONNECTS, POSTS = 20_000 / 30, 10, 10, 1
"""In a minute."""
SAMPLE_S = 5.0
SETTLED_S = 30.0
"""Seconds until what was begun last has ended."""
MORE_MEMORY, MORE_DESCRIPTORS = 0.05, 5
"""What the last quarter of a run may take beyond the second."""
WAYS = ("close", "reconnect", "invalid_session")
MIB = 1 << 20
KINDS = ("ask",) * 12 + ("quote", "quote", "release", "topics", "about", "complete", "another")


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process takes at a moment."""

    at: float
    memory: float
    """MiB that would be free again if it ended, without its children."""
    descriptors: int
    threads: int
    children: int

    @classmethod
    def take(cls, process: psutil.Process, at: float) -> Sample:
        """Measure the bot."""
        return cls(
            at,
            process.memory_full_info().uss / MIB,
            process.num_fds(),
            process.num_threads(),
            len(process.children(recursive=True)),
        )


class Soak:
    """One run: the sandbox, the bot's process, and what was done to it."""

    def __init__(self, sandbox: Sandbox, state: State, pid: int, folder: Path) -> None:
        self.done: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self._sandbox = sandbox
        self._state = state
        self._process = psutil.Process(pid)
        self._folder = folder
        self._chance = random.Random(1)
        self._asked = questions()
        self._guilds = list(sandbox.world.bot_guild_ids())
        self._posting = iter(self._guilds)

    async def run(self, minutes: float) -> None:
        """Do everything at its rate until the time is over, then let it come to rest."""
        end = time.monotonic() + minutes * 60
        await asyncio.gather(
            *(_repeat(self._use, INTERACTIONS / FANS, end) for _ in range(FANS)),
            _repeat(self._reload, RELOADS, end),
            _repeat(self._cut, RECONNECTS, end),
            _repeat(self._post, POSTS, end),
            _repeat(self._sample, 60 / SAMPLE_S, end),
        )
        await asyncio.sleep(SETTLED_S)
        await self._sample()

    async def _use(self) -> None:
        fan = self._sandbox.user("fan", guild=self._chance.choice(self._guilds))
        kind = self._chance.choice(KINDS)
        try:
            await self._do(kind, fan)
        except InteractionFailed:  # its shard was just cut off, or the machine is too busy
            self.done["failed"] += 1
        else:
            self.done[kind] += 1

    async def _do(self, kind: str, fan: Person) -> None:
        match kind:
            case "ask":
                await fan.command("ask", question=next(self._asked))
            case "release":
                await fan.command("release", title="24/Seven")
            case "complete":
                await fan.autocomplete("ask", option="question", typed="who w")
            case "another":
                await (await fan.command("quote")).press("Another")
            case _:
                await fan.command(kind)

    async def _reload(self) -> None:
        write_pack(self._folder, self.done["reloads asked for"])
        self._process.send_signal(signal.SIGHUP)
        self.done["reloads asked for"] += 1

    async def _cut(self) -> None:
        number = self.done["shards cut off"]
        self._sandbox.gateway.drop(WAYS[number // SHARDS % len(WAYS)], shard=number % SHARDS)
        self.done["shards cut off"] += 1

    async def _post(self) -> None:
        if (guild := next(self._posting, None)) is not None:
            await let_be_due(self._state, [guild], datetime.now(UTC))
            self.done["posts due"] += 1

    async def _sample(self) -> None:
        self.samples.append(Sample.take(self._process, time.monotonic()))


async def _repeat(act: Callable[[], Awaitable[None]], per_minute: float, end: float) -> None:
    """Do something so often a minute, or as often as it can be done."""
    begun = time.monotonic()
    for number in count(1):
        await act()
        now, due = time.monotonic(), begun + number * 60 / per_minute
        if max(now, due) >= end:
            return
        await asyncio.sleep(max(0.0, due - now))


def write_pack(folder: Path, number: int) -> None:
    """Write a little pack, each time with other words."""
    written = STARTER.read_text(encoding="utf-8").replace('"PACK-ID"', "soak")
    draft = folder / "draft"
    draft.write_text(written.replace("at last", f"at last, take {number}"), encoding="utf-8")
    draft.rename(folder / "soak.yaml")  # whole at any moment


@contextlib.asynccontextmanager
async def serving(sandbox: Sandbox, data: Path, packs: Path, log: Path) -> AsyncIterator[Process]:
    """Start the bot as a host does; end it on the way out."""
    env = {name: value for name, value in os.environ.items() if "LINERNOTES_" not in name}
    env |= {
        "LINERNOTES_DATA_DIR": str(data),
        "LINERNOTES_PACKS": str(packs),
        "LINERNOTES_TOKEN": sandbox.token,
        "LINERNOTES_API": sandbox.api_url,
        "LINERNOTES_GATEWAY": sandbox.gateway_url,
        "LINERNOTES_LOG_FORMAT": "json",
        "LINERNOTES_COOLDOWN": "off",
    }
    with log.open("ab") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "bot", "run"),
            *("--shards", f"0-{SHARDS - 1}/{SHARDS}"),
            cwd=ROOT, env=env, stdout=file, stderr=file,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        print(f"ended with status {await process.wait()}")


async def main(minutes: float) -> int:
    """Run, print, and give an exit status."""
    with tempfile.TemporaryDirectory(prefix="linernotes-soak-") as name:
        data, packs, log = Path(name) / "data", Path(name) / "packs", Path(name) / "log"
        data.mkdir(mode=0o700)
        packs.mkdir()
        write_pack(packs, 0)
        async with Sandbox(crowded_world(max(GUILDS, int(minutes * POSTS) + 1))) as sandbox:
            sandbox.container.ratelimits.max_concurrency = SHARDS
            async with serving(sandbox, data, packs, log) as process:
                await _wait_until_online(sandbox)
                url = f"sqlite:///{data / 'state.sqlite3'}"
                async with await State.open(url) as state:
                    soak = Soak(sandbox, state, process.pid, packs)
                    await soak.run(minutes)
                    outcomes = await _count_outcomes(state)
        events = [json.loads(line) for line in log.read_text().splitlines() if line[:1] == "{"]
    print(report(soak, outcomes, events))
    return int(not is_flat(soak.samples))


async def _wait_until_online(sandbox: Sandbox) -> None:
    async with patience():
        while sum(one.is_online for one in sandbox.gateway.sessions()) < SHARDS:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.1)


async def _count_outcomes(state: State) -> dict[str, int]:
    async with state.read() as transaction:
        found = await transaction.execute(
            text("SELECT outcome, count(*) FROM deliveries GROUP BY outcome")
        )
        return {str(outcome): number for outcome, number in found}


def is_flat(samples: list[Sample]) -> bool:
    """Return whether the last quarter takes no more than the second, nor the end."""
    quarter = len(samples) // 4
    before, after = samples[quarter : 2 * quarter], samples[-quarter:]
    memory = [statistics.median(one.memory for one in each) for each in (before, after)]
    descriptors = [statistics.median(one.descriptors for one in each) for each in (before, after)]
    return (
        memory[1] <= memory[0] * (1 + MORE_MEMORY)
        and descriptors[1] <= descriptors[0] + MORE_DESCRIPTORS
        and samples[-1].children <= max(one.children for one in before)
    )


def report(soak: Soak, outcomes: dict[str, int], events: list[dict[str, str]]) -> str:
    """Return what was done, what the process took in each tenth, and what it warned of."""
    used = sum(number for kind, number in soak.done.items() if kind in KINDS)
    logged = Counter(event["event"] for event in events)
    warned = Counter(event["event"] for event in events if event["level"] in {"warning", "error"})
    asked_for = soak.done["reloads asked for"]
    did = (
        f"{used:,} interactions answered, {soak.done['failed']} failed; "
        f"{logged['The packs were read anew.']} reloads of {asked_for} asked for; "
        f"{soak.done['shards cut off']} reconnects; {soak.done['posts due']} posts due, "
        f"{outcomes}; load average {os.getloadavg()[1]:.1f}"
    )
    lines = [
        did,
        "| tenth | memory, MiB | descriptors | threads | children |",
        "|---:|---:|---:|---:|---:|",
    ]
    tenth = max(1, len(soak.samples) // 10)
    for number, first in enumerate(range(0, len(soak.samples) - 1, tenth), 1):
        some = soak.samples[first : first + tenth]
        lines.append(
            f"| {number} | {statistics.median(one.memory for one in some):.1f}"
            f" | {_range(one.descriptors for one in some)} | {_range(one.threads for one in some)}"
            f" | {_range(one.children for one in some)} |"
        )
    last = soak.samples[-1]
    lines.append(
        f"| at rest | {last.memory:.1f} | {last.descriptors} | {last.threads} | {last.children} |"
    )
    lines.append("flat" if is_flat(soak.samples) else "NOT flat")
    return "\n".join(
        [*lines, *(f"  {times} times {event}" for event, times in warned.most_common(9))]
    )


def _range(numbers: Iterator[int]) -> str:
    found = sorted(numbers)
    return f"{found[0]}–{found[-1]}"


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES)))
