"""Ours beside a bare discord.py bot, the floor, and a naive one: one command, one table.

    python -m tests.bench.floors

All three run on this machine against the same small stand-in for Discord, in turns, so that a busy
moment of the machine meets them all; ratios are medians of each round's. The peer and a bot need a
core each: on a machine with one, the peer is measured too. It takes about eight minutes.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from tests.bench.floors.asking import questions
from tests.bench.floors.peer import Peer
from tests.bench.floors.report import machine, report
from tests.bench.floors.rounds import Ring


async def main() -> None:
    """Run every round and print what came of them."""
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="linernotes-bench-") as folder:
        async with Peer().serving() as peer:
            taken = await Ring(peer, Path(folder), questions()).all_rounds()
    print(report(taken))


if __name__ == "__main__":
    asyncio.run(main())
