"""Ours beside a bare discord.py bot, the floor, and a naive one: one command, one table.

    python -m tests.bench.floors [--only answers] [--asked 300]

All three run on this machine against the same small stand-in for Discord, in turns, so that a busy
moment of the machine meets them all; ratios are medians of each round's. The peer and a bot need a
core each: on a machine with one, the peer is measured too. It takes about eight minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.bench.floors.asking import questions
from tests.bench.floors.peer import Peer
from tests.bench.floors.report import machine, report
from tests.bench.floors.rounds import ASKED, PARTS, Ring


async def main(parts: list[str], asked: int) -> None:
    """Run the rounds and print what came of them."""
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="linernotes-bench-") as folder:
        async with Peer().serving() as peer:
            taken = await Ring(peer, Path(folder), questions(), asked).all_rounds(parts)
    print(report(taken))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.floors", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", choices=PARTS, help="measure this part alone")
    parser.add_argument(
        "--asked", type=int, default=ASKED, help="questions a bot, one by one (%(default)s)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    arguments = _read_arguments()
    chosen = [arguments.only] if arguments.only else list(PARTS)
    asyncio.run(main(chosen, arguments.asked))
