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

from bot.scheduling.ports import CannotKnow, Refused, Temporary, Unauthorised, Unsure
from bot.scheduling.storage import schedules
from bot.scheduling.worker.doubt import age, searched_from
from bot.scheduling.worker.endings import Endings
from bot.scheduling.worker.leases import Leases
from bot.scheduling.worker.settling import NOW, PAUSED

if TYPE_CHECKING:
    from bot.scheduling.models import Claim
    from bot.scheduling.ports import Channels
    from bot.scheduling.worker.context import Means

log = logging.getLogger(__name__)

SEARCHES_AT_ONCE = 4
"""A search makes half a dozen requests, each at its turn: many at once would each take longer than
the lease, and none would ever end."""


class Delivery:
    """Deliver the claims of this process."""

    def __init__(self, means: Means, channels: Channels) -> None:
        self._means = means
        self._channels = channels
        self._leases = Leases(means)
        self._endings = Endings(means)
        self._searches = asyncio.Semaphore(SEARCHES_AT_ONCE)

    async def deliver(self, claim: Claim) -> None:
        """Do what a claim needs now, and write down what came of it.

        Raises:
            Unauthorised: the token is no good; the claim waits for a better one.
        """
        now, limits = self._means.clock.now(), self._means.limits
        if claim.doubt_since is None and now < claim.closes:
            await self._send(claim)
        elif claim.doubt_since is None:
            await self._endings.failed(claim, _closed(claim), is_fault=False)
        elif age(claim.doubt_since, now) < limits.same_nonce and now < claim.closes:
            await self._send(claim)
        else:
            await self._search(claim)

    async def _send(self, claim: Claim) -> None:
        held, slot = await self._leases.begin(claim)
        if held is None:
            return
        await self._means.pace.wait(slot)
        time_left = min(self._leases.time_left(held), self._nonce_left(claim))
        if time_left <= 0:  # held up too long to be sure of the lease
            await self._leases.release(held, self._means.clock.now(), claim.doubt_since)
            return
        await self._post(claim, held, time_left)

    async def _post(self, claim: Claim, held: Claim, time_left: float) -> None:
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
            if claim.doubt_since is None:
                await self._endings.failed(held, refused.reason, is_fault=True)
            else:
                await self._search(held, refused)
        except Unauthorised as refused:
            await self._means.breaker.count(refused.status)
            await self._leases.release(held, self._means.clock.now(), claim.doubt_since)
            raise
        except Temporary as refused:
            await self._means.breaker.count(refused.status)
            again = self._means.retry_at(claim.attempts, refused.retry_after)
            await self._leases.release(held, again, claim.doubt_since)
        except (Unsure, TimeoutError) as lost:
            log.warning("Claim %s: no answer from Discord (%s).", held.id, str(lost) or "timed out")
            await self._leases.release(held, self._means.retry_at(claim.attempts), held.doubt_since)
        else:
            await self._endings.sent(held, message)

    async def _search(self, claim: Claim, refused: Refused | None = None) -> None:
        """Look for a claim in doubt; `refused` is what sending it again came to."""
        async with self._searches:
            await self._look_for(claim, refused)

    async def _look_for(self, claim: Claim, refused: Refused | None) -> None:
        held = await self._leases.renew(claim)
        if held is None:
            return
        since = searched_from(held, self._means.clock.now())
        try:
            async with asyncio.timeout(max(self._leases.time_left(held), 0)):
                turn = self._means.pace.turn
                message = await self._channels.find(held.channel_id, held.id, since, turn)
        except CannotKnow as unknown:
            await self._means.breaker.count(unknown.status)
            await self._endings.unknown(held, unknown.reason)
        except Unauthorised as unknown:
            await self._means.breaker.count(unknown.status)
            await self._leases.release(held, self._means.clock.now(), held.doubt_since)
            raise
        except (Temporary, Unsure, TimeoutError) as unknown:
            await self._search_later(held, unknown)
        else:
            await self._found(held, message, refused)

    async def _found(self, claim: Claim, message: int | None, refused: Refused | None) -> None:
        """End the doubt: it was posted, or certainly not."""
        if message is not None:
            await self._endings.sent(claim, message)
        elif refused is not None:
            await self._endings.failed(claim, refused.reason, is_fault=True)
        elif self._means.clock.now() >= claim.closes:
            await self._endings.failed(claim, _closed(claim), is_fault=False)
        elif await self._is_paused(claim):
            await self._endings.skipped(claim, PAUSED)
        else:
            now = self._means.clock.now()
            await self._leases.release(claim, now, None)

    async def _is_paused(self, claim: Claim) -> bool:
        """Say whether a post that was in doubt until now is one that a pause has let go."""
        if claim.occurrence.startswith(NOW):
            return False
        async with self._means.state.read() as transaction:
            schedule = await schedules.schedule(transaction, claim.schedule_id)
        return schedule is not None and schedule.is_paused(self._means.clock.now())

    async def _search_later(self, claim: Claim, error: Exception) -> None:
        if isinstance(error, Temporary):
            await self._means.breaker.count(error.status)
        if self._means.clock.now() >= claim.closes + self._means.limits.search_beyond:
            await self._endings.unknown(claim, "Discord could not be asked whether it is there.")
            return
        at_least = error.retry_after if isinstance(error, Temporary) else 0.0
        again = self._means.retry_at(claim.attempts, at_least)
        await self._leases.release(claim, again, claim.doubt_since, attempts=claim.attempts + 1)

    def _nonce_left(self, claim: Claim) -> float:
        """Give the seconds until Discord may have forgotten the nonce of an earlier attempt."""
        known = self._means.limits.same_nonce
        if claim.doubt_since is not None:
            known -= age(claim.doubt_since, self._means.clock.now())
        return known.total_seconds()


def _closed(claim: Claim) -> str:
    minutes = int((claim.closes - claim.due).total_seconds()) // 60
    return f"Discord could not be reached within {minutes} minutes of the time it was due."
