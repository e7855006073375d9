"""How the notes grow: compile time, size, memory and the time of an answer, at 40 to 100,000 facts.

    python -m tests.bench.facts_scale [--keep FOLDER] [FACTS...]

Compiling 100,000 facts takes minutes. With a folder to keep them in, stores are compiled once, and
again only when what they are compiled from has changed; then their row says nothing of compiling.

Beside each answer, in turn, the raw FTS5 query for the same subject and one of the fact's words is
timed on the same rows through the same library: its time is the floor, and the ratios tell more
than milliseconds of one machine. Times are told by the wall's clock and by the processor's: the
second leaves out what else the machine does. At the largest size real packs lie in the same store:
asked alone in scope, they must answer as they do in a store of their own. How often the right fact
is answered or suggested tells what speed has cost.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

import aiosqlite
import psutil

from bot.answering.knowledge_base import KnowledgeBase
from bot.answering.pack_set import KEY_LENGTH, cache_key, compile_packs
from bot.answering.results import Found, Unsure
from bot.evaluation.runner import run_cases
from bot.evaluation.scoring import EvalCase
from bot.index.compiler import is_current
from bot.packs.loader import load_packs
from tests.bench import synthetic
from tests.bench.synthetic import Maker
from tests.support.packs import HIDE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from bot.answering.results import Answer
    from bot.evaluation.scoring import EvalResult
    from bot.index.scope import Scope
    from bot.packs.models import Pack
    from tests.bench.synthetic import Query

Result = TypeVar("Result")

SIZES = (40, 1_000, 10_000, 100_000)
ASKED = 1_500
WARM_UP = 100
REAL = (Path("facts/big-time-rush-2013.yaml"), Path("tests/packs/lantern-weir.yaml"))
FLOOR = (
    "SELECT e.pack, e.id FROM entry_fts JOIN entry AS e ON e.number = entry_fts.rowid"
    " WHERE entry_fts MATCH ? ORDER BY rank LIMIT 10"
)
MIB = 1 << 20
CLOCKS = ("wall", "processor")

Times = tuple[float, float]
"""What one call took by each clock."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling took."""

    seconds: float
    peak: int
    """Bytes of memory at the highest."""


@dataclass(frozen=True, slots=True)
class Served:
    """What serving takes; the times in milliseconds, by the wall's clock and the processor's."""

    opened: float
    memory: int
    with_subject: list[Times]
    without_subject: list[Times]
    floor: list[Times]
    right: list[tuple[int, int]]
    """How often the right fact is answered, and suggested, with a subject and without."""


def compile_store(target: Path, facts: int, key: str) -> Compiled:
    """Compile a store; run it in a process of its own, whose memory is then its own too."""
    begun = time.perf_counter()
    compile_packs(chain(load_packs(REAL), Maker().packs(facts)), target, key)
    seconds = time.perf_counter() - begun
    return Compiled(seconds, _peak_memory())


def served(store: Path, facts: int) -> Served:
    """Ask a store; run it in a process of its own."""
    return asyncio.run(_served(store, facts))


async def _served(store: Path, facts: int) -> Served:
    chance, maker = Random(7), Maker()
    queries = [maker.query(chance, facts) for _ in range(ASKED + WARM_UP)]
    del maker
    gc.collect()
    before = psutil.Process().memory_info().rss
    begun = time.perf_counter()
    async with await KnowledgeBase.open(store, HIDE) as knowledge, aiosqlite.connect(store) as raw:
        opened = (time.perf_counter() - begun) * 1000
        gc.freeze()
        served = Served(opened, 0, [], [], [], [])
        marks: list[list[str]] = [[], []]
        for number, query in enumerate(queries):
            match = f'"{query.subject}" AND "{query.word}"'
            _, floor = await _timed(raw.execute_fetchall(FLOOR, (match,)))
            named, with_subject = await _timed(
                knowledge.answer(query.with_subject, knowledge.packs)
            )
            bare, without_subject = await _timed(
                knowledge.answer(query.without_subject, knowledge.packs)
            )
            if number >= WARM_UP:
                served.floor.append(floor)
                served.with_subject.append(with_subject)
                served.without_subject.append(without_subject)
                marks[0].append(_mark(named, query))
                marks[1].append(_mark(bare, query))
        memory = psutil.Process().memory_info().rss - before
    right = [(each.count("answered"), each.count("suggested")) for each in marks]
    return replace(served, memory=memory, right=right)


async def _timed(call: Awaitable[Result]) -> tuple[Result, Times]:
    begun, begun_work = time.perf_counter(), time.process_time()
    result = await call
    worked = time.process_time() - begun_work
    return result, ((time.perf_counter() - begun) * 1000, worked * 1000)


def _mark(answer: Answer, query: Query) -> str:
    """Tell whether the right fact was answered or suggested."""
    wanted = query.pack, query.fact
    match answer:
        case Found(answer=cited) if (cited.pack, cited.fact.id) == wanted:
            return "answered"
        case Unsure(suggestions=near) if wanted in {(each.pack, each.fact) for each in near}:
            return "suggested"
        case _:
            return "neither"


