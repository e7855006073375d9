"""An admin's bot over the sandbox: the state, a clock that both sides share, the poster at work."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox.clock import WallClock as SandboxClock
from bot.scheduling.limits import Limits
from tests.support.waiting import patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.client.serve import Bot
    from bot.client.services import AdminServices
    from bot.sandbox.server import Sandbox
    from bot.sandbox.testing import Person
    from bot.scheduling.clock import SystemClock
    from bot.scheduling.models import Delivery
    from bot.scheduling.worker.loop import WorkerLoop

QUICK = Limits(
    request_timeout=timedelta(seconds=8),
    first_retry=timedelta(seconds=0.1),
    longest_retry=timedelta(seconds=0.5),
    max_idle=timedelta(seconds=0.2),
)


@dataclass
class Days:
    """Time, for the bot and for its Discord; and looking at what comes of it."""

    sandbox: Sandbox
    clock: SystemClock
    bot: Bot

    @property
    def admin(self) -> AdminServices:
        return self.bot.services.require_admin()

    @property
    def worker(self) -> WorkerLoop:
        assert self.bot.worker is not None
        return self.bot.worker

    def forward(self, **by: float) -> None:
        """Move both clocks forward, and wake the poster."""
        span = timedelta(**by)
        assert isinstance(self.sandbox.container.clock, SandboxClock)
        self.sandbox.container.clock.advance(span.total_seconds())
        self.clock.forward(span)
        self.worker.wake()

    def at(self, **from_now: float) -> str:
        """Write the wall time, in UTC, a while from now, as an admin types it."""
        return f"{self.moment(**from_now):%H:%M}"

    def moment(self, **from_now: float) -> datetime:
        return self.clock.now() + timedelta(**from_now)

    async def ledger(self, admin: Person) -> list[Delivery]:
        """Read the ledger of the admin's server, the newest first."""
        assert admin.channel.guild_id is not None
        return list(await self.admin.records.history(admin.channel.guild_id))

    async def ended(self, admin: Person, count: int = 1) -> list[Delivery]:
        """Wait until so many posts have ended, and give them, the newest first."""
        async with patience():
            while True:
                found = await self.ledger(admin)
                if len(found) >= count and all(delivery.outcome for delivery in found):
                    return found
                await asyncio.sleep(0.02)

    async def until(self, happened: Callable[[], object]) -> None:
        async with patience():
            while not happened():  # noqa: ASYNC110 - what is waited for has no event to offer
                await asyncio.sleep(0.02)
