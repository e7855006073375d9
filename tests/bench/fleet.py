"""Kill and reshard a bot of four processes during daily minutes, and print the count.

    python -m tests.bench.fleet [MINUTES] [POSTS]

Each minute has whole bots as a host starts them (`python -m bot run --shards 0/4`), a PostgreSQL,
and a sandbox with Discord's limits on. At random moments while the posts go out two processes are
killed and started again, then all four are killed and three take their place, with six shards.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.http.rate_limits import IDENTIFY_SECONDS
from tests.support.fleet import REAL_BOT, Count, daily_minute
from tests.support.postgres import postgres_cluster

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTES = 5
POSTS = 1_200
A_FEW = 0.25
"""Of the posts: what starved machines send in heaps. Without a common pace it is more than all."""


async def main(minutes: int, posts: int, new_database: Callable[[], str]) -> int:
    """Run, print, and give an exit status."""
    total = Count()
    for number in range(minutes):
        with tempfile.TemporaryDirectory() as folder:
            count = await daily_minute(
                new_database(), Path(folder), posts=posts, seed=number, bot=REAL_BOT
            )
        total.add(count)
        print(f"minute {number + 1}: last post after {count.latest:.1f} s", flush=True)
    print(table(total))
    return int(not is_good(total))


def is_good(count: Count) -> bool:
    """Say whether everything was posted once, in turn and at the pace."""
    return (
        count.sent == count.posts
        and not (count.doubled or count.lost or count.unknown)
        and not (count.refused or count.unanswered)
        and count.closest >= IDENTIFY_SECONDS
        and count.limited < count.posts * A_FEW
    )


def table(count: Count) -> str:
    """Return the count for people."""
    rows = [
        ("processes started, killed, fallen", f"{count.starts}, {count.kills}, {count.fell}"),
        ("posts due, sent", f"{count.posts}, {count.sent}"),
        ("doubled, lost, unknown", f"{count.doubled}, {count.lost}, {count.unknown}"),
        ("requests answered with 429", f"{count.limited}"),
        ("last post after", f"{count.latest:.1f} s"),
        ("identifies, refused", f"{count.identifies}, {count.refused}"),
        ("closest two of one key", f"{count.closest:.2f} s"),
        ("commands unanswered afterwards", f"{count.unanswered}"),
    ]
    warned = [f"  {times} times {line}" for line, times in count.log.most_common(20)]
    width = max(len(name) for name, _ in rows)
    return "\n".join([*(f"{name:{width}}  {value}" for name, value in rows), *warned])


if __name__ == "__main__":
    # The fixture's own generator, so that there is one way to start a server.
    serve = contextlib.contextmanager(postgres_cluster.__wrapped__)  # type: ignore[attr-defined] # pytest keeps it there
    with serve() as server:
        minutes = int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
        posts = int(sys.argv[2]) if len(sys.argv) > 2 else POSTS
        sys.exit(asyncio.run(main(minutes, posts, server.new_database)))
