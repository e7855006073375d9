"""Kill posting processes at random instants, and count what became of the posts.

The posting alone, on a wire of its own; `tests/support/faults.py` does it to whole bots.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import sys
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import text

from bot.scheduling.models import Outcome, ScheduleSettings
from bot.scheduling.records import Records
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.storage.database import State
from bot.scheduling.storage.deliveries import read_agenda
from tests.support.discord import FakeQuotes
from tests.support.wire import RealClock, WireServer

LONGEST_S = 600.0
CHANNELS = 20
ADMIN = 42
DAY_S = 86_400.0
YEARS_S = 5 * 365 * DAY_S


@dataclass(frozen=True)
class Kind:
    """What goes wrong in a run, besides the wire and the kills."""

    steps: tuple[tuple[str, float, float, float], ...] = ()
    """The clocks that are off: which, from and until when, and by how many seconds."""
    date_is_wrong: float = 0.0
    is_moderated: bool = False
    damage: int = 0
    """How many rows are damaged."""


KINDS = {
    "kills": Kind(),
    "wall steps": Kind((("wall", 0.2, 0.6, YEARS_S), ("wall", 0.9, 9.0, DAY_S))),
    "wall is ahead": Kind((("wall", 0.0, DAY_S, 600.0),)),
    "wall is behind": Kind((("wall", 0.0, DAY_S, -2 * DAY_S),)),
    "monotonic steps": Kind((("monotonic", 0.2, 0.7, YEARS_S), ("monotonic", 1.0, 9.0, -DAY_S))),
    "both step": Kind((("wall", 0.2, 0.8, YEARS_S), ("monotonic", 0.2, 0.8, YEARS_S))),
    "wrong dates": Kind((("wall", 0.3, 0.6, YEARS_S),), date_is_wrong=0.15),
    "damaged rows": Kind(damage=6),
    "moderated": Kind(is_moderated=True),
}
DAMAGES = (
    "UPDATE schedules SET next_day = 'no day' WHERE id = :id",
    "UPDATE schedules SET window_seconds = -5 WHERE id = :id",
    "UPDATE schedules SET next_due = -99999999999999999 WHERE id = :id AND stopped IS NULL",
    "UPDATE deliveries SET payload = substr(payload, 1, 9) WHERE schedule_id = :id",
    "UPDATE deliveries SET attempts = -1 WHERE schedule_id = :id",
)
DAMAGES_OF_SQLITE = (*DAMAGES, "UPDATE schedules SET seed = cast(x'ff' as text) WHERE id = :id")


@dataclass
class Toll:
    """What came of one run, or of many."""

    posts: int = 0
    killed: int = 0
    doubled: int = 0
    lost: int = 0
    unknown: int = 0
    silent: int = 0
    told: int = 0
    """Not posted, and the admin knows: only where a row was damaged."""
    deleted: int = 0
    unfollowed: int = 0
    """Posts that were made and stand there, without their thread or publication."""
    requests: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Toll) -> None:
        for name in (one.name for one in fields(self) if one.name != "outcomes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes += other.outcomes


async def kill_run(
    url: str, seed: int, at_once: int = 1, kills: int = 3, kind: str = "kills"
) -> Toll:
    """Let twenty posts be due, kill who posts them some times, let the last one finish; count."""
    chance, wrong = random.Random(seed), KINDS[kind]
    steps = json.dumps(wrong.steps)
    async with await State.open(url) as state, WireServer(chance) as server:
        server.date_is_wrong, server.is_moderated = wrong.date_is_wrong, wrong.is_moderated
        await set_up(state)
        for number in range(kills):
            running = [await start(url, server.address, steps) for _ in range(at_once)]
            if chance.random() < 0.2:
                server.is_out = True
            await asyncio.sleep(chance.random() * 0.8)
            for process in running:
                process.kill()
                await process.wait()
            server.is_out = False
            for _ in range(wrong.damage // kills + (number < wrong.damage % kills)):
                await damage_row(state, chance)
        running = [await start(url, server.address, steps) for _ in range(at_once)]
        try:
            toll = await count(state, server)
        finally:
            for process in running:
                process.kill()
                await process.wait()
        if not wrong.damage:  # only a damaged row is a reason not to post within the window
            toll.lost, toll.told = toll.lost + toll.told, 0
        toll.killed = kills * at_once
        return toll


async def damage_row(state: State, chance: random.Random) -> None:
    """Damage a schedule, or its post under way."""
    async with state.write() as transaction:
        found = await transaction.execute(text("SELECT id FROM schedules ORDER BY id"))
        damages = DAMAGES_OF_SQLITE if state.is_sqlite else DAMAGES
        await transaction.execute(
            text(chance.choice(damages)), {"id": chance.choice(found.scalars().all())}
        )


async def set_up(state: State) -> None:
    """Set twenty schedules, each in its own channel, and make them due now."""
    clock = RealClock()
    schedules = ScheduleService(
        state, FakeQuotes(), clock, lambda: secrets.token_hex(8), lambda: None
    )
    today = clock.now().replace(second=0, microsecond=0)
    for number in range(CHANNELS):
        wanted = ScheduleSettings(
            100 + number,
            Timetable(time(today.hour, today.minute), "UTC"),
            opens_thread=True,
            publishes=number % 2 == 0,
        )
        await schedules.add(1 + number // 10, f"schedule {number}", wanted, ADMIN)
    async with state.write() as transaction:
        await transaction.execute(
            text("UPDATE schedules SET next_day = :day, next_due = :due"),
            {"day": today.date().isoformat(), "due": int(today.timestamp() * 1_000_000)},
        )


async def start(url: str, address: str, steps: str = "[]") -> asyncio.subprocess.Process:
    """Start a posting process, and wait until it is about to post."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.wire", url, address, secrets.token_hex(4), steps),
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None or await process.stdout.readline() != b"ready\n":
        raise AssertionError("the posting process did not start")
    return process


