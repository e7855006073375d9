"""The protocol with Discord that brings one delivery to its end.

A delivery is uncertain from just before its first request until Discord's answer is known. The
next step depends on that alone:

- certain: it is certainly not posted, and is sent while its window is open;
- uncertain for less than two minutes: the same payload is sent again with the same nonce, and
  Discord returns the first message if there is one;
- uncertain for longer: the bot's own messages are searched for the delivery; found, it was sent;
  not found, it is certain again; not searchable, it is "unknown" and never sent again.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.scheduling.alert_texts import timeout_reason
from bot.scheduling.clock import Trust
from bot.scheduling.models import Trigger
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised, Unverifiable
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.storage.schedules import get_schedule

if TYPE_CHECKING:
    from datetime import datetime

    from bot.localization.messages import Message
    from bot.scheduling.models import Delivery
    from bot.scheduling.ports import Messenger
    from bot.scheduling.worker.context import WorkerContext
    from bot.scheduling.worker.deliveries import Deliveries

log = structlog.stdlib.get_logger("bot.scheduling")

FORBIDDEN = 403
MAX_SEARCHES = 4
"""A search makes half a dozen requests, each in its slot: with many under way each would take
longer than the lease, and none would ever end."""
CLOCK_SKEW = timedelta(minutes=5)  # between Discord's clock and ours, when history is searched
SET_BACK = timedelta(days=1)
"""How far back to search when our clock was set back meanwhile, or is not confirmed."""


class Deliverer:
    """Sends the deliveries of this process, or finds out whether they were sent."""

    def __init__(
        self, context: WorkerContext, deliveries: Deliveries, messenger: Messenger
    ) -> None:
        self._context = context
        self._deliveries = deliveries
        self._messenger = messenger
        self._searches = asyncio.Semaphore(MAX_SEARCHES)

    async def deliver(self, delivery: Delivery) -> None:
        """Take a delivery's next step, and write its result.

        Raises:
            Unauthorised: the token is no good; the delivery waits for a better one.
        """
        now = self._context.clock.now()
        is_open = now < delivery.expires_at
        if delivery.uncertain_since is None and is_open:
            await self._send(delivery)
        elif not self._context.may_give_up:  # the clocks may have stepped since it was taken up
            again = self._context.retry_at(delivery.attempts)
            await self._deliveries.release(delivery, again, delivery.uncertain_since)
        elif delivery.uncertain_since is None:
            reason = _expired_reason(delivery)
            await self._deliveries.complete_failed(delivery, reason, is_fault=False)
        elif is_open and _age(delivery.uncertain_since, now) < self._context.limits.nonce_lifetime:
            await self._send(delivery)
        else:
            await self._search(delivery)

    async def _send(self, delivery: Delivery) -> None:
        """Send a delivery; `uncertain_since` says whether an earlier attempt may have arrived."""
        held, slot = await self._deliveries.begin_attempt(delivery)
        if held is None:
            return
        await self._context.rate_limiter.wait_for(slot)
        seconds = self._deliveries.lease_left(held)
        known = self._context.limits.nonce_lifetime
        if delivery.uncertain_since is not None:
            known -= _age(delivery.uncertain_since, self._context.clock.now())
        # After that Discord may have forgotten the nonce, and would post a second time.
        seconds = min(seconds, known.total_seconds())
        if seconds <= 0:  # held up too long to be sure of the lease or the nonce
            now = self._context.clock.now()
            await self._deliveries.release(held, now, delivery.uncertain_since)
            return
        try:
            async with asyncio.timeout(seconds):
                message_id = await self._messenger.send(
                    held.channel_id, held.payload or {}, held.id, held.role_id
                )
        except Refused as refused:
            await self._context.breaker.record(refused.status)
            refused = await self._explain(held, refused)
            if delivery.uncertain_since is None:
                await self._deliveries.complete_failed(held, refused.reason, is_fault=True)
            else:  # the refusal says nothing about the earlier attempt
                await self._search(held, refused)
        except Unauthorised as refused:
            await self._context.breaker.record(refused.status)
            now = self._context.clock.now()
            await self._deliveries.release(held, now, delivery.uncertain_since)
            raise
        except Temporary as refused:
            await self._context.breaker.record(refused.status)
            again = self._context.retry_at(delivery.attempts, refused.retry_after)
            await self._deliveries.release(held, again, delivery.uncertain_since)
        except (AmbiguousOutcome, TimeoutError) as lost:
            log.warning("no answer from Discord", delivery=held.id, fault=str(lost) or "timed out")
            again = self._context.retry_at(delivery.attempts)
            await self._deliveries.release(held, again, held.uncertain_since)
        else:
            await self._deliveries.complete_sent(held, message_id)
            await self._check_role(held)

    async def _explain(self, held: Delivery, refused: Refused) -> Refused:
        """Name the bot's time-out as the reason, if it is in one.

        Discord's answer does not name it.
        """
        if refused.status != FORBIDDEN:
            return refused
        try:
            async with asyncio.timeout(max(self._deliveries.lease_left(held), 0)):
                until = await self._messenger.find_timeout(
                    held.guild_id, self._context.rate_limiter.acquire
                )
        except (Refused, Temporary, AmbiguousOutcome, TimeoutError):
            return refused
        return refused if until is None else Refused(timeout_reason(until), refused.status)

    async def _check_role(self, sent: Delivery) -> None:
        """Alert if the role to ping is gone.

        Discord would post without a word, and ping nobody.
        """
        if sent.role_id is None:
            return
        try:
            async with asyncio.timeout(self._context.limits.request_timeout.total_seconds()):
                has_role = await self._messenger.has_role(
                    sent.guild_id, sent.role_id, self._context.rate_limiter.acquire
                )
        except (Refused, Temporary, AmbiguousOutcome, TimeoutError):
            return  # it is looked up again after the next post
        if not has_role:
            await self._deliveries.alert_role_gone(sent)

    async def _search(self, delivery: Delivery, refused: Refused | None = None) -> None:
        """Search for an uncertain delivery.

        `refused` is Discord's answer to sending it again, if that was tried.
        """
        async with self._searches:
            held = await self._deliveries.renew_lease(delivery)
            if held is None:
                return
            now, first = self._context.clock.now(), held.first_attempt_at or held.scheduled_for
            since = first - CLOCK_SKEW
            if self._context.time_check.trust is Trust.UNTOLD or first > now:
                # The clock may have been ahead when the first request was made: it was set back
                # since, or nothing ever confirmed it.
                since = min(first, now) - SET_BACK
            try:
                async with asyncio.timeout(max(self._deliveries.lease_left(held), 0)):
                    message_id = await self._messenger.find(
                        held.channel_id, held.id, since, self._context.rate_limiter.acquire
                    )
            except Unverifiable as unknown:
                await self._context.breaker.record(unknown.status)
                await self._deliveries.complete_unknown(held, unknown.reason)
            except Unauthorised as unknown:
                await self._context.breaker.record(unknown.status)
                now = self._context.clock.now()
                await self._deliveries.release(held, now, held.uncertain_since)
                raise
            except (Temporary, AmbiguousOutcome, TimeoutError) as unknown:
                await self._search_later(held, unknown)
            else:
                await self._end_uncertainty(held, message_id, refused)

    async def _end_uncertainty(
        self, held: Delivery, message_id: int | None, refused: Refused | None
    ) -> None:
        """Act on a finished search: the post was made, or certainly not."""
        if message_id is not None:
            await self._deliveries.complete_sent(held, message_id)
        elif refused is not None:
            await self._deliveries.complete_failed(held, refused.reason, is_fault=True)
        elif self._context.clock.now() >= held.expires_at and self._context.may_give_up:
            reason = _expired_reason(held)
            await self._deliveries.complete_failed(held, reason, is_fault=False)
        elif await self._is_paused(held):
            # A pause skips what is certainly not posted; of this one that is known only now.
            await self._deliveries.complete_skipped(held, explain(Reason.PAUSED))
        else:
            await self._deliveries.release(held, self._context.clock.now(), None)

    async def _is_paused(self, held: Delivery) -> bool:
        async with self._context.state.read() as transaction:
            schedule = await get_schedule(transaction, held.schedule_id)
        if schedule is not None and schedule.removed_at is not None:
            return True
        if held.trigger is Trigger.ON_DEMAND:  # an admin may ask for one of a paused schedule
            return False
        return schedule is not None and schedule.is_paused(self._context.clock.now())

    async def _search_later(self, held: Delivery, error: Exception) -> None:
        retry_after = 0.0
        if isinstance(error, Temporary):
            await self._context.breaker.record(error.status)
            retry_after = error.retry_after
        last = held.expires_at + self._context.limits.search_beyond
        if self._context.clock.now() >= last and self._context.may_give_up:
            await self._deliveries.complete_unknown(held, explain(Reason.NOT_ASKED))
            return
        again = self._context.retry_at(held.attempts, retry_after)
        tried = held.attempts + 1
        await self._deliveries.release(held, again, held.uncertain_since, attempts=tried)


# Clocks are not trusted: Discord's differs from ours, and ours may have been set back meanwhile.


def _age(moment: datetime, now: datetime) -> timedelta:
    """Return a moment's age, or the longest if it lies ahead.

    A clock that was set back tells no age.
    """
    return now - moment if moment <= now else timedelta.max


def _expired_reason(delivery: Delivery) -> Message:
    minutes = int((delivery.expires_at - delivery.scheduled_for).total_seconds()) // 60
    return explain(Reason.EXPIRED, minutes=minutes)
