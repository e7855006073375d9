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
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.daily.doubt import age, searched_from
from bot.daily.model import Outcome
from bot.daily.pace import MOST_SLOTS
from bot.daily.ports import CannotKnow, Refused, Temporary, Unauthorised, Unsure
from bot.daily.settling import NOW, PAUSED, settle, settle_sent
from bot.daily.state import ledger, settings
from bot.daily.together import Together

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.daily.breaker import Breaker
    from bot.daily.limits import Limits
    from bot.daily.model import Claim
    from bot.daily.pace import Pace
    from bot.daily.ports import Channels, Clock
    from bot.daily.state.database import State

log = logging.getLogger(__name__)

SEARCHES_AT_ONCE = 4
"""A search makes half a dozen requests, each at its turn: many at once would each take longer than
the lease, and none would ever end."""


@dataclass(frozen=True, slots=True)
class Means:
    """What delivering needs, shared by posts and notices."""

    state: State
    clock: Clock
    limits: Limits
    pace: Pace
    breaker: Breaker
    chance: Callable[[], float]
    ended: Callable[[Claim], None]

    def retry_at(self, attempts: int, at_least: float = 0.0) -> datetime:
        """Say when to try again: twice as long each time, with jitter, never sooner than asked."""
        doubled = self.limits.first_retry * (1 << min(attempts, 20))
        wait = min(doubled, self.limits.longest_retry) * (0.5 + self.chance() / 2)
        return self.clock.now() + max(wait, timedelta(seconds=at_least))


