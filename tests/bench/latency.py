"""How long one answer takes from the packs that come with the bot, by kind of outcome.

    python -m tests.bench.latency [ROUNDS]

Asked are the sample questions, each with a letter left out so that spelling is put right too, and
questions from far outside. The first round, with nothing at hand yet, is told apart. Beside each
answer, in turn, one bare look-up through the same library is timed: the ratios outlive a machine.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import aiosqlite

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import compile_packs
from bot.packs.discovery import find_pack_files, shipped_folder
from bot.packs.loader import load_packs
from tests.support.packs import HIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.packs.models import Pack

USUAL_ROUNDS = 5
FAR = ("what is the capital of Australia", "how do i boil an egg", "tell me a joke", "17 x 24")
LOOK_UP = "SELECT body FROM entry WHERE number = 1"


def questions_of(packs: Sequence[Pack]) -> list[str]:
    """Return questions of every kind: as written, misspelt, and from far outside.

    They are more than notes remember the answers of: none comes again while it is remembered.
    """
    asked = [text for pack in packs for fact in pack.facts for text in fact.questions[:10]]
    return [*asked, *map(_misspelt, asked), *FAR]


def _misspelt(text: str) -> str:
    longest = max(text.split(), key=len)
    return text.replace(longest, longest[:2] + longest[3:], 1)


async def measured(store: Path, questions: Sequence[str], rounds: int) -> None:
    """Ask every question so often, and print how long it took."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    async with await KnowledgeBase.open(store, HIDE) as knowledge, aiosqlite.connect(store) as raw:
        for number in range(rounds + 1):
            for question in questions:
                begun = time.perf_counter()
                await raw.execute_fetchall(LOOK_UP)
                between = time.perf_counter()
                answer = await knowledge.answer(question, knowledge.packs)
                taken = (time.perf_counter() - between) * 1000
                times["a bare look-up"].append((between - begun) * 1000)
                times[type(answer).__name__ if number else "first round"].append(taken)
    floor = statistics.median(times["a bare look-up"])
    print("| outcome | answers | p50 | p99 | p50 in bare look-ups |\n|---|---:|---:|---:|---:|")
    for name, all_taken in sorted(times.items()):
        cuts = statistics.quantiles(all_taken, n=100)
        print(
            f"| {name} | {len(all_taken):,} | {cuts[49]:.2f} ms | {cuts[98]:.2f} ms"
            f" | {cuts[49] / floor:.1f} |"
        )


def main(rounds: int) -> None:
    """Compile the packs to a temporary folder and measure."""
    packs = load_packs(find_pack_files([shipped_folder()]))
    with TemporaryDirectory(prefix="linernotes-bench-") as folder:
        store = Path(folder) / "facts.sqlite"
        compile_packs(packs, store, key="bench")
        asyncio.run(measured(store, questions_of(packs), rounds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_ROUNDS)
