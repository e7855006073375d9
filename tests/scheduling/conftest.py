"""The state on both databases, and a poster over it."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.scheduling.clock import TrustedTime
from bot.scheduling.guilds import GuildService
from bot.scheduling.limits import Limits
from bot.scheduling.models import Delivery, Schedule, ScheduleSettings
from bot.scheduling.ports import Ports
from bot.scheduling.records import Records
from bot.scheduling.recurrence import Timetable
from bot.scheduling.service import ScheduleService
from bot.scheduling.storage import database
from bot.scheduling.storage.database import State
from bot.scheduling.worker.loop import WorkerLoop
from tests.support.discord import Clock, FakeDiscord, FakeQuotes, chance
from tests.support.postgres import postgres_cluster, postgres_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from tests.support.postgres import PostgresServer

__all__ = ["postgres_cluster", "postgres_server"]

GUILD = 1
CHANNEL = 700
ADMIN = 42
NINE = Timetable(time(9), "UTC")


FULL = database.SYNCHRONOUS


@pytest.fixture(scope="session", autouse=True)
def no_power_cut() -> Iterator[None]:
    """Let SQLite not wait for the disk, which takes longer than all else a test does.

    It is for power cuts, which no test makes: a process that is killed loses nothing by it.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture
def power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite wait for the disk all the same, as the bot does."""
    monkeypatch.setattr(database, "SYNCHRONOUS", FULL)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file that is up to date and empty."""
    file = tmp_path_factory.mktemp("migrated") / "state.db"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def migrated_database(postgres_cluster: PostgresServer) -> str:
    """Give the URL of a database on PostgreSQL that is up to date and empty."""
    url = postgres_cluster.new_database()
    asyncio.run(migrate(url))
    return url


async def migrate(url: str) -> None:
    async with await State.open(url):
        pass


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database that is not there yet, or empty; migrated for an open state."""
    is_migrated = "state" in request.fixturenames
    if request.param == "sqlite":
        if is_migrated:
            shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "state.db")
        return f"sqlite:///{tmp_path / 'state.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database(
        like=request.getfixturevalue("migrated_database") if is_migrated else None
    )


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file of this process grow beyond a page, as on a full disk."""
    resource = pytest.importorskip("resource", reason="Windows limits no process's files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
async def state(url: str) -> AsyncIterator[State]:
    async with await State.open(url) as opened:
        yield opened


@dataclass
class Harness:
    """Everything a test of posting needs: an admin's harness, Discord, the time, any posters."""

    state: State
    clock: Any = field(default_factory=Clock)
    time_check: Any = field(default_factory=TrustedTime)
    quotes: FakeQuotes = field(default_factory=FakeQuotes)
    limits: Limits = field(default_factory=Limits)
    completed: Callable[[Delivery], None] = field(default=lambda _: None)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.discord = FakeDiscord(self.clock, members_of={GUILD})
        self.guilds = GuildService(self.state)
        self.records = Records(self.state, self.quotes, self.clock)
        self.schedules = ScheduleService(
            self.state, self.quotes, self.clock, lambda: f"{next(self._numbers):016x}", lambda: None
        )

    def worker(self, worker_id: str = "one", state: State | None = None) -> WorkerLoop:
        discord = self.discord
        ports = Ports(
            discord,
            self.quotes,
            self.clock,
            chance(),
            lambda one: self.completed(one),  # noqa: PLW0108  # a test may set it later
            self.time_check,
        )
        return WorkerLoop(state or self.state, ports, worker_id, self.limits)

    async def add(self, name: str = "morning", **changes: object) -> Schedule:
        values: dict[str, object] = {"channel_id": CHANNEL, "timetable": NINE} | changes
        return await self.schedules.add(GUILD, name, ScheduleSettings(**values), ADMIN)  # type: ignore[arg-type] # tests vary any field

    async def work(self, worker: WorkerLoop | None = None) -> None:
        """Let a poster do all there is to do at this moment."""
        worker = worker or self.worker()
        await worker.take()
        await worker.finish()

    async def work_for(self, worker: WorkerLoop | None = None, **span: float) -> None:
        """Let time pass, in some twenty steps, with a poster at work."""
        worker = worker or self.worker()
        length = timedelta(**span)
        end = self.clock.now() + length
        while self.clock.now() < end:
            await self.work(worker)
            self.clock.moment += length / 20

    async def mornings(self, count: int) -> None:
        """Let mornings pass with a poster at work at nine, and once more for what follows."""
        for _ in range(count):
            nine = self.clock.now().replace(hour=9, minute=0)
            self.clock.moment = nine if nine > self.clock.now() else nine + timedelta(days=1)
            await self.work()
            await self.work()

    async def history(self, name: str | None = None) -> list[Delivery]:
        """Read the ledger, oldest first."""
        return list(reversed(await self.records.history(GUILD, name, limit=1000)))


@pytest.fixture
async def harness(state: State) -> Harness:
    return Harness(state)
