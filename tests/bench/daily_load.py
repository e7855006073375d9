"""Ten thousand schedules due in one minute, over the sandbox with Discord's limits on.

    python -m tests.bench.daily_load [SCHEDULES] [PROCESSES] [URL]

Whole bots in processes of their own, at their usual pace. Without a URL, a new SQLite file. How
many posts the busiest second held is what the sandbox accepted, not what was reserved.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from bisect import bisect_left
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import text

from bot.sandbox.server import Sandbox
from bot.sandbox.world.fixtures import crowded_world
from bot.sandbox.world.snowflakes import made_at
from bot.scheduling.storage.database import State
from tests.support.due import let_be_due

SLOWEST = 1.3
GLOBAL_LIMIT = 50
MIB = 2**20


async def run(url: str, count: int, processes: int) -> bool:
    """Post them all, print the figures, and say whether they are good enough."""
    due = datetime.now(UTC).replace(second=0, microsecond=0)
    async with Sandbox(crowded_world(count)) as sandbox, await State.open(url) as state:
        sandbox.container.ratelimits.switch(enabled=True)
        servers = list(sandbox.world.bot_guild_ids())
        await let_be_due(state, servers, due)
        where = (url, sandbox.api_url, sandbox.gateway_url, sandbox.token, "usual")
        running = [
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.support.fault_process", *where),
                stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(processes)
        ]
        seen = [psutil.Process(process.pid) for process in running]
        refused: set[int] = set()
        try:
            begun, most, sent, busy = await _first(sandbox, servers), 0, 0, 0.0
            while sent < count and time.monotonic() - begun < count:
                await asyncio.sleep(1)
                most = max(most, *(one.memory_info().rss for one in seen))
                sent = await _sent(state)
                refused |= _refused(sandbox)
            seconds = time.monotonic() - begun
            busy = sum(sum(one.cpu_times()[:2]) for one in seen)
        finally:
            for process in running:
                process.kill()
                await process.communicate()
        found = [sandbox.container.messages.oldest(each + 1, 9, bool) for each in servers]
    there = [len(messages) for messages in found]
    moments = sorted(made_at(message.id) for messages in found for message in messages)
    allowed = SLOWEST * count / GLOBAL_LIMIT
    print(f"{count} schedules, {processes} bot(s): {seconds:.1f} s (allowed {allowed:.1f} s)")
    print(f"sent {sent}, doubled {sum(each > 1 for each in there)}, lost {there.count(0)}")
    busiest = _most_in_a_second(moments)
    print(f"posts in the busiest second {busiest}, refused by limits {len(refused)}")
    print(
        f"most memory of a bot {most / MIB:.1f} MiB, processor {1000 * busy / count:.1f} ms a post"
    )
    return sent == count and seconds <= allowed and set(there) == {1}


async def _first(sandbox: Sandbox, servers: list[int]) -> float:
    """Wait for the first post, and give the moment: logging in is not posting."""
    while not any(sandbox.container.messages.last_id(each + 1) for each in servers):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return time.monotonic()


def _refused(sandbox: Sandbox) -> set[int]:
    """Give the entries of the log, which forgets old ones, that are refusals by a limit."""
    return {each["id"] for each in sandbox.log.requests() if each["status"] == 429}


def _most_in_a_second(moments: list[float]) -> int:
    return max(bisect_left(moments, moment + 1) - number for number, moment in enumerate(moments))


async def _sent(state: State) -> int:
    async with state.read() as transaction:
        found = await transaction.execute(
            text("SELECT count(*) FROM deliveries WHERE outcome = 'sent'"),
        )
        return int(found.scalar_one())


def main() -> int:
    """Read the arguments and run."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[3] if len(sys.argv) > 3 else f"sqlite:///{Path(folder) / 'state.db'}"
        return int(not asyncio.run(run(url, count, processes)))


if __name__ == "__main__":
    sys.exit(main())
