"""Bring one claim to its end: send, send again with the same nonce, look for it, or give up.

A claim is in doubt from just before its first request until Discord's answer is known. What may
be done with a claim depends on that alone:

- not in doubt: it is certainly not posted, and is sent while its window is open;
- in doubt for less than two minutes: the same payload is sent again with the same nonce, and
  Discord gives back the first message if there is one;
- in doubt for longer: the bot's own messages are searched for the claim; found, it was sent; not
  found, it is out of doubt; cannot be searched, it is "unknown" and never sent again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised, Unverifiable
from bot.scheduling.storage import schedules
from bot.scheduling.worker.doubt import age, searched_from
from bot.scheduling.worker.endings import Endings
from bot.scheduling.worker.leases import Leases
from bot.scheduling.worker.settling import NOW, PAUSED

if TYPE_CHECKING:
    from bot.scheduling.models import Delivery
    from bot.scheduling.ports import Channels
    from bot.scheduling.worker.context import Means

log = logging.getLogger(__name__)

SEARCHES_AT_ONCE = 4
"""A search makes half a dozen requests, each at its turn: many at once would each take longer than
the lease, and none would ever end."""


class Deliverer:
    """Deliver the claims of this process."""

    def __init__(self, means: Means, channels: Channels) -> None:
        self._means = means
        self._channels = channels
        self._leases = Leases(means)
        self._endings = Endings(means)
        self._searches = asyncio.Semaphore(SEARCHES_AT_ONCE)

    async def deliver(self, delivery: Delivery) -> None:
        """Do what a claim needs now, and write down what came of it.

        Raises:
            Unauthorised: the token is no good; the claim waits for a better one.
        """
        now, limits = self._means.clock.now(), self._means.limits
        if delivery.uncertain_since is None and now < delivery.expires_at:
            await self._send(delivery)
        elif delivery.uncertain_since is None:
            await self._endings.failed(delivery, _closed(delivery), is_fault=False)
        elif age(delivery.uncertain_since, now) < limits.same_nonce and now < delivery.expires_at:
            await self._send(delivery)
        else:
            await self._search(delivery)

    async def _send(self, delivery: Delivery) -> None:
        held, slot = await self._leases.begin(delivery)
        if held is None:
            return
        await self._means.pace.wait(slot)
        time_left = min(self._leases.time_left(held), self._nonce_left(delivery))
        if time_left <= 0:  # held up too long to be sure of the lease
            await self._leases.release(held, self._means.clock.now(), delivery.uncertain_since)
            return
        await self._post(delivery, held, time_left)

    async def _post(self, delivery: Delivery, held: Delivery, time_left: float) -> None:
        """Make the request for a claim, `held` now; `claim` says whether it was in doubt before."""
        try:
            async with asyncio.timeout(time_left):
                message = await self._channels.send(
                    held.channel_id,
                    held.payload or {},
                    held.id,
                    held.role_id,
                )
        except Refused as refused:
            await self._means.breaker.count(refused.status)
            if delivery.uncertain_since is None:
                await self._endings.failed(held, refused.reason, is_fault=True)
            else:
                await self._search(held, refused)
        except Unauthorised as refused:
            await self._means.breaker.count(refused.status)
            await self._leases.release(held, self._means.clock.now(), delivery.uncertain_since)
            raise
        except Temporary as refused:
            await self._means.breaker.count(refused.status)
            again = self._means.retry_at(delivery.attempts, refused.retry_after)
            await self._leases.release(held, again, delivery.uncertain_since)
        except (AmbiguousOutcome, TimeoutError) as lost:
            log.warning("Claim %s: no answer from Discord (%s).", held.id, str(lost) or "timed out")
            await self._leases.release(
                held, self._means.retry_at(delivery.attempts), held.uncertain_since
            )
        else:
            await self._endings.sent(held, message)

    async def _search(self, delivery: Delivery, refused: Refused | None = None) -> None:
        """Look for a claim in doubt; `refused` is what sending it again came to."""
        async with self._searches:
            await self._look_for(delivery, refused)

    async def _look_for(self, delivery: Delivery, refused: Refused | None) -> None:
        held = await self._leases.renew(delivery)
        if held is None:
            return
        since = searched_from(held, self._means.clock.now())
        try:
            async with asyncio.timeout(max(self._leases.time_left(held), 0)):
                turn = self._means.pace.turn
                message = await self._channels.find(held.channel_id, held.id, since, turn)
        except Unverifiable as unknown:
            await self._means.breaker.count(unknown.status)
            await self._endings.unknown(held, unknown.reason)
        except Unauthorised as unknown:
            await self._means.breaker.count(unknown.status)
            await self._leases.release(held, self._means.clock.now(), held.uncertain_since)
            raise
        except (Temporary, AmbiguousOutcome, TimeoutError) as unknown:
            await self._search_later(held, unknown)
        else:
            await self._found(held, message, refused)

    async def _found(
        self, delivery: Delivery, message: int | None, refused: Refused | None
    ) -> None:
        """End the doubt: it was posted, or certainly not."""
        if message is not None:
            await self._endings.sent(delivery, message)
        elif refused is not None:
            await self._endings.failed(delivery, refused.reason, is_fault=True)
        elif self._means.clock.now() >= delivery.expires_at:
            await self._endings.failed(delivery, _closed(delivery), is_fault=False)
        elif await self._is_paused(delivery):
            await self._endings.skipped(delivery, PAUSED)
        else:
            now = self._means.clock.now()
            await self._leases.release(delivery, now, None)

    async def _is_paused(self, delivery: Delivery) -> bool:
        """Say whether a post that was in doubt until now is one that a pause has let go."""
        if delivery.occurrence.startswith(NOW):
            return False
        async with self._means.state.read() as transaction:
            schedule = await schedules.schedule(transaction, delivery.schedule_id)
        return schedule is not None and schedule.is_paused(self._means.clock.now())

    async def _search_later(self, delivery: Delivery, error: Exception) -> None:
        if isinstance(error, Temporary):
            await self._means.breaker.count(error.status)
        if self._means.clock.now() >= delivery.expires_at + self._means.limits.search_beyond:
            await self._endings.unknown(delivery, "Discord could not be asked whether it is there.")
            return
        at_least = error.retry_after if isinstance(error, Temporary) else 0.0
        again = self._means.retry_at(delivery.attempts, at_least)
        await self._leases.release(
            delivery, again, delivery.uncertain_since, attempts=delivery.attempts + 1
        )

    def _nonce_left(self, delivery: Delivery) -> float:
        """Give the seconds until Discord may have forgotten the nonce of an earlier attempt."""
        known = self._means.limits.same_nonce
        if delivery.uncertain_since is not None:
            known -= age(delivery.uncertain_since, self._means.clock.now())
        return known.total_seconds()


def _closed(delivery: Delivery) -> str:
    minutes = int((delivery.expires_at - delivery.scheduled_for).total_seconds()) // 60
    return f"Discord could not be reached within {minutes} minutes of the time it was due."