async def count(state: State, server: WireServer) -> Toll:
    """Wait until every post has ended or was told of, and hold the ledger against the channels."""
    records = Records(state, FakeQuotes(), RealClock())
    deadline = datetime.now(UTC) + timedelta(seconds=LONGEST_S)
    while True:
        ledger = {
            delivery.channel_id - 100: delivery
            for guild in (1, 2)
            for delivery in await records.history(guild, None, 99)
        }
        ended = {number for number, delivery in ledger.items() if delivery.outcome is not None}
        alerts = [str(one["payload"].get("text")) for one in server.messages[ADMIN]]
        told = {one for one in range(CHANNELS) if any(f"`schedule {one}`" in it for it in alerts)}
        is_done = len(ended | told) == CHANNELS and await _is_idle(state)
        if is_done or datetime.now(UTC) > deadline:
            break
        await asyncio.sleep(0.2)
    there = [len(server.messages[100 + number]) for number in range(CHANNELS)]
    missing = {number for number in range(CHANNELS) if not there[number]}
    missing -= {channel - 100 for channel in server.deleted}
    sent = {number for number in ended if ledger[number].outcome is Outcome.SENT}
    return Toll(
        posts=CHANNELS,
        doubled=sum(number > 1 for number in there),
        lost=len(missing - told),
        unknown=sum(delivery.outcome is Outcome.UNKNOWN for delivery in ledger.values()),
        silent=CHANNELS - len(sent | told),
        told=len(missing & told),
        deleted=len(server.deleted),
        unfollowed=sum(
            not server.followed[100 + number, what]
            for number in sent
            if there[number] and 100 + number not in server.deleted
            for what in (("threads", "crosspost") if number % 2 == 0 else ("threads",))
        ),
        requests=server.requests,
        outcomes=Counter(str(delivery.outcome) for delivery in ledger.values()),
    )


async def _is_idle(state: State) -> bool:
    """Return whether no post, alert or follow-up is under way."""
    async with state.read() as transaction:
        agenda = await read_agenda(transaction)
    return agenda.delivery is None and agenda.alert is None and agenda.follow_up is None
