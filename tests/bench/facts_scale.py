"""How the notes grow: compile time, size, memory and the time of an answer, at 40 to 100,000 facts.

    python -m tests.bench.facts_scale [FACTS...]

Beside each answer, in turn, the raw FTS5 query for the same subject and one of the fact's words is
timed on the same rows through the same library: its time is the floor, and the ratios tell more
than milliseconds of one machine. At the largest size real packs lie in the same store: asked
alone in scope, they must answer as they do in a store of their own.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import aiosqlite
import psutil

from bot.answering.library import compile_packs
from bot.answering.notes import Notes
from bot.answering.trials import score
from bot.knowledge.packs import load_packs
from tests.bench.synthetic import Maker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.answering.scoring import Asked
    from bot.knowledge.model import Pack
    from bot.knowledge.reader import Scope

SIZES = (40, 1_000, 10_000, 100_000)
ASKED = 1_500
WARM_UP = 100
REAL = (Path("facts/big-time-rush-2013.yaml"), Path("tests/packs/lantern-weir.yaml"))
FLOOR = (
    "SELECT e.pack, e.id FROM wording JOIN entry AS e ON e.number = wording.rowid"
    " WHERE wording MATCH ? ORDER BY rank LIMIT 10"
)
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling took."""

    seconds: float
    size: int
    peak: int
    """Bytes of memory at the highest."""


@dataclass(frozen=True, slots=True)
class Served:
    """What serving takes; the times in milliseconds."""

    opened: float
    memory: int
    with_subject: list[float]
    without_subject: list[float]
    floor: list[float]


def compiled(target: Path, facts: int, *, with_real: bool = False) -> Compiled:
    """Compile a store; run it in a process of its own, whose memory is then its own too."""
    begun = time.perf_counter()
    real = load_packs(REAL) if with_real else ()
    compile_packs(chain(real, Maker().packs(facts)), target, "bench")
    seconds = time.perf_counter() - begun
    return Compiled(seconds, target.stat().st_size, _peak_memory())


def served(store: Path, facts: int) -> Served:
    """Ask a store; run it in a process of its own."""
    return asyncio.run(_served(store, facts))


async def _served(store: Path, facts: int) -> Served:
    chance, maker = Random(7), Maker()
    queries = [maker.query(chance, facts) for _ in range(ASKED)]
    del maker
    gc.collect()
    before = psutil.Process().memory_info().rss
    begun = time.perf_counter()
    async with await Notes.open(store) as notes, aiosqlite.connect(store) as raw:
        opened = time.perf_counter() - begun
        times = Served(opened * 1000, 0, [], [], [])
        gc.freeze()
        for number, query in enumerate(queries):
            if number == WARM_UP:
                times = Served(opened * 1000, 0, [], [], [])
            match = f'"{query.subject}" AND "{query.word}"'
            times.floor.append(await _timed(lambda m=match: raw.execute_fetchall(FLOOR, (m,))))
            for asked, into in (
                (query.with_subject, times.with_subject),
                (query.without_subject, times.without_subject),
            ):
                into.append(await _timed(lambda a=asked: notes.answer(a, notes.packs)))
        memory = psutil.Process().memory_info().rss - before
    return Served(times.opened, memory, times.with_subject, times.without_subject, times.floor)


async def _timed(call: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await call()
    return (time.perf_counter() - begun) * 1000


def undisturbed(alone: Path, crowded: Path) -> tuple[int, int, int]:
    """Return how many real questions were asked, and how many are answered as before.

    The second number is with the crowd out of scope, the third with all of it in scope.
    """
    return asyncio.run(_undisturbed(alone, crowded))


async def _undisturbed(alone: Path, crowded: Path) -> tuple[int, int, int]:
    packs = load_packs(REAL)
    real = frozenset(pack.id for pack in packs)
    questions = _questions(packs)
    async with await Notes.open(alone) as notes:
        expected = await _replies(notes, real, questions)
    async with await Notes.open(crowded) as notes:
        apart = await _replies(notes, real, questions)
        among = await _replies(notes, notes.packs, questions)
    return len(questions), _same(expected, apart), _same(expected, among)


def _questions(packs: Sequence[Pack]) -> list[Asked]:
    from bot.answering.scoring import Asked  # noqa: PLC0415

    texts = [question for pack in packs for fact in pack.facts for question in fact.questions[::5]]
    return [Asked(str(number), text, frozenset()) for number, text in enumerate(texts)]


async def _replies(notes: Notes, scope: Scope, questions: Sequence[Asked]) -> list[object]:
    return [one.reply for one in await score(notes, scope, questions)]


def _same(expected: Sequence[object], found: Sequence[object]) -> int:
    return sum(one == other for one, other in zip(expected, found, strict=True))


def _peak_memory() -> int:
    import resource  # noqa: PLC0415  # not on Windows, where nobody runs this

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _apart(work: Callable[..., object], *given: object, **named: object) -> object:
    """Run in a new process, so that no memory of an earlier run is counted."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as child:
        return child.submit(work, *given, **named).result()


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=100)
    return cuts[49], cuts[98]


HEAD = (
    "| facts | compile | peak memory | store | open | memory |"
    " with subject p50 / p99 | floor p50 / p99 | ratio p50 / p99 | without subject p50 / p99 |\n"
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def _row(facts: int, built: Compiled, asked: Served) -> str:
    subject, floor, bare = map(
        _percentiles, (asked.with_subject, asked.floor, asked.without_subject)
    )
    return (
        f"| {facts:,} | {built.seconds:.1f} s | {built.peak / MIB:.0f} MiB"
        f" | {built.size / MIB:.1f} MiB | {asked.opened:.0f} ms | {asked.memory / MIB:.0f} MiB"
        f" | {subject[0]:.2f} / {subject[1]:.2f} ms | {floor[0]:.2f} / {floor[1]:.2f} ms"
        f" | {subject[0] / floor[0]:.1f} / {subject[1] / floor[1]:.1f}"
        f" | {bare[0]:.2f} / {bare[1]:.2f} ms |"
    )


def main(sizes: Sequence[int]) -> None:
    """Print the table, a row a size, and then whether the crowd disturbs."""
    print(HEAD, flush=True)
    with TemporaryDirectory(prefix="linernotes-bench-") as folder:
        for facts in sizes:
            store = Path(folder) / f"{facts}.sqlite"
            built = _apart(compiled, store, facts)
            asked = _apart(served, store, facts)
            print(_row(facts, built, asked), flush=True)
            store.unlink()
        alone, crowded = Path(folder) / "alone.sqlite", Path(folder) / "crowded.sqlite"
        _apart(compiled, alone, 0, with_real=True)
        _apart(compiled, crowded, max(sizes), with_real=True)
        total, apart, among = _apart(undisturbed, alone, crowded)
    print(f"\nOf {total} questions on the real packs, answered as in a store of their own:")
    print(
        f"  {apart} with {max(sizes):,} facts beside them out of scope, {among} with all in scope"
    )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
