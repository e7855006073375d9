"""How long it takes from the command `linernotes demo` to its first answer.

    python -m tests.bench.demo_start [COUNT]

Each start is a process of its own, asked `/ask` through the page's API. Twice: with nothing
compiled yet, as on a fresh clone, and with the store of an earlier start.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.demo import demo
from tests.support.page_client import PageClient, text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

USUAL_COUNT = 7
QUESTION = "When does the new album come out?"
ANSWER = "June 11, 2013"


async def start(data_dir: Path) -> float:
    """Return the seconds from the command to an answer."""
    began = time.perf_counter()
    async with demo(data_dir) as (process, address), PageClient.at(address) as fan:
        assert ANSWER in text_of(await fan.use("ask", question=QUESTION))
        took = time.perf_counter() - began
        process.terminate()
        assert await process.wait() == 0
    return took


async def fresh() -> float:
    """Start where nothing is compiled."""
    with tempfile.TemporaryDirectory() as folder:
        return await start(Path(folder))


async def main(count: int) -> None:
    """Start each way in turns, so that a busy moment of the machine meets both."""
    with tempfile.TemporaryDirectory() as folder:

        async def again() -> float:
            return await start(Path(folder))

        await again()
        ways: dict[str, Callable[[], Awaitable[float]]] = {"fresh": fresh, "again": again}
        took: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(count):
            for name, way in ways.items():
                took[name].append(await way())
    for name, each in took.items():
        print(
            f"{name}: median {statistics.median(each):.2f} s, "
            f"from {min(each):.2f} to {max(each):.2f} s, {count} starts"
        )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_COUNT))