def undisturbed(alone: Path, crowded: Path) -> tuple[int, int, int]:
    """Return how many real questions were asked, and how many are answered as before.

    The second number is with the crowd out of scope, the third with all of it in scope.
    """
    return asyncio.run(_undisturbed(alone, crowded))


async def _undisturbed(alone: Path, crowded: Path) -> tuple[int, int, int]:
    packs = load_packs(REAL)
    real = frozenset(pack.id for pack in packs)
    questions = _questions(packs)
    async with await KnowledgeBase.open(alone, HIDE) as knowledge:
        expected = await _replies(knowledge, real, questions)
    async with await KnowledgeBase.open(crowded, HIDE) as knowledge:
        apart = await _replies(knowledge, real, questions)
        among = await _replies(knowledge, knowledge.packs, questions)
    return len(questions), _same(expected, apart), _same(expected, among)


def _questions(packs: Sequence[Pack]) -> list[EvalCase]:
    texts = [text for pack in packs for fact in pack.facts for text in fact.questions[::5]]
    return [EvalCase(str(number), text, frozenset()) for number, text in enumerate(texts)]


async def _replies(
    knowledge: KnowledgeBase, scope: Scope, questions: Sequence[EvalCase]
) -> list[EvalResult]:
    return [one.result for one in await run_cases(knowledge, scope, questions)]


def _same(expected: Sequence[EvalResult], found: Sequence[EvalResult]) -> int:
    return sum(one == other for one, other in zip(expected, found, strict=True))


def _peak_memory() -> int:
    import resource  # noqa: PLC0415  # not on Windows, where nobody runs this

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _apart(work: Callable[..., Result], *given: object, **named: object) -> Result:
    """Run in a new process, so that no memory of an earlier run is counted."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as child:
        return child.submit(work, *given, **named).result()


GROWTH = (
    "| facts | compile | peak memory | store | open | memory serving |\n"
    "|---:|---:|---:|---:|---:|---:|"
)
ANSWERS = (
    "| facts | clock | with subject p50 / p99 | floor p50 / p99 | ratio p50 / p99"
    " | without subject p50 / p99 |\n|---:|---|---:|---:|---:|---:|"
)

RIGHT = "| facts | with subject | without subject |\n|---:|---:|---:|"


def _growth_row(facts: int, built: Compiled | None, size: int, asked: Served) -> str:
    compiled = f"{built.seconds:.1f} s | {built.peak / MIB:.0f} MiB" if built else "kept | kept"
    return (
        f"| {facts:,} | {compiled}"
        f" | {size / MIB:.1f} MiB | {asked.opened:.0f} ms | {asked.memory / MIB:.0f} MiB |"
    )


def _answer_rows(facts: int, asked: Served) -> Iterator[str]:
    for number, clock in enumerate(CLOCKS):
        subject, floor, bare = (
            _percentiles([times[number] for times in many])
            for many in (asked.with_subject, asked.floor, asked.without_subject)
        )
        yield (
            f"| {facts:,} | {clock} | {subject[0]:.2f} / {subject[1]:.2f} ms"
            f" | {floor[0]:.2f} / {floor[1]:.2f} ms"
            f" | {subject[0] / floor[0]:.1f} / {subject[1] / floor[1]:.1f}"
            f" | {bare[0]:.2f} / {bare[1]:.2f} ms |"
        )


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(times, n=100)
    return cuts[49], cuts[98]


def _compile_once(folder: Path, facts: int) -> tuple[Path, Compiled | None]:
    """Return a store, with what compiling it took unless it was there."""
    # Made-up facts change with the module that makes them.
    key = cache_key([*REAL, Path(synthetic.__file__)])
    store = folder / f"facts-{facts}-{key[:KEY_LENGTH]}.sqlite"
    if is_current(store, key):
        return store, None
    return store, _apart(compile_store, store, facts, key)


def main(sizes: Sequence[int], folder: Path) -> None:
    """Print a table of growth, one of answers, and whether the crowd disturbs."""
    answers, right = [ANSWERS], [RIGHT]
    print(GROWTH, flush=True)
    for facts in sizes:
        # The real packs, a handful of facts, are in each store for the last measurement.
        crowded, built = _compile_once(folder, facts)
        asked = _apart(served, crowded, facts)
        print(_growth_row(facts, built, crowded.stat().st_size, asked), flush=True)
        answers += _answer_rows(facts, asked)
        right.append(f"| {facts:,} | " + " | ".join(f"{a} + {s}" for a, s in asked.right) + " |")
    alone, _ = _compile_once(folder, 0)
    total, apart, among = _apart(undisturbed, alone, crowded)
    print("\n" + "\n".join(answers))
    print(f"\nOf {ASKED:,} questions, answered with the right fact + with it suggested:\n")
    print("\n".join(right))
    print(f"\nOf {total} questions on the real packs, answered as in a store of their own:")
    print(f"  {apart} with {sizes[-1]:,} facts beside them out of scope, {among} with all in scope")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("facts", nargs="*", type=int, default=SIZES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the stores there")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="linernotes-bench-") as temporary:
        main(options.facts, options.keep or Path(temporary))