class Delivery:
    """Deliver the claims of this process."""

    def __init__(self, means: Means, channels: Channels) -> None:
        self._means = means
        self._channels = channels
        self._begins = Together(self._begin, MOST_SLOTS)
        self._searches = asyncio.Semaphore(SEARCHES_AT_ONCE)
        self._successes = Together(self._settle_sent, MOST_SLOTS, self._company)

    async def deliver(self, claim: Claim) -> None:
        """Do what a claim needs now, and write down what came of it.

        Raises:
            Unauthorised: the token is no good; the claim waits for a better one.
        """
        now, limits = self._means.clock.now(), self._means.limits
        if claim.doubt_since is None and now < claim.closes:
            await self._send(claim)
        elif claim.doubt_since is None:
            await self._fail(claim, _closed(claim), is_fault=False)
        elif age(claim.doubt_since, now) < limits.same_nonce and now < claim.closes:
            await self._send(claim)
        else:
            await self._search(claim)

    async def _send(self, claim: Claim) -> None:
        held, slot = await self._begins.ask(claim)
        if held is None:
            return
        await self._means.pace.wait(slot)
        time_left = min(self._time_left(held), self._nonce_left(claim))
        if time_left <= 0:  # held up too long to be sure of the lease
            await self._release(held, self._means.clock.now(), claim.doubt_since)
            return
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
                await self._fail(held, refused.reason, is_fault=True)
            else:
                await self._search(held, refused)
        except Unauthorised as refused:
            await self._means.breaker.count(refused.status)
            await self._release(held, self._means.clock.now(), claim.doubt_since)
            raise
        except Temporary as refused:
            await self._means.breaker.count(refused.status)
            again = self._means.retry_at(claim.attempts, refused.retry_after)
            await self._release(held, again, claim.doubt_since)
        except (Unsure, TimeoutError) as lost:
            log.warning("Claim %s: no answer from Discord (%s).", held.id, str(lost) or "timed out")
            await self._release(held, self._means.retry_at(claim.attempts), held.doubt_since)
        else:
            await self._sent(held, message)

    async def _search(self, claim: Claim, refused: Refused | None = None) -> None:
        """Look for a claim in doubt; `refused` is what sending it again came to."""
        async with self._searches:
            await self._look_for(claim, refused)

    async def _look_for(self, claim: Claim, refused: Refused | None) -> None:
        held = await self._renew(claim)
        if held is None:
            return
        since = searched_from(held, self._means.clock.now())
        try:
            async with asyncio.timeout(max(self._time_left(held), 0)):
                turn = self._means.pace.turn
                message = await self._channels.find(held.channel_id, held.id, since, turn)
        except CannotKnow as unknown:
            await self._means.breaker.count(unknown.status)
            await self._unknown(held, unknown.reason)
        except Unauthorised as unknown:
            await self._means.breaker.count(unknown.status)
            await self._release(held, self._means.clock.now(), held.doubt_since)
            raise
        except (Temporary, Unsure, TimeoutError) as unknown:
            await self._search_later(held, unknown)
        else:
            await self._found(held, message, refused)

    async def _found(self, claim: Claim, message: int | None, refused: Refused | None) -> None:
        """End the doubt: it was posted, or certainly not."""
        if message is not None:
            await self._sent(claim, message)
        elif refused is not None:
            await self._fail(claim, refused.reason, is_fault=True)
        elif self._means.clock.now() >= claim.closes:
            await self._fail(claim, _closed(claim), is_fault=False)
        elif await self._is_paused(claim):
            await self._settle(replace(claim, outcome=Outcome.SKIPPED, reason=PAUSED))
        else:
            now = self._means.clock.now()
            await self._release(claim, now, None)

    async def _is_paused(self, claim: Claim) -> bool:
        """Say whether a post that was in doubt until now is one that a pause has let go."""
        if claim.occurrence.startswith(NOW):
            return False
        async with self._means.state.read() as transaction:
            schedule = await settings.schedule(transaction, claim.schedule_id)
        return schedule is not None and schedule.is_paused(self._means.clock.now())

    async def _search_later(self, claim: Claim, error: Exception) -> None:
        if isinstance(error, Temporary):
            await self._means.breaker.count(error.status)
        if self._means.clock.now() >= claim.closes + self._means.limits.search_beyond:
            await self._unknown(claim, "Discord could not be asked whether it is there.")
            return
        at_least = error.retry_after if isinstance(error, Temporary) else 0.0
        again = self._means.retry_at(claim.attempts, at_least)
        await self._release(claim, again, claim.doubt_since, attempts=claim.attempts + 1)

    async def _begin(self, claims: Sequence[Claim]) -> list[tuple[Claim | None, datetime]]:
        """Write that requests are about to be made, and reserve their turns.

        Returns:
            For each claim the claim as it is held now, or None if it is no longer ours; and when
            its turn is.
        """
        now = self._means.clock.now()
        wanted = [self._begun(claim, now) for claim in claims]
        async with self._means.state.write() as transaction:
            ours = [
                await self._hold(transaction, claim, begun)
                for claim, begun in zip(claims, wanted, strict=True)
            ]
            slots = await self._means.pace.reserve(transaction, len(claims))
        return list(zip(ours, slots, strict=True))

    def _begun(self, claim: Claim, now: datetime) -> Claim:
        return replace(
            claim,
            free_at=now + self._means.limits.lease,
            attempts=claim.attempts + 1,
            first_attempt=claim.first_attempt or now,
            doubt_since=claim.doubt_since or now,
        )

    async def _renew(self, claim: Claim) -> Claim | None:
        lease = self._means.clock.now() + self._means.limits.lease
        async with self._means.state.write() as transaction:
            return await self._hold(transaction, claim, replace(claim, free_at=lease))

    async def _hold(
        self,
        transaction: AsyncConnection,
        claim: Claim,
        wanted: Claim,
    ) -> Claim | None:
        """Lease the claim once more, if the lease on it has not run out."""
        if claim.free_at is None or self._means.clock.now() >= claim.free_at:
            return None
        is_ours = await ledger.change_claim(
            transaction,
            claim,
            free_at=wanted.free_at,
            attempts=wanted.attempts,
            first_attempt=wanted.first_attempt,
            doubt_since=wanted.doubt_since,
        )
        return wanted if is_ours else None

    def _time_left(self, held: Claim) -> float:
        """Give the seconds that a request may take so that it ends inside the lease."""
        if held.free_at is None:
            raise AssertionError("a claim that is held has a lease")
        limits = self._means.limits
        left = held.free_at - self._means.clock.now() - limits.margin
        return min(left, limits.send).total_seconds()

    def _nonce_left(self, claim: Claim) -> float:
        """Give the seconds until Discord may have forgotten the nonce of an earlier attempt."""
        known = self._means.limits.same_nonce
        if claim.doubt_since is not None:
            known -= age(claim.doubt_since, self._means.clock.now())
        return known.total_seconds()

    async def _release(
        self,
        held: Claim,
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

    async def _sent(self, claim: Claim, message: int) -> None:
        now = self._means.clock.now()
        ended = replace(claim, outcome=Outcome.SENT, message_id=message, finished_at=now)
        await self._successes.ask(ended)

    async def _company(self) -> None:
        """Let more posts be made before any is written down: a transaction each costs the most."""
        await self._means.clock.sleep(self._means.limits.company.total_seconds())

    async def _settle_sent(self, ended: Sequence[Claim]) -> list[None]:
        async with self._means.state.write() as transaction:
            await settle_sent(transaction, ended)
        for claim in ended:
            self._means.ended(claim)
        return [None] * len(ended)

    async def _fail(self, claim: Claim, reason: str, *, is_fault: bool) -> None:
        ended = replace(claim, outcome=Outcome.FAILED, reason=reason)
        await self._settle(ended, is_fault=is_fault)

    async def _unknown(self, claim: Claim, reason: str) -> None:
        await self._settle(replace(claim, outcome=Outcome.UNKNOWN, reason=reason))

    async def _settle(self, claim: Claim, *, is_fault: bool = False) -> None:
        ended = replace(claim, finished_at=self._means.clock.now())
        most = self._means.limits.suspend_after
        async with self._means.state.write() as transaction:
            is_news = await settle(transaction, ended, most, is_fault=is_fault)
        if is_news:
            self._means.ended(ended)
            log.warning("Claim %s is %s: %s", ended.id, ended.outcome, ended.reason)


def _closed(claim: Claim) -> str:
    minutes = int((claim.closes - claim.due).total_seconds()) // 60
    return f"Discord could not be reached within {minutes} minutes of the time it was due."
