"""Kill who posts, many times over, and print the toll.

    python -m tests.bench.daily_faults [bots|posters] [RUNS [KIND]]

Each run is twenty posts, and three times one or two killed processes. `bots` are whole: the real
client in twenty servers, over the sandbox's real HTTP, and a Discord that loses replies, errs,
limits, stalls and is out. `posters` are the posting alone, on a wire where 40 % of the requests go
wrong: it starts faster, so that more kills fall into a post. With PostgreSQL on this machine, the
runs alternate between it and SQLite.

The kinds of run take turns: kills alone; a wall clock, a monotonic clock or both that step, a wall
clock that is off for good, wrong dates in Discord's answers; and, for posters, damaged rows and
posts that a moderator deletes while they are in doubt. KIND runs one kind only.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path

from tests.support.faults import fault_run
from tests.support.kills import KINDS, Toll, kill_run
from tests.support.postgres import postgres_cluster

RUNS = 200
EVERY = 20


RUN = {"bots": fault_run, "posters": kill_run}


KINDS_OF = {
    "posters": tuple(KINDS),
    "bots": tuple(name for name, kind in KINDS.items() if kind.steps or name == "kills"),
}


async def main(who: str, runs: int, new_database: object, only: str | None = None) -> int:
    """Run, print, and give an exit status."""
    kinds = KINDS_OF[who] if only is None else (only,)
    tolls = {"sqlite": Toll(), "postgresql": Toll()}
    of_kinds = {kind: Toll() for kind in kinds}
    for number in range(runs):
        kind = kinds[number // 2 % len(kinds)]
        database = "postgresql" if number % 2 and new_database is not None else "sqlite"
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'state.db'}"
            if database == "postgresql":
                url = new_database()  # type: ignore[operator] # None was asked for above
            at_once = 1 + number // (2 * len(kinds)) % 2
            toll = await RUN[who](url, number, at_once=at_once, kind=kind)
        tolls[database].add(toll)
        of_kinds[kind].add(toll)
        if (
            toll.doubled
            or toll.lost
            or toll.silent
            or toll.unfollowed
            or (toll.unknown and not toll.told)
        ):
            print(f"run {number} on {database}, {kind}: {toll}", flush=True)
        if number % EVERY == EVERY - 1 or number == runs - 1:
            sums = map(str, (*tolls.items(), *of_kinds.items()))
            print(f"after {number + 1} runs:", *sums, sep="\n  ", flush=True)
    return int(
        any(toll.doubled or toll.lost or toll.silent or toll.unfollowed for toll in tolls.values())
    )


if __name__ == "__main__":
    # The fixture's own generator, so that there is one way to start a server.
    serve = contextlib.contextmanager(postgres_cluster.__wrapped__)  # type: ignore[attr-defined] # pytest keeps it there
    with serve() as server:
        who = sys.argv[1] if len(sys.argv) > 1 else "bots"
        count = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
        kind = sys.argv[3] if len(sys.argv) > 3 else None
        sys.exit(asyncio.run(main(who, count, server.new_database, kind)))
