"""Kill who posts, many times over, and print the toll.

    python -m tests.bench.daily_faults [bots|posters] [RUNS]

Each run is twenty posts, and three times one or two killed processes. `bots` are whole: the real
client in twenty servers, over the sandbox's real HTTP, and a Discord that loses replies, errs,
limits, stalls and is out. `posters` are the posting alone, on a wire where 40 % of the requests go
wrong: it starts faster, so that more kills fall into a post. With PostgreSQL on this machine, the
runs alternate between it and SQLite.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

from tests.support.faults import fault_run
from tests.support.kills import Toll, kill_run
from tests.support.postgres import postgres_server

RUNS = 200
EVERY = 20


RUN = {"bots": fault_run, "posters": kill_run}


async def main(who: str, runs: int, new_database: object) -> int:
    """Run, print, and give an exit status."""
    tolls = {"sqlite": Toll(), "postgresql": Toll()}
    for number in range(runs):
        kind = "postgresql" if number % 2 and new_database is not None else "sqlite"
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'state.db'}"
            if kind == "postgresql":
                url = new_database()  # type: ignore[operator] # None was asked for above
            toll = await RUN[who](url, number, at_once=1 + number // 2 % 2)
        tolls[kind].add(toll)
        if toll.doubled or toll.lost or toll.unknown or toll.silent:
            print(f"run {number} on {kind}: {toll}", flush=True)
        if number % EVERY == EVERY - 1 or number == runs - 1:
            print(f"after {number + 1} runs:", *map(str, tolls.items()), sep="\n  ", flush=True)
    return int(any(toll.doubled or toll.lost or toll.silent for toll in tolls.values()))


if __name__ == "__main__":
    # The fixture's own generator, so that there is one way to start a server.
    serve = contextlib.contextmanager(postgres_server.__wrapped__)  # type: ignore[attr-defined] # pytest keeps it there
    with serve() as server:
        who = sys.argv[1] if len(sys.argv) > 1 else "bots"
        count = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
        sys.exit(asyncio.run(main(who, count, server.new_database)))
