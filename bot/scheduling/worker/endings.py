"""Write how the claims of a process ended, and let it be heard once that is written."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.scheduling.models import Outcome
from bot.scheduling.worker.batcher import Together
from bot.scheduling.worker.rate_limiter import MOST_SLOTS
from bot.scheduling.worker.settling import settle, settle_sent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.scheduling.models import Delivery
    from bot.scheduling.worker.context import Means

log = logging.getLogger(__name__)


class Endings:
    """The ends of this process's claims."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._successes = Together(self._settle_sent, MOST_SLOTS, self._company)

    async def sent(self, delivery: Delivery, message: int) -> None:
        """End a claim that was posted."""
        now = self._means.clock.now()
        ended = replace(delivery, outcome=Outcome.SENT, message_id=message, finished_at=now)
        await self._successes.ask(ended)

    async def failed(self, delivery: Delivery, reason: str, *, is_fault: bool) -> None:
        """End a claim that was not posted and never will be; say if the schedule is to blame."""
        ended = replace(delivery, outcome=Outcome.FAILED, reason=reason)
        await self._settle(ended, is_fault=is_fault)

    async def unknown(self, delivery: Delivery, reason: str) -> None:
        """End a claim of which nobody can tell whether it was posted."""
        await self._settle(replace(delivery, outcome=Outcome.UNKNOWN, reason=reason))

    async def skipped(self, delivery: Delivery, reason: str) -> None:
        """End a claim that was certainly not posted, and is let go."""
        await self._settle(replace(delivery, outcome=Outcome.SKIPPED, reason=reason))

    async def _company(self) -> None:
        """Let more posts be made before any is written down: a transaction each costs the most."""
        await self._means.clock.sleep(self._means.limits.company.total_seconds())

    async def _settle_sent(self, ended: Sequence[Delivery]) -> list[None]:
        async with self._means.state.write() as transaction:
            await settle_sent(transaction, ended)
        for delivery in ended:
            self._means.ended(delivery)
        return [None] * len(ended)

    async def _settle(self, delivery: Delivery, *, is_fault: bool = False) -> None:
        ended = replace(delivery, finished_at=self._means.clock.now())
        most = self._means.limits.suspend_after
        async with self._means.state.write() as transaction:
            is_news = await settle(transaction, ended, most, is_fault=is_fault)
        if is_news:
            self._means.ended(ended)
            log.warning("Claim %s is %s: %s", ended.id, ended.outcome, ended.reason)
