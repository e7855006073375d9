"""Ways of asking: one after another, as fast as may be, and at a steady rate whatever comes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.bench.floors.peer import Line

AT_ONCE = 64
"""Questions under way when a bot is asked as fast as may be."""
TOO_LATE = 3.0
"""Seconds that Discord waits for a callback."""
PATIENCE = 30.0
"""Seconds after which what has not been answered never will be."""


async def in_turns(
    lines: Mapping[str, Line], asked: Iterator[str], count: int, warm_up: int
) -> dict[str, list[float]]:
    """Ask each bot in turn, one question at a time; return the seconds each answer took."""
    took: dict[str, list[float]] = {name: [] for name in lines}
    for number in range(warm_up + count):
        for name, line in lines.items():
            seconds = await line.took(next(asked))
            if number >= warm_up:
                took[name].append(seconds)
    return took


async def as_fast_as_may_be(line: Line, asked: Iterator[str], seconds: float) -> float:
    """Keep `AT_ONCE` questions under way; return the answers a second."""
    began = time.perf_counter()
    answered = 0

    async def one_by_one() -> None:
        nonlocal answered
        while time.perf_counter() - began < seconds:
            await line.ask(next(asked))
            answered += 1

    await asyncio.gather(*(one_by_one() for _ in range(AT_ONCE)))
    return answered / (time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of a steady rate."""

    rate: float
    """Questions a second that were really sent."""
    answers: int
    late: int
    """Answered too late, or not at all."""
    slowest: float


async def steadily(line: Line, asked: Iterator[str], rate: float, seconds: float) -> Offered:
    """Send at a rate, however many are under way."""
    began = time.perf_counter()
    sent: list[tuple[float, asyncio.Future[float]]] = []
    for number in range(int(rate * seconds)):
        if (ahead := began + number / rate - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        elif not number % 8:
            await asyncio.sleep(0)  # behind: let what was sent leave, and answers in
        sent.append((time.perf_counter(), line.ask(next(asked))))
    took = time.perf_counter() - began
    done, _ = await asyncio.wait({each for _, each in sent}, timeout=PATIENCE)
    waits = [each.result() - at if each in done else PATIENCE for at, each in sent]
    late = sum(wait > TOO_LATE for wait in waits)
    return Offered(len(sent) / took, len(done), late, max(waits))
