"""Follow-ups of posts: the thread below one, and its publication.

A follow-up is written in the transaction that completes its post as sent, and never before: so
nothing that becomes of it can double the post or lose it, and a process that is killed between
the two leaves it to the next. It may be tried twice, as when an answer is lost: Discord opens one
thread below a message and publishes it once, and says so to whoever asks again.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.scheduling.alert_texts import follow_up_text, new_alert, thread_name
from bot.scheduling.models import AlertKind, FollowUpKind, FollowUpStatus
from bot.scheduling.ports import AmbiguousOutcome, Refused, Temporary, Unauthorised
from bot.scheduling.reasons import Reason, explain
from bot.scheduling.storage import alerts, damage, deliveries, follow_ups, schedules
from bot.scheduling.worker.leasing import Queue, lease_available

if TYPE_CHECKING:
    from bot.localization.messages import Message
    from bot.scheduling.models import Delivery, FollowUp, Schedule
    from bot.scheduling.ports import Messenger
    from bot.scheduling.worker.context import WorkerContext

log = structlog.stdlib.get_logger("bot.scheduling")

NOT_FOUND = 404
ALERTS = {
    FollowUpKind.THREAD: AlertKind.THREAD_FAILED,
    FollowUpKind.PUBLISH: AlertKind.PUBLISH_FAILED,
}
QUEUE = Queue(
    follow_ups.list_available_follow_ups,
    follow_ups.update_follow_up,
    damage.set_follow_up_aside,
)


class FollowUps:
    """Makes the follow-ups of this process."""

    def __init__(self, context: WorkerContext, messenger: Messenger) -> None:
        self._context = context
        self._messenger = messenger

    async def take_up(self, limit: int) -> list[FollowUp]:
        """Lease pending follow-ups that nobody holds."""
        return await lease_available(self._context, QUEUE, limit)

    async def make(self, follow_up: FollowUp) -> None:
        """Make one follow-up, and write its result.

        Raises:
            Unauthorised: the token is no good; the follow-up waits for a better one.
        """
        async with self._context.state.read() as transaction:
            post = await deliveries.get_delivery(transaction, follow_up.delivery_id)
            schedule = (
                await schedules.look_at_schedule(transaction, post.schedule_id) if post else None
            )
        if post is None or schedule is None:
            await self._complete(follow_up, FollowUpStatus.FAILED, explain(Reason.SCHEDULE_GONE))
            return
        if not post.channel_id or not post.message_id:
            reason = explain(Reason.POST_DAMAGED)
            await self._complete(follow_up, FollowUpStatus.FAILED, reason, (post, schedule))
            return
        try:
            await self._request(follow_up, post, schedule)
        except Refused as refused:
            await self._context.breaker.record(refused.status)
            # Of a post that somebody deleted meanwhile nobody needs to be told.
            about = None if refused.status == NOT_FOUND else (post, schedule)
            await self._complete(follow_up, FollowUpStatus.FAILED, refused.reason, about)
        except Unauthorised as refused:
            await self._context.breaker.record(refused.status)
            await self._retry(follow_up, 0.0, post, schedule)
            raise
        except Temporary as later:
            await self._context.breaker.record(later.status)
            await self._retry(follow_up, later.retry_after, post, schedule)
        except (AmbiguousOutcome, TimeoutError):
            await self._retry(follow_up, 0.0, post, schedule)
        else:
            await self._complete(follow_up, FollowUpStatus.DONE, None)

    async def _request(self, follow_up: FollowUp, post: Delivery, schedule: Schedule) -> None:
        await self._context.rate_limiter.acquire()
        message_id = post.message_id or 0
        async with asyncio.timeout(self._context.limits.request_timeout.total_seconds()):
            match follow_up.kind:
                case FollowUpKind.THREAD:
                    name = thread_name(schedule, post)
                    await self._messenger.open_thread(post.channel_id, message_id, name)
                case FollowUpKind.PUBLISH:
                    await self._messenger.publish(post.channel_id, message_id)

    async def _retry(
        self, follow_up: FollowUp, at_least: float, post: Delivery, schedule: Schedule
    ) -> None:
        last = follow_up.created_at + self._context.limits.follow_up_lifetime
        if self._context.clock.now() >= last and self._context.may_give_up:
            reason = explain(Reason.UNREACHABLE)
            await self._complete(follow_up, FollowUpStatus.FAILED, reason, (post, schedule))
            return
        again = self._context.retry_at(follow_up.attempts, at_least)
        async with self._context.state.write() as transaction:
            await follow_ups.update_follow_up(
                transaction, follow_up, available_at=again, attempts=follow_up.attempts + 1
            )

    async def _complete(
        self,
        follow_up: FollowUp,
        status: FollowUpStatus,
        reason: Message | None,
        about: tuple[Delivery, Schedule] | None = None,
    ) -> None:
        """Write the result, and alert of a first failure in a row."""
        now = self._context.clock.now()
        async with self._context.state.write() as transaction:
            is_ours = await follow_ups.update_follow_up(
                transaction, follow_up, available_at=None, status=status, reason=reason
            )
            if is_ours and about is not None:
                post, schedule = about
                if not await follow_ups.has_failed_before(transaction, follow_up, schedule.id):
                    text = follow_up_text(schedule, post, follow_up.kind, reason)
                    alert = new_alert(post, ALERTS[follow_up.kind], text)
                    alert = replace(alert, created_at=now, available_at=now)
                    await alerts.insert_alert(transaction, alert)
        if status is FollowUpStatus.FAILED:
            log.warning("follow-up failed", kind=str(follow_up.kind), reason=str(reason))
