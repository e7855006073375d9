"""Hold a claim while something is done with it, and let it go again.

A claim belongs to the process that leased it until the lease runs out; a request made for it is
given up before that, so that no other process makes one meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.scheduling.storage import deliveries as ledger
from bot.scheduling.worker.batcher import Together
from bot.scheduling.worker.rate_limiter import MOST_SLOTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.scheduling.models import Delivery
    from bot.scheduling.worker.context import Means


class Leases:
    """The leases of this process."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._begins = Together(self._begin_all, MOST_SLOTS)

    async def begin(self, delivery: Delivery) -> tuple[Delivery | None, datetime]:
        """Lease a claim in order to send it: from here on it is in doubt.

        Returns:
            The claim as it is held now, or None if it is no longer ours; and when its turn is.
        """
        return await self._begins.ask(delivery)

    async def renew(self, delivery: Delivery) -> Delivery | None:
        """Lease a claim once more; give it as it is held now, or None if it is no longer ours."""
        lease = self._means.clock.now() + self._means.limits.lease
        async with self._means.state.write() as transaction:
            return await self._hold(transaction, delivery, replace(delivery, available_at=lease))

    async def release(
        self,
        held: Delivery,
        free_at: datetime,
        doubt_since: datetime | None,
        attempts: int | None = None,
    ) -> None:
        """Let anybody take the claim up from a moment on."""
        async with self._means.state.write() as transaction:
            await ledger.change_claim(
                transaction,
                held,
                owner=None,
                free_at=free_at,
                doubt_since=doubt_since,
                attempts=held.attempts if attempts is None else attempts,
            )

    def time_left(self, held: Delivery) -> float:
        """Give the seconds that a request may take so that it ends inside the lease."""
        if held.available_at is None:
            raise AssertionError("a claim that is held has a lease")
        limits = self._means.limits
        left = held.available_at - self._means.clock.now() - limits.margin
        return min(left, limits.send).total_seconds()

    async def _begin_all(
        self, deliveries: Sequence[Delivery]
    ) -> list[tuple[Delivery | None, datetime]]:
        """Write that requests are about to be made, and reserve their turns.

        Returns:
            For each claim the claim as it is held now, or None if it is no longer ours; and when
            its turn is.
        """
        now = self._means.clock.now()
        wanted = [self._begun(delivery, now) for delivery in deliveries]
        async with self._means.state.write() as transaction:
            ours = [
                await self._hold(transaction, delivery, begun)
                for delivery, begun in zip(deliveries, wanted, strict=True)
            ]
            slots = await self._means.pace.reserve(transaction, len(deliveries))
        return list(zip(ours, slots, strict=True))

    def _begun(self, delivery: Delivery, now: datetime) -> Delivery:
        return replace(
            delivery,
            available_at=now + self._means.limits.lease,
            attempts=delivery.attempts + 1,
            first_attempt_at=delivery.first_attempt_at or now,
            uncertain_since=delivery.uncertain_since or now,
        )

    async def _hold(
        self,
        transaction: AsyncConnection,
        delivery: Delivery,
        wanted: Delivery,
    ) -> Delivery | None:
        """Lease the claim once more, if the lease on it has not run out."""
        if delivery.available_at is None or self._means.clock.now() >= delivery.available_at:
            return None
        is_ours = await ledger.change_claim(
            transaction,
            delivery,
            free_at=wanted.available_at,
            attempts=wanted.attempts,
            first_attempt=wanted.first_attempt_at,
            doubt_since=wanted.uncertain_since,
        )
        return wanted if is_ours else None
