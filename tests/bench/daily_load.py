"""Ten thousand schedules due in one minute: how long, how much memory, how even.

    python -m tests.bench.daily_load [SCHEDULES] [URL] [PROCESSES]

The real poster on the real clock at its real pace, over a stand-in that takes a tenth of a second
to answer. Without a URL, a new SQLite file.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time as wall
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from sqlalchemy import insert, text

from bot.daily.poster import Edges, Poster
from bot.daily.state.database import State
from bot.daily.state.tables import guilds, schedules
from tests.support.discord import FakeQuotes
from tests.support.wire import RealClock

if TYPE_CHECKING:
    from bot.daily.model import Payload

LATENCY_S = 0.1
SLOWEST = 1.3
GLOBAL_LIMIT = 50
MIB = 2**20


class SlowAnswers:
    """Accept everything after a while; note when, and what the most in any second was."""

    def __init__(self, servers: int) -> None:
        self.servers = servers
        self.accepted: Counter[int] = Counter()
        self.seconds: Counter[int] = Counter()

    async def send(self, channel_id: int, payload: Payload, nonce: str, role_id: int | None) -> int:
        self.seconds[int(wall.monotonic())] += 1
        await asyncio.sleep(LATENCY_S)
        self.accepted[channel_id] += 1
        return channel_id

    async def find(self, channel_id: int, claim_id: str, since: datetime) -> int | None:
        return None

    async def tell_channel(self, channel_id: int, text: str, nonce: str) -> None: ...

    async def tell_person(self, user_id: int, text: str, nonce: str) -> None: ...

    async def joined(self) -> frozenset[int]:
        return frozenset(range(self.servers))


async def fill(state: State, count: int, due: datetime) -> None:
    """Set schedules, ten a server, all due at one moment."""
    minute = due.hour * 60 + due.minute
    async with state.write() as transaction:
        await transaction.execute(insert(guilds), [{"id": one} for one in range(count // 10 + 1)])
        rows = [
            {
                "id": f"{number:016x}",
                "guild_id": number // 10,
                "name": f"schedule {number}",
                "name_key": f"schedule {number}",
                "channel_id": number,
                "minute": minute,
                "zone": "UTC",
                "days": 127,
                "window_seconds": 21_600,
                "seed": f"{number:016x}",
                "created_by": 42,
                "created_at": due,
                "next_day": due.date().isoformat(),
                "next_due": due,
            }
            for number in range(count)
        ]
        await transaction.execute(insert(schedules), rows)


async def run(url: str, count: int, processes: int) -> bool:
    """Post them all, print the figures, and say whether they are good enough."""
    due = datetime.now(UTC).replace(second=0, microsecond=0)
    memory = psutil.Process()
    answers = SlowAnswers(count // 10 + 1)
    edges = Edges(answers, answers, answers, FakeQuotes(), RealClock(), random.random)
    async with await State.open(url) as state:
        await fill(state, count, due)
        before = memory.memory_info().rss
        used = sum(memory.cpu_times()[:2])
        states = [await State.open(url) for _ in range(processes)]
        posters = [Poster(one, edges, f"poster {number}") for number, one in enumerate(states)]
        begun = wall.monotonic()
        running = [asyncio.create_task(poster.run()) for poster in posters]
        most = before
        while answers.accepted.total() < count and wall.monotonic() - begun < count:
            await asyncio.sleep(0.2)
            most = max(most, memory.memory_info().rss)
        seconds = wall.monotonic() - begun
        for poster in posters:
            poster.stop()
        await asyncio.gather(*running)
        async with state.read() as transaction:
            found = await transaction.execute(
                text("SELECT count(*) FROM claims WHERE outcome = 'sent'"),
            )
            sent = int(found.scalar_one())
        for one in states:
            await one.close()
    allowed = timedelta(seconds=SLOWEST * count / GLOBAL_LIMIT).total_seconds()
    print(f"{count} schedules, {processes} poster(s): {seconds:.1f} s (allowed {allowed:.1f} s)")
    print(f"sent {sent}, channels {len(answers.accepted)}, doubled", end=" ")
    print(sum(number > 1 for number in answers.accepted.values()))
    print(f"most in a second {max(answers.seconds.values())}")
    print(f"memory before {before / MIB:.1f} MiB, most {most / MIB:.1f} MiB")
    print(f"processor {sum(memory.cpu_times()[:2]) - used:.1f} s")
    return sent == count and seconds <= allowed and max(answers.accepted.values()) == 1


def main() -> int:
    """Read the arguments and run."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'state.db'}"
        return int(not asyncio.run(run(url, count, processes)))


if __name__ == "__main__":
    sys.exit(main())
