"""More questions at once than can be answered, and what became of each.

    python -m tests.bench.overload [QUESTIONS [ROUNDS]]

The bot runs as a host starts it, beside the small stand-in for Discord of `tests.bench.floors`,
which writes the questions as fast as it can. Each has three seconds for its callback from then on.
The peer needs a core of its own; the load of the machine is told beside the figures.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.floors.asking import questions
from tests.bench.floors.contenders import running
from tests.bench.floors.load import TOO_LATE
from tests.bench.floors.peer import Line, Peer

if TYPE_CHECKING:
    from tests.bench.floors.peer import Sent

QUESTIONS, ROUNDS, WARM_UP = 5_000, 3, 300
QUIET = 6.0
"""Seconds without a word after which no more will come."""
DEFERRED = 5
"""The type of a callback that puts the answer off."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one burst."""

    sent: int
    sent_within: float
    answered: int
    """Answered within three seconds, without a deferral."""
    deferred: int
    """Deferred within three seconds."""
    given_later: int
    """Of those deferred, how many had their answer in the end."""
    late: int
    """Callbacks that Discord would no longer have taken."""
    dropped: int
    """Those of which nothing was heard."""
    waits: list[float]
    last: float
    """Seconds from the first question to the last answer."""
    load: float

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.waits, n=100) if len(self.waits) > 1 else [0.0] * 99
        return (
            f"{self.sent:,} sent within {self.sent_within:.2f} s: "
            f"{self.answered + self.deferred:,} callbacks in time "
            f"({self.answered:,} answers, {self.deferred:,} deferrals, of which "
            f"{self.given_later:,} were answered later), {self.late:,} too late, "
            f"{self.dropped:,} dropped; callback p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s; "
            f"the last answer after {self.last:.1f} s; load average {self.load:.1f}"
        )


async def overwhelm(line: Line, asked: list[str]) -> Outcome:
    """Ask all at once, and wait until nothing more comes."""
    load, began = os.getloadavg()[0], time.perf_counter()
    sent = await line.burst(asked)
    sent_within = time.perf_counter() - began
    heard, quiet_since = -1, time.perf_counter()
    while time.perf_counter() - quiet_since < QUIET:
        if heard != (heard := len(line.callbacks) + len(line.edits)):
            quiet_since = time.perf_counter()
        await asyncio.sleep(0.1)
    return judge(line, sent, began, sent_within, load)


def judge(
    line: Line, sent: dict[str, Sent], began: float, sent_within: float, load: float
) -> Outcome:
    """Hold what was heard against what was sent."""
    taken = {key: line.callbacks[key] for key in sent if key in line.callbacks}
    waits = {key: at - sent[key].at for key, (_, at) in taken.items()}
    in_time = {key for key, wait in waits.items() if wait <= TOO_LATE}
    deferred = {key for key in in_time if taken[key][0] == DEFERRED}
    given = [line.edits[sent[key].token] for key in deferred if sent[key].token in line.edits]
    ends = [*given, *(taken[key][1] for key in in_time)]
    return Outcome(
        sent=len(sent),
        sent_within=sent_within,
        answered=len(in_time - deferred),
        deferred=len(deferred),
        given_later=len(given),
        late=len(waits) - len(in_time),
        dropped=len(sent) - len(waits),
        waits=sorted(waits.values()),
        last=max(ends, default=began) - began,
        load=load,
    )


async def main(count: int, rounds: int) -> None:
    """Start the bot, warm it up, and overwhelm it so many times."""
    asked = questions()
    with tempfile.TemporaryDirectory(prefix="linernotes-bench-") as folder:
        async with Peer().serving() as peer:
            line = peer.lines["ours"] = Line("ours", 1, [])
            async with running("ours", line.token, peer, Path(folder)):
                await line.is_online.wait()
                for question in islice(asked, WARM_UP):
                    await line.took(question)
                for _ in range(rounds):
                    print(await overwhelm(line, list(islice(asked, count))), flush=True)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    asyncio.run(main(*given, *(QUESTIONS, ROUNDS)[len(given) :]))
