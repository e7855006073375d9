"""The rounds of a run: starting, resting in few and in many servers, answering."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.bench.floors.contenders import MODULES, Memory, running
from tests.bench.floors.load import as_fast_as_may_be, in_turns, steadily
from tests.bench.floors.peer import Line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from tests.bench.floors.load import Offered
    from tests.bench.floors.peer import Peer

PARTS = ("starts", "memory", "answers")
STARTS = 5
ASKED, WARM_UP = 1_000, 300
SATURATED, SECONDS = 5, 3.0
RATES, STEADY = (500.0, 1_000.0), 10.0
WITH_ROOM = 0.75
"""Of its own throughput: a rate that a bot must hold for as long as anyone likes."""
CROWDS = (2_500, 10_000)
SETTLED = 3.0
"""Seconds until a bot that has just started is at rest."""
ONLINE_WITHIN = 300.0


def _each() -> dict[str, list[float]]:
    return {name: [] for name in MODULES}


@dataclass
class Taken:
    """What was measured, by contender and in the order of the rounds."""

    starts: dict[str, list[float]] = field(default_factory=_each)
    answers: dict[str, list[float]] = field(default_factory=_each)
    throughput: dict[str, list[float]] = field(default_factory=_each)
    offered: dict[str, list[Offered]] = field(default_factory=dict)
    """At three quarters of what it can do at most, and at each of `RATES`."""
    memory: dict[int, dict[str, Memory]] = field(default_factory=dict)
    """By the number of servers."""
    lengths: dict[str, float] = field(default_factory=dict)
    """Bytes of an answer's callback, on average."""


@dataclass(frozen=True)
class Ring:
    """Where the contenders meet."""

    peer: Peer
    folder: Path
    asked: Iterator[str]
    asked_each: int = ASKED
    """How many questions each is asked one by one."""
    _tokens: Iterator[int] = field(default_factory=count)

    async def all_rounds(self, parts: Collection[str] = PARTS) -> Taken:
        """Run every round of some parts, each contender in its turn or all at once."""
        taken = Taken()
        await self._start(_each())  # what only a first start does
        for _ in range(STARTS if "starts" in parts else 0):
            await self._start(taken.starts)
        for servers in CROWDS if "memory" in parts else ():
            taken.memory[servers] = await self._rest_in(servers)
        async with AsyncExitStack() as stack:
            lines = await self._enter_all(stack, taken)
            if "answers" in parts:
                await self._answer(lines, taken)
        return taken

    async def _start(self, starts: Mapping[str, list[float]]) -> None:
        """Time each from the command to its first answer, its commands published by then."""
        for name in MODULES:
            line, began = self._line(name, 1), time.perf_counter()
            async with running(name, line.token, self.peer, self.folder):
                await asyncio.wait_for(line.is_online.wait(), ONLINE_WITHIN)
                await line.took(next(self.asked))
                starts[name].append(time.perf_counter() - began)

    async def _rest_in(self, servers: int) -> dict[str, Memory]:
        found: dict[str, Memory] = {}
        for name in MODULES:
            line = self._line(name, servers)
            async with running(name, line.token, self.peer, self.folder) as process:
                await asyncio.wait_for(line.is_online.wait(), ONLINE_WITHIN)
                await line.took(next(self.asked))
                await asyncio.sleep(SETTLED)
                found[name] = Memory.of(process.pid)
        return found

    async def _enter_all(self, stack: AsyncExitStack, taken: Taken) -> dict[str, Line]:
        lines = {name: self._line(name, 1) for name in MODULES}
        for name, line in lines.items():
            process = await stack.enter_async_context(
                running(name, line.token, self.peer, self.folder)
            )
            await asyncio.wait_for(line.is_online.wait(), ONLINE_WITHIN)
            await line.took(next(self.asked))
            await asyncio.sleep(SETTLED)
            taken.memory.setdefault(1, {})[name] = Memory.of(process.pid)
        return lines

    async def _answer(self, lines: Mapping[str, Line], taken: Taken) -> None:
        taken.answers = await in_turns(lines, self.asked, self.asked_each, WARM_UP)
        for _ in range(SATURATED):
            for name, line in lines.items():
                taken.throughput[name].append(await as_fast_as_may_be(line, self.asked, SECONDS))
        for name, line in lines.items():
            taken.lengths[name] = line.answers / line.requests
            # What leaves it room comes first: the other may leave more to do than there is time.
            rates = (WITH_ROOM * statistics.median(taken.throughput[name]), *RATES)
            taken.offered[name] = [await steadily(line, self.asked, rate, STEADY) for rate in rates]

    def _line(self, name: str, servers: int) -> Line:
        token = f"{name}{next(self._tokens)}"
        line = self.peer.lines[token] = Line(token, servers, self._published(name))
        return line

    def _published(self, name: str) -> list[dict[str, object]]:
        """Return the commands that a contender published under its earlier tokens."""
        earlier = [
            line.commands for token, line in self.peer.lines.items() if token[: len(name)] == name
        ]
        return next((commands for commands in reversed(earlier) if commands), [])
